"""What the ideas led to: logits in one file, the numbers computed from them in another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.training.external_ideas_numbers import (
    chest_internal,
    ecg_internal,
    external_numbers,
)
from medmodels.training.external_ideas_rules import decide

LOGITS = Path(__file__).with_name("external_ideas.npz")
RESULTS = Path(__file__).with_name("external_ideas.json")
SHIPPED = "shipped"

Arrays = dict[str, npt.NDArray[Any]]


def read_arrays(path: Path = LOGITS) -> Arrays:
    """Read what is stored; nothing is unpickled. Empty where there is no file yet.

    Returns
    -------
    dict of ndarray
        For a task, ``<task>/validation/labels`` and ``groups`` (and, for
        chest X-rays, ``views`` and ``probes``: how many of the last views are
        probes), ``<task>/external/labels`` and ``groups``; for an idea or
        "shipped", ``<task>/<name>/validation`` (float16 logits of shape
        (V, N, 2), or int8 classes of shape (3, n) for beats) and
        ``<task>/<name>/external`` (float16 logits).
    """
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def add_arrays(new: Arrays, path: Path = LOGITS) -> Arrays:
    """Store arrays beside those that are there.

    Raises
    ------
    ValueError
        Where labels or groups differ from those stored: rows would not match.
    """
    stored = read_arrays(path)
    for name, values in new.items():
        shared = len(name.split("/")) == 3 and name.split("/")[1] in ("validation", "external")
        if shared and name in stored and not np.array_equal(stored[name], values):
            raise ValueError(f"{name} differs from what is stored: these are other rows")
    stored |= new
    with path.open("wb") as file:
        everything: dict[str, Any] = dict(stored)
        np.savez_compressed(file, **everything)
    return stored


def internal_of(task: str, name: str, stored: Arrays) -> dict[str, Any]:
    """Internal numbers of an idea (or "shipped") from what is stored."""
    own, labels = stored[f"{task}/{name}/validation"], stored[f"{task}/validation/labels"]
    if task == "chest-xray":
        views = [str(view) for view in stored[f"{task}/validation/views"]]
        return chest_internal(own, views, labels, int(stored[f"{task}/validation/probes"]))
    return ecg_internal(own, labels)


def result_of(
    name: str, table: dict[str, Any], rule: dict[str, Any], stored: Arrays,
    offsets: tuple[float, ...],
) -> dict[str, Any]:  # fmt: skip
    """Everything told of an idea, from what is stored.

    Parameters
    ----------
    name : str
    table, rule : dict
        The idea's and its task's tables in ``external_ideas.toml``.
    stored : dict of ndarray
    offsets : tuple of float
        Class offsets at which beats were read.

    Returns
    -------
    dict
        ``external`` is there once the external logits are stored.
    """
    task = str(table["task"])
    shipped, own = internal_of(task, SHIPPED, stored), internal_of(task, name, stored)
    verdict = decide(task, rule, shipped, own)
    result: dict[str, Any] = {
        "task": task,
        "kind": table["kind"],
        "changes": table["changes"],
        "internal": {"idea": own, "shipped": shipped},
        "adopted": verdict.adopted and table["kind"] != "control",
        "because": list(verdict.because),
    }
    if f"{task}/{name}/external" in stored:
        result["external"] = external_numbers(
            task,
            stored[f"{task}/{name}/external"],
            stored[f"{task}/{SHIPPED}/external"],
            stored,
            offsets,
        )
    return result


def read_results(path: Path = RESULTS) -> dict[str, Any]:
    """Read the results told so far, by the idea's name."""
    return json.loads(path.read_text()) if path.exists() else {}


def add_result(name: str, result: dict[str, Any], path: Path = RESULTS) -> None:
    """Tell one idea's results beside the others'."""
    path.write_text(json.dumps(read_results(path) | {name: result}, indent=1) + "\n")
