"""Whether an idea is adopted: by the rules that ``external_ideas.toml`` fixed beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """An answer with what it rests on.

    Parameters
    ----------
    adopted : bool
    because : tuple of str
        One sentence for each condition of the rule.
    """

    adopted: bool
    because: tuple[str, ...]


def decide(
    task: str, rule: Mapping[str, Any], shipped: Mapping[str, Any], idea: Mapping[str, Any]
) -> Verdict:
    """Apply a task's rule to internal numbers; nothing else can enter.

    Parameters
    ----------
    task : str
    rule : mapping
        The task's table under ``rules``.
    shipped, idea : mapping
        From `medmodels.training.external_ideas_numbers.chest_internal` or
        ``ecg_internal``.

    Returns
    -------
    Verdict
    """
    if task == "chest-xray":
        return _chest(float(rule["largest_loss_of_mean_auc"]), shipped, idea)
    return _beats(float(rule["largest_loss_when_named"]), shipped, idea)


def _chest(loss: float, shipped: Mapping[str, Any], idea: Mapping[str, Any]) -> Verdict:
    # Numbers carry five decimals: a loss of exactly the limit must not fail for a rounding.
    keeps = round(shipped["mean_auc"] - idea["mean_auc"], 5) <= loss
    edge = idea["edge_auc"] < shipped["edge_auc"]
    worst = idea["worst_auc"] > shipped["worst_auc"]
    return Verdict(
        keeps and (edge or worst),
        (
            f"Mean AUC under the shifts: {idea['mean_auc']:.4f}, shipped "
            f"{shipped['mean_auc']:.4f}; {'within' if keeps else 'beyond'} the loss allowed.",
            f"AUC from the edge alone: {idea['edge_auc']:.4f}, shipped "
            f"{shipped['edge_auc']:.4f}; {'better' if edge else 'not better'}.",
            f"AUC under the worst shift: {idea['worst_auc']:.4f}, shipped "
            f"{shipped['worst_auc']:.4f}; {'better' if worst else 'not better'}.",
        ),
    )


def _beats(loss: float, shipped: Mapping[str, Any], idea: Mapping[str, Any]) -> Verdict:
    named, before = idea["named"]["score"], shipped["named"]["score"]
    unnamed, unnamed_before = idea["unnamed"]["score"], shipped["unnamed"]["score"]
    better = unnamed > unnamed_before
    keeps = round(before - named, 2) <= loss
    return Verdict(
        better and keeps,
        (
            f"Score without lead names: {unnamed:.1f}, shipped {unnamed_before:.1f}; "
            f"{'better' if better else 'not better'}.",
            f"Score with lead names: {named:.1f}, shipped {before:.1f}; "
            f"{'within' if keeps else 'beyond'} the loss allowed.",
        ),
    )
