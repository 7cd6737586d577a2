"""Panels of the Explanation page: one scale, honest words, and no network unless asked."""

from __future__ import annotations

import io
import threading
from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from medmodels.explain.counterpoint import Counterpoint
from medmodels.explain.counterpoint_beats import BeatCounterpoint, Stretch
from medmodels.explain.faithfulness import BLOB, EDGES, RANDOM, THE_MAP, Curve, Faithfulness
from medmodels.explain.map_regions import Region
from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.explain.sanity import Sanity
from medmodels.explain.stability import Stability
from medmodels.trust.chance import say_p
from medmodels.ui import audit_table, compute_methods
from medmodels.ui import counterpoint_words as words
from medmodels.ui.audit_curves import areas_sentence, other_checks
from medmodels.ui.compare_signal import beyond_words
from medmodels.ui.difference_scan import difference_words
from medmodels.ui.difference_signal import difference_words as beat_difference_words
from medmodels.ui.ecg_saliency import BeatMap

# -- audits -----------------------------------------------------------------------------------


def faithfulness(area=1.0, blob=0.5, edges=-0.25) -> Faithfulness:
    half = np.full(3, 0.5)
    curves = tuple(
        Curve(name, -a * half, a * half, a)
        for name, a in ((THE_MAP, area), (RANDOM, 0.0), (BLOB, blob), (EDGES, edges))
    )
    return Faithfulness(
        shares=np.array([1, 3, 5]) / 6, curves=curves, random=np.array([0.3, -0.3, 0.1, -0.1]),
        margin=0.1, level=0.25, baseline="the same scan, blurred", whole=2.0, nothing=-1.0,
        alone=(True,),
    )  # fmt: skip


def audit(method="grad_cam", class_index=0, *, shortcut=None, **more):
    found = faithfulness(**more)
    return SimpleNamespace(
        method=method, class_index=class_index, faithfulness=found, passed=found.passed,
        sanity=Sanity(method, ("last", "all"), (0.9, 0.1), (0.5, 0.5), 10, True, 0.3),
        stability=Stability(noise=0.95, shift=None, n=4, unchanged=2),
        agreement={"a": 0.2, "b": 0.6}, completeness=None, shortcut=shortcut, seconds=0.5,
    )  # fmt: skip


def test_a_verdict_is_a_word_and_a_mark_for_its_own_method_and_class():
    audits = [audit(), audit("rise", area=0.2)]
    assert audit_table.verdict_of(audits, "grad_cam", 0) is audit_table.PASSED
    assert audit_table.verdict_of(audits, "rise", 0) is audit_table.FAILED
    assert audit_table.verdict_of(audits, "grad_cam", 1) is audit_table.UNTESTED
    marks = {one.mark for one in (audit_table.PASSED, audit_table.FAILED, audit_table.UNTESTED)}
    assert len(marks) == 3


def test_a_row_of_the_table_by_hand():
    row = audit_table.audit_row(audit())
    assert row["Method"] == "Grad-CAM"
    assert row["Verdict"] == "✓ passed"
    assert row["Ahead of a blob"] == 0.5
    assert row["Ahead of edges"] == 1.25
    assert row["p, random maps"] == audit().faithfulness.p
    assert row["Like an untrained network"] == 0.1
    assert (row["Under noise"], row["Under a shift"]) == (0.95, None)
    assert row["Agreement"] == pytest.approx(0.4)
    assert row["Outside the body"] is None


def test_how_often_methods_pass_is_listed_best_first():
    stored = {"n": 200, "methods": {
        "rise": {"passed": {"value": 0.31, "low": 0.25, "high": 0.38}},
        "grad_cam": {"passed": {"value": 0.61, "low": 0.54, "high": 0.67}},
    }}  # fmt: skip
    text = audit_table.stored_sentence(stored)
    assert "200 test inputs" in text
    assert text.index("Grad-CAM: **61%** (54% to 67%)") < text.index("RISE: **31%** (25% to 38%)")
    assert audit_table.stored_sentence(None) == audit_table.stored_sentence({}) == ""


def test_the_caption_of_the_curves_has_the_numbers_that_decide():
    text = areas_sentence(faithfulness())
    for part in (
        "this map 1.00 log-odds", "centred blob 0.50", "edges -0.25", "the best of 4 0.30",
        "0.50 log-odds ahead of the better of blob and edges", "must be 0.1 ahead",
        say_p(faithfulness().p), "at most 0.25 passes",
    ):  # fmt: skip
        assert part in text
    assert "0.25 log-odds behind the better" in areas_sentence(faithfulness(area=0.25))


