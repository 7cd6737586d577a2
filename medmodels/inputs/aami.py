"""AAMI EC57 beat classes from PhysioBank beat codes."""

from __future__ import annotations

# ANSI/AAMI EC57:2012, table on beat classes; "Q" (paced and unknown) is no
# class of ours and is kept apart.
CLASS_OF_SYMBOL = {
    **dict.fromkeys("NLRej", "N"),
    **dict.fromkeys("AaJS", "S"),
    **dict.fromkeys("VE", "V"),
    "F": "F",
    **dict.fromkeys("/fQ", "Q"),
}
