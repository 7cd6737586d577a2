"""Signals: find the beats, then one compiled graph reads them in their order."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.beat_windows import (
    BeatInputs,
    BeatInputSpec,
    prepare_beat_table,
    prepare_beats,
)
from medmodels.inputs.r_peaks import find_r_peaks
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.reading.reading import BeatEvidence, Reading, Trust
from medmodels.reading.reference import reference_classes
from medmodels.reading.rhythm import check_heart_rate, rhythm_of
from medmodels.reading.versions import library_versions
from medmodels.trust.findings import Finding
from medmodels.trust.signal_trust import SignalTrust
from medmodels.trust.stretches import beat_rows

if TYPE_CHECKING:
    from medmodels.networks.beat_graph import BeatGraph

Progress = Callable[[float], None]
Floats = npt.NDArray[np.float32]

_ONE_LEAD = (
    "Only one lead: ventricular and supraventricular beats are told apart less well than with two."
)
_NO_RHYTHM = "One beat a row: there is no rhythm to read, so early beats (S) cannot be judged."


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

        head = self._bundle.trust.get("head", {})
        return BeatGraph(self._bundle.network, tuple(head.get("layers", ())))

    @cached_property
    def _trust(self) -> SignalTrust | None:
        bundle = self._bundle
        if "out_of_distribution" not in bundle.trust:
            return None
        expected = str(bundle.card.input.get("expected", bundle.card.title))
        return SignalTrust(bundle.trust, bundle.reference, bundle.operating_point, expected)

    def warm(self) -> None:
        """Compile the graph and read the trust layer's arrays."""
        self._graph.warm()
        _ = self._trust

    def read(self, item: Signal | BeatTable, progress: Progress | None = None) -> Reading:
        """Answer for every beat; see `medmodels.reading.read`."""
        report = progress or _silent
        if isinstance(item, BeatTable):
            start = time.perf_counter()
            beats = self._rows(item)
            timings = {"prepare": time.perf_counter() - start}
            notes, source = [*item.notes, _NO_RHYTHM], "table of single beats"
        else:
            beats, doubts, timings = self._recording(item, report)
            notes, source = [*item.notes, *doubts], item.source
        report(0.5)
        start = time.perf_counter()
        logits, features = self._graph.with_features(
            beats.inputs.windows,
            beats.inputs.rhythm,
            progress=lambda share: report(0.5 + share / 2),
            in_order=beats.has_rhythm,
        )
        answered = time.perf_counter()
        timings["network"] = answered - start
        trust = self._judge(item, beats, features, logits)
        timings["trust"] = time.perf_counter() - answered
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
            notes=tuple(notes),
            timings=timings,
            versions=library_versions(),
            beats=beats,
            trust=trust,
            map_scales=self._bundle.trust.get("saliency_scale", {}),
        )

    def _judge(
        self, item: Signal | BeatTable, beats: BeatEvidence, features: Floats, logits: Floats
    ) -> Trust | None:
        layer = self._trust
        if layer is None:
            return None
        stretches, findings = None, tuple[Finding, ...]()
        if isinstance(item, Signal):
            stretches = layer.stretches(beat_rows(beats.inputs), beats.times_s)
            columns = [column for column in beats.inputs.columns if column is not None]
            findings = layer.quality(
                item.samples[:, columns], item.rate, beats.inputs.r_peaks,
                tuple(item.leads[column] for column in columns), item.amplitude_known,
            )  # fmt: skip
        made = layer.verdict(
            stretches=stretches, findings=findings, features=features, logits=logits
        )
        unlike = None if stretches is None else made.unlike
        return Trust(made.decision, made.findings, unlike, made.sets, made.low, made.high)

    def _recording(
        self, signal: Signal, report: Progress
    ) -> tuple[BeatEvidence, list[str], dict[str, float]]:
        """Beats of a recording, doubts about it, and seconds spent."""
        start = time.perf_counter()
        peaks = find_r_peaks(signal)
        detected = time.perf_counter()
        report(0.3)
        times_s = peaks / signal.rate
        unusual = check_heart_rate(rhythm_of(times_s), signal.rate)
        doubts = [unusual, _ONE_LEAD if signal.samples.shape[1] == 1 else None]
        if self._trust is not None:  # whose findings say both, with their thresholds
            doubts = []
        inputs: BeatInputs = prepare_beats(signal, peaks, self._spec)
        evidence = BeatEvidence(
            inputs=inputs,
            times_s=times_s,
            has_rhythm=True,
            reference=reference_classes(signal, peaks, self._bundle.card.class_names),
            seconds=signal.seconds,
            signal=signal,
        )
        timings = {"detect": detected - start, "prepare": time.perf_counter() - detected}
        return evidence, [doubt for doubt in doubts if doubt], timings

    def _rows(self, table: BeatTable) -> BeatEvidence:
        """Beats of a table, which has no time and no rhythm."""
        inputs = prepare_beat_table(table, self._spec)
        known = len(self._bundle.card.classes)
        labels = table.labels
        return BeatEvidence(
            inputs=inputs,
            times_s=np.arange(len(inputs.windows), dtype=np.float64),
            has_rhythm=False,
            reference=None if labels is None else np.where(labels < known, labels, -1),
            seconds=0.0,
        )


def _silent(share: float) -> None:
    """Nobody is watching the progress."""
