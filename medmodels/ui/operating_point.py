"""Move the operating point along the ROC curve; the choice lives in the session."""

from __future__ import annotations

import streamlit as st

from medmodels.bundles import Bundle
from medmodels.evaluation.operating import Performance
from medmodels.figures.operating_roc import RocCurve, operating_roc, operating_roc_alt
from medmodels.trust.presets import RULE_IN_SPECIFICITY, RULE_OUT_SENSITIVITY, Preset
from medmodels.ui.kept_figures import kept_figure
from medmodels.ui.operating_data import ClassData
from medmodels.ui.patient_words import WHERE, Words, rate, share, thresholds_apart
from medmodels.ui.theme import palette, show_figure

_CHOSEN = "operating-points"
_HISTORY = "operating-point-history"
_MOVED = "operating-point-moved"
TITLES = {"test": "Test", "external": "Elsewhere"}


def chosen_threshold(bundle: Bundle, label: int | None = None) -> float | None:
    """Return the threshold that this session has chosen; None for the bundle's own rule.

    Parameters
    ----------
    bundle : Bundle
    label : int, optional
        The class; if not given, the one with the bundle's threshold (tasks
        with two classes), and None where there is no such class.
    """
    label = bundle.operating_point.positive if label is None else label
    chosen: dict[tuple[str, int], float] = st.session_state.get(_CHOSEN, {})
    return None if label is None else chosen.get((bundle.digest, label))


def rerun_if_moved(bundle: Bundle) -> None:
    """Redraw the whole page once after a move, where its answer turns on the threshold.

    Call first inside the fragment that holds `show_operating_point`.
    """
    if st.session_state.pop(_MOVED, False) and bundle.operating_point.positive is not None:
        st.rerun()


def show_operating_point(bundle: Bundle, data: ClassData, words: Words, over: str) -> None:
    """Draw the curve, the presets, the slider, and what the point in use does.

    Parameters
    ----------
    bundle : Bundle
    data : ClassData
    words : Words
        Of the test data.
    over : str
        What the presets were chosen on, in words.
    """
    chosen = chosen_threshold(bundle, data.label)
    curves = [
        RocCurve(TITLES[split], *scores.roc(), point=data.at(split, chosen))
        for split, scores in data.scores.items()
    ]
    st.markdown("#### Move the operating point")
    with st.container(horizontal=True, gap="large"):
        with st.container(width=500):
            place = f"{bundle.digest[:8]}-{data.label}"
            zoom = st.toggle("Enlarge the corner that matters", key=f"operating-zoom-{place}")
            presets = [(p.name, data.at("test", p.threshold)) for p in data.presets]
            show_figure(
                kept_figure(
                    ("roc", bundle.digest, data.label, chosen, zoom),
                    lambda: operating_roc(curves, presets, words.groups, palette(), zoom=zoom),
                ),
                key=f"operating-roc-{place}",
                alt=operating_roc_alt(curves, words.groups),
            )
        with st.container(width=620):
            _controls(bundle, data, words, chosen)
            _show_rates(curves, words)
            _show_presets(data, words, over)


def _controls(bundle: Bundle, data: ClassData, words: Words, chosen: float | None) -> None:
    place = (bundle.digest, data.label)
    ending = f"{bundle.digest[:8]}-{data.label}"
    with st.container(horizontal=True, gap="small"):
        for preset in data.presets:
            in_use = chosen == preset.threshold
            st.button(
                preset.name.capitalize(),
                key=f"operating-{preset.name}-{ending}".replace(" ", "-"),
                icon=":material/check:" if in_use else None,
                help=preset.how,
                on_click=_choose,
                args=(place, preset.threshold),
            )
        st.button(
            "The network’s own",
            key=f"operating-own-{ending}",
            icon=":material/check:" if chosen is None else None,
            help=f"Back to the point that came with the network. {bundle.operating_point.rule}",
            on_click=_choose,
            args=(place, None),
        )
        st.button(
            "Undo",
            key=f"operating-undo-{ending}",
            icon=":material/undo:",
            disabled=not st.session_state.get(_HISTORY, {}).get(place),
            on_click=_undo,
            args=(place,),
        )
    slider = f"operating-slider-{ending}"
    # The store decides where the slider stands, so that buttons and other pages move it too.
    st.session_state[slider] = _index(data, chosen)
    texts = step_words(bundle, data)
    st.select_slider(
        f"Alarm from which probability of {words.disease}? Left finds more and alarms more.",
        range(len(data.steps)),
        format_func=texts.__getitem__,
        key=slider,
        on_change=lambda: _choose(place, data.steps[st.session_state[slider]]),
    )


