"""The audit of every method that was tried: verdicts, scores, and how often each passes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from medmodels.explain.methods import METHODS
from medmodels.explain.stability import REPLACED

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit

_BLOB, _EDGES = "Centred blob", "Edges"


@dataclass(frozen=True)
class Verdict:
    """What an audit comes to: always a mark and a word.

    Parameters
    ----------
    word : str
    icon : str
        As Streamlit's markdown.
    mark : str
        A character, for figures.
    """

    word: str
    icon: str
    mark: str


PASSED = Verdict("passed", ":material/check_circle:", "✓")
FAILED = Verdict("not reliable here", ":material/warning:", "✕")
UNTESTED = Verdict("not tested", ":material/help:", "?")


def verdict_of(audits: Iterable[Audit], method: str, class_index: int) -> Verdict:
    """The verdict on one method's map of one class; not tested where there is no audit."""
    for audit in audits:
        if (audit.method, audit.class_index) == (method, class_index):
            return PASSED if audit.passed else FAILED
    return UNTESTED


def audit_table(
    rows: Sequence[Audit],
    *,
    stored: Mapping[str, Any] | None = None,
    key: str = "audit-table",
    kind: str = "scan",
) -> None:
    """Draw a table of audits, sortable by any column, and how often each method passes.

    Parameters
    ----------
    rows : sequence of Audit
        Of one input.
    stored : mapping, optional
        ``bundle.evaluation["audit"]``: ``n`` test inputs, and for each of
        ``methods`` how often it ``passed``.
    key : str
    kind : str
        "scan", "signal" or "sequence": of bases some are replaced where of the
        others grain is added.
    """
    if rows:
        table = [audit_row(audit) for audit in rows]
        columns = [name for name in _COLUMNS if any(row[name] is not None for row in table)]
        st.dataframe(
            [{name: row[name] for name in columns} for row in table],
            hide_index=True, column_config={name: _config(name, kind) for name in columns},
            key=key,
            placeholder="–", alt="Audit scores of each method on this input.",
        )  # fmt: skip
        for audit in rows:
            if audit.shortcut is not None and audit.shortcut.warning:
                st.warning(
                    f"{METHODS[audit.method].title}: {audit.shortcut.warning}",
                    icon=":material/crop_free:",
                )
    else:
        st.info("No method has been audited on this input yet.", icon=":material/help:")
    sentence = stored_sentence(stored)
    if sentence:
        st.markdown(sentence)


def audit_row(audit: Audit) -> dict[str, str | float | None]:
    """One row of the table; None for what was not measured or does not apply."""
    faithful, sanity, stability = audit.faithfulness, audit.sanity, audit.stability
    areas = {curve.name: curve.area for curve in faithful.curves}
    verdict = PASSED if audit.passed else FAILED
    others = list(audit.agreement.values())
    return {
        "Method": METHODS[audit.method].title,
        "Verdict": f"{verdict.mark} {verdict.word}",
        "Faithfulness": faithful.area,
        "p, random maps": faithful.p,
        "Ahead of a blob": faithful.area - areas[_BLOB],
        "Ahead of edges": faithful.area - areas[_EDGES],
        "Like an untrained network": None if sanity is None else sanity.rank[-1],
        "Sanity": None if sanity is None else _word(sanity.passed),
        "Under noise": None if stability is None else stability.noise,
        "Under a shift": None if stability is None else stability.shift,
        "Agreement": sum(others) / len(others) if others else None,
        "Sum missed": audit.completeness,
        "Outside the body": None if audit.shortcut is None else audit.shortcut.outside,
        "Time": audit.seconds,
    }


def stored_sentence(stored: Mapping[str, Any] | None) -> str:
    """How often each method passed on stored test inputs, best first; empty if not known."""
    if not stored or not stored.get("methods"):
        return ""
    found = [
        (METHODS[name].title, entry["passed"])
        for name, entry in stored["methods"].items()
        if name in METHODS
    ]
    found.sort(key=lambda pair: -pair[1]["value"])
    lines = [
        f"- {title}: **{passed['value']:.0%}** ({passed['low']:.0%} to {passed['high']:.0%})"
        for title, passed in found
    ]
    return (
        f"**How often each method passes.** Share of {stored['n']:,} test inputs on which its map "
        "passed, with its 95% interval:\n" + "\n".join(lines)
    )


def _word(passed: bool) -> str:
    verdict = PASSED if passed else FAILED
    return f"{verdict.mark} {'passed' if passed else 'failed'}"


# Header, format and help, in the order of the table.
_COLUMNS: dict[str, tuple[str | None, str]] = {
    "Method": (None, "How the map was made."),
    "Verdict": (
        None,
        "Passed: hiding what the map points at changes this answer more than hiding what random "
        "maps, a blob in the middle or an edge detector point at; and the method depends on what "
        "the network has learnt.",
    ),
    "Faithfulness": (
        "%.2f log-odds",
        "Area between the curves of insertion and deletion: how much stronger the answer is, on "
        "average, when what the map points at is shown first rather than hidden first. 0 is no "
        "better than chance.",
    ),
    "p, random maps": (
        "%.3f",
        "How probable it is that a random map, as smooth as a real one, does as well (t test).",
    ),
    "Ahead of a blob": (
        "%+.2f log-odds",
        "Faithfulness less that of a blob in the middle (for a beat: around its QRS), which knows "
        "nothing of this input.",
    ),
    "Ahead of edges": (
        "%+.2f log-odds",
        "Faithfulness less that of an edge detector (for a beat: of whatever is steep or unusual), "
        "which knows nothing of the network.",
    ),
    "Like an untrained network": (
        "%.2f",
        "Rank correlation of the method's maps with those for the same network with random "
        "weights (−1 to 1). Near 0 is good: the map shows what was learnt. Measured before, on "
        "validation inputs.",
    ),
    "Sanity": (None, "Whether the method's maps change enough when the network is randomised."),
    "Under noise": (
        "%.2f",
        "Rank correlation with the map of the same input with faint noise that leaves the answer "
        "alone. 1 is the same map.",
    ),
    "Under a shift": (
        "%.2f",
        "The same for a small shift of the input, with the map shifted back.",
    ),
    "Agreement": ("%.2f", "Mean rank correlation with the maps of the other methods here."),
    "Sum missed": (
        "percent",
        "For a method that promises that its values add up to a difference in score: by how much "
        "they miss it.",
    ),
    "Outside the body": ("percent", "Share of the map that lies where there is no body."),
    "Time": ("%.1f s", "What the audit took."),
}


# What a column is called and means where the input is a sequence of bases.
_OF_BASES = {
    "Under noise": (
        "With other bases",
        f"Rank correlation with the map of the same window with {REPLACED:.0%} of its bases "
        "replaced by others, where that leaves the answer alone. 1 is the same map.",
    ),
    "Ahead of a blob": (
        "Ahead of the middle",
        "Faithfulness less that of pointing at the middle of the window, which knows nothing of "
        "this input.",
    ),
    "Ahead of edges": (
        "Ahead of changes",
        "Faithfulness less that of pointing at letters that differ from their neighbours, which "
        "knows nothing of the network.",
    ),
}


def _config(name: str, kind: str) -> Any:
    form, words = _COLUMNS[name]
    title, words = _OF_BASES.get(name, (name, words)) if kind == "sequence" else (name, words)
    if form is None:
        return st.column_config.TextColumn(title, help=words, pinned=name == "Method")
    return st.column_config.NumberColumn(title, help=words, format=form)
