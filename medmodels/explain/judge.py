"""The faithfulness of maps of one answer, measured side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from medmodels.explain.faithfulness import Faithfulness, measure_faithfulness
from medmodels.explain.masking import Progress
from medmodels.explain.methods import METHODS
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.subject import Subject


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
    """The map by whose values parts are hidden: a sensitivity's size, anything else's value.

    A gradient to a base is no mere sensitivity: taken against an unknown base,
    its sign says whether the letter that stands there speaks for the class.
    """
    of_bases = found.values.ndim == 1
    if of_bases or not METHODS[method].sensitivity:
        return found
    return dataclasses.replace(found, values=np.abs(found.values))