def step_words(bundle: Bundle, data: ClassData) -> list[str]:
    """Say every step of the slider, no two alike; the bundle's own rule by its name."""
    point = bundle.operating_point
    own = point.threshold if point.positive == data.label else None
    texts = thresholds_apart([step for step in data.steps if step is not None])
    name = "the network’s own rule" if own is None else f"{rate(own)}, the network’s own"
    texts.insert(data.steps.index(None), name)
    return texts


def _index(data: ClassData, chosen: float | None) -> int:
    """Where a choice stands on the slider; the own rule if it is not there (any more)."""
    return data.steps.index(chosen if chosen in data.steps else None)


def _choose(place: tuple[str, int], threshold: float | None) -> None:
    chosen = st.session_state.setdefault(_CHOSEN, {})
    before = chosen.get(place)
    if before == threshold:
        return
    st.session_state.setdefault(_HISTORY, {}).setdefault(place, []).append(before)
    _store(place, threshold)


def _undo(place: tuple[str, int]) -> None:
    history = st.session_state.get(_HISTORY, {}).get(place)
    if history:
        _store(place, history.pop())


def _store(place: tuple[str, int], threshold: float | None) -> None:
    chosen = st.session_state.setdefault(_CHOSEN, {})
    chosen.pop(place, None)
    if threshold is not None:
        chosen[place] = threshold
    st.session_state[_MOVED] = True


def _show_rates(curves: list[RocCurve], words: Words) -> None:
    """The point in use, on the test data and elsewhere."""
    heading = "| With 95% intervals | " + " | ".join(curve.title for curve in curves) + " |"
    points = [curve.point for curve in curves]
    finds = " | ".join(f"{_short(p, 'sensitivity')}<br>{p.found:,} of {p.ill:,}" for p in points)
    leaves = " | ".join(
        f"{_short(p, 'specificity')}<br>{p.well - p.alarmed:,} of {p.well:,}" for p in points
    )
    st.markdown(
        "\n".join(
            [
                heading,
                "|:--|" + ":--|" * len(curves),
                f"| **Sensitivity**: share of {words.groups[0]} that it finds | {finds} |",
                f"| **Specificity**: share of {words.groups[1]} that it leaves alone | {leaves} |",
            ]
        ),
        unsafe_allow_html=True,
    )


def _show_presets(data: ClassData, words: Words, over: str) -> None:
    """All presets side by side: what was asked of them, and what they did on the test data."""
    low, high = data.presets[2].threshold, data.presets[0].threshold
    if high >= low:
        which = "one threshold meets" if high == low else (
            f"every threshold from {rate(low)} to {rate(high)} meets"
        )  # fmt: skip
        st.caption(
            f"On the data they were chosen on, {which} the goals of “rule out” and “rule in” "
            "at once; on other data that need not hold."
        )
    for preset in data.presets:
        broken = broken_promise(preset, data.at("test", preset.threshold))
        if broken:
            st.caption(f":material/warning: {broken}")
    with st.expander("What the presets promise and what they did", icon=":material/rule:"):
        st.markdown(f"Chosen on {over}; judged on {WHERE['test']}.")
        lines = [
            "| Preset | from | found: chosen on → test | left alone: chosen on → test |",
            "|:--|:--|:--|:--|",
        ]
        for preset in data.presets:
            test = data.at("test", preset.threshold)
            lines.append(
                f"| **{preset.name.capitalize()}** | {rate(preset.threshold)} "
                f"| {rate(preset.sensitivity)} → {_short(test, 'sensitivity')} "
                f"| {rate(preset.specificity)} → {_short(test, 'specificity')} |"
            )
        st.markdown("\n".join(lines))
        st.markdown("\n".join(f"- **{p.name.capitalize()}.** {p.how}" for p in data.presets))
        if words.have == "are":
            st.caption(
                "Here one class is told from all others by its own probability alone; the "
                "network’s own rule weighs all classes together."
            )


def broken_promise(preset: Preset, test: Performance) -> str:
    """Say where a preset does less than its goal, its whole interval included; else empty."""
    goals = {
        "rule out": ("finds", RULE_OUT_SENSITIVITY, test.sensitivity),
        "rule in": ("leaves alone", RULE_IN_SPECIFICITY, test.specificity),
    }
    if preset.name not in goals:
        return ""
    verb, goal, kept = goals[preset.name]
    if not kept.high < goal:
        return ""
    return (
        f"“{preset.name.capitalize()}” misses its goal on {WHERE['test']}: it {verb} "
        f"{share(kept)} and not {goal:.0%}."
    )


def _short(performance: Performance, name: str) -> str:
    return share(getattr(performance, name), says="")