def test_the_other_checks_are_told_with_what_their_numbers_mean():
    found = SimpleNamespace(
        sanity=Sanity("grad_cam", ("all",), (0.12,), (0.5,), 10, True, 0.3, (0.8,), 0.0, 0.1),
        stability=Stability(noise=0.95, shift=None, n=4, unchanged=3), completeness=0.004,
    )  # fmt: skip
    sanity, stability, completeness = other_checks(found)
    assert "Sanity, passed" in sanity
    assert "map of 10 inputs is 0.12 like the real one" in sanity
    assert "not the place alone" in sanity
    assert "3 of 4 tries" in stability
    assert "0.95 with faint grain (1 the same)" in stability
    assert "0.4%" in completeness
    nothing = SimpleNamespace(sanity=None, stability=None, completeness=None)
    assert other_checks(nothing) == []


def table_app() -> None:
    import streamlit as st

    from medmodels.ui.audit_curves import show_curves
    from medmodels.ui.audit_table import audit_table

    audits = st.session_state["audits"]
    audit_table(audits, stored=None)
    for one in audits:
        show_curves(one, key=f"curves-{one.method}")


def test_the_table_draws_shows_only_what_is_known_and_says_a_shortcut():
    app = AppTest.from_function(table_app, default_timeout=120)
    shortcut = SimpleNamespace(outside=0.4, warning="40% of the map lies outside of the body.")
    app.session_state["audits"] = [audit(shortcut=shortcut), audit("rise", area=0.2)]
    app.run(timeout=60)
    assert not app.exception
    (table,) = app.dataframe
    assert list(table.value["Verdict"]) == ["✓ passed", "✕ not reliable here"]
    assert "Under a shift" not in table.value.columns
    assert app.warning[0].value == "Grad-CAM: 40% of the map lies outside of the body."
    assert len(app.get("plotly_chart")) == 4


def test_without_an_audit_the_table_says_so():
    app = AppTest.from_function(table_app, default_timeout=120)
    app.session_state["audits"] = []
    app.run(timeout=60)
    assert "No method has been audited" in app.info[0].value


# -- work behind the page ---------------------------------------------------------------------


class AtOnce:
    """Work that is done before anybody looks."""

    running = stopped = failed = False

    def __init__(self, work) -> None:
        self.result = work(lambda _share: None)

    def stop(self) -> None:
        """Too late."""


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(compute_methods, "BackgroundJob", AtOnce)


@pytest.fixture
def no_loading(monkeypatch):
    monkeypatch.setattr(compute_methods, "ensure_explains", lambda _bundle: None)
    st.cache_resource.clear()


def jobs_app() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from medmodels.ui.compute_methods import Job, offer_jobs

    made, run = st.session_state["made"], st.session_state["run"]
    jobs = [
        Job(name, name.upper(), lambda name=name: run(name))
        for name in ("one", "two")
        if name not in made
    ]
    key, at_once = st.session_state.get("key", "k"), "key" in st.session_state
    offer_jobs(SimpleNamespace(digest="d"), jobs, "Compute all", key=key, at_once=at_once)
    st.text(f"made: {sorted(made)}")


def jobs_page(run) -> AppTest:
    app = AppTest.from_function(jobs_app, default_timeout=60)
    app.session_state["made"], app.session_state["run"] = set(), run
    return app.run()


def test_nothing_runs_before_it_is_asked_for_and_all_of_it_then(at_once, no_loading):
    app = jobs_page(None)
    app.session_state["run"] = app.session_state["made"].add
    assert app.button[0].label == "Compute all (about 8 s)"
    assert app.text[0].value == "made: []"
    app.button[0].click().run()
    assert not app.exception
    assert app.text[0].value == "made: ['one', 'two']"
    assert not app.button


def test_what_cannot_be_made_is_said_and_keeps_nothing_else_from_being_made(at_once, no_loading):
    app = jobs_page(None)

    def run(name):
        if name == "one":
            raise ValueError("it has no recurrent layer")
        app.session_state["made"].add(name)

    app.session_state["run"] = run
    app.button[0].click().run()
    assert app.text[0].value == "made: ['two']"
    assert app.warning[0].value == "ONE does not fit this network: it has no recurrent layer."
    # It can be asked for again, now with the time that it took.
    assert app.button[0].label == "Compute all (under a second)"


def test_a_failure_shows_no_traceback(at_once, no_loading, caplog):
    def run(name):
        raise RuntimeError("something of the input")

    app = jobs_page(run)
    app.button[0].click().run()
    assert not app.exception
    assert [one.value for one in app.warning] == [
        f"{name} could not be computed. The answer is not affected." for name in ("ONE", "TWO")
    ]


