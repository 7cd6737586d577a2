"""What a bundle's trust layer is worth, as Markdown for the README."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from medmodels.bundles import Bundle

Estimate = Mapping[str, float | None]
_FAR = ("other modality", "not medical")


def trust_section(
    bundle: Bundle,
    show: Callable[[Estimate | None], str],
    table: Callable[[list[str], list[list[str]]], str],
) -> str:
    """Calibration, coverage and refusals of one bundle; empty without a trust layer.

    Parameters
    ----------
    bundle : Bundle
    show : callable
        From an estimate to text with its interval.
    table : callable
        From a head and rows to a Markdown table.
    """
    trust = bundle.evaluation.get("trust")
    if not trust:
        return ""
    splits = [name for name in ("test", "external") if name in bundle.evaluation["splits"]]
    calibration, sets = trust["calibration"]["splits"], trust["prediction_sets"]["splits"]
    decisions = trust["decision"]["splits"]
    many = bundle.card.kind == "signal"
    rows = [
        ["ECE, uncalibrated", *(show(calibration[s]["before"]["ece"]) for s in splits)],
        ["ECE, calibrated", *(show(calibration[s]["after"]["ece"]) for s in splits)],
    ]
    levels = sorted(sets["test"])
    for level in levels:
        said = f"prediction sets at {float(level):.0%}: coverage"
        rows.append([said, *(show(sets[s][level]["coverage"]) for s in splits)])
    highest = levels[-1]
    rows.append([
        f"labels in a set at {float(highest):.0%}",
        *(show(sets[s][highest]["mean_size"]) for s in splits),
    ])  # fmt: skip
    what = "recordings" if many else bundle.card.items
    rows.append([
        f"{what} declined",
        *(f"{decisions[s]['abstain']} of {decisions[s]['n']}" for s in splits),
    ])  # fmt: skip
    rows.append([
        f"{what} with a warning",
        *(f"{decisions[s]['warn']} of {decisions[s]['n']}" for s in splits),
    ])  # fmt: skip
    rows.append(["error of all", *(show(decisions[s]["error"]["all"]) for s in splits)])
    answered = "error of beats not in doubt" if many else "error of those answered"
    rows.append([answered, *(show(decisions[s]["error"]["answered"]) for s in splits)])
    parts = ["How far to trust it:", table(["", *splits], rows)]
    if any(kind["group"] in _FAR for kind in trust["out_of_distribution"]["kinds"]):
        parts.append(_refusals(trust["out_of_distribution"]))
    return "\n\n".join(parts)


def _refusals(table: Mapping[str, Any]) -> str:
    """One sentence on what is of another kind, and one on what is near."""
    far = [kind for kind in table["kinds"] if kind["group"] in _FAR]
    near = [kind for kind in table["kinds"] if kind["group"] not in _FAR]
    count = sum(kind["n"] for kind in far)
    auroc = sum(kind["n"] * kind["auroc"]["value"] for kind in far) / count
    refused = sum(kind["n"] * kind["refused_at_5"] for kind in far) / count
    worst = min(far, key=lambda kind: kind["auroc"]["value"])
    closer = "; ".join(f"{kind['title']} {100 * kind['refused']['value']:.0f}%" for kind in near)
    return (
        f"Against {len(far)} kinds of input that should be refused (n = {count:,}) the score "
        f"({table['method']}) has an AUROC of {auroc:.4f}, {worst['auroc']['value']:.3f} for the "
        f"worst ({worst['title'].lower()}); where 5% of the test data are refused, "
        f"{100 * refused:.1f}% of them are. Refused as shipped, of what is near: {closer}."
    )


def audit_section(bundle: Bundle, table: Callable[[list[str], list[list[str]]], str]) -> str:
    """How often the maps of one bundle pass their audit; empty where that is not measured."""
    audit = bundle.evaluation.get("audit")
    if not audit:
        return ""
    splits = {name: audit["splits"][name] for name in ("validation", "test")}
    names = list(dict.fromkeys(name for part in splits.values() for name in part["methods"]))
    names.sort(key=lambda name: name != audit["method"])
    sanity = bundle.trust["explain"]["sanity"]
    rows = [
        [
            f"`{name}`" + (", shown first" if name == audit["method"] else ""),
            *(_passed(part["methods"].get(name)) for part in splits.values()),
            "passed" if sanity[name]["passed"] else "failed",
        ]
        for name in names
    ]
    head = ["", *(f"{name}, n = {part['n']}" for name, part in splits.items()), "sanity check"]
    return "\n\n".join(["How often a map is evidence (95% Wilson intervals):", table(head, rows)])


def _passed(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "–"
    share = found["passed"]
    return f"{share['value']:.3f} ({share['low']:.3f} to {share['high']:.3f})"
