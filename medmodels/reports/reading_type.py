"""The typeface of reports, and what to do with a letter that it does not have."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_FOLDER = Path(__file__).resolve().parents[2] / "assets" / "fonts"
#: Source Sans Pro, as on screen: in the file itself, so that it looks the same everywhere.
PLAIN, BOLD = "Diaphane", "Diaphane-Semibold"
_FILES = {PLAIN: "SourceSansPro-Regular.ttf", BOLD: "SourceSansPro-Semibold.ttf"}

_UNSEEN = ("Cc", "Cf", "Co", "Cs")


@cache
def load_type() -> None:
    """Make the typeface known to reportlab."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / file)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def printable(text: str) -> str:
    r"""The text with what cannot be printed in the place of a letter told by its code.

    Names that a visitor gave may be in any script, this typeface knows Latin, Greek and
    Cyrillic.

    Examples
    --------
    >>> printable("α ≥ 1"), printable("名\n")
    ('α ≥ 1', '[U+540D] ')
    """
    load_type()
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return "".join(_letter(char, known) for char in text)


def _letter(char: str, known: dict[int, int]) -> str:
    if char.isspace():
        return char if char == "\N{NO-BREAK SPACE}" else " "
    return coded(char) if ord(char) in known else f"[U+{ord(char):04X}]"


def coded(text: str) -> str:
    r"""The text with what cannot be seen told by its code, such as marks that turn text around.

    Examples
    --------
    >>> coded("a\u202eb"), coded("1\u00a0mV")
    ('a[U+202E]b', '1\xa0mV')
    """
    return "".join(
        f"[U+{ord(char):04X}]" if unicodedata.category(char) in _UNSEEN else char for char in text
    )


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """Length of a line of text, mm; ``size`` in points."""
    load_type()
    points = pdfmetrics.stringWidth(printable(text), BOLD if bold else PLAIN, size)
    return float(points) * 25.4 / 72