def test_it_says_how_far_it_is_and_stops_after_the_method_at_work(no_loading):
    begun, go_on, made = threading.Event(), threading.Event(), set()

    def run(name):
        begun.set()
        go_on.wait(20)
        made.add(name)

    app = AppTest.from_function(jobs_app, default_timeout=60)
    app.session_state["made"], app.session_state["run"] = made, run
    app.run()
    app.button[0].click().run()
    assert begun.wait(20)
    (stop,) = app.button
    assert stop.label == "Stop"
    stop.click().run()
    assert app.button[0].disabled
    _, job = app.session_state["k-work"]
    go_on.set()
    job.wait(20)
    app.run()
    assert app.text[0].value == "made: ['one']"
    # What is missing is offered again.
    assert app.button[0].label.startswith("Compute all")


def test_what_begins_by_itself_makes_way_for_the_next_case(no_loading):
    begun, go_on, made = threading.Event(), threading.Event(), set()

    def run(name):
        begun.set()
        go_on.wait(20)
        made.add(name)

    app = AppTest.from_function(jobs_app, default_timeout=60)
    app.session_state["made"], app.session_state["run"] = made, run
    app.session_state["key"] = "first"
    app.run()
    assert begun.wait(20)
    _, first = app.session_state["first-work"]
    app.session_state["key"] = "second"
    app.run()
    assert first.stopped
    assert "first-work" not in app.session_state
    _, second = app.session_state["second-work"]
    go_on.set()
    first.wait(20)
    second.wait(20)
    assert first.result is None
    assert made == {"one", "two"}


# -- words ------------------------------------------------------------------------------------


def region(gain, place="upper right") -> Region:
    return Region(np.eye(4, dtype=bool)[[0]], place, 0.0625, -1.0, gain)


def counterpoint(*gains) -> Counterpoint:
    regions = tuple(region(gain) for gain in gains)
    return Counterpoint(np.array([[-1.0, 3.0]]), regions, sum(gains), 0.0)


def test_the_strongest_confirmed_place_comes_first():
    text = words.scan_sentence(counterpoint(1.0986, 0.2), "Normal")
    assert text == (
        "**Against normal:** the upper right of the picture takes 1.10 log-odds: without it its "
        "probability would be 75% instead of 50%."
    )


@pytest.mark.parametrize("gains", [(), (0.05,), (-0.5,)])
def test_when_nothing_speaks_against_it_is_said(gains):
    assert words.scan_sentence(counterpoint(*gains), "Normal").startswith(
        "**Nothing found that speaks against normal:**"
    )


@pytest.mark.parametrize(
    ("gain", "said"),
    [(0.4, "takes 0.40 log-odds"), (-0.4, "**weakens** the answer by 0.40"),
     (0.02, "changes next to nothing (+0.02")],
)  # fmt: skip
def test_a_region_says_whether_hiding_it_bears_the_map_out(gain, said):
    text = words.region_words(2, region(gain), 0.0)
    assert text.startswith("**2** upper right, 6.2% of the picture")
    assert said in text


def test_what_regions_come_to_together_is_said_for_two_or_more():
    assert words.together_words(counterpoint(0.3)) == ""
    assert "+1.10 log-odds, to 75%" in words.together_words(counterpoint(0.6, 0.4986))


OFFSETS = np.arange(-42, 54) / 100


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [(0, 10, "420 to 320 ms before the QRS"), (42, 50, "0 to 80 ms after the QRS"),
     (40, 46, "from 20 ms before to 40 ms after the middle of the QRS")],
)  # fmt: skip
def test_a_stretch_is_told_by_its_distance_from_the_qrs(start, end, said):
    text = words.moment_words(Stretch(-1, 1, start, end, 0.5), ["II", "V1"], OFFSETS)
    assert text == f"the trace of V1, {said} of the beat before,"


def test_everything_against_a_beat_stands_in_one_list_the_largest_first():
    found = BeatCounterpoint(
        np.zeros((3, 96, 2), np.float32), 4, (Stretch(0, 0, 0, 10, 0.3),),
        {"how early it came": 0.9, "its QRS, measured": 0.05}, np.array([0.4, np.nan, -1.0]), 0.0,
    )  # fmt: skip
    lines = words.signal_findings(found, 1, ["II", "V1"], OFFSETS)
    assert [gain for _, gain in lines] == [0.9, 0.4, 0.3]
    assert lines[1][0] == "the beat before, its trace and its timing"
    text = words.signal_sentence(lines, 0.0, "Ventricular")
    assert text.startswith("**Against ventricular:** how early it came takes 0.90 log-odds")
    assert words.signal_sentence([], 0.0, "Normal").startswith("**Nothing found")


