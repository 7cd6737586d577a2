"""The audit of a saliency map: whether on this very input it is evidence."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from medmodels.explain.arguments import Array
from medmodels.explain.faithfulness import BLOB, Faithfulness
from medmodels.explain.judge import judge
from medmodels.explain.masking import Progress
from medmodels.explain.methods import METHODS
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.sanity import Sanity
from medmodels.explain.shortcut import Shortcut, shortcut
from medmodels.explain.stability import Stability, affordable, stability
from medmodels.explain.subject import Subject
from medmodels.trust.chance import say_p

# What the controls are, in a verdict.
_BLOB, _EDGES = "pointing at the middle", "pointing at whatever stands out"


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

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return {
            "method": self.method,
            "passed": self.passed,
            "verdict": self.sentence,
            "faithfulness": self.faithfulness.to_dict(),
            "sanity": self.sanity.to_dict() if self.sanity else None,
            "stability": self.stability.to_dict() if self.stability else None,
            "agreement": dict(self.agreement),
            "completeness_error": self.completeness,
            "shortcut": self.shortcut.to_dict() if self.shortcut else None,
            "seconds": round(self.seconds, 3),
        }

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
                f"This map explains the answer better than chance ({say_p(found.p)}), and better "
                f"than {_BLOB} or {_EDGES}."
            )
        if found.p > found.level:
            return f"Not reliable here: a random map does as well ({say_p(found.p)})."
        rival = max(found.curves[2:], key=lambda curve: curve.area)
        return f"Not reliable here: {_BLOB if rival.name == BLOB else _EDGES} does as well."


def audit(
    subject: Subject,
    method: str,
    found: SaliencyMap,
    plan: ExplainPlan,
    *,
    seconds: float = 0.0,
    progress: Progress | None = None,
) -> Audit:
    """Audit one map.

    Parameters
    ----------
    subject : Subject
    method : str
        That made the map.
    found : SaliencyMap
    plan : ExplainPlan
    seconds : float
        What the map took; that of disturbed inputs is only made where it is quick.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the audit.

    Returns
    -------
    Audit
    """
    start = time.perf_counter()
    faithful = judge(subject, {method: found}, plan, progress)[method]
    table: Mapping[str, Any] = subject.bundle.trust.get("explain", {})
    measured = table.get("sanity", {}).get(method)
    usual = table.get("shortcut", {}).get(method)
    where = None
    if subject.beat is None and usual:
        where = shortcut(np.asarray(subject.x).mean(axis=-1), found.values, usual)
    return Audit(
        method=method,
        class_index=subject.class_index,
        faithfulness=faithful,
        sanity=Sanity.from_dict(measured) if measured else None,
        stability=_steady(subject, method, found) if affordable(seconds) else None,
        agreement={},
        completeness=_completeness(found),
        shortcut=where,
        seconds=time.perf_counter() - start,
    )


def _steady(subject: Subject, method: str, found: SaliencyMap) -> Stability:
    if subject.beat is None:
        return stability(
            lambda x: subject.instead(x).explain(method), np.asarray(subject.x),
            subject.answers, found=found,
        )  # fmt: skip
    windows, numbers = subject.x
    # The very same other beats: only the input is to differ.
    settings = subject.settings_for(METHODS[method])

    def explain(x: Array) -> SaliencyMap:
        return subject.instead((x, numbers)).explain(method, **settings)

    return stability(explain, windows, subject.answers, beat=subject.beat, found=found)


def _completeness(found: SaliencyMap) -> float | None:
    """Error of the promised sum, as a share of all that was shared out."""
    if found.completeness_error is None:
        return None
    total = float(np.abs(found.values).sum())
    if found.context is not None:
        total += float(np.abs(found.context).sum())
    return found.completeness_error / max(total, 1e-9)
