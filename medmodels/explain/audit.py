"""The audit of a saliency map: on this very input, is it evidence?"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.explain.faithfulness import (
    BLOB,
    EDGES,
    Faithfulness,
    measure_faithfulness,
)
from medmodels.explain.masking import Progress
from medmodels.explain.methods import METHODS
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.sanity import Sanity
from medmodels.explain.shortcut import Shortcut, shortcut
from medmodels.explain.stability import Stability, stability
from medmodels.explain.subject import ExplainPlan, Subject

# Methods so cheap that their map can be made again for disturbed inputs without a wait.
_CHEAP = ("hires_cam", "grad_cam", "beat_contributions")


@dataclass(frozen=True)
class Audit:
    """What was found about one map of one input.

    Parameters
    ----------
    method : str
        Its name in `medmodels.explain.methods.METHODS`.
    class_index : int
        The class explained.
    faithfulness : Faithfulness
    sanity : Sanity or None
        Of the method with this bundle, measured before; None if not measured.
    stability : Stability or None
        None where it was not measured.
    agreement : mapping of str to float
        Rank correlation with other methods' maps of the same input.
    completeness : float or None
        For a map that promises a sum: its error as a share of that sum.
    shortcut : Shortcut or None
        Where on the scan the map lies; None for signals.
    seconds : float
        What the audit took.
    """

    method: str
    class_index: int
    faithfulness: Faithfulness
    sanity: Sanity | None
    stability: Stability | None
    agreement: Mapping[str, float]
    completeness: float | None
    shortcut: Shortcut | None
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the map may be called evidence here."""
        return self.faithfulness.passed and (self.sanity is None or self.sanity.passed)

    @property
    def sentence(self) -> str:
        """The verdict, in one sentence."""
        found = self.faithfulness
        if self.sanity is not None and not self.sanity.passed:
            return (
                "Not evidence: with random weights in its network this method shows much the same."
            )
        if found.passed:
            return (
                f"This map explains the answer better than chance, p {found.p:.2f}, "
                "and better than the middle of the picture or its edges do."
                if self.shortcut is not None
                else f"This map explains the answer better than chance, p {found.p:.2f}, "
                "and better than the QRS complex or whatever stands out does."
            )
        if found.p > found.level:
            return f"Not reliable here: a random map does as well (p {found.p:.2f})."
        rival = max(found.curves[2:], key=lambda curve: curve.area)
        words = {BLOB: "simply pointing at the middle", EDGES: "simply pointing at edges"}
        return f"Not reliable here: {words[rival.name]} does as well."


def judge(
    subject: Subject,
    maps: Mapping[str, SaliencyMap],
    plan: ExplainPlan,
    progress: Progress | None = None,
) -> dict[str, Faithfulness]:
    """Measure the faithfulness of several methods' maps of one input side by side.

    Parameters
    ----------
    subject : Subject
    maps : mapping of str to SaliencyMap
        By the method's name.
    plan : ExplainPlan
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.
    """
    parts = subject.parts(plan)
    importances = [parts.importance(by_size(name, found)) for name, found in maps.items()]
    results = measure_faithfulness(
        parts, importances, subject.score, baseline=subject.say_baselines(plan),
        rule=plan.rule, progress=progress,
    )  # fmt: skip
    return dict(zip(maps, results, strict=True))


def by_size(method: str, found: SaliencyMap) -> SaliencyMap:
    """The map by whose values parts are hidden: a sensitivity's size, anything else's value."""
    if not METHODS[method].sensitivity:
        return found
    return dataclasses.replace(found, values=np.abs(found.values))
