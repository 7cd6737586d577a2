"""Everything that a bundle knows of its own explanations, measured and stored.

``python -m medmodels explain TASK --data DIR`` makes it anew for the bundle's
network and trust layer; ``train`` ends with it.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest

from medmodels.bundles import Bundle, Card, parse_card
from medmodels.evaluation.audit_results import audit_results, passes
from medmodels.evaluation.stored import load_predictions
from medmodels.explain.method import Kind
from medmodels.explain.methods import METHODS, methods_for
from medmodels.figures.saliency_scale import round_up
from medmodels.training.bundle_writer import write_bundle
from medmodels.training.explain_audit import Log, measure_methods
from medmodels.training.explain_inputs import (
    ExplainInput,
    candidates,
    draw_inputs,
    explain_inputs,
)
from medmodels.training.explain_parts import ExplainParts
from medmodels.training.explain_sanity import measure_sanity, measure_usual_shares

Arrays = dict[str, npt.NDArray[Any]]

# Inputs to choose by, to test on, for the sanity check, and for where maps usually lie.
_ALL, _FEW = (48, 200, 10, 300), (4, 4, 1, 6)
_FEW_PARTS = 3  # recordings of a split that are read to draw few
_SEEDS = {"validation": 41, "sanity": 42, "test": 43}
# A method that takes longer for one map is measured on validation inputs only, unless it is the
# one shown first, which it is only where it is better beyond chance.
_SLOW_S, _LEVEL = 0.6, 0.05

WHY = (
    "Shown first is the method whose maps pass the audit most often on validation inputs, among "
    "those that pass the sanity check. Of equals it is the one with the larger mean area. One "
    "that takes longer than 0.6 s must pass more often than the best of the others beyond chance "
    "(sign test over the inputs, p at most 0.05), for someone waits for each map. The audit's "
    "baselines were fixed before: no single one is neutral. Chance is judged by a t test, whose "
    "rate of false alarms was measured on the random maps of the validation inputs, each taken "
    "for a map in turn: it must be that of its level."
)


def explain_bundle(bundle: Bundle, data: Path, out: Path, quick: bool, log: Log) -> None:
    """Measure, choose, and write the bundle again.

    Parameters
    ----------
    bundle : Bundle
    data : Path
        Holds the task's data.
    out : Path
        The folder that is made or replaced.
    quick : bool
        On few inputs, to try the code.
    log : callable
        Told about the progress.
    """
    recipe: Any = importlib.import_module(f"medmodels.training.{bundle.task.replace('-', '_')}")
    parts: ExplainParts = recipe.explain_parts(bundle, data, quick)
    plan = parts.plan
    choose_on, test_on, sanity_on, usual = _FEW if quick else _ALL
    read = _FEW_PARTS if quick else None
    bundle.reference.update(parts.reference)
    names = [method.name for method in methods_for(cast(Kind, bundle.card.kind))]
    # A map of whole beats has no order of one beat's parts to judge.
    audited = [name for name in names if not METHODS[name].per_beat]
    log("validation inputs")
    # All of them are read once: for ECGs that takes longer than what is measured on a few.
    validation = candidates(bundle, data, "validation", read)
    chosen_on = draw_inputs(validation, choose_on, _SEEDS["validation"])
    predictions = load_predictions(bundle)
    predictions = {key: value for key, value in predictions.items() if key.split("/")[0] != "audit"}
    predictions |= parts.predictions
    predictions |= _under("validation", measure_methods(bundle, chosen_on, audited, plan, log))
    log("sanity")
    sanity_inputs = draw_inputs(validation, sanity_on, _SEEDS["sanity"], per_class=True)
    sanity = measure_sanity(bundle, sanity_inputs, names, log)
    table: dict[str, Any] = {
        "baselines": list(plan.baselines), "cells": plan.cells, "samples": plan.samples,
        "rule": vars(plan.rule), "sanity": sanity, "why": WHY, "method": audited[0],
        "seeds": _SEEDS,
    }  # fmt: skip
    trust = dict(bundle.trust) | parts.tables | {"explain": table}
    found = audit_results(predictions, bundle.card, trust)["splits"]["validation"]["methods"]
    slow = {name for name in audited if _seconds(bundle, chosen_on[0], name) > _SLOW_S}
    table["method"] = choose(found, passes(predictions, "validation", table["rule"]), sanity, slow)
    log(f"shown first: {table['method']}")
    # The recipe's card, which is written below: the bundle's own may be an older one.
    if shows_a_body(parse_card(recipe.CARD.read_text())):
        log("where maps usually lie")
        usual_on = draw_inputs(validation, usual, _SEEDS["validation"])
        free = [name for name in names if name in ("hires_cam", "grad_cam")]
        table["shortcut"] = measure_usual_shares(
            bundle, usual_on, list(dict.fromkeys([table["method"], *free]))
        )
    trust["saliency_scale"] = _scales(predictions, audited)
    quick_ones = [name for name in audited if name not in slow and name != table["method"]]
    tested = [table["method"], *quick_ones]
    log(f"test inputs: {', '.join(tested)}")
    test = explain_inputs(bundle, data, "test", test_on, _SEEDS["test"], parts=read)
    measured = measure_methods(bundle, test, tested, plan, log, whole=table["method"])
    predictions |= _under("test", measured)
    training = dict(bundle.training)
    training.pop("versions", None)
    training["explain"] = {
        "command": f"python -m medmodels explain {bundle.task} --data DIR", "quick": quick,
    }  # fmt: skip
    write_bundle(
        out, card=recipe.CARD, network=(bundle.folder / "network.keras").read_bytes(), trust=trust,
        predictions=predictions, training=training, reference=bundle.reference,
    )  # fmt: skip


def choose(
    found: Mapping[str, Any],
    passed: Mapping[str, npt.NDArray[np.bool_]],
    sanity: Mapping[str, Any],
    slow: Set[str] = frozenset(),
) -> str:
    """The method that measures best, see `WHY`.

    Parameters
    ----------
    found : mapping
        ``methods`` of `audit_results`' validation split.
    passed : mapping of str to ndarray, bool, shape (n,)
        On which inputs each method's map passed.
    sanity : mapping
        ``Sanity.to_dict`` by method.
    slow : set of str
        Methods whose maps are waited for.

    Raises
    ------
    ValueError
        When no method passes the sanity check.
    """

    def best(names: Sequence[str]) -> str:
        return max(names, key=lambda name: (found[name]["passed"]["value"], found[name]["area"]))

    sane = [name for name in found if sanity[name]["passed"]]
    if not sane:
        raise ValueError("no method passes the sanity check: nothing can be shown as evidence")
    first, quick = best(sane), [name for name in sane if name not in slow]
    if first not in slow or not quick:
        return first
    second = best(quick)
    only_first = int((passed[first] & ~passed[second]).sum())
    differ = int((passed[first] != passed[second]).sum())
    beyond_chance = differ > 0 and binomtest(only_first, differ).pvalue <= _LEVEL
    return first if beyond_chance else second


def shows_a_body(card: Card) -> bool:
    """Whether a task's scans show a bright body on dark, so that maps can lie outside of it.

    Only then does `medmodels.explain.shortcut` say anything. ``[input] body = true``
    on the card says so; a microscope's field has no outside.
    """
    return card.kind == "scan" and bool(card.input.get("body", False))


def _under(split: str, arrays: Arrays) -> Arrays:
    return {f"audit/{split}/{key}": values for key, values in arrays.items()}


def _scales(predictions: Arrays, names: Sequence[str]) -> dict[str, float]:
    """The value at which each method's maps are brightest: what the usual map reaches."""
    reached = {name: float(np.median(predictions[f"audit/validation/reach/{name}"]))
               for name in names}  # fmt: skip
    return {METHODS[name].title: round_up(value) for name, value in reached.items() if value > 0}


def _seconds(bundle: Bundle, one: ExplainInput, method: str) -> float:
    """What a warm map takes."""
    from medmodels.explain.subject import Subject

    subject = Subject(bundle, one.x, one.beat, one.class_index)
    start = time.perf_counter()
    subject.explain(method)
    return time.perf_counter() - start
