"""From an upload or a sample to files of which is known what they are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.inputs import sniff
from medmodels.inputs.airlock import Admitted
from medmodels.inputs.airlock_recording import Recording
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_signal import understand
from medmodels.inputs.understanding import Understanding
from medmodels.inputs.wfdb_signal import ENDINGS
from medmodels.samples import Sample
from medmodels.ui.airlock_recording import forget_recordings, take_recording
from medmodels.ui.file_names import hide_file_names, offer_file_names
from medmodels.ui.sample_picker import opening_sample, pick_sample
from medmodels.ui.taken_over import taking

_SOURCE = "ecg_source"
_UNDERSTOOD = "ecg_understood"
_UPLOAD = "ecg_upload"


@dataclass(frozen=True)
class Source:
    """Files to read.

    Parameters
    ----------
    files : mapping of str to bytes
    key : str
        SHA-256 of names' endings and contents.
    sample : Sample or None
        Where they come from when they ship with the app.
    digest : str
        Of the files that came, where those here were cleaned.
    dropped : tuple of str
        What the files that came said of a person, by name.
    refused : InputError or None
        Why files cannot be read of which only what another task needs is here.
    """

    files: Mapping[str, bytes] = field(repr=False)
    key: str = ""
    sample: Sample | None = None
    digest: str = ""
    dropped: tuple[str, ...] = ()
    refused: InputError | None = None

    @property
    def single_upload(self) -> Admitted | None:
        """The visitor's file where there is just one; None for a sample or a record's files."""
        if self.sample is not None or len(self.files) != 1:
            return None
        (data,) = self.files.values()
        digest = self.digest or hashlib.sha256(data).hexdigest()
        return Admitted(data, digest, sniff.kind(data), self.dropped)


def choose_source(bundle: Bundle) -> Source | None:
    """Offer an upload and the samples; the last one used counts.

    Parameters
    ----------
    bundle : Bundle
        Of a task that reads signals.

    Returns
    -------
    Source or None
        None while there is nothing to read.
    """
    hide_file_names()
    uploads = st.file_uploader(
        "Upload a recording: CSV, TSV or text, or the files of one WFDB record together "
        "(.hea and .dat, with .atr to compare)",
        accept_multiple_files=True,
        key=_UPLOAD,
    )
    if len(uploads) > 1:
        offer_file_names()
    listed = frozenset(upload.file_id for upload in uploads)
    st.session_state[f"{_UPLOAD}-listed"] = listed
    sample = pick_sample(bundle, key="ecg_sample", uploader=_UPLOAD)
    seen: frozenset[str] = st.session_state.get(f"{_UPLOAD}-seen", frozenset())
    if listed != seen:
        with taking(_UPLOAD):
            added = [upload.name for upload in uploads if upload.file_id not in seen]
            if uploads:
                names = belong_together([upload.name for upload in uploads], added)
                recording = take_recording([up for up in uploads if up.name in names])
                st.session_state[_SOURCE] = source_of(recording)
            elif _SOURCE in st.session_state and st.session_state[_SOURCE].sample is None:
                del st.session_state[_SOURCE]
    if sample is not None:
        with opening_sample():
            st.session_state[_SOURCE] = _source({sample.file: sample.read_bytes()}, sample)
    forget_recordings(uploads)
    return st.session_state.get(_SOURCE)


def source_of(recording: Recording) -> Source:
    """What came through the airlock, as something to read.

    Parameters
    ----------
    recording : Recording
    """
    source = _source(recording.files)
    # Files that differ in what was dropped alone are different files.
    key = hashlib.sha256(f"{source.key} {recording.digest}".encode()).hexdigest()
    return Source(
        recording.files, key, digest=recording.digest, dropped=recording.found,
        refused=recording.refused,
    )  # fmt: skip


def belong_together(listed: Sequence[str], added: Sequence[str]) -> list[str]:
    """Pick the files to read out of all in the upload list.

    The list grows with every upload: the files that came last are meant,
    and with a part of a WFDB record the record's other files.

    Parameters
    ----------
    listed : sequence of str
        Names of all files, not empty.
    added : sequence of str
        Names of those that are new; empty when one was taken away.

    Returns
    -------
    list of str

    Examples
    --------
    >>> belong_together(["a.csv", "100.hea", "100.dat", "100.atr"], ["100.atr"])
    ['100.hea', '100.dat', '100.atr']
    >>> belong_together(["a.csv", "b.csv"], ["b.csv"])
    ['b.csv']
    """
    meant = list(added or listed[-1:])
    stems = {_stem(name) for name in meant if name.lower().endswith(ENDINGS)}
    if not stems:
        return meant
    return [name for name in listed if _stem(name) in stems and name.lower().endswith(ENDINGS)]


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()


def understood(source: Source) -> Understanding:
    """Say what the files are; parsed once.

    Raises
    ------
    InputError
    """
    kept: tuple[str, Understanding | InputError] | None = st.session_state.get(_UNDERSTOOD)
    if kept is None or kept[0] != source.key:
        result: Understanding | InputError
        try:
            if source.refused is not None:
                raise source.refused.alone()
            with st.spinner("Looking at the file …"):
                result = understand(source.files, digest=source.digest)
        except InputError as error:
            result = error.alone()
        kept = (source.key, result)
        st.session_state[_UNDERSTOOD] = kept
    if isinstance(kept[1], InputError):
        raise kept[1].alone()
    return kept[1]


def _source(files: Mapping[str, bytes], sample: Sample | None = None) -> Source:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.rpartition(".")[2].lower().encode() + b"\0")
        digest.update(hashlib.sha256(files[name]).digest())
    return Source(files, digest.hexdigest(), sample)
