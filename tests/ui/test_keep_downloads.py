"""What is still seen can still be had: in the middle of a drawing, and whoever else draws."""

from __future__ import annotations

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime import runtime as streamlit_runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from medmodels.ui import keep_downloads as module
from medmodels.ui.keep_downloads import FETCH_S, KeptMedia, keep_downloads


class Visitors:
    """Pages of several visitors, and what Streamlit does with their media in a drawing."""

    def __init__(self, kind: type[MediaFileManager], monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self._who = ""
        self.storage = MemoryMediaFileStorage("/media")
        self.media = kind(self.storage)
        monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: self._who)
        monkeypatch.setattr(module.time, "monotonic", lambda: self.now)

    def begin(self, who: str) -> None:
        self._who = who
        self.media.clear_session_refs()

    def button(self, who: str, key: str, content: bytes, place: str = "1.2") -> str:
        self._who = who
        return self.media.add_deferred(
            lambda: content, "text/csv", place, f"{key}.csv", element_id=key
        )

    def picture(self, who: str, content: bytes) -> None:
        self._who = who
        self.media.add(content, "image/png", "1.1")

    def end(self, who: str, whole: bool = True) -> None:
        self._who = who
        if whole and isinstance(self.media, KeptMedia):
            self.media.drawn()
        self.media.remove_orphaned_files()

    def press(self, number: str) -> str:
        return self.media.execute_deferred(number)

    @property
    def contents(self) -> set[bytes]:
        return {file.content for file in self.storage._files_by_id.values()}


@pytest.fixture
def visitors(monkeypatch):
    return Visitors(KeptMedia, monkeypatch)


def drawn_with(visitors: Visitors, who: str = "me") -> str:
    visitors.begin(who)
    number = visitors.button(who, "report", b"report")
    visitors.end(who)
    return number


@pytest.mark.parametrize("ends", ["me", "other"])
def test_streamlit_would_lose_a_press_while_a_page_is_drawn(monkeypatch, ends):
    """Why `KeptMedia` is there; when this fails, it is no longer needed."""
    plain = Visitors(MediaFileManager, monkeypatch)
    number = drawn_with(plain)
    plain.begin("me")
    plain.end(ends, whole=False)
    with pytest.raises(MediaFileStorageError):
        plain.press(number)


@pytest.mark.parametrize("ends", ["me", "other"])
def test_a_press_while_a_page_is_drawn_gives_the_file(visitors, ends):
    number = drawn_with(visitors)
    for _ in range(3):  # asked for again and again, before the button's turn
        visitors.begin("me")
        visitors.end(ends, whole=False)
        visitors.press(number)
    assert visitors.contents == {b"report"}


def test_a_button_keeps_its_number_and_makes_what_it_would_make_now(visitors):
    number = drawn_with(visitors)
    visitors.begin("me")
    assert visitors.button("me", "report", b"tested since", place="1.7") == number
    visitors.end("me")
    visitors.press(number)
    assert visitors.contents == {b"tested since"}


def test_other_buttons_and_other_visitors_have_other_numbers(visitors):
    number = drawn_with(visitors)
    assert visitors.button("me", "table", b"table", place="1.3") != number
    assert visitors.button("other", "report", b"other") != number
    assert visitors.button("me", "", b"a", "1.4") != visitors.button("me", "", b"b", "1.5")
    visitors.press(number)
    assert visitors.contents == {b"report"}


def test_what_the_whole_page_no_longer_shows_goes(visitors):
    visitors.begin("me")
    visitors.picture("me", b"picture")
    number = visitors.button("me", "report", b"report")
    visitors.end("me")
    visitors.begin("me")
    visitors.end("other")
    assert visitors.contents == {b"picture"}
    visitors.end("me")
    assert visitors.contents == set()
    with pytest.raises(MediaFileStorageError):
        visitors.press(number)


def test_a_file_waits_for_its_browser_and_then_goes(visitors):
    number = drawn_with(visitors)
    visitors.press(number)
    for _ in range(5):
        visitors.begin("other")
        visitors.end("other")
    assert visitors.contents == {b"report"}
    visitors.now = FETCH_S + 1
    for _ in range(2):
        visitors.begin("other")
        visitors.end("other")
    assert visitors.contents == set()


def test_of_a_session_that_ends_or_is_wiped_nothing_waits(visitors):
    for leave in (visitors.media.forget, visitors.media.clear_session_refs):
        mine, other = drawn_with(visitors), drawn_with(visitors, "other")
        visitors.press(mine)
        visitors.begin("me")
        leave("me")
        visitors.media.remove_orphaned_files()
        assert visitors.contents == set()
        with pytest.raises(MediaFileStorageError):
            visitors.press(mine)
        visitors.press(other)
        visitors.media.forget("other")


def test_a_file_that_another_was_made_too_stays_for_the_other(visitors):
    for who in ("me", "other"):
        visitors.press(drawn_with(visitors, who))
    visitors.media.forget("me")
    assert visitors.contents == {b"report"}
    visitors.media.forget("other")
    assert visitors.contents == set()


def test_the_server_is_made_with_it(monkeypatch):
    monkeypatch.setattr(streamlit_runtime, "MediaFileManager", MediaFileManager)
    keep_downloads()
    assert streamlit_runtime.MediaFileManager is KeptMedia
