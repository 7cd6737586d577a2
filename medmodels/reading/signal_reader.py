"""Signals: find the beats, then one compiled graph reads them in their order."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.aami import CLASS_OF_SYMBOL
from medmodels.inputs.beat_windows import BeatInputSpec, prepare_beat_table, prepare_beats
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.reading.reading import BeatEvidence, Reading
from medmodels.reading.rhythm import check_heart_rate, rhythm_of
from medmodels.reading.versions import library_versions

if TYPE_CHECKING:
    from medmodels.networks.beat_graph import BeatGraph

# A reference beat and a detected one are the same within this (AAMI EC57).
MATCH_SECONDS = 0.15


class SignalReader:
    """Reads signals with one bundle.

    Parameters
    ----------
    bundle : Bundle
        Its card's kind is "signal".
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._spec = BeatInputSpec.from_card(bundle.card.input)

    @cached_property
    def _graph(self) -> BeatGraph:
        from medmodels.networks.beat_graph import BeatGraph

        return BeatGraph(self._bundle.network)

    def warm(self) -> None:
        """Compile the graph."""
        self._graph.warm()

    def read(
        self, item: Signal | BeatTable, progress: Callable[[float], None] | None = None
    ) -> Reading:
        """Answer for every beat; see `medmodels.reading.read`."""
        report = progress or (lambda share: None)
        start = time.perf_counter()
        findings = list(item.notes)
        if isinstance(item, Signal):
            peaks = find_r_peaks(item)
            detected = time.perf_counter()
            report(0.3)
            times_s = peaks / item.rate
            doubt = check_heart_rate(rhythm_of(times_s), item.rate)
            findings += [doubt] if doubt else []
            if item.samples.shape[1] == 1:
                findings.append(
                    "Only one lead: ventricular and supraventricular beats are told apart less "
                    "well than with two."
                )
            inputs = prepare_beats(item, peaks, self._spec)
            reference = self._reference(item, peaks)
            seconds, source = item.seconds, item.source
        else:
            detected = start
            inputs = prepare_beat_table(item, self._spec)
            times_s = np.arange(len(inputs.windows), dtype=np.float64)
            findings.append(
                "One beat a row: there is no rhythm to read, so early beats (S) cannot be judged."
            )
            reference = None if item.labels is None else np.where(item.labels < 4, item.labels, -1)
            seconds, source = 0.0, "table of single beats"
        prepared = time.perf_counter()
        report(0.5)
        logits = self._graph(
            inputs.windows, inputs.rhythm, progress=lambda share: report(0.5 + share / 2)
        )
        answered = time.perf_counter()
        point = self._bundle.operating_point
        return Reading(
            card=self._bundle.card,
            operating_point=point,
            bundle_digest=self._bundle.digest,
            input_digest=item.digest,
            source=source,
            logits=logits,
            probabilities=point.probabilities(logits),
            labels=point.labels(logits),
            findings=tuple(findings),
            timings={
                "detect": detected - start,
                "prepare": prepared - detected,
                "network": answered - prepared,
            },
            versions=library_versions(),
            beats=BeatEvidence(
                inputs=inputs,
                times_s=times_s,
                has_rhythm=isinstance(item, Signal),
                reference=reference,
                seconds=seconds,
            ),
        )

    def _reference(
        self, signal: Signal, peaks: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64] | None:
        """Class of the annotated beat at each detected one, -1 where there is none."""
        if signal.annotations is None or not len(signal.annotations.samples):
            return None
        names = self._bundle.card.class_names
        codes = np.array(
            [
                names.index(name) if (name := CLASS_OF_SYMBOL.get(symbol)) in names else -1
                for symbol in signal.annotations.symbols
            ]
        )
        known = signal.annotations.samples
        after = np.clip(np.searchsorted(known, peaks), 0, len(known) - 1)
        before = np.maximum(after - 1, 0)
        closer = np.abs(known[before] - peaks) <= np.abs(known[after] - peaks)
        nearest = np.where(closer, before, after)
        near = np.abs(known[nearest] - peaks) <= MATCH_SECONDS * signal.rate
        return np.where(near, codes[nearest], -1)
