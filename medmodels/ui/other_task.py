"""An upload that belongs to another task: said in one sentence, and opened there by a button."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs import sniff
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.airlock_recording import Recording, admit_part, together
from medmodels.inputs.errors import InputError
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.wfdb_signal import ENDINGS
from medmodels.reading import Reading
from medmodels.ui.bases_case import BasesSource
from medmodels.ui.ecg_source import Source, source_of
from medmodels.ui.errors import show_input_error
from medmodels.ui.loading import read_item, shelf
from medmodels.ui.navigation import BY_KIND
from medmodels.ui.scan_case import open_case
from medmodels.ui.scan_refused import forget_refused

# What a file of a kind is called where the card of its task does not say it better.
_CALLED = {"scan": "a picture", "signal": "a recording", "sequence": "a sequence of bases"}
# Under which key a page keeps the task that was chosen on it.
_CHOSEN = {"scan": "scan-task", "signal": "sequence-task", "sequence": "sequence-task"}
_FITTING = "other-tasks-fitting"
_Input = bytes | str | Admitted | Recording | Mapping[str, Any]
_MOST = 16


def offer_other_task(bundle: Bundle, data: bytes | str | Admitted) -> bool:
    """Offer to open an upload with the task that it seems to be meant for.

    Parameters
    ----------
    bundle : Bundle
        The task that could not read it, or withheld its answer because the upload is
        unlike its training data.
    data : bytes, str or Admitted
        The uploaded file, as it came or through the airlock, or pasted text.

    Returns
    -------
    bool
        Whether there is something to offer; otherwise nothing is drawn.
    """
    found = other_tasks(bundle, data)
    if not found:
        return False
    words = dict.fromkeys(_called(other) for other in found)
    # A file that was refused can stand above one that is withheld: each has its own buttons.
    which = hashlib.sha256(_bytes(data)).hexdigest()[:8]
    with st.container(border=True, key=f"other-task-{which}"):
        st.markdown(f":material/alt_route: **This looks like {' or '.join(words)}.**")
        for other in found:
            clicked = st.button(
                f"Open it with “{other.card.title}”", key=f"other-task-{which}-{other.task}",
                icon=BY_KIND[other.card.kind].icon, on_click=_put, args=(other, data),
            )  # fmt: skip
            if clicked:
                _go(other, data)
    return True


def offer_where_unlike(bundle: Bundle, reading: Reading, data: bytes | str | Admitted) -> bool:
    """Offer another task for what this one finds too unlike its own training data.

    Parameters
    ----------
    bundle : Bundle
    reading : Reading
        With that bundle.
    data : bytes, str or Admitted
        What was read.

    Returns
    -------
    bool
        As for `offer_other_task`; False for a reading that was not refused.
    """
    unlike = reading.trust.unlike if reading.trust is not None else None
    return unlike is not None and unlike.refused and offer_other_task(bundle, data)


def other_tasks(bundle: Bundle, data: bytes | str | Admitted) -> tuple[Bundle, ...]:
    """The installed bundles that an upload may be meant for, the likeliest first.

    Parameters
    ----------
    bundle : Bundle
        Never among them.
    data : bytes or str

    Returns
    -------
    tuple of Bundle
        Those of the kind that the content shows. Of several that read scans, those
        that find it like their own training data, which takes a reading with each.
        Where none of another kind of input does, all of that kind.
    """
    if isinstance(data, Admitted):
        kind = "scan" if data.final else looks_like(data.data)
    else:
        kind = looks_like(data)
    others = tuple(b for b in shelf().of_kind(kind) if b.digest != bundle.digest) if kind else ()
    if kind == bundle.card.kind:
        # Only pictures of one kind can be told apart without reading them to their end.
        return _fitting(others, data) if kind == "scan" else ()
    return (_fitting(others, data) if kind == "scan" and len(others) > 1 else ()) or others


def hand_over(bundle: Bundle, data: _Input) -> None:
    """Open an upload with another task, on that task's page.

    Call it before the choice of a task is drawn in this run, or from a page that draws
    none: a choice that is drawn cannot be changed.

    Parameters
    ----------
    bundle : Bundle
        Reads it.
    data : bytes, str, Admitted, Recording or mapping of str to one of them
        Several files where they are one recording.
    """
    if isinstance(data, Mapping) and len(data) == 1:
        (data,) = data.values()
    _put(bundle, data)
    _go(bundle, data)


def _put(bundle: Bundle, data: _Input) -> None:
    """Choose the task on its page, and leave the upload where that page looks for it."""
    st.session_state[_CHOSEN[bundle.card.kind]] = bundle.task
    if bundle.card.kind == "sequence" and not isinstance(data, Mapping | Recording):
        file = _anew(data) if isinstance(data, Admitted) else data
        st.session_state["bases-source"] = BasesSource(file)
    elif bundle.card.kind == "signal":
        # The page has no upload of its own now, and must not take that for one taken away.
        st.session_state["ecg_upload-seen"] = frozenset()
        st.session_state["ecg_source"] = _recording(data)


def _go(bundle: Bundle, data: _Input) -> None:
    if bundle.card.kind == "scan" and not isinstance(data, Mapping | Recording):
        try:
            file = _anew(data) if isinstance(data, Admitted) else _bytes(data)
            open_case(bundle, file, title="Your file")
        except InputError as error:
            show_input_error(error)
            return
    # It is open where it belongs: the Scan page needs not say any more that it is no scan.
    forget_refused()
    st.switch_page(BY_KIND[bundle.card.kind].file)


def _anew(file: Admitted) -> Admitted:
    """A file that another task refused, to be judged anew; unless nothing of it is held."""
    return replace(file, refused=None) if file.data else file


def _recording(data: _Input) -> Source:
    if isinstance(data, Recording):
        return source_of(data)
    if isinstance(data, Admitted):
        return source_of(Recording({_name(data.data): data.data}, data.digest, data.found))
    files = dict(data) if isinstance(data, Mapping) else {_name(_bytes(data)): _bytes(data)}
    return source_of(together({name: admit_part(name, one) for name, one in files.items()}))


def _called(bundle: Bundle) -> str:
    """What a file for a task is called: ``[input] called`` of its card, or the kind's word."""
    return str(bundle.card.input.get("called", _CALLED[bundle.card.kind]))


