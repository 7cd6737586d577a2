"""Make what was hidden of a scan final, wherever the session holds the scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SessionState

from medmodels.figures.thumbnail import plain_thumbnail
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.burned_in import SEEN
from medmodels.inputs.burned_in_final import blanked
from medmodels.inputs.preparation import resize
from medmodels.ui.airlock import let_go_of
from medmodels.ui.scan_case import ScanCase, keep_case
from medmodels.ui.scan_refused import Refused
from medmodels.ui.together import THUMBNAIL as TOGETHER
from medmodels.ui.together import Together
from medmodels.ui.wipe import forget_media, give_back_memory, stop_jobs
from medmodels.ui.worklist_work import THUMBNAIL, Work
from medmodels.worklist.line import line_of
from medmodels.worklist.sources import Source

# Work begun for a case, with all that it was given; and the scan that lessons show.
_BEGUN, _LESSON = "-work", "lesson-scan"
_OTHERS = frozenset({"worklist-work", "bases-work"})


def make_final(case: ScanCase) -> bool:
    """Forget what lies under the rectangles of the open scan.

    The scan is held decoded and black there, in the place of the file; so is it in the
    uploader, among files that were opened together, and in the worklist. Answer, maps and
    reports are made of the same pixels as before.

    Parameters
    ----------
    case : ScanCase
        With masks.

    Returns
    -------
    bool
        False where an archive that was too large to be taken apart still holds the file.
    """
    assert case.source is not None
    final = blanked(case.source, case.masks, frame=case.scan.frame)
    # Small pictures of an earlier reading, and work that was given one.
    for key in [str(key) for key in st.session_state]:
        if key == _LESSON or (key.endswith(_BEGUN) and key not in _OTHERS):
            stop_jobs([st.session_state[key]])
            del st.session_state[key]
    scan = case.scan
    if len(final.final) < scan.frames:
        scan = replace(scan, frame=0, frames=1)
    open_now = replace(
        case, data=b"", source=final, masks=(), blanked=(*case.blanked, *case.masks), scan=scan
    )
    keep_case(open_now)
    gone = True
    for key in [str(key) for key in st.session_state]:
        gone &= _replace_in(key, st.session_state[key], final, open_now)
    if (context := get_script_run_ctx()) is not None:
        _forget_calls(context.session_state._state)
        # Pictures of the scan as it was, drawn before; the page draws its own anew.
        forget_media(context.session_id)
    give_back_memory()
    return gone


def _forget_calls(state: SessionState) -> None:
    """Forget what the controls of all pages call: that refers to the scan as it was.

    Streamlit (1.67) keeps it for every control that there ever was. Those of this page are
    drawn anew at once, those of others before they can be used.
    """
    known = state._new_widget_state.widget_metadata
    for name, control in known.items():
        known[name] = replace(
            control, callback=None, callbacks=None, callback_args=None, callback_kwargs=None
        )


def _replace_in(key: str, held: object, final: Admitted, case: ScanCase) -> bool:
    """Put the final scan into one entry of the session; False where the old one stays."""
    if isinstance(held, Together):
        held.files = tuple(final if _same(one, final) else one for one in held.files)
        for number, file in enumerate(held.files):
            if file is final and number in held.thumbnails and case.reading.scan is not None:
                held.thumbnails[number] = resize(case.reading.scan.network_input, TOGETHER)
    elif isinstance(held, Refused) and _same(held.file, final):
        st.session_state[key] = replace(held, file=final)
    elif isinstance(held, Work):
        return _replace_in_work(held, final, case)
    elif isinstance(held, dict) and key.endswith("-held"):
        for file_id in [k for k, one in held.items() if _same(one, final)]:
            held[file_id] = final
            let_go_of(file_id)
    elif isinstance(held, dict) and key.endswith("-archives"):
        for file_id, sources in held.items():
            held[file_id] = tuple(_finally(one, final) for one in sources)
    return True


def _replace_in_work(work: Work, final: Admitted, case: ScanCase) -> bool:
    gone, work.look = True, None
    for number in list(_places(work, final)):
        gone &= bool(work.sources[number].digest)
        work.sources[number] = _finally(work.sources[number], final, whatever=True)
        if number >= len(work.lines) or case.reading.scan is None:
            continue
        line = work.lines[number]
        if work.bundle_digest == case.bundle_digest:
            line = line_of(line.file, case.reading)
            seen = case.reading.scan.network_input
            work.thumbnails[number] = plain_thumbnail(seen, THUMBNAIL)
        else:
            work.thumbnails.pop(number, None)
        work.with_maps.pop(number, None)
        work.lines[number] = replace(line, burned_in=(SEEN,) if case.texts else ())
    return gone


def _places(work: Work, final: Admitted) -> Iterator[int]:
    for number, source in enumerate(work.sources):
        known = number < len(work.lines) and work.lines[number].input_digest == final.digest
        if known or source.digest == final.digest:
            yield number


def _finally(source: Source, final: Admitted, *, whatever: bool = False) -> Source:
    if not whatever and source.digest != final.digest:
        return source
    return replace(source, load={"file": final}.copy)


def _same(file: object, final: Admitted) -> bool:
    return isinstance(file, Admitted) and file.digest == final.digest
