"""The lesson on recurrence: on the open ECG or a sample, in numbers that are the network's own."""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from medmodels import samples
from medmodels.bundles import load_bundle
from medmodels.inputs.open_signal import decode, understand
from medmodels.lessons.gru import UnitStep, gru_steps
from medmodels.lessons.recurrence_memory import Fading
from medmodels.lessons.recurrent_layers import ACROSS, FORWARD, RecurrentLayer
from medmodels.reading import read
from medmodels.ui import lesson_recurrence_case
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_source import Source
from medmodels.ui.lesson_memory import say_fading
from medmodels.ui.lesson_recurrence_picture import edges_across, picture_of
from medmodels.ui.lesson_unit import formulas
from tests.bundles_fixture import SIGNAL_CARD, SIGNAL_TASK, write_tiny_signal_bundle

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


@pytest.fixture(scope="session")
def roots(tmp_path_factory) -> dict[str, Path]:
    tiny, members = (tmp_path_factory.mktemp(name) for name in ("tiny", "members"))
    write_tiny_signal_bundle(tiny)
    write_members_bundle(members)
    return {"tiny": tiny, "members": members, "none": tmp_path_factory.mktemp("none")}


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    (folder / "spikes.csv").write_bytes(ecg_csv())
    (folder / "ecg.toml").write_text(
        f'[[samples]]\ntask = "{SIGNAL_TASK}"\ntitle = "Spikes"\n'
        'description = "One a second."\nfile = "spikes.csv"\n'
    )
    return folder


@pytest.fixture
def use(roots, sample_folder, monkeypatch):
    def choose(which: str) -> None:
        monkeypatch.setenv("DIAPHANE_BUNDLES", str(roots[which]))
        monkeypatch.setenv("DIAPHANE_WARM", "0")
        monkeypatch.setattr(samples, "SAMPLES", sample_folder)

    return choose


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


def test_without_a_network_it_says_what_is_missing(use):
    use("none")
    assert "No network that reads signals is installed" in text(run())


def test_without_an_open_ecg_a_sample_is_used_and_said_so(use):
    use("members")
    app = run()
    assert "No ECG is open, so this lesson uses a sample case: **Spikes**. One a second." in text(
        app
    )
    assert "ecg_case" not in app.session_state
    assert "What the network remembers of this beat" in [entry.value for entry in app.subheader]
    assert [entry.label for entry in app.button if "Sequence" in entry.label]


def test_the_open_ecg_is_used(use, roots):
    use("members")
    case = case_of(roots["members"], ecg_csv())
    app = run(case)
    assert "This lesson uses the open ECG." in text(app)
    assert len(lesson_beats(app, case)) == 1


def test_an_ecg_without_an_answer_is_not_laid_open(use, roots, monkeypatch):
    use("members")
    monkeypatch.setattr(lesson_recurrence_case, "is_withheld", lambda _: True)
    case = case_of(roots["members"], ecg_csv())
    app = run(case)
    assert "There is no answer for the open ECG, so this lesson uses a sample case" in text(app)
    assert not lesson_beats(app, case)


def test_the_numbers_on_screen_are_the_networks(use, roots):
    use("members")
    app = run()
    (beat,) = lesson_beats(app)
    layer = next(x for x in beat.opened.layers if x.name == "across_beats_1")
    _, given = beat.opened([beat.windows[np.newaxis], beat.rhythm[np.newaxis]])
    network = beat.ecg.bundle.network
    weights = network.get_layer(layer.name).forward_layer.get_weights()
    trace = gru_steps(*weights, given[layer.name][0])
    unit = int(np.argmax(trace.movement))
    # It starts where the chosen beat is read.
    step = slider(app).value - 1
    assert step == beat.place
    for at in (step, step + 1):
        z, r, candidate, h = (last_number(entry) for entry in shown_formulas(app))
        assert z == pytest.approx(trace.z[at, unit], abs=6e-4)
        assert r == pytest.approx(trace.r[at, unit], abs=6e-4)
        assert candidate == pytest.approx(trace.candidate[at, unit], abs=6e-4)
        assert h == pytest.approx(trace.h[at, unit], abs=6e-4)
        button(app, "Next").click().run()
        assert not app.exception


