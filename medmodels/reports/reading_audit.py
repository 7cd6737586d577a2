"""What the tests of the shown maps came to, as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from medmodels.explain.methods import METHODS
from medmodels.reading import Reading
from medmodels.reports.model_blocks import Table
from medmodels.reports.reading_blocks import ReadingBlock
from medmodels.trust.chance import say_p

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit

# The names of `medmodels.explain.faithfulness`, which brings TensorFlow.
_BLOB, _EDGES = "Centred blob", "Edges"
_MOST = 4  # maps beside each other

_Say = Callable[["Audit"], str]


def audit_blocks(reading: Reading) -> list[ReadingBlock]:
    """One column for each map that was tested, the last ones where there are many."""
    explained = reading.explained[-_MOST:]
    if not explained:
        return []
    head = ("Test", *(_name(reading, one.row, one.audit) for one in explained))
    rows = [
        (name, *(say(one.audit) for one in explained))
        for name, say in _TESTS.items()
        if any(say(one.audit) != "–" for one in explained)
    ]
    note = (
        "A map is evidence where it beats random maps (p at most the stated level), pointing at "
        "the middle and pointing at edges on this very input, and its method notices when the "
        "network forgets what it learned. Areas are between the curves of hiding and of showing "
        f"what the map points at, in {explained[0].audit.faithfulness.unit}."
    )
    return [Table("Whether the maps are evidence", head, tuple(rows), note)]


def _name(reading: Reading, row: int, audit: Audit) -> str:
    method = METHODS[audit.method].title if audit.method in METHODS else audit.method
    title = reading.card.classes[audit.class_index].title.lower()
    where = "" if reading.scan is not None or len(reading.labels) == 1 else f", {_unit(reading)} "
    return f"{method}, {title}" + (f"{where}{row + 1:,}" if where else "")


def _unit(reading: Reading) -> str:
    """What one answer is about: a place along a gene, or a whole input."""
    scanned = reading.bases is not None and reading.bases.scanned
    return "place" if scanned else reading.card.item


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-", "−")


def _control(name: str) -> _Say:
    def say(audit: Audit) -> str:
        areas = {curve.name: curve.area for curve in audit.faithfulness.curves}
        return _signed(areas[name]) if name in areas else "–"

    return say


def _sanity(audit: Audit) -> str:
    if audit.sanity is None:
        return "–"
    word = "passed" if audit.sanity.passed else "failed"
    return f"{word}: {_signed(audit.sanity.rank[-1])} (limit {audit.sanity.limit:.2f})"


def _stability(audit: Audit) -> str:
    found = audit.stability
    if found is None:
        return "–"
    parts = []
    if found.noise is not None:
        parts.append(f"{_signed(found.noise)} under {found.grain}")
    if found.shift is not None:
        parts.append(f"{_signed(found.shift)} under a small shift")
    return ", ".join(parts) or "–"


def _completeness(audit: Audit) -> str:
    return "–" if audit.completeness is None else f"{audit.completeness:.1%}"


def _outside(audit: Audit) -> str:
    return "–" if audit.shortcut is None else f"{audit.shortcut.outside:.0%}"


_TESTS: dict[str, _Say] = {
    "Verdict": lambda audit: "✓ evidence" if audit.passed else "! not reliable here",
    "Area of this map": lambda audit: _signed(audit.faithfulness.area),
    "Against random maps": lambda audit: (
        f"{say_p(audit.faithfulness.p)} (level {audit.faithfulness.level:g})"
    ),
    "Area of pointing at the middle": _control(_BLOB),
    "Area of pointing at edges": _control(_EDGES),
    "Ahead of the better of both": lambda audit: (
        f"{_signed(audit.faithfulness.lead)} (at least {audit.faithfulness.margin:g})"
    ),
    "Likeness to an untrained network’s map": _sanity,
    "Likeness to the map of a disturbed input": _stability,
    "Share missing from the promised sum": _completeness,
    "Share outside the body": _outside,
}
