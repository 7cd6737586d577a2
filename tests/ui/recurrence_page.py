"""The lesson on recurrence as a page of its own: bundles, ECGs, and what stands on it."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from medmodels.bundles import load_bundle
from medmodels.inputs.open_signal import decode, understand
from medmodels.reading import read
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_source import Source
from tests.bundles_fixture import SIGNAL_CARD, SIGNAL_TASK

RATE = 250
SECONDS = 40


def ecg_csv() -> bytes:
    """Forty seconds of narrow spikes, one a second but for an early one at 20.1 s."""
    at = np.arange(SECONDS * RATE) / RATE
    beats = np.append(np.arange(0.5, SECONDS), 20.1)
    wave = np.exp(-((at[:, None] - beats) ** 2) / 2e-4).sum(axis=1)
    wave += 0.01 * np.sin(2 * np.pi * 7 * at)
    rows = "\n".join(f"{t:.4f},{v:.4f},{v / 2:.4f}" for t, v in zip(at, wave, strict=True))
    return f"time (s),MLII (mV),V5 (mV)\n{rows}\n".encode()


def beats_csv() -> bytes:
    """Six single beats, one a row."""
    rng = np.random.default_rng(0)
    rows = np.clip(np.exp(-np.arange(187) / 8) + 0.05 * rng.random((6, 187)), 0, 1)
    table = np.column_stack([rows, [0, 1, 2, 3, 4, 0]])
    return ("\n".join(",".join(f"{v:.4f}" for v in row) for row in table) + "\n").encode()


def write_members_bundle(root: Path) -> None:
    """A bundle of the shipped network's own shape: two members, within and across beats."""
    import keras

    from medmodels.networks.rnn import beat_rnn
    from medmodels.training.bundle_writer import write_bundle

    keras.utils.set_random_seed(3)
    network = beat_rnn(round(0.25 * 125) + round(0.45 * 125), 2, 4, 4, width=4, members=2)
    for layer in network.layers:
        if layer.name.startswith("logits_"):
            layer.set_weights([6 * weights for weights in layer.get_weights()])
    card = root / "card.toml"
    card.write_text(SIGNAL_CARD)
    trust = {
        "temperature": 1.0, "class_offsets": [0.0] * 4, "rule": "highest mean F1",
        "chosen_on": "validation",
    }  # fmt: skip
    labels = np.arange(60) % 4
    predictions = {
        "test/logits": (3 * np.eye(4)[labels]).astype(np.float32),
        "test/labels": labels.astype(np.int8),
        "test/groups": np.array([f"g{i // 3}" for i in range(60)]),
    }
    write_bundle(
        root / SIGNAL_TASK, card=card, network=network, trust=trust, predictions=predictions,
        training={"command": "none", "seeds": [1], "steps": []},
    )  # fmt: skip
    card.unlink()


def panel() -> None:
    from medmodels.ui.lesson_recurrence import show_recurrence

    show_recurrence()


def run(case: Case | None = None) -> AppTest:
    app = AppTest.from_function(panel, default_timeout=400)
    if case is not None:
        app.session_state["ecg_case"] = case
    app.run()
    assert not app.exception
    return app


@cache
def reading_of(root: Path, content: bytes) -> tuple[Any, Any]:
    files = {"ecg.csv": content}
    item = decode(files, understand(files))
    return item, read(load_bundle(SIGNAL_TASK, root), item)


def case_of(root: Path, content: bytes) -> Case:
    item, reading = reading_of(root, content)
    return Case("open", Source({}, "open"), item, reading, None, ())


def text(app: AppTest) -> str:
    html = [element.proto.body for element in app.get("html")]
    return "\n".join([*html, *(e.value for e in [*app.markdown, *app.caption, *app.info])])


def control(app: AppTest, part: str):
    return next(entry for entry in app.button_group if part in (entry.key or ""))


def button(app: AppTest, label: str):
    return next(entry for entry in app.button if entry.label == label)


def slider(app: AppTest):
    return next(entry for entry in app.slider if entry.key and "steps" in entry.key)


def last_number(formula: str) -> float:
    return float(re.findall(r"=\s*\{?(-?\d\.\d{3})", formula)[-1])


def lesson_beats(app: AppTest, case: Case | None = None):
    """What the lesson has kept for each beat, newest last."""
    if case is None:
        case = next(iter(app.session_state["lesson-recurrence-samples"].values()))
    return [value for key, value in case.shown.items() if key[0] == "lesson-recurrence"]


def _decoded(values: Any) -> np.ndarray:
    """An array as plotly writes it: a list, or its bytes in base 64."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    return np.array(values, float)


def drawn_answers(app: AppTest) -> np.ndarray:
    """Per cent in the figure on screen, (A, K), in the order of time."""
    for entry in app.get("plotly_chart"):
        data = json.loads(entry.proto.spec or entry.proto.figure.spec)["data"]
        if any(trace["type"] == "heatmap" for trace in data):
            lines = [t["y"] for t in data if t["type"] == "scatter" and t.get("yaxis") == "y3"]
            return np.array([_decoded(line) for line in lines]).T
    raise AssertionError("there is no figure")


def shown_formulas(app: AppTest) -> list[str]:
    return [entry.value for entry in app.latex if "aligned" in entry.value]