def test_the_answer_so_far_is_that_of_the_network_on_so_many_beats(use):
    use("members")
    app = run()
    (beat,) = lesson_beats(app)
    point = beat.ecg.case.reading.operating_point
    for step in (beat.place, beat.place + 3):
        slider(app).set_value(step + 1).run()
        assert not app.exception
        network = beat.ecg.bundle.network
        part = [x[np.newaxis, : step + 1] for x in (beat.windows, beat.rhythm)]
        logits = network(part, training=False).numpy()[0, beat.place]
        label = int(point.labels(logits))
        share = float(point.probabilities(logits)[label])
        assert f"Read so far: {step + 1} of {len(beat.windows)} beats" in text(app)
        letter = beat.ecg.case.reading.card.classes[label].letter
        assert f"({letter}), {share:.1%}**." in text(app)


def test_before_the_beat_is_reached_there_is_no_answer(use):
    use("members")
    app = run()
    key = next(e.key for e in app.number_input if "beat" in e.key)
    app.number_input(key=key).set_value(20).run()
    assert lesson_beats(app)[-1].place == 19
    slider(app).set_value(5).run()
    assert "The chosen beat is not among them yet" in text(app)


def test_units_members_rows_and_steps_never_run_the_network(use, monkeypatch):
    use("members")
    app = run()

    from medmodels.explain import masking
    from medmodels.lessons.recurrence import LaidOpen

    def refuse(*args, **kwargs):
        raise AssertionError("the network was run again")

    monkeypatch.setattr(LaidOpen, "__call__", refuse)
    monkeypatch.setattr(LaidOpen, "logits", refuse)
    monkeypatch.setattr(masking.BeatMasking, "logits", refuse)
    before = shown_formulas(app)
    control(app, "member").set_value("2").run()
    assert not app.exception
    assert shown_formulas(app) != before
    control(app, "order").set_value("own").run()
    control(app, "heats").set_value(["Update gate", "Candidate"]).run()
    unit = next(entry for entry in app.selectbox if "unit" in (entry.key or ""))
    unit.set_value(unit.value + 1 if unit.value < 3 else 0).run()
    button(app, "Previous").click().run()
    assert not app.exception
    assert "Unit" in text(app)


def test_reading_backward_starts_from_the_end(use):
    use("members")
    app = run()
    (beat,) = lesson_beats(app)
    control(app, "direction").set_value("backward").run()
    assert not app.exception
    assert slider(app).value - 1 == len(beat.windows) - 1 - beat.place
    assert "**from right to left**" in text(app)
    layer = next(x for x in beat.opened.layers if x.name == "across_beats_1")
    found = beat.unroll(layer, "backward")
    step = slider(app).value - 1
    unit = int(np.argmax(found.trace.movement))
    assert last_number(shown_formulas(app)[3]) == pytest.approx(found.trace.h[step, unit], abs=6e-4)


def test_within_the_beat_the_unseen_part_and_the_numbers_can_be_taken_away(use):
    use("members")
    app = run()
    control(app, "level").set_value("within").run()
    assert not app.exception
    (beat,) = lesson_beats(app)
    steps = slider(app).max
    said = set()
    for stand_in in ("usual", "flat"):
        for numbers in (True, False):
            control(app, "stand-in").set_value(stand_in).run()
            control(app, "numbers").set_value(numbers).run()
            assert not app.exception
            (line,) = [e.value for e in app.markdown if e.value.startswith("From **")]
            rows = beat.within(steps, "forward", stand_in, numbers=numbers)
            assert rows.shape == (steps + 1, 4)
            shares = beat.ecg.case.reading.operating_point.probabilities(rows)
            found = [float(x) for x in re.findall(r"([\d.]+)%\*\*", line)]
            np.testing.assert_allclose(found, 100 * shares[[0, -1]].max(axis=1), atol=0.051)
            np.testing.assert_allclose(drawn_answers(app), 100 * shares, atol=6e-4)
            said.add(line)
    assert len(said) == 4
    assert "a flat line stands in for the rest" in text(app)


def test_the_buttons_go_from_one_beat_that_is_not_normal_to_the_next(use):
    use("members")
    app = run()
    case = next(iter(app.session_state["lesson-recurrence-samples"].values()))
    abnormal = case.abnormal.tolist()
    assert len(abnormal) > 1, "the fixture's random network must call some beats ectopic"
    number = next(entry for entry in app.number_input)
    number.set_value(abnormal[0] + 1).run()
    assert button(app, "Previous that is not normal").disabled
    button(app, "Next that is not normal").click().run()
    assert app.number_input[0].value == abnormal[1] + 1
    button(app, "Previous that is not normal").click().run()
    assert app.number_input[0].value == abnormal[0] + 1


