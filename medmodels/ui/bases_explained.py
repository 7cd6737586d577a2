"""What the answer about a window of bases rests on: a method's map, its test, and the motif."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.method import Method
from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.motif import METHOD, SPLIT, UNIT, Motif, stored_motif
from medmodels.explain.plan import ExplainPlan
from medmodels.figures.bases_mutations import position_of
from medmodels.figures.motif_logo import consensus_figure, weights_figure
from medmodels.ui.bases_case import BasesCase
from medmodels.ui.bases_maps import (
    explained_map,
    map_of,
    map_sentence,
    say_scope,
    show_logo,
    usual_reach,
)
from medmodels.ui.kept_figures import kept_figure
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.verdict import show_verdict

#: The method that is drawn as a field of changes to click on.
FIELD = "mutagenesis"


def choose_method(bundle: Bundle, *, key: str) -> str:
    """Let a method be chosen; first stands the one that measured best with this bundle."""
    method: str = st.selectbox(
        "Method", [entry.name for entry in _best_first(bundle)], key=f"{key}-method", width=240,
        format_func=lambda name: METHODS[name].title,
    )  # fmt: skip
    return method


def _best_first(bundle: Bundle) -> list[Method]:
    best = ExplainPlan.of(bundle).method
    return sorted(methods_for("sequence"), key=lambda entry: entry.name != best)


def show_explained(
    bundle: Bundle, case: BasesCase, row: int, method: str, label: int, *, edited: bool, key: str
) -> None:
    """Draw a method's map of one answer, and whether it is evidence.

    Parameters
    ----------
    bundle : Bundle
    case : BasesCase
    row : int
        The answer.
    method : str
        One that is drawn as a field of changes has its picture elsewhere, and
        gets its words here.
    label : int
        The class explained.
    edited : bool
        Whether the reader has changed bases of this window.
    key : str
        Unique on the page.
    """
    entry, place = METHODS[method], f"{key}-map-{method}-{label}"
    found, words = None, ""
    if method != FIELD:
        found, highest = map_of(bundle, case, row, method, label), usual_reach(bundle, method)
        show_logo(bundle, case, row, found, highest, key=place)
        title = bundle.card.classes[label].title
        words = (
            f"Letters that stand up speak for {title}, letters that hang down against it. "
            f"{map_sentence(found, highest)} "
        )
    say_scope(edited)
    tested = explained_map(bundle, case, row, method, label, found=found, key=f"{place}-test")
    if tested is not None:
        show_verdict(tested.audit, key=f"{place}-verdict")
    st.caption(f"{words}**{entry.title}** shows: {entry.shows} It does not show: {entry.hides}")


def show_motif(bundle: Bundle, label: int, *, key: str) -> None:
    """Draw what the network looks for in a class beside what is there; nothing if not stored.

    Parameters
    ----------
    bundle : Bundle
    label : int
        The class.
    key : str
        Unique on the page.
    """
    entry = bundle.card.classes[label]
    motif = stored_motif(bundle.reference, entry.name)
    if motif is None:
        return
    with st.expander("What the network looks for, beside what is there", icon=":material/search:"):
        st.markdown(motif_sentence(motif))
        st.html(
            '<p class="dia-figure-title">What raises this answer (mean over '
            f"{motif.n:,} correctly read windows)</p>"
        )
        show_figure(
            kept_figure(
                ("motif weights", bundle.digest, label),
                lambda: weights_figure(motif.weights, UNIT, palette()),
            ),
            key=f"{key}-motif-weights-{label}",
            alt=f"Mean weight of each base in each place for {entry.title}. "
            f"{motif_sentence(motif, plain=True)}",
        )  # fmt: skip
        st.html('<p class="dia-figure-title">What stands there (bits)</p>')
        show_figure(
            kept_figure(
                ("motif shares", bundle.digest, label),
                lambda: consensus_figure(motif.shares, palette(), motif.n),
            ),
            key=f"{key}-motif-shares-{label}",
            alt=f"Information in each place of the same windows of {entry.title}, in bits.",
        )
        st.caption(
            f"{entry.title}: windows of the {SPLIT} data, to which the network was not fitted. "
            f"Weights: {METHODS[METHOD].title.lower()}, in logits, of the base that stands in a "
            "place. Bits: 2 where one base always stands there, 0 where all four do as often "
            "(Schneider and Stephens 1990, corrected for the number of windows). A and G have "
            "one colour, C and T the other."
        )


def motif_sentence(motif: Motif, *, plain: bool = False) -> str:
    """Name the places with the highest mean weight and the base that mostly stands there.

    Parameters
    ----------
    motif : Motif
    plain : bool
        Without marks of weight.
    """
    length, star = len(motif.weights), "" if plain else "**"
    named = [
        f"{star}{position_of(i, length):+d} {base}{star} "
        f"({motif.shares[i].max():.0%} of the windows)"
        for i, base in motif.highest()
    ]
    return f"Most weight lies on {' and '.join(named)}."