def _name(raw: bytes) -> str:
    """A name by which the reader of recordings knows what kind of file it is given."""
    return f"upload{ENDINGS[0]}" if sniff.kind(raw) == "wfdb-header" else "upload.csv"


def _bytes(data: bytes | str | Admitted) -> bytes:
    if isinstance(data, Admitted):
        return data.data
    return data.encode() if isinstance(data, str) else data


def _fitting(bundles: tuple[Bundle, ...], data: bytes | str | Admitted) -> tuple[Bundle, ...]:
    """The bundles whose training data a scan is like, the likest first; read once a session."""
    known: dict[tuple[str, ...], tuple[Bundle, ...]] = st.session_state.setdefault(_FITTING, {})
    raw = _bytes(data)
    digest = data.digest if isinstance(data, Admitted) else hashlib.sha256(raw).hexdigest()
    key = (digest, *(bundle.digest for bundle in bundles))
    if key not in known:
        ranks = _ranks(bundles, data if isinstance(data, Admitted) else raw)
        known[key] = tuple(sorted(ranks, key=lambda bundle: ranks[bundle]))
        for old in list(known)[:-_MOST]:
            del known[old]
    return known[key]


def _ranks(bundles: tuple[Bundle, ...], raw: bytes | Admitted) -> dict[Bundle, float]:
    """How unlike its training data, 0 to 1, each bundle that does not refuse it finds a scan."""
    found = {}
    try:
        scan = open_scan(raw)
        for bundle in bundles:
            trust = read_item(bundle, scan).trust
            if trust is not None and trust.unlike is not None and not trust.unlike.refused:
                found[bundle] = trust.unlike.rank
    except InputError:
        return {}
    return found
