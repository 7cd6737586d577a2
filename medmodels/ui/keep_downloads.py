"""Keep what a page shows and offers until the next drawing of it is whole.

A press on a download button while its page is drawn anew would be lost in two ways
(Streamlit 1.67, ``MediaFileManager``):

* When a drawing begins, the page holds on to nothing any more. Whatever ends then, this
  drawing itself because another has been asked for, or that of another visitor, clears away
  what nobody holds on to: the button that is still seen gives "Failed to generate file".
  And since a button is given another number with every drawing, one that the browser has
  not got the new number for yet fails as well.
* A file that was made for a press is held by nobody, and the second drawing or look at work
  anywhere on the server that ends clears it away, though the browser may not have come for it.
"""

from __future__ import annotations

import time
from pathlib import PurePosixPath
from typing import Any, Final

from streamlit import runtime
from streamlit.runtime import media_file_manager
from streamlit.runtime import runtime as streamlit_runtime
from streamlit.runtime.media_file_manager import MediaFileManager

#: Seconds in which a browser comes for the file that it asked for.
FETCH_S: Final = 30.0


class KeptMedia(MediaFileManager):
    """Pictures and downloads of which none goes before its page is drawn without it.

    Parameters
    ----------
    storage : MediaFileStorage
    """

    def __init__(self, storage: Any) -> None:
        super().__init__(storage)
        # By session: what its page showed before the drawing that goes on.
        self._before: dict[str, set[str]] = {}
        # Files made for a press, by session and file: until when the browser is waited for.
        self._made: dict[tuple[str, str], float] = {}

    def clear_session_refs(self, session_id: str | None = None) -> None:
        """A drawing begins; or, where a session is named, that session ends."""
        if session_id is None:
            session = media_file_manager._get_session_id()
            with self._lock:
                shown = self._files_by_session_and_coord.get(session, {}).values()
                self._before.setdefault(session, set()).update(shown)
        else:
            self.forget(session_id)
        super().clear_session_refs(session_id)

    def drawn(self) -> None:
        """Let what is not on it go: the page of the session that calls is drawn to its end."""
        with self._lock:
            self._before.pop(media_file_manager._get_session_id(), None)

    def forget(self, session: str) -> None:
        """Let go at once of what a session no longer shows, of its files and their makers."""
        with self._lock:
            self._before.pop(session, None)
            for file_id in list(self._deferred_ids_by_session.get(session, ())):
                self._drop_deferred_id(file_id)
            own = {made for whose, made in self._made if whose == session}
            for made in own:
                del self._made[session, made]
            for made in own & self._get_inactive_file_ids():
                self._delete_file(made)

    def add_deferred(
        self, data_callable: Any, mimetype: str | None, coordinates: str,
        file_name: str | None = None, *, element_id: str = "",
    ) -> str:  # fmt: skip
        """Register what makes a file, under the number that its button has already."""
        fresh = super().add_deferred(
            data_callable, mimetype, coordinates, file_name, element_id=element_id
        )
        session = media_file_manager._get_session_id()
        with self._lock:
            makers = self._deferred_callables
            for known in self._deferred_ids_by_session.get(session, set()) - {fresh}:
                if element_id and makers[known]["element_id"] == element_id:
                    makers[known] = makers[fresh]
                    self._drop_deferred_id(fresh)
                    self._files_by_session_and_coord[session][coordinates] = known
                    return known
        return fresh

    def execute_deferred(self, file_id: str) -> str:
        """Make the file of a button, and wait for the browser to come for it."""
        with self._lock:
            maker = self._deferred_callables.get(file_id)
        url = super().execute_deferred(file_id)
        if maker is not None:
            with self._lock:
                made = PurePosixPath(url).stem
                self._made[maker["session_id"], made] = time.monotonic() + FETCH_S
        return url

    def _get_inactive_file_ids(self) -> set[str]:
        now = time.monotonic()
        self._made = {made: until for made, until in self._made.items() if until > now}
        held = {made for _, made in self._made}.union(*self._before.values())
        return super()._get_inactive_file_ids() - held

    def _remove_orphaned_deferred_callables(self) -> None:
        held = set[str]().union(*self._before.values())
        for shown in self._files_by_session_and_coord.values():
            held.update(shown.values())
        for file_id in set(self._deferred_callables) - held:
            self._drop_deferred_id(file_id)


def keep_downloads() -> None:
    """Let the server that is about to be made keep its media so."""
    streamlit_runtime.MediaFileManager = KeptMedia  # type: ignore[misc]


def page_drawn() -> None:
    """Say that the page of this session is drawn to its end."""
    if runtime.exists():
        media = runtime.get_instance().media_file_mgr
        if isinstance(media, KeptMedia):
            media.drawn()
