"""The lesson on recurrence: on the open ECG or a sample, in numbers that are the network's own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.lessons.gru import gru_steps
from medmodels.ui import lesson_recurrence_case
from tests.bundles_fixture import SIGNAL_TASK
from tests.ui.recurrence_page import (
    beats_csv,
    button,
    case_of,
    control,
    drawn_answers,
    ecg_csv,
    last_number,
    lesson_beats,
    run,
    shown_formulas,
    slider,
    text,
)


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
