"""Cards of the tiny bundles, one of every kind."""

from __future__ import annotations

import json

SCAN_TASK = "tiny-scan"
SIGNAL_TASK = "tiny-signal"
SEQUENCE_TASK = "tiny-sequence"

RHYTHM = ("rr_before", "rr_after", "before_to_local", "after_to_local")


def _card(
    task: str,
    title: str,
    question: str,
    kind: str,
    accepts: list[str],
    classes: list[tuple[str, str, str, int, str]],
    rest: str,
) -> str:
    """A card; of each class its name, title, letter, severity and meaning.

    ``rest`` holds the tables ``input``, ``network`` and ``evaluation``.
    """
    keys = ("name", "title", "letter", "severity", "meaning")
    head = {
        "task": task, "title": title, "question": question, "kind": kind, "accepts": accepts,
        "intended_use": "Tests of the app.", "not_for": "Anything else.",
        "limits": ["Its weights are random.", "It knows two answers only."],
    }  # fmt: skip
    data = {
        "name": "Noise", "role": "train", "licence": "CC0", "source": "a random generator",
        "citation": "none", "population": "Nobody.",
    }  # fmt: skip
    tables = ["[[classes]]\n" + _toml(dict(zip(keys, one, strict=True))) for one in classes]
    return _toml(head) + "".join(tables) + rest + "[[data]]\n" + _toml(data)


def _toml(table: dict[str, object]) -> str:
    # Texts, numbers and lists of texts are written alike in JSON and TOML.
    return "".join(f"{key} = {json.dumps(value)}\n" for key, value in table.items())


SCAN_CARD = _card(
    SCAN_TASK, "Tiny scan", "Does this scan show a finding?", "scan", ["png", "dcm"],
    [
        ("normal", "Normal", "N", 0, "No finding that this network knows."),
        ("finding", "Finding", "F", 2, "The one finding that this network knows."),
    ],
    """
[input]
size = 32
channels = 1
[network]
explained_layer = "explained_conv"
description = "Two convolutions."
[evaluation]
group = "patient"
""",
)  # fmt: skip

SIGNAL_CARD = _card(
    SIGNAL_TASK, "Tiny signal", "Which beats of this recording are early?", "signal", ["csv"],
    [
        ("N", "Normal", "N", 0, "A beat from the sinus node."),
        ("S", "Supraventricular", "S", 1, "An early beat from above the ventricles."),
        ("V", "Ventricular", "V", 2, "An early beat from a ventricle."),
        ("F", "Fusion", "F", 1, "A ventricular and a normal beat at once."),
    ],
    f"""
[input]
rate = 125
before_s = 0.25
after_s = 0.45
leads = 2
rhythm = {json.dumps(RHYTHM)}
[network]
description = "One recurrent layer."
[evaluation]
group = "record"
""",
)  # fmt: skip

SEQUENCE_CARD = _card(
    SEQUENCE_TASK, "Tiny sequence", "Is there a site in the middle?", "sequence", ["fa", "csv"],
    [
        ("EI", "Donor site", "D", 1, "An intron begins in the middle."),
        ("IE", "Acceptor site", "A", 1, "An intron ends in the middle."),
        ("N", "Neither", "N", 0, "No site in the middle."),
    ],
    """
[input]
length = 60
[network]
description = "One recurrent layer."
[evaluation]
group = "entry"
""",
)  # fmt: skip
