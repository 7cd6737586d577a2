"""The curves behind an audit, folded away under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from medmodels.explain.methods import METHODS
from medmodels.figures.audit_curves import Which, curves_figure
from medmodels.trust.chance import say_p
from medmodels.ui.theme import palette, show_figure

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit
    from medmodels.explain.faithfulness import Faithfulness

_WIDTH = 460
_VIEWS: tuple[tuple[Which, str], ...] = (
    ("deletion", "Hidden bit by bit: the lower curve is better"),
    ("insertion", "Shown bit by bit: the higher curve is better"),
)


def show_curves(audit: Audit, *, key: str = "audit-curves", expanded: bool = False) -> None:
    """Draw deletion and insertion of one audited map, and say what the areas are.

    Parameters
    ----------
    audit : Audit
    key : str
        Unique on the page.
    expanded : bool
        Whether the block starts unfolded.
    """
    faithfulness, title = audit.faithfulness, METHODS[audit.method].title
    with st.expander(
        f"{title}: how the answer fades when what the map points at is hidden",
        icon=":material/trending_down:", expanded=expanded,
    ):  # fmt: skip
        st.markdown(
            "A map that knows what matters makes the answer fall **sooner** when that is hidden "
            "first, and rise **sooner** when it is shown first, than maps that know nothing."
        )
        with st.container(horizontal=True, gap="medium"):
            for which, heading in _VIEWS:
                with st.container(width=_WIDTH):
                    st.html(f'<p class="dia-figure-title">{heading}</p>')
                    show_figure(
                        curves_figure(faithfulness, which, palette()),
                        key=f"{key}-{which}",
                        alt=f"{heading}. {title} against random maps, a blob and edges.",
                    )
        st.caption(areas_sentence(faithfulness))
        if rest := other_checks(audit):
            st.caption("  \n".join(rest))


def other_checks(audit: Audit) -> list[str]:
    """What else was looked at, one sentence each: weights, small changes, the promised sum."""
    lines = []
    sanity, stability = audit.sanity, audit.stability
    if sanity is not None:
        outcome = "passed" if sanity.passed else "failed"
        lines.append(
            f"**Sanity, {outcome}:** with random weights in its network the map of {sanity.n} "
            f"inputs is {sanity.rank[-1]:.2f} like the real one (1 the same, 0 unrelated; at most "
            f"{sanity.limit:.2f} passes). {sanity.caution or ''}".rstrip()
        )
    if stability is not None:
        found = {stability.grain: stability.noise, "a small shift": stability.shift}
        parts = [f"{value:.2f} with {name}" for name, value in found.items() if value is not None]
        if parts:
            lines.append(
                f"**Stability:** where the input changes and the answer does not "
                f"({stability.unchanged} of {stability.n} tries), the map stays alike: "
                f"{' and '.join(parts)} (1 the same)."
            )
    if audit.completeness is not None:
        lines.append(
            f"**Completeness:** the values miss the sum they promise by {audit.completeness:.1%} "
            "of all that is shared out."
        )
    return lines


def areas_sentence(faithfulness: Faithfulness) -> str:
    """What lies between the curves, in words: the map, what it must beat, and by how much."""
    own, *others = faithfulness.curves
    unit = faithfulness.unit
    named = ", ".join(
        f"{curve.name.lower()} {curve.area:.2f}" for curve in others if curve.name != "Random maps"
    )
    best = float(faithfulness.random.max()) if len(faithfulness.random) else 0.0
    ahead = "ahead of" if faithfulness.lead >= 0 else "behind"
    return (
        f"Area between showing first and hiding first: this map {own.area:.2f} {unit}; {named}; "
        f"random maps 0 on average, the best of {len(faithfulness.random)} {best:.2f}. This map is "
        f"{abs(faithfulness.lead):.2f} {unit} {ahead} the better of blob and edges (it must be "
        f"{faithfulness.margin:.2g} ahead); that a random map does as well has "
        f"{say_p(faithfulness.p)} (t test; at most {faithfulness.level:g} passes). Hidden parts "
        f"are replaced by {faithfulness.baseline}; such inputs are unlike real ones, so the curves "
        "prove nothing without those beside them."
    )
