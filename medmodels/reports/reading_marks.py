"""The mark of each state of a check: colour alone tells nothing."""

from __future__ import annotations

from typing import Final

from medmodels.reading.lights import BAD, DOUBT, GOOD, UNKNOWN

#: A character that the typeface of reports has, and the role of its colour.
MARKS: Final = {
    GOOD: ("✓", "severity0"), DOUBT: ("!", "severity1"), BAD: ("×", "severity2"),
    UNKNOWN: ("?", "muted"),
}  # fmt: skip
#: The same in a word, for those who listen.
SPOKEN: Final = {GOOD: "good", DOUBT: "doubtful", BAD: "bad", UNKNOWN: "not known"}
