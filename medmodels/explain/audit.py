"""The audit of a saliency map: whether on this very input it is evidence."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from medmodels.explain.stability import Stability, stability
from medmodels.explain.subject import Subject
from medmodels.trust.chance import say_p

# Share of an audit's time that faithfulness takes, where maps are quick.
_JUDGED = 0.7
# Maps of disturbed inputs are made while someone waits: no longer than this.
_WAIT_S = 2.0
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
    progress: Progress | None = None,
) -> Audit:
    """Audit one map, while someone waits.

    Parameters
    ----------
    subject : Subject
    method : str
        That made the map.
    found : SaliencyMap
    plan : ExplainPlan
    progress : callable, optional
        Told the share that is done; whatever it raises stops the audit.

    Returns
    -------
    Audit
        Without stability where the method takes too long for one map.
    """
    start = time.perf_counter()
    told = progress or _silent
    faithful = judge(subject, {method: found}, plan, lambda share: told(share * _JUDGED))[method]
    result = with_faithfulness(
        subject, method, found, faithful, most_seconds=_WAIT_S,
        progress=lambda share: told(_JUDGED + share * (1 - _JUDGED)),
    )  # fmt: skip
    told(1.0)
    return replace(result, seconds=time.perf_counter() - start)


def with_faithfulness(
    subject: Subject,
    method: str,
    found: SaliencyMap,
    faithful: Faithfulness,
    *,
    disturbed: bool = True,
    most_seconds: float | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Everything else about a map whose faithfulness is measured already.

    Parameters
    ----------
    subject, method, found
        As for `audit`.
    faithful : Faithfulness
    disturbed : bool
        Whether stability is measured.
    most_seconds : float, optional
        What the maps of disturbed inputs may take.
    progress : callable, optional
    """
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
        stability=_steady(subject, method, found, most_seconds, progress) if disturbed else None,
        agreement={},
        completeness=_completeness(found),
        shortcut=where,
        seconds=0.0,
    )


def _silent(share: float) -> None:
    """Nobody is watching the progress."""


def _steady(
    subject: Subject,
    method: str,
    found: SaliencyMap,
    most_seconds: float | None,
    progress: Progress | None,
) -> Stability | None:
    # The very same other beats: only the input is to differ.
    settings = {} if subject.beat is None else subject.settings_for(METHODS[method])

    def explain(x: Array) -> SaliencyMap:
        given = x if subject.beat is None else (x, subject.x[1])
        return subject.instead(given).explain(method, **settings)

    return stability(
        explain, np.asarray(subject.x if subject.beat is None else subject.x[0]), subject.answers,
        beat=subject.beat, found=found, most_seconds=most_seconds, progress=progress,
    )  # fmt: skip


def _completeness(found: SaliencyMap) -> float | None:
    """Error of the promised sum, as a share of all that was shared out."""
    if found.completeness_error is None:
        return None
    total = float(np.abs(found.values).sum())
    if found.context is not None:
        total += float(np.abs(found.context).sum())
    return found.completeness_error / max(total, 1e-9)
