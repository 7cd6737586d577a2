"""Bundles, loaded once for all sessions, and networks warmed behind the page.

TensorFlow takes seconds to import. No page waits for it: `warm_soon` starts it
in a thread after the page is drawn, and `read_item` waits only for what is
still missing.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from medmodels.bundles import Bundle, BundleError, bundles_folder, list_tasks, load_bundle
from medmodels.inputs.errors import InputError
from medmodels.ui.answers_first import ANSWERS
from medmodels.ui.keep_compiled import keep_compiled, keep_objects

if TYPE_CHECKING:
    from medmodels.inputs.scan import Scan
    from medmodels.inputs.signal import BeatTable, Signal
    from medmodels.reading import Reading

# Leaves the browser time to draw the page before TensorFlow takes a core.
_DELAY_SECONDS = 1.5
WARM_VARIABLE = "DIAPHANE_WARM"
# TensorFlow's own remarks, on missing graphics cards and the like, help nobody in this log.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@dataclass(frozen=True)
class Shelf:
    """The bundles that can be used, and why others cannot.

    Parameters
    ----------
    bundles : tuple of Bundle
        In alphabetical order of their tasks.
    refused : tuple of str
        One message for each bundle that failed its verification.
    """

    bundles: tuple[Bundle, ...]
    refused: tuple[str, ...]

    def of_kind(self, kind: str) -> tuple[Bundle, ...]:
        """Return the bundles that read one kind of input, "scan" or "signal"."""
        return tuple(bundle for bundle in self.bundles if bundle.card.kind == kind)


def shelf() -> Shelf:
    """All bundles, verified once and again when any of their files changes."""
    root = bundles_folder()
    return _shelf(str(root), tuple((task, _stamps(root / task)) for task in list_tasks(root)))


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of each file; empty where the folder is being taken away."""
    try:
        stats = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    except OSError:
        return ()
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


# The one object for a bundle that is still the same: its network is loaded and compiled.
_opened: dict[tuple[str, str], Bundle] = {}


@st.cache_resource(show_spinner=False, max_entries=2)
def _shelf(root: str, stamps: tuple[object, ...]) -> Shelf:  # noqa: ARG001 - part of the cache's key
    bundles, refused = [], []
    for task in list_tasks(Path(root)):
        try:
            found = load_bundle(task, Path(root))
            bundles.append(_opened.setdefault((str(found.folder), found.digest), found))
        except BundleError as error:
            refused.append(str(error))
    bundles.sort(key=lambda bundle: bundle.card.order)
    return Shelf(tuple(bundles), tuple(refused))


class _Warmth:
    """Which networks are ready, to answer and to explain; one thread makes each so."""

    def __init__(self) -> None:
        self._answering, self._explaining = threading.Lock(), threading.Lock()
        self._answers: set[str] = set()
        self._explains: set[str] = set()
        self._started: set[str] = set()

    def answers(self, bundle: Bundle) -> bool:
        return bundle.digest in self._answers

    def explains(self, bundle: Bundle) -> bool:
        return bundle.digest in self._explains

    def ensure_answers(self, bundle: Bundle) -> None:
        from medmodels.networks.full_disk import settle_temporary_folder
        from medmodels.reading import warm  # brings SciPy, which Home can do without

        with self._answering:
            if bundle.digest not in self._answers:
                settle_temporary_folder()
                warm(bundle)
                keep_compiled()
                keep_objects()
                self._answers.add(bundle.digest)

    def ensure_explains(self, bundle: Bundle) -> None:
        from medmodels.reading.explained import warm_explained

        self.ensure_answers(bundle)
        # A lock of its own: an answer never waits for what only explains it.
        with self._explaining:
            if bundle.digest not in self._explains:
                warm_explained(bundle)
                keep_objects()
                self._explains.add(bundle.digest)

    def start(self, bundles: tuple[Bundle, ...]) -> None:
        waiting = [bundle for bundle in bundles if bundle.digest not in self._started]
        self._started.update(bundle.digest for bundle in waiting)
        if waiting:
            timer = threading.Timer(_DELAY_SECONDS, self._warm_all, (waiting,))
            timer.daemon = True
            timer.start()

    def _warm_all(self, bundles: list[Bundle]) -> None:
        # All answers before any explanation.
        for ensure in (self.ensure_answers, self.ensure_explains):
            for bundle in bundles:
                try:
                    ensure(bundle)
                except Exception as error:
                    # Whoever asks for a reading meets the same failure, in front of the page.
                    logging.getLogger(__name__).error(
                        "warming %s failed: %s", bundle.task, type(error).__name__
                    )


@cache
def _warmth() -> _Warmth:
    return _Warmth()


def warm_soon(bundles: tuple[Bundle, ...] | None = None) -> None:
    """Load networks in the background, shortly after the page is drawn.

    Parameters
    ----------
    bundles : tuple of Bundle, optional
        First the ones that this page needs; all if not given. Each is warmed
        once in the life of the server. ``DIAPHANE_WARM=0`` turns it off.
    """
    if os.environ.get(WARM_VARIABLE) != "0":
        _warmth().start(shelf().bundles if bundles is None else bundles)


def is_ready(bundle: Bundle) -> bool:
    """Whether a network answers without a wait."""
    return _warmth().answers(bundle)


def ensure_ready(bundle: Bundle) -> None:
    """Wait until a network is loaded, with a spinner that says why."""
    if not is_ready(bundle):
        with st.spinner(f"Loading the network for “{bundle.card.title}” (once, a few seconds) …"):
            _warmth().ensure_answers(bundle)


def ensure_explains(bundle: Bundle) -> None:
    """Wait until what explains a network is compiled, with a spinner that says why."""
    if not _warmth().explains(bundle):
        with st.spinner("Preparing the explanations (once, a few seconds) …"):
            prepare_explanations(bundle)


def prepare_explanations(bundle: Bundle) -> None:
    """The same for work behind the page, which draws nothing."""
    _warmth().ensure_explains(bundle)


def read_item(
    bundle: Bundle,
    item: Scan | Signal | BeatTable,
    *,
    progress: Callable[[float], None] | None = None,
) -> Reading:
    """Read an input, after the network is ready.

    Parameters
    ----------
    bundle, item, progress
        As in `medmodels.reading.read`.

    Raises
    ------
    InputError
        As `medmodels.reading.read` does, and where the network's files are gone or changed.
    """
    from medmodels.reading import read

    try:
        ensure_ready(bundle)
        with ANSWERS.reading():
            return read(bundle, item, progress=progress)
    except BundleError:
        raise InputError(
            "a network whose files were taken away or changed while Diaphane was running.",
            "the bundle as it was published.",
            "Put the published bundle back, then open this again. Other networks work on.",
        ) from None
