"""Whether a recording is good enough to be read; what was measured, judged and said."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from medmodels.trust.findings import UNREADABLE, WARNING, Finding, Thresholds
from medmodels.trust.signal_disturbed import disturbed
from medmodels.trust.signal_measures import SignalMeasures, measure_signal
from medmodels.trust.signal_words import minutes, named, percent

Doubles = npt.NDArray[np.float64]


def check_signal(
    samples: npt.NDArray[np.float32],
    rate: float,
    r_peaks: npt.NDArray[np.int64],
    thresholds: Thresholds,
    *,
    leads: tuple[str, ...] = (),
    amplitude_known: bool = True,
) -> tuple[Finding, ...]:
    """Check the quality of a recording before its answer is believed.

    Parameters
    ----------
    samples : ndarray, float32, shape (n, n_leads)
        Millivolts; NaN in gaps. The leads that are read, and no others.
    rate : float
        Hz.
    r_peaks : ndarray, int64, shape (n_beats,)
        Sample indices of the R peaks, increasing.
    thresholds : mapping of str to Threshold
        A check without a threshold is not made.
    leads : tuple of str
        Names of the columns; "lead 1" and so on if not given.
    amplitude_known : bool
        False where the samples have no physical unit.

    Returns
    -------
    tuple of Finding
        The gravest first.
    """
    measures = measure_signal(samples, rate, r_peaks)
    names = leads or tuple(f"lead {k + 1}" for k in range(samples.shape[1]))
    return judge(measures, thresholds, names, rate, amplitude_known=amplitude_known)


def judge(
    measures: SignalMeasures,
    thresholds: Thresholds,
    leads: tuple[str, ...],
    rate: float,
    *,
    amplitude_known: bool = True,
) -> tuple[Finding, ...]:
    """Judge what `measure_signal` measured; see `check_signal`."""
    found = [
        *_extent(measures, thresholds, leads),
        *_silence(measures, thresholds, leads),
        *_clipping(measures, thresholds, leads),
        *disturbed(measures, thresholds, leads),
        *_heart_rate(measures, thresholds, rate),
    ]
    if amplitude_known:
        found += _amplitude(measures, thresholds)
    return tuple(sorted(found, key=lambda finding: -finding.severity))


def _extent(m: SignalMeasures, thresholds: Thresholds, leads: tuple[str, ...]) -> Iterator[Finding]:
    """Duration, leads and beats."""
    off = [m.share(flat) + m.share(gaps) > 0.9 for flat, gaps in zip(m.flat, m.gaps, strict=True)]
    there = len(leads) - sum(off)
    for code, value, sentence in (
        ("short", m.seconds,
         f"The recording lasts {m.seconds:.0f} s: each beat is compared with few others. "
         "Upload a longer part if there is one."),
        ("few_leads", float(there),
         f"{'Only one lead shows' if there == 1 else 'No lead shows'} a signal: ventricular and "
         "supraventricular beats are told apart less well than with two."),
        ("few_beats", float(m.beats),
         f"Only {m.beats} heart beat{'s' * (m.beats != 1)} found in {minutes(m.seconds)}: "
         "there is no rhythm to read. Check the leads and the sampling rate."),
    ):  # fmt: skip
        crossed = thresholds[code].crossed(value, low=True) if code in thresholds else None
        if crossed:
            yield Finding(code, crossed[0], sentence, value, crossed[1])


def _silence(
    m: SignalMeasures, thresholds: Thresholds, leads: tuple[str, ...]
) -> Iterator[Finding]:
    """Flat lines, gaps, and stretches in which no lead has a signal."""
    flat = [m.share(runs) for runs in m.flat]
    worst = int(np.argmax(flat))
    longest = max((float(np.ptp(run)) for run in m.flat[worst]), default=0.0)
    missing = max(range(len(m.gaps)), key=lambda k: m.share(m.gaps[k]))
    dead = m.share(m.dead)
    for code, value, runs, sentence in (
        ("lead_off", flat[worst], m.flat[worst],
         f"{named(leads[worst])} is flat for {percent(flat[worst])} of the recording, "
         f"{minutes(longest)} at a stretch: an electrode was off, or the heart paused. "
         "Look at these places in the tracing."),
        ("gaps", m.missing, m.gaps[missing],
         f"{percent(m.missing)} of the samples are missing, most of them in "
         f"{leads[missing]}: beats in the gaps are not read, and the intervals beside them are "
         "unknown."),
        ("no_signal", dead, m.dead,
         f"For {percent(dead)} of the recording no lead has a signal: what the heart did there "
         "is not known. Read the other parts only, or record again."),
    ):  # fmt: skip
        crossed = thresholds[code].crossed(value) if code in thresholds else None
        if crossed and len(runs):
            yield Finding(code, crossed[0], sentence, value, crossed[1], spans(runs))


def _clipping(
    m: SignalMeasures, thresholds: Thresholds, leads: tuple[str, ...]
) -> Iterator[Finding]:
    """Tops cut off by the recorder; unreadable only where every lead is clipped."""
    shares = np.array([m.share(runs) for runs in m.clipped])
    threshold = thresholds.get("saturation")
    crossed = threshold.crossed(float(shares.min())) if threshold else None
    value = float(shares.min())
    if threshold and (crossed is None or crossed[0] != UNREADABLE):
        value = float(shares.max())
        crossed = threshold.crossed(value)
        crossed = (WARNING, threshold.warn) if crossed and threshold.warn is not None else None
    if crossed is None:
        return
    worst = int(shares.argmax())
    yield Finding(
        "saturation", crossed[0],
        f"{named(leads[worst])} is cut off at its highest or lowest value for "
        f"{percent(shares[worst])} of the time ({len(m.clipped[worst])} times): the shape of the "
        "tallest beats is lost. Record again with a lower gain.",
        value, crossed[1], spans(m.clipped[worst]),
    )  # fmt: skip


def _heart_rate(m: SignalMeasures, thresholds: Thresholds, rate: float) -> Iterator[Finding]:
    """A heart rate that hearts do not have points to a wrong sampling rate."""
    for code, low in (("heart_rate_low", True), ("heart_rate_high", False)):
        crossed = thresholds[code].crossed(m.heart_rate, low=low) if code in thresholds else None
        if crossed:
            unit = "beats a minute"
            beyond = "possible" if crossed[0] == UNREADABLE else "usual"
            yield Finding(
                code, crossed[0],
                f"The median heart rate would be {m.heart_rate:.0f} {unit} at {rate:g} Hz; "
                f"{'above' if low else 'below'} {crossed[1]:g} {unit} is {beyond}. "
                "Check that the sampling rate is stated rightly.",
                m.heart_rate, crossed[1],
            )  # fmt: skip


def _amplitude(m: SignalMeasures, thresholds: Thresholds) -> Iterator[Finding]:
    """QRS complexes far too small or too tall point to a wrong unit."""
    heights = m.heights[m.heights > 0]
    if not len(heights):
        return
    tallest = float(heights.max())
    for code, low in (("amplitude_low", True), ("amplitude_high", False)):
        crossed = thresholds[code].crossed(tallest, low=low) if code in thresholds else None
        if crossed:
            yield Finding(
                code, crossed[0],
                f"The QRS complexes of the tallest lead measure {tallest:.3g} mV; "
                f"{'above' if low else 'below'} {crossed[1]:g} mV is usual. "
                "Check the unit (mV, µV) and the gain.",
                tallest, crossed[1],
            )  # fmt: skip


def spans(runs: Doubles) -> tuple[tuple[float, float], ...]:
    """Runs as a finding keeps them: (start, end) in seconds."""
    return tuple((float(start), float(end)) for start, end in runs)