def test_a_network_with_one_small_layer_shows_what_there_is(use):
    use("tiny")
    app = run()
    assert not app.subheader
    for part in ("member", "direction", "level"):
        assert not [entry for entry in app.button_group if part in (entry.key or "")]
    assert "Read so far" in text(app)
    assert len(shown_formulas(app)) == 4


def test_single_beats_are_read_within_only(use, roots):
    use("members")
    app = run(case_of(roots["members"], beats_csv()))
    assert "This lesson uses the open ECG." in text(app)
    assert not app.subheader
    assert "Read so far" in text(app)
    assert not [entry for entry in app.button_group if "level" in (entry.key or "")]


def test_nothing_of_the_bundle_changes(use):
    use("members")
    app = run()
    (beat,) = lesson_beats(app)
    network = beat.ecg.bundle.network
    before = [weights.copy() for weights in network.get_weights()]
    control(app, "level").set_value("within").run()
    control(app, "direction").set_value("backward").run()
    assert not app.exception
    for old, new in zip(before, network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
    fresh = load_bundle(SIGNAL_TASK)
    for old, new in zip(before, fresh.network.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_formulas_hold_with_the_numbers_that_stand_in_them():
    step = UnitStep((-1.0, 0.5, 0.25), (2.0, -0.5, -3.0), 0.731, 0.5, -0.848, 0.4, 0.0642)
    z, r, candidate, state = formulas(step)
    assert r"\sigma\big({-1.000}+2.000\big)=0.731" in z
    assert r"\sigma\big({0.500}+(-0.500)\big)=0.500" in r
    assert r"\tanh\big({0.250}+0.500\cdot(-3.000)\big)=-0.848" in candidate
    assert r"0.731\cdot0.400+0.269\cdot(-0.848)=0.064" in state


def test_a_memory_in_words():
    layer = RecurrentLayer("a_1", "a", 1, "GRU", ACROSS, 16, (FORWARD,), True)

    def say(*distances: float) -> str:
        return say_fading(Fading(layer, FORWARD, np.array(distances)))

    assert "2.00 apart (at most 8.0 is possible)" in say(2, 1, 0.1)
    assert say(2, 1, 0.1).endswith(
        "half of it is gone after 1 beat, and no more than 5% is left after 2 beats."
    )
    assert say(2, 1, 0.5).endswith("but 25% is still there after 2 beats.")
    assert say(2, 1.9, 1.8).endswith("; 90% is still there after 2 beats.")
    assert say(2.0).endswith("there is no beat further on.")
    assert "changes nothing" in say(0, 0)


def test_columns_of_beats_meet_midway_and_windows_are_joined(use, roots):
    use("members")
    app = run()
    (beat,) = lesson_beats(app)
    inputs = beat.ecg.case.beats.inputs
    edges = edges_across(beat)
    times = inputs.centres_s[beat.first : beat.first + len(beat.windows)]
    times = times - inputs.centres_s[beat.beat]
    assert len(edges) == len(times) + 1
    np.testing.assert_allclose(edges[1:-1], (times[1:] + times[:-1]) / 2)
    assert (np.diff(edges) > 0).all()
    layer = next(x for x in beat.opened.layers if x.level == "across")
    drawn = picture_of(
        beat, beat.unroll(layer, "forward"), np.zeros((len(times), 4)), ["Reset gate"], range(4)
    )
    assert [rows.title.split()[0] for rows in drawn.heat] == ["State", "Reset"]
    assert (np.diff(drawn.times) >= 0).all()
    (values,) = drawn.traces.values()
    # Windows of 0.7 s around beats a second apart leave gaps, which are not drawn over.
    assert np.isnan(values).sum() >= len(times) - 2
    at = int(np.flatnonzero(np.isclose(drawn.times, 0, atol=1e-9))[0])
    centre = int(np.flatnonzero(np.isclose(inputs.offsets_s, 0))[0])
    assert values[at] == pytest.approx(
        float(beat.windows[beat.place, centre, 0] * inputs.scale[0]), rel=1e-5
    )


def test_a_single_beat_has_a_column_of_its_own():
    inputs = SimpleNamespace(centres_s=np.array([3.0]))
    beat = SimpleNamespace(
        ecg=SimpleNamespace(case=SimpleNamespace(beats=SimpleNamespace(inputs=inputs))),
        first=0, beat=0, windows=np.zeros((1, 2, 2)),
    )  # fmt: skip
    np.testing.assert_allclose(edges_across(beat), [-0.5, 0.5])
