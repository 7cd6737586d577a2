"""What an answer about bases rests on, on its page and on the Explanation page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.explained_sequence_bundle import (
    stored_window,
    write_explained_sequence_bundle,
    write_its_windows,
)
from tests.pages.bases_page import bases, opened, paste

PAGES = Path(__file__).resolve().parents[2] / "pages"
METHODS = {"mutagenesis", "gradient_saliency", "integrated_gradients"}


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("explained")
    write_explained_sequence_bundle(made)
    return made


@pytest.fixture
def page(root, monkeypatch) -> AppTest:
    return opened(root, monkeypatch)


def explanation(app: AppTest) -> AppTest:
    """The Explanation page in the same session."""
    other = AppTest.from_file(str(PAGES / "explanation.py"), default_timeout=180)
    other.session_state["bases-case"] = app.session_state["bases-case"]
    other.run()
    assert not other.exception
    return other


def text_of(app: AppTest) -> str:
    kinds = (app.markdown, app.caption, app.subheader, app.info, app.warning)
    return "\n".join(str(element.value) for kind in kinds for element in kind) + "".join(
        one.proto.body for one in app.get("html")
    )


def choose(app: AppTest, label: str, value: str) -> AppTest:
    next(one for one in app.selectbox if one.label == label).set_value(value).run()
    assert not app.exception
    return app


def view(app: AppTest, name: str) -> AppTest:
    own = next(one for one in app.button_group if one.key == "explanation-view-of-bases")
    own.set_value(name).run()
    assert not app.exception
    return app


def test_the_best_method_comes_first_with_its_verdict(page):
    paste(page, bases(60))
    method = next(one for one in page.selectbox if one.label == "Method")
    assert method.value == "mutagenesis"
    assert set(method.options) == {"Mutagenesis", "Gradient saliency", "Integrated gradients"}
    text = text_of(page)
    assert "Click a square" in text
    assert "explains the answer better than chance" in text or "Not reliable here" in text


def test_another_method_is_a_logo_with_its_own_verdict_and_its_words(page):
    paste(page, bases(60))
    charts = len(page.get("plotly_chart"))
    choose(page, "Method", "integrated_gradients")
    text = text_of(page)
    assert "Click a square" in text
    assert "Letters that stand up speak for" in text
    assert "Compared with unknown bases" in text
    assert "reaches at least what the usual map does, 0.5 logit" in text or "little to see" in text
    assert "miss the sum they promise by" in text
    assert len(page.get("plotly_chart")) == charts + 1


def test_what_was_explained_is_in_the_reading_that_exports_take(page):
    paste(page, bases(60))
    choose(page, "Method", "gradient_saliency")
    page.run()
    explained = page.session_state["bases-case"].reading.explained
    assert {one.audit.method for one in explained} == {"mutagenesis", "gradient_saliency"}
    assert all(one.row == 0 and one.map.values.shape == (60,) for one in explained)


def test_changes_of_the_reader_are_no_part_of_the_map(page):
    letters = bases(60)
    paste(page, letters)
    assert "as it came, without the changes you made" not in text_of(page)
    other = next(letter for letter in "ACGT" if letter != letters[30])
    next(one for one in page.button_group if one.key.endswith("-letter")).set_value(other).run()
    next(one for one in page.button if one.label == "Change it").click().run()
    assert not page.exception
    assert "as it came, without the changes you made" in text_of(page)


def test_the_motif_is_told_of_the_class_that_has_one(page):
    paste(page, bases(60))
    target = next(one for one in page.button_group if one.key.endswith("-class"))
    target.set_value(0).run()
    assert not page.exception
    text = text_of(page)
    assert "Most weight lies on **+1 G** (100% of the windows) and **+2 T** (90% of" in text
    assert "mean over 41 correctly read windows" in text
    target = next(one for one in page.button_group if one.key.endswith("-class"))
    target.set_value(2).run()
    assert "Most weight lies on" not in text_of(page)


def test_a_place_of_a_long_sequence_is_explained_too(page):
    paste(page, f">gene\n{bases(200)}\n")
    choose(page, "Method", "integrated_gradients")
    assert "Letters that stand up speak for" in text_of(page)


def test_explanation_shows_all_methods_one_below_another_and_tests_each(page):
    app = explanation(paste(page, bases(60)))
    app.run().run()
    app.run()
    assert not app.exception
    text = text_of(app)
    for title in ("Mutagenesis", "Gradient saliency", "Integrated gradients"):
        assert f">{title} · " in text
    assert "not tested" not in text
    case = app.session_state["bases-case"]
    assert {one.audit.method for one in case.reading.explained} == METHODS
    assert len(app.dataframe[0].value) == 3
    # Nothing is shifted, so nothing is said of shifts; and of bases there is no grain.
    assert "Under a shift" not in app.dataframe[0].value
    assert "With other bases" in app.dataframe[0].proto.columns


def test_only_views_that_exist_are_offered(page):
    app = explanation(paste(page, bases(60)))
    own = next(one for one in app.button_group if one.key == "explanation-view-of-bases")
    assert len(own.options) == 3
    assert not any("Counterpoint" in option for option in own.options)


def test_trying_is_done_on_the_page_with_the_window(page):
    app = view(explanation(paste(page, bases(60))), "try")
    assert "Every single change of this window" in text_of(app)
    assert [one.label for one in app.button] == ["Open it on the Sequence page"]


def test_the_nearest_windows_are_a_table_with_differences_marked(page, tmp_path, monkeypatch):
    write_its_windows(tmp_path)
    monkeypatch.setenv("DIAPHANE_DATA", str(tmp_path))
    own = stored_window(7)
    app = view(explanation(paste(page, own)), "nearest")
    text = text_of(app)
    middle = own[15:30] + "|" + own[30:45]
    assert f"<td>This one</td><td><code>{middle}</code>" in text
    # It is itself among the training windows: nothing differs there, and it is said.
    assert f"<td>1</td><td><code>{middle}</code></td><td>0</td>" in text
    assert "ENTRY7-EI-1" in text
    assert "it is probably this very" in text
    assert text.count("<u>") > 50
    assert "training sequences searched" in text


def test_letters_of_training_windows_are_no_part_of_the_app(page):
    text = text_of(view(explanation(paste(page, stored_window(7))), "nearest"))
    assert "are not part of this app" in text
    assert stored_window(7)[15:30] not in text
    assert "ENTRY7-EI-1" in text


def test_one_of_many_is_chosen_and_stays_chosen(page):
    app = explanation(paste(page, "".join(f">s{i}\n{bases(60, i)}\n" for i in range(3))))
    assert "s0: " in text_of(app)
    next(one for one in app.selectbox if one.label == "Sequence").set_value(2).run()
    assert not app.exception
    assert "s2: " in text_of(app)
    assert app.session_state["bases-row"] == 2


def test_a_called_site_of_a_long_sequence_is_chosen_by_its_place(page):
    app = explanation(paste(page, f">gene\n{bases(300)}\n"))
    assert "gene, after base " in text_of(app) or "gene, window from base" in text_of(app)
    assert "Methods side by side" in text_of(app)
