"""What an answer about a scan rests on: a saliency map over the scan."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.evaluation.stored import load_predictions
from medmodels.explain.method import Method
from medmodels.explain.methods import METHODS, methods_for
from medmodels.explain.plan import ExplainPlan
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.saliency_overlay import overlay_figure
from medmodels.figures.saliency_scale import SaliencyScale, saliency_scale, typical_logit
from medmodels.figures.saliency_words import grid_sentence, scale_sentence
from medmodels.figures.scan_view import extent_of
from medmodels.reading.explained import explain_row
from medmodels.reading.reading import Explained
from medmodels.ui.background import Progress
from medmodels.ui.class_choice import choose_class
from medmodels.ui.loading import prepare_explanations, shelf
from medmodels.ui.scan_case import ScanCase, known_map, make_map, reference_maps
from medmodels.ui.theme import palette, show_figure
from medmodels.ui.verdict import explained_or_wait, show_verdict


@st.fragment
def show_explanation(case: ScanCase) -> None:
    """Draw the map and its controls; no control runs the network, but the button that says so."""
    assert case.reading.scan is not None
    bundle = next(b for b in shelf().bundles if b.digest == case.bundle_digest)
    key, classes = case.key, bundle.card.classes
    st.subheader("What the answer rests on", anchor=False)
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    class_index = choose_class(
        controls, "Class explained", {i: entry.title for i, entry in enumerate(classes)},
        int(case.reading.labels[0]), key=f"{key}-class",
    )  # fmt: skip
    method = controls.selectbox(
        "Method",
        [entry.name for entry in _best_first(bundle)],
        format_func=lambda name: METHODS[name].title,
        key=f"{key}-method",
        width=220,
    )
    entry = METHODS[method]
    saliency = known_map(case, method, class_index)
    if saliency is None:
        offer = st.empty()
        with offer.container():
            # The one that measured best is what the page is for: it is made unasked.
            best = method == ExplainPlan.of(bundle).method
            asked = best or _offer(entry, key=f"{key}-compute-{method}-{class_index}")
        if not asked:
            return
        with st.spinner(f"Computing {entry.title} …"):
            saliency = make_map(bundle, case, method, class_index)
        offer.empty()
    stated = entry.title in bundle.trust.get("saliency_scale", {})
    known = stated or method in case.reading.scan.maps
    references = () if known else reference_maps(bundle, method)
    scale = saliency_scale(
        bundle.trust, saliency, _typical_logit(str(bundle.folder), bundle.digest), references
    )
    verdict = st.container()
    _show_map(case, saliency, scale, classes[class_index].title)
    with verdict:
        _show_verdict(bundle, case, method, class_index, saliency)
    seconds = case.seconds.get((method, class_index))
    took = f" It took {seconds:.1f} s." if seconds is not None else ""
    st.caption(f"**{entry.title}** shows: {entry.shows} It does not show: {entry.hides}{took}")


def _best_first(bundle: Bundle) -> list[Method]:
    """The methods, first the one that measured best with this bundle."""
    best = ExplainPlan.of(bundle).method
    return sorted(methods_for("scan"), key=lambda entry: entry.name != best)


def _show_verdict(
    bundle: Bundle, case: ScanCase, method: str, class_index: int, saliency: SaliencyMap
) -> None:
    """Say whether the map is evidence; the test goes on behind the page."""
    reading = case.reading

    def work(progress: Progress) -> Explained:
        prepare_explanations(bundle)
        return explain_row(
            bundle, reading, method=method, class_index=class_index, found=saliency,
            progress=progress,
        )  # fmt: skip

    question = (0, method, class_index)
    found = explained_or_wait(case.jobs, question, work, key=f"{case.key}-{method}-{class_index}")
    if found is not None:
        show_verdict(found.audit, key=f"{case.key}-{method}-{class_index}")


def _offer(method: Method, *, key: str) -> bool:
    """Say what a method shows, hides and costs; return whether it was asked for."""
    st.info(
        f"**{method.title}.** {method.shows} It does not show: "
        f"{method.hides[:1].lower()}{method.hides[1:]}\n\n**Cost:** {method.cost}",
        icon=":material/timer:",
    )
    return st.button(f"Compute {method.title}", type="primary", key=key)


def _show_map(case: ScanCase, saliency: SaliencyMap, scale: SaliencyScale, title: str) -> None:
    key, extent = case.key, extent_of(case.scan)
    slot = st.container()
    slider, toggle = st.columns([3, 2], vertical_alignment="bottom")
    opacity = slider.slider(
        "Opacity of the map", 0, 100, 60, 5, format="%d%%", key=f"{key}-opacity"
    )
    has_cells = saliency.grid != saliency.values.shape
    cells = toggle.toggle("Show its cells", key=f"{key}-cells", disabled=not has_cells)
    with slot:
        show_figure(
            overlay_figure(
                case.display, extent, case.scan.windows[0], saliency, scale, palette(),
                opacity=opacity / 100, cells=cells, revision=f"map-{key}",
            ),
            key=f"{key}-map",
            alt=f"{saliency.method} for {title} over the scan.",
            zoom=True,
            config={"modeBarButtonsToRemove": ["toImage", "autoScale2d", "select2d", "lasso2d"]},
        )  # fmt: skip
    st.markdown(
        f"Explains **{title}**. {grid_sentence(saliency, extent)} {scale_sentence(saliency, scale)}"
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def _typical_logit(folder: str, digest: str) -> float:  # noqa: ARG001 - part of the cache's key
    bundle = next(b for b in shelf().bundles if b.digest == digest)
    return typical_logit(load_predictions(bundle)["validation/logits"])