def a_map(values, unit="logit", baseline="a blurred scan", **more) -> SaliencyMap:
    values = np.asarray(values, dtype=np.float32)
    return SaliencyMap(values, values.shape, True, "M", 0, unit, None, baseline, **more)


def test_a_difference_says_where_each_class_has_more():
    values = np.zeros((48, 48))
    values[:3, 45:], values[45:, :3] = 0.5, -0.25
    text = difference_words(a_map(values), "Normal", "Pneumonia")
    assert "**Orange** speaks more for Normal, most of all in the upper right" in text
    assert "**purple** speaks more for Pneumonia, most of all in the lower left" in text
    assert "In sum the scan speaks 2.25 logit more for **Normal** than a blurred scan does." in text
    one_sided = difference_words(a_map(np.minimum(values, 0), "u"), "Normal", "Pneumonia")
    assert one_sided.startswith("**Purple** speaks more for Pneumonia")
    assert one_sided.endswith("Nothing speaks more for Normal.")
    nothing = difference_words(a_map(np.zeros((48, 48))), "Normal", "Pneumonia")
    assert "the same" in nothing
    assert "if brighter" in difference_words(a_map(values, "u"), "A", "B", sensitivity=True)


def test_a_difference_on_a_trace_says_when():
    saliency = np.full((5, 2), np.nan)
    saliency[1, 0], saliency[4, 1] = 0.4, -0.1
    times = np.array([-0.02, -0.01, 0, 0.01, 0.02])
    assert beat_difference_words(times, saliency, ["II", "V1"], "Normal", "Early") == (
        "**Orange** speaks more for normal, most of all 10 ms before the middle of the QRS, in II; "
        "**purple** speaks more for early, most of all 20 ms after the middle of the QRS, in V1."
    )
    assert "the same" in beat_difference_words(times, 0 * saliency, ["II", "V1"], "A", "B")


def test_how_much_of_a_map_lies_beyond_what_is_drawn():
    values = np.zeros((4, 2, 1))
    values[:, 0, 0] = [1, 2, 1, 0]
    found = BeatMap(a_map(values), 10, 11)
    assert beyond_words(found, (11, 12)) == "25% beyond"
    assert beyond_words(found, (10, 13)) == ""
    numbers = a_map(values, context=np.full((4, 1), -1, np.float32))
    assert beyond_words(BeatMap(numbers, 10, 11), (10, 13)) == "50% beyond"
    assert beyond_words(BeatMap(a_map(0 * values), 10, 11), (10, 13)) == "empty map"


# -- panels on tiny networks ------------------------------------------------------------------


