"""Thresholds of an ECG's quality, from what was measured on DS1 and from standards.

``python -m medmodels.training.signal_thresholds DATA BUNDLE`` measured
``ecg_quality.json``: how large each measure is in the training records, and
what a made disturbance of each size does to the reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

MEASURED = Path(__file__).with_name("ecg_quality.json")
_LOSS = 10.0  # points of beats read rightly, from which on a recording is not read
_SHORT = 2.0  # points lost, from which on a recording is called short

_EC11 = "ANSI/AAMI EC11 asks electrocardiographs"


def quality_table(measured: Mapping[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """The table ``quality`` of ``trust.json``.

    Parameters
    ----------
    measured : mapping, optional
        As `signal_thresholds.measure` gives it; the stored one if not given.

    Returns
    -------
    dict
        For each check ``warn``, ``refuse`` (null for never) and ``why``.
    """
    found = json.loads(MEASURED.read_text()) if measured is None else measured
    usual, whole = found["usual"], float(found["undisturbed"]["right"])
    table: dict[str, dict[str, Any]] = {}
    for kind in ("noise", "mains", "wander"):
        edge = float(usual[kind]["worst_lead_of_record"]["p99"])
        table[kind] = _limits(
            edge, _breaking(found[kind], whole),
            "no more than 1 in 100 training records has so much in a tenth of its stretches",
        )  # fmt: skip
    edge = float(usual["saturation"]["p99"])
    table["saturation"] = _limits(
        edge, _breaking(found["saturation"], whole), "99% of the training leads have less"
    )
    first = found["gaps"][0]
    lost = f"with {first['level']:.0%} of the samples missing, {whole - first['right']:.0f} points "
    lost += "of the beats are lost; the others are read as before"
    table["gaps"] = _limits(float(first["measured"]), None, lost)
    table["no_signal"] = _limits(
        float(first["measured"]), 0.5, f"{lost}; beyond the second most of the recording is missing"
    )
    table["lead_off"] = _limits(0.01, None, "no training lead is flat for so long")
    seconds = found["seconds"]
    enough = min(row["level"] for row in seconds if whole - row["right"] < _SHORT)
    table["short"] = _limits(
        float(enough), None,
        f"in shorter strips than {enough:g} s more than {_SHORT:g} points of the beats are lost",
    )  # fmt: skip
    table["amplitude_low"] = _limits(
        0.5, 0.02,
        "under 0.5 mV a limb lead's QRS is called low voltage (Surawicz et al. 2009, AHA/ACCF/HRS "
        f"recommendations, part III); {_EC11} to show deflections from 0.02 mV",
    )  # fmt: skip
    table["amplitude_high"] = _limits(
        5.0, 10.0,
        f"{_EC11} to record 5 mV either way, 10 mV in all; the largest training record has "
        f"{usual['amplitude']['max']:.1f} mV",
    )  # fmt: skip
    table["heart_rate_low"] = _limits(30.0, 15.0, "slower is not seen for minutes")
    table["heart_rate_high"] = _limits(220.0, 320.0, "faster is not seen for minutes")
    table["few_leads"] = _limits(1.0, 0.0, "the network reads two leads and needs one")
    table["few_beats"] = _limits(None, 2.0, "three beats are the fewest that have a rhythm")
    return table


def _breaking(rows: Sequence[Mapping[str, float]], whole: float) -> tuple[float, str] | None:
    """The measure from which on a tenth of the beats is lost, and what it was."""
    for row in rows:
        if whole - row["right"] >= _LOSS:
            return float(row["measured"]), (
                f"from the second on {whole - row['right']:.0f} points of the beats are lost"
            )
    return None


def _limits(
    warn: float | None, refuse: float | tuple[float, str] | None, why: str
) -> dict[str, Any]:
    if isinstance(refuse, tuple):
        refuse, lost = refuse
        why = f"{why}; {lost}"
    return {
        "warn": None if warn is None else float(f"{warn:.4g}"),
        "refuse": None if refuse is None else float(f"{refuse:.4g}"),
        "why": why,
    }
