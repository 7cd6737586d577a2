"""Measure every explanation method of a bundle on inputs that it reads correctly.

``python -m medmodels explain TASK --data DIR`` chooses the method that is
shown first on validation inputs, then measures all of them once on 200 test
inputs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.explain.audit import with_faithfulness
from medmodels.explain.faithfulness import Faithfulness
from medmodels.explain.judge import judge
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.subject import Subject
from medmodels.training.explain_inputs import ExplainInput

Arrays = dict[str, npt.NDArray[Any]]
Log = Callable[[str], None]

# Of a map's own values, for the scale that all maps of a method share.
_REACH = 0.995
# Maps of disturbed inputs are made for every input, or for every eighth where one takes longer
# than this: four are wanted for each.
_SLOW_S, _FEWER = 0.6, 8


def measure_methods(
    bundle: Bundle,
    inputs: Sequence[ExplainInput],
    methods: Sequence[str],
    plan: ExplainPlan,
    log: Log,
    *,
    whole: str | None = None,
) -> Arrays:
    """Audit the faithfulness of methods on some inputs.

    Parameters
    ----------
    bundle : Bundle
    inputs : sequence of ExplainInput
    methods : sequence of str
    plan : ExplainPlan
    log : callable
        Told about the progress.
    whole : str, optional
        One of the methods, of which everything in an audit is measured.

    Returns
    -------
    dict of ndarray
        ``labels`` and ``names`` of the inputs, ``blob``, ``edges`` (n,) and
        ``chance`` (n, 2 R) areas of the controls; and for each method ``area``
        and ``reach`` (n,) under ``<what>/<method>``. For the one that is
        measured as a whole ``whole/<what>`` (n,): ``noise`` and ``shift``, the
        rank correlations of `stability.Stability`; ``completeness``, the error
        as a share; ``shortcut``, 1 where its warning came. NaN where there is none;
        the correlations of a slow method are there for every eighth input.
    """
    rows: list[dict[str, Any]] = []
    start = time.monotonic()
    for done, one in enumerate(inputs):
        subject = Subject(bundle, one.x, one.beat, one.class_index)
        begun = time.monotonic()
        maps = {} if whole is None else {whole: subject.explain(whole)}
        if done < 2:  # the first one compiles
            slow = whole is not None and time.monotonic() - begun > _SLOW_S
        maps = {name: maps[name] if name in maps else subject.explain(name) for name in methods}
        steady = not slow or done % _FEWER == 0
        found = judge(subject, maps, plan)
        rows.append({
            "labels": one.class_index, "names": one.name,
            "blob": found[methods[0]].curves[2].area, "edges": found[methods[0]].curves[3].area,
            "chance": found[methods[0]].random,
            **{f"area/{name}": result.area for name, result in found.items()},
            **{
                f"reach/{name}": np.quantile(np.abs(_near(one, maps[name])), _REACH)
                for name in methods
            },
            **(_whole(subject, whole, maps[whole], found[whole], steady) if whole else {}),
        })  # fmt: skip
        if done % 20 == 19:
            log(f"{done + 1} of {len(inputs)} inputs, {time.monotonic() - start:.0f} s")
    return {key: _compact(np.array([row[key] for row in rows])) for key in rows[0]}


def _whole(
    subject: Subject, method: str, found: SaliencyMap, faithful: Faithfulness, steady: bool
) -> dict[str, float]:
    result = with_faithfulness(subject, method, found, faithful, disturbed=steady)
    stable, where = result.stability, result.shortcut
    known: dict[str, float | None] = {
        "noise": None if stable is None else stable.noise,
        "shift": None if stable is None else stable.shift,
        "completeness": result.completeness,
        "shortcut": None if where is None else float(bool(where.warning)),
    }  # fmt: skip
    return {f"whole/{key}": np.nan if value is None else value for key, value in known.items()}


def _near(one: ExplainInput, found: SaliencyMap) -> npt.NDArray[np.float32]:
    return found.values if one.beat is None else found.values[one.beat]


def _compact(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return values.astype(np.float32) if values.dtype.kind == "f" else values
