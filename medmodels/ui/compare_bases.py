"""All methods one below another for one window of bases, as logos on one axis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.methods import METHODS
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.ui.audit_table import verdict_of
from medmodels.ui.bases_case import BasesCase
from medmodels.ui.bases_maps import show_logo, usual_reach

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit


def compare_bases(
    bundle: Bundle,
    case: BasesCase,
    row: int,
    maps: Mapping[str, SaliencyMap],
    *,
    audits: Iterable[Audit] = (),
) -> None:
    """Draw the maps of one answer, each with the mark of its test.

    Parameters
    ----------
    bundle : Bundle
    case : BasesCase
    row : int
        The answer.
    maps : mapping of SaliencyMap
        By the name of the method, all of one class; at least one.
    audits : iterable of Audit
        What is known about them.
    """
    label = next(iter(maps.values())).class_index
    title, known = bundle.card.classes[label].title, tuple(audits)
    st.subheader("Methods side by side", anchor=False)
    st.markdown(
        f"Where methods that work in different ways point at the same bases for **{title}**, those "
        "bases are more likely to matter; where they differ, no single map settles it."
    )
    for name, found in maps.items():
        verdict = verdict_of(known, name, label)
        st.html(
            f'<p class="dia-figure-title">{METHODS[name].title} · {verdict.mark} {verdict.word}</p>'
        )
        show_logo(
            bundle, case, row, found, usual_reach(bundle, name),
            key=f"compare-bases-{row}-{label}-{name}",
        )  # fmt: skip
    st.caption(
        f"Letters that stand up speak for {title}, letters that hang down against it. Each axis "
        "reaches at least what the usual map of its method does, where that is known; it says "
        "its unit, and heights in different units cannot be compared."
    )
