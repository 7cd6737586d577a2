"""What a file said about a person: named, dropped, and never shown."""

from __future__ import annotations

import re

import streamlit as st

from medmodels.inputs.airlock import Admitted
from medmodels.ui.airlock import KEEP_UIDS

_MOST = 12
_ACRONYMS = frozenset(
    {"ID", "IDs", "UID", "UIDs", "SOP", "GPS", "XMP", "IPTC", "URI", "URL", "AE", "ICC"}
)
# What is kept, told together: nobody needs to read of each how its bits are counted.
_KEPT = (
    (r"modality$", "modality"), (r"body part", "body part"), (r"view", "view position"),
    (r"spacing|pixel measures", "pixel spacing"), (r"window|voi", "display windows"),
    (r"rescale|modality lut|pixel value", "rescale"), (r"palette", "colour palette"),
    (r"burned", "whether text is burned in"),
)  # fmt: skip
# Who a person is comes before when and where, and that before numbers nobody reads.
_FIRST = (
    r"patient.s name|other patient names", r"patient id", r"birth", r"patient", r"artist|owner",
    r"gps", r"physician|operator|performing", r"institution|hospital", r"address|telephone",
    r"accession", r"date|time", r"description|comment", r"serial|station|device",
)  # fmt: skip


def show_airlock(admitted: Admitted) -> None:
    """Draw what was found in the open file, and what was kept of it.

    Parameters
    ----------
    admitted : Admitted
    """
    count = len(admitted.found)
    dicom = admitted.kind == "dicom"
    if not count and not admitted.private:
        st.caption(
            ":material/shield_person: This file said nothing about a person beside its pixels."
        )
        return
    thing = "attribute" if dicom else "kind"
    things = f"{count} {thing}" if count == 1 else f"{count} {thing}s"
    with st.expander(
        f"What this file said about a person: {things}, dropped", icon=":material/shield_person:"
    ):
        st.markdown(found_sentence(admitted))
        if not admitted.complete:
            st.markdown(
                "Parts of the file could not be looked at, so that this list may be too short; "
                "they were dropped all the same."
            )
        if not dicom:
            st.markdown("**Kept:** the picture as it was coded, and how it lies.")
            return
        st.markdown(f"**Kept**, because reading needs it: {', '.join(kept_words(admitted))}.")
        assert admitted.origin is not None
        st.markdown(
            "Its UIDs are its own, as you asked."
            if admitted.origin.kept
            else "Its UIDs were replaced by new ones, the same for all files of a series until "
            "this program ends."
        )
        _offer_uids(admitted.origin.kept)


def found_sentence(admitted: Admitted) -> str:
    """Name what was found, the most telling first, as Markdown."""
    names = [plain(name) for name in in_order(admitted.found)]
    shown = ", ".join(names[:_MOST])
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    if not names:
        private = "one private element" if admitted.private == 1 else (
            f"{admitted.private:,} private elements"
        )  # fmt: skip
        return f"**Dropped when the file arrived:** {private}, whose meaning only a maker knows."
    private = f", and {admitted.private:,} private" if admitted.private else ""
    return (
        f"**Dropped when the file arrived:** {shown}{more}; {len(names)} in all{private}. "
        "Nothing of what they said is held or shown."
    )


def kept_words(admitted: Admitted) -> list[str]:
    """What was kept of a DICOM file, in a few words."""
    found = [
        words for pattern, words in _KEPT
        if any(re.search(pattern, name, re.IGNORECASE) for name in admitted.kept)
    ]  # fmt: skip
    return ["the pixels and how they are stored", *found]


def in_order(names: tuple[str, ...]) -> list[str]:
    """The names of attributes, the most telling first."""

    def rank(name: str) -> int:
        found = (i for i, words in enumerate(_FIRST) if re.search(words, name, re.IGNORECASE))
        return next(found, len(_FIRST))

    return sorted(names, key=rank)


def plain(name: str) -> str:
    """An attribute's name as one writes it in a sentence.

    Examples
    --------
    >>> plain("Patient's Birth Date"), plain("Study Instance UID")
    ('patient’s birth date', 'study instance UID')
    """
    words = name.replace("'", "’").split()
    return " ".join(word if word in _ACRONYMS else word.lower() for word in words)


def _offer_uids(kept: bool) -> None:
    said = f"{KEEP_UIDS}-said"
    # A control's value is forgotten while another page is shown; this one's is not.
    st.session_state.setdefault(KEEP_UIDS, st.session_state.get(said, False))
    on = st.toggle(
        "Keep the file’s UIDs (so that an exported overlay finds its series)", key=KEEP_UIDS,
        help="A UID names nobody, and finds the images in the archive that they came from.",
    )  # fmt: skip
    st.session_state[said] = on
    if on != kept:
        st.caption("From the next upload on: upload the file again to change it for this one.")
