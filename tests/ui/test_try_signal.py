"""Erasing parts of a beat by hand: the network runs for a try and for nothing else."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from medmodels.explain.masking import BeatMasking
from medmodels.explain.smallest_beat_flip import BeatFlip
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.signal import BeatTable
from medmodels.networks.beat_stretch import stretch_of
from medmodels.samples import SAMPLES
from medmodels.ui import try_beat_search, try_signal
from medmodels.ui.loading import ensure_ready
from tests.bundles_fixture import write_tiny_signal_bundle

BEAT = 6
PLACE = BEAT - stretch_of(BEAT)


def app(item, beat: int) -> None:
    import streamlit as st

    from medmodels.reading import read
    from medmodels.ui.ecg_reading import Case
    from medmodels.ui.loading import shelf
    from medmodels.ui.try_signal import try_signal

    (bundle,) = shelf().bundles
    if "case" not in st.session_state:
        st.session_state["case"] = Case("one", None, item, read(bundle, item), None, ())
    try_signal(bundle, st.session_state["case"], beat)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("try-signal")
    write_tiny_signal_bundle(folder)
    return folder


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """How many masks the network was asked for, one entry a call."""
    counts: list[int] = []
    real = BeatMasking.logits

    def counted(self, keep, progress=None, *, rhythm=None):
        counts.append(len(keep))
        return real(self, keep, progress, rhythm=rhythm)

    monkeypatch.setattr(BeatMasking, "logits", counted)
    # What compiles it asks, too.
    for module in (try_signal, try_beat_search):
        monkeypatch.setattr(module, "ensure_explains", ensure_ready)
    return counts


@pytest.fixture
def start(root, monkeypatch, asked):
    """Open the panel for one beat of a recording or a table."""
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(root))
    monkeypatch.setenv("DIAPHANE_WARM", "0")
    st.cache_resource.clear()

    def opened(item, beat=BEAT) -> AppTest:
        app_test = AppTest.from_function(
            app, kwargs={"item": item, "beat": beat}, default_timeout=120
        ).run()
        assert not app_test.exception
        assert asked == []
        return app_test

    return opened


@pytest.fixture(scope="module")
def recording():
    name = "ventricular-ectopics.csv"
    return open_signal({name: (SAMPLES / name).read_bytes()})


@pytest.fixture
def page(start, recording) -> AppTest:
    return start(recording)


def key(page: AppTest) -> str:
    case = page.session_state["case"]
    return f"{case.reading.input_digest[:12]}-{case.reading.bundle_digest[:8]}-{BEAT}-try"


def now(page: AppTest):
    return page.session_state["tries"][key(page)].now


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click().run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    return "\n".join(element.value for element in [*page.markdown, *page.caption, *page.info])


def own(page: AppTest) -> np.ndarray:
    """How much of the beat's own window the last try erases, (L, leads)."""
    return now(page).parts[-1].mask[PLACE]


def test_a_stretch_is_erased_asked_for_once_and_recorded(page, asked):
    page.slider[0].set_value((-100.0, 100.0)).run()
    assert asked == []
    press(page, "Erase this stretch")
    assert asked == [1, 1]
    offsets = page.session_state["case"].beats.inputs.offsets_s
    erased = own(page)[:, 0] > 0.5
    assert offsets[erased].min() == pytest.approx(-0.1, abs=0.009)
    assert offsets[erased].max() == pytest.approx(0.1, abs=0.009)
    np.testing.assert_array_equal(own(page)[:, 0], own(page)[:, 1])
    table = page.dataframe[0].value
    assert table["Where"].tolist() == ["−100 to 100 ms, MLII and V5"]
    assert table["Replaced by"].tolist() == ["a flat line"]
    page.run()
    assert asked == [1, 1]


