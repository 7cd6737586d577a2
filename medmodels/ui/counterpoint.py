"""Counterpoint: what speaks against the answer about a scan, and who came second."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from medmodels.bundles import Bundle
from medmodels.explain.cells import Cells
from medmodels.explain.counterpoint import Counterpoint, scan_counterpoint
from medmodels.explain.map_difference import difference
from medmodels.explain.map_regions import cell_values, own_cells
from medmodels.explain.methods import METHODS
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.region_outlines import add_outlines
from medmodels.figures.saliency_overlay import overlay_figure
from medmodels.figures.saliency_scale import SaliencyScale, saliency_scale
from medmodels.figures.scan_view import extent_of
from medmodels.reading.sentences import percent
from medmodels.ui.compare_scan import method_scale
from medmodels.ui.compute_methods import Job, offer_jobs
from medmodels.ui.counterpoint_words import PICTURE, region_words, scan_sentence, together_words
from medmodels.ui.difference_scan import runner_up
from medmodels.ui.scan_case import ScanCase, known_map, make_map, reference_maps
from medmodels.ui.theme import palette, show_figure

# Methods whose negative values are evidence against a class, the best first.
_SIGNED = ("hires_cam", "occlusion", "integrated_gradients")
_WIDTH = 560
_BASELINE = "blurred"
_KEPT = "counterpoint"
_CONFIG = {"modeBarButtonsToRemove": ["toImage", "autoScale2d", "select2d", "lasso2d"]}


@st.fragment
def counterpoint_scan(bundle: Bundle, case: ScanCase) -> None:
    """Say what speaks against the answer; one sentence first, then the map of it alone.

    Parameters
    ----------
    bundle : Bundle
    case : ScanCase
    """
    label = int(case.reading.labels[0])
    second = runner_up(case.reading.probabilities[0], label)
    st.subheader("What speaks against the answer", anchor=False)
    offered = [name for name in _SIGNED if name in METHODS]
    method = st.segmented_control(
        "Where to look, by", offered, default=offered[0], required=True,
        format_func=lambda name: METHODS[name].title, key=f"{case.key}-against-method",
        help="The map says where to look. What each place weighs is then measured: it is hidden, "
        "and the network answers again.",
    )  # fmt: skip
    key = f"{case.key}-against-{method}"
    jobs = [
        Job(
            method, f"{METHODS[method].title} for {bundle.card.classes[k].title.lower()}",
            partial(make_map, bundle, case, method, k),
        )
        for k in (label, second)
        if known_map(case, method, k) is None
    ]  # fmt: skip
    if _known(key) is None:
        kept = st.session_state.setdefault(_KEPT, {})
        measure = partial(_measure, bundle, case, method, label, second, kept, key)
        jobs.append(Job("counterpoint", "Hiding what the map marks", measure))
    with_answer = case.reading.scan is not None and method in case.reading.scan.maps
    offer_jobs(bundle, jobs, "Look for what speaks against it", key=key, at_once=with_answer)
    found, rival = _known(key), known_map(case, method, second)
    if found is None or rival is None:
        return
    _show(bundle, case, method, found, rival, key)


def _known(key: str) -> Counterpoint | None:
    """The result for this case and method; only the last few are kept."""
    found: Counterpoint | None = st.session_state.get(_KEPT, {}).get(key)
    return found


def _measure(
    bundle: Bundle,
    case: ScanCase,
    method: str,
    label: int,
    second: int,
    kept: dict[str, Counterpoint],
    key: str,
) -> None:
    """Work for a thread of its own: the network must be ready, and the maps made."""
    from medmodels.explain.baselines import scan_baseline
    from medmodels.explain.faithfulness import log_odds_of
    from medmodels.explain.masking import ScanMasking

    own, rival = known_map(case, method, label), known_map(case, method, second)
    if own is None or rival is None:
        raise ValueError("its maps are missing")
    assert case.reading.scan is not None
    seen = case.reading.scan.network_input
    masking = ScanMasking(bundle.network, seen, scan_baseline(seen[np.newaxis], _BASELINE)[0])
    # A logit alone means nothing; one less another is the log-odds of the one against the other.
    evidence = difference(own, rival) if own.unit == "logit" else own
    score = log_odds_of(bundle.operating_point.probabilities, label)
    kept[key] = scan_counterpoint(evidence, masking, own_cells(evidence), score)
    for old in list(kept)[:-4]:
        del kept[old]


def _show(
    bundle: Bundle, case: ScanCase, method: str, found: Counterpoint, rival: SaliencyMap, key: str
) -> None:
    classes, reading = bundle.card.classes, case.reading
    title = classes[int(reading.labels[0])].title
    other = classes[rival.class_index].title
    st.markdown(scan_sentence(found, title))
    against = _negatives(rival, found)
    extent, window = extent_of(case.scan), case.scan.windows[0]
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=_WIDTH):
            st.html(f'<p class="dia-figure-title">Against {title.lower()}</p>')
            figure = overlay_figure(
                case.display, extent, window, against,
                _cell_scale(bundle, case, method, against, rival), palette(), revision=key,
            )  # fmt: skip
            add_outlines(figure, extent, [region.cells for region in found.regions])
            show_figure(
                figure, key=f"{key}-negatives", zoom=True, config=_CONFIG,
                alt=f"Places that speak against {title.lower()}, outlined and numbered.",
            )  # fmt: skip
        with st.container(width=_WIDTH):
            chance = percent(float(reading.probabilities[0, rival.class_index]))
            st.html(
                f'<p class="dia-figure-title">Runner-up: {other.lower()}, probability {chance}</p>'
            )
            show_figure(
                overlay_figure(
                    case.display, extent, window, rival, method_scale(bundle, case, method, rival),
                    palette(), revision=key,
                ),
                key=f"{key}-rival", zoom=True, config=_CONFIG,
                alt=f"{rival.method} for {other.lower()} over the scan.",
            )  # fmt: skip
    lines = [region_words(n, region, found.whole) for n, region in enumerate(found.regions, 1)]
    st.markdown("\n".join(f"- {line}" for line in lines))
    together = together_words(found)
    st.caption(
        f"{together} {found.share:.0%} of the map, cell by cell, is against the answer. Hidden "
        f"means: replaced by the same scan, blurred. {PICTURE} Log-odds: 0.69 doubles the odds."
    )


def _negatives(like: SaliencyMap, found: Counterpoint) -> SaliencyMap:
    """What is below 0, cell by cell, at the size of the network's input."""
    return _by_cell(like, np.minimum(found.sums, 0), own_cells(like))


def _by_cell(like: SaliencyMap, sums: np.ndarray, cells: Cells) -> SaliencyMap:
    coarse = like.grid != like.values.shape
    return SaliencyMap(
        values=sums.reshape(-1)[cells.of].astype(np.float32),
        grid=cells.grid,
        signed=True,
        method=like.method,
        class_index=like.class_index,
        unit=like.unit if coarse else f"{like.unit} per cell",
    )


def _cell_scale(
    bundle: Bundle, case: ScanCase, method: str, against: SaliencyMap, like: SaliencyMap
) -> SaliencyScale:
    """A scale for cells: the method's own, or for sums over cells that of the sample cases."""
    if like.grid != like.values.shape:
        return method_scale(bundle, case, method, like)
    references = [
        _by_cell(entry, cell_values(entry, cells), cells)
        for entry in reference_maps(bundle, method)
        for cells in [own_cells(entry)]
    ]
    return saliency_scale({}, against, 1.0, references)