@pytest.fixture
def tiny(tiny_root, monkeypatch, at_once):
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(tiny_root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()


@pytest.fixture(scope="module")
def png() -> bytes:
    ramp = np.linspace(0, 255, 48).astype(np.uint8)
    picture = np.tile(ramp, (48, 1))
    picture[10:20, 30:40] = 0
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()


def scan_app() -> None:
    from importlib import import_module

    import streamlit as st

    from medmodels.ui.loading import shelf
    from medmodels.ui.scan_case import current_case, open_case

    bundle = shelf().of_kind("scan")[0]
    case = current_case() or open_case(bundle, st.session_state["png"], title="Scan")
    name = st.session_state["panel"]
    module = import_module(
        f"medmodels.ui.{name.replace('_scan', '') if 'counter' in name else name}"
    )
    getattr(module, name)(bundle, case)


def scan_page(panel, png) -> AppTest:
    app = AppTest.from_function(scan_app, default_timeout=180)
    app.session_state["panel"], app.session_state["png"] = panel, png
    app.run()
    assert not app.exception
    return app


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.info, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def choose(app: AppTest, label: str, value) -> AppTest:
    next(one for one in app.selectbox if one.label == label).set_value(value).run()
    assert not app.exception
    return app


def compute(app: AppTest, start: str) -> AppTest:
    next(one for one in app.button if one.label.startswith(start)).click().run()
    assert not app.exception
    return app


@pytest.fixture
def quick_methods(monkeypatch):
    """Three methods with the answer and two on demand: the others are tested elsewhere."""
    kept = ("hires_cam", "grad_cam", "gradient_saliency", "smooth_grad")
    for name in list(METHODS):
        if name not in kept and "scan" in METHODS[name].kinds:
            monkeypatch.delitem(METHODS, name)


def test_maps_that_are_there_are_shown_and_others_only_when_asked(tiny, png, quick_methods):
    app = scan_page("compare_scan", png)
    shown = text_of(app)
    assert "**HiResCAM**" in shown
    assert "with the answer" in shown
    assert "SmoothGrad" not in shown
    assert "not **how much**" in shown
    compute(app, "Compute all")
    shown = text_of(app)
    for method in methods_for("scan"):
        assert f"**{method.title}**" in shown
    assert shown.count("not tested") == len(methods_for("scan"))
    assert not app.button
    # One chart for each method, and one bar for all.
    assert len(app.get("plotly_chart")) == 1 + len(methods_for("scan"))


def test_methods_that_share_a_unit_can_be_compared_in_strength(
    tiny, png, quick_methods, monkeypatch
):
    app = compute(scan_page("compare_scan", png), "Compute all")

    def refuse(*args, **kwargs):
        raise AssertionError("a widget ran the network")

    monkeypatch.setattr("medmodels.ui.scan_case._explain", refuse)
    choose(app, "One scale for all", "logit per unit of brightness")
    shown = text_of(app)
    assert "**SmoothGrad**" in shown
    assert "**HiResCAM**" not in shown
    assert "the same colour is the same strength" in shown


def test_a_difference_needs_no_wait_for_maps_that_came_with_the_answer(tiny, png):
    app = scan_page("difference_scan", png)
    assert not app.button
    assert "speaks more for" in text_of(app)
    choose(app, "Method", "gradient_saliency")
    assert app.button[0].label.startswith("Compute both maps")
    compute(app, "Compute both")
    assert "would speak more, if brighter" in text_of(app)


def test_a_counterpoint_fills_in_by_itself_and_is_kept(at_once, tiny, png, monkeypatch):
    app = scan_page("counterpoint_scan", png)
    shown = text_of(app)
    assert "**Against " in shown or "**Nothing found that speaks against" in shown
    assert "the picture’s, not the patient’s" in shown
    assert len(app.get("plotly_chart")) == 2
    assert "Runner-up" in "".join(one.proto.body for one in app.get("html"))

    def refuse(*args, **kwargs):
        raise AssertionError("it ran again")

    monkeypatch.setattr("medmodels.ui.counterpoint.scan_counterpoint", refuse)
    app.run()
    assert not app.button
    assert len(app.get("plotly_chart")) == 2


def signal_app() -> None:
    from importlib import import_module

    import streamlit as st

    from medmodels.figures.ecg_sheet import lanes_of
    from medmodels.inputs.open_signal import open_signal
    from medmodels.reading.rhythm import rhythm_of
    from medmodels.samples import SAMPLES
    from medmodels.ui.ecg_reading import Case
    from medmodels.ui.loading import read_item, shelf

    bundle = shelf().of_kind("signal")[0]
    if "case" not in st.session_state:
        name = "ventricular-ectopics.csv"
        item = open_signal({name: (SAMPLES / name).read_bytes()})
        reading = read_item(bundle, item)
        rhythm = rhythm_of(reading.beats.times_s)
        st.session_state["case"] = Case(name, None, item, reading, rhythm, lanes_of(item))
    name = st.session_state["panel"]
    getattr(import_module(f"medmodels.ui.{name}"), name)(bundle, st.session_state["case"], 9)


def signal_page(panel) -> AppTest:
    app = AppTest.from_function(signal_app, default_timeout=180)
    app.session_state["panel"] = panel
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def quick_signal_methods(monkeypatch):
    for name in list(METHODS):
        kept = ("gradient_saliency", "integrated_gradients")
        if name not in kept and "signal" in METHODS[name].kinds:
            monkeypatch.delitem(METHODS, name)


def test_strips_of_all_methods_stand_under_one_trace(tiny, quick_signal_methods):
    app = signal_page("compare_signal")
    assert not app.get("plotly_chart")
    compute(app, "Compute all")
    (chart,) = app.get("plotly_chart")
    for method in methods_for("signal"):
        assert method.title in chart.proto.spec
    assert "not **how much**" in text_of(app)
    assert not app.button


def test_two_classes_of_a_beat_are_held_against_each_other(tiny, quick_signal_methods):
    app = signal_page("difference_signal")
    choose(app, "Method", "integrated_gradients")
    compute(app, "Compute both")
    assert "speaks more for" in text_of(app)
    assert len(app.get("plotly_chart")) == 1


def test_what_speaks_against_a_beat_comes_with_its_runner_up(at_once, tiny):
    app = signal_page("counterpoint_signal")
    shown = text_of(app)
    assert "**Against " in shown or "**Nothing found that speaks against" in shown
    assert "replaced by the recording’s usual beat" in shown
    assert len(app.get("plotly_chart")) == 2
    assert not app.button