def test_a_wave_of_one_lead_is_replaced_by_the_usual_beat(page):
    page.segmented_control[0].set_value("usual").run()
    page.segmented_control[1].set_value(1).run()
    press(page, "QRS complex")
    (part,) = now(page).parts
    assert (part.what, part.put) == ("QRS complex", "usual")
    assert not own(page)[:, 0].any()
    assert own(page)[:, 1].any()


def test_a_box_across_a_lead_erases_that_stretch_of_that_lead(page):
    box = {"box": [{"xref": "x2", "yref": "y2", "x": [80.0, -40.0], "y": [0, 1]}], "lasso": []}
    stretch = try_signal.boxed_stretch(box, (0, 1))
    assert stretch == (-40.0, 80.0, (1,))
    assert try_signal.boxed_stretch({"box": [], "lasso": []}, (0, 1)) is None
    page.session_state[f"{key(page)}-asked"] = ("Stretch", *stretch)
    page.run()
    assert not own(page)[:, 0].any()
    assert own(page)[:, 1].max() == 1
    page.run()
    assert len(now(page).parts) == 1


def test_as_if_on_time_changes_the_intervals_of_three_beats_and_no_trace(page, asked):
    press(page, "As if it had come on time")
    (part,) = now(page).parts
    assert not part.mask.any()
    assert np.flatnonzero(part.numbers.any(axis=1)).tolist() == [PLACE - 1, PLACE, PLACE + 1]
    assert part.numbers[PLACE].all()
    assert now(page).share == 0
    assert "together nothing of this beat’s trace. Numbers beside it are changed, too." in words(
        page
    )
    assert asked == [1, 1]


def test_numbers_that_the_network_does_not_read_are_not_offered(page):
    # The tiny bundle reads intervals only.
    assert "As if its measured shape were usual" not in [button.label for button in page.button]


def test_undo_and_redo_ask_nothing(page, asked):
    press(page, "T wave")
    press(page, "P wave")
    before = list(asked)
    press(page, "Undo")
    assert [part.what for part in now(page).parts] == ["T wave"]
    press(page, "Redo")
    assert [part.what for part in now(page).parts] == ["T wave", "P wave"]
    press(page, "Start over")
    assert now(page).parts == ()
    assert asked == before


def test_what_the_search_finds_becomes_a_try_of_its_own(page, monkeypatch):
    press(page, "T wave")
    around = now(page).parts[0].mask
    mask = np.zeros(around.shape, dtype=np.float32)
    offsets = page.session_state["case"].beats.inputs.offsets_s
    inside = (offsets >= -0.0401) & (offsets < 0.0399)
    mask[PLACE, inside, 0] = 1
    width = page.session_state["case"].beats.inputs.rhythm.shape[1]
    numbers = np.zeros((len(around), width), bool)
    numbers[PLACE] = True
    found = BeatFlip(("timing",), numbers, mask, 4, 88, True)
    monkeypatch.setattr(try_beat_search, "smallest_beat_flip", lambda *_, **__: found)
    press(page, "Find the smallest part that changes the answer")
    assert [part.what for part in now(page).parts] == ["Smallest part found"]
    assert now(page).parts[0].where == "−40 to 40 ms, MLII; timing as usual"
    assert "4 stretches of 20 ms, of 88, replaced by a flat line, with timing as usual" in words(
        page
    )


def test_a_search_on_the_tiny_network_ends_in_words(page):
    press(page, "Find the smallest part that changes the answer")
    said = words(page)
    assert any(
        text in said
        for text in ("Nothing that was tried", "no stretch of it can be spared", "numbers decide")
    )


def test_a_row_of_a_table_stands_alone(start):
    rows = np.zeros((3, 100), dtype=np.float32)
    rows[:, :10] = np.linspace(1, 0, 10)
    table = start(BeatTable(rows, 125.0, None, "0" * 64), beat=1)
    assert [control.label for control in table.segmented_control] == ["What takes its place"]
    assert table.segmented_control[0].options == ["A flat line"]
    assert "As if it had come on time" not in [button.label for button in table.button]
    press(table, "Erase this stretch")
    assert "1 part hidden" in words(table)
