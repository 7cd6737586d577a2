"""What a recipe adds to a bundle so that its answers can be explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from medmodels.explain.plan import ExplainPlan

Arrays = dict[str, npt.NDArray[Any]]

# What belongs to explanations, and stays when only the trust layer is made anew.
TABLES = ("explain", "neighbours", "saliency_scale")
ARRAYS = ("neighbours/", "typical/", "motif/")


@dataclass(frozen=True)
class ExplainParts:
    """What explanations need besides the network.

    Parameters
    ----------
    plan : ExplainPlan
        How maps are audited.
    reference : dict of ndarray
        For ``reference.npz``.
    tables : dict
        For ``trust.json``.
    predictions : dict of ndarray
        For ``predictions.npz``.
    """

    plan: ExplainPlan
    reference: Arrays
    tables: dict[str, Any]
    predictions: Arrays


def kept_tables(trust: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a bundle's tables that belong to its explanations."""
    return {name: trust[name] for name in TABLES if name in trust}


def kept_arrays(reference: Mapping[str, npt.NDArray[Any]]) -> Arrays:
    """Those of a bundle's arrays that belong to its explanations."""
    return {name: values for name, values in reference.items() if name.startswith(ARRAYS)}
