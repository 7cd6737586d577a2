"""Sequences of bases: every window of the network's length gets an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.bases import one_hot
from medmodels.inputs.sequences import Sequences
from medmodels.reading.bases_trust import BasesJudge
from medmodels.reading.call_levels import CallLevels
from medmodels.reading.reading import BasesEvidence, Reading
from medmodels.reading.versions import library_versions
from medmodels.trust.base_trust import spread

if TYPE_CHECKING:
    from medmodels.networks.base_scan import BaseScan

Progress = Callable[[float], None]
Floats = npt.NDArray[np.float32]


class BasesReader:
    """Reads sequences of bases with one bundle.

    Parameters
    ----------
    bundle : Bundle
        Its card's kind is "sequence"; ``[input] length`` is the window.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._length = int(bundle.card.input["length"])
        levels = CallLevels.from_trust(bundle.trust)
        self._level = levels.levels[levels.usual] if levels else None

    @cached_property
    def _scan(self) -> BaseScan:
        from medmodels.networks.base_scan import BaseScan

        return BaseScan(self._bundle.network)

    @cached_property
    def _judge(self) -> BasesJudge | None:
        return BasesJudge(self._bundle) if "out_of_distribution" in self._bundle.trust else None

    def warm(self) -> None:
        """Compile the graph and read the trust layer's arrays."""
        # Windows by themselves are read with what the trust layer wants of them.
        self._scan.warm(alone=self._judge is None)
        if self._judge is not None:
            self._judge.warm()

    def read(self, item: Sequences, progress: Progress | None = None) -> Reading:
        """Answer for every window of every sequence; see `medmodels.reading.read`."""
        start = time.perf_counter()
        lengths = np.array([len(sequence) for sequence in item.sequences], np.int64)
        rows = np.concatenate([[0], np.cumsum(lengths - self._length + 1)]).astype(np.int64)
        strands = item.strands or ("+",) * len(item.sequences)
        evidence = BasesEvidence(item, strands, rows, self._length, self._level)
        answer = self._along if evidence.scanned else self._windows
        logits, features = answer(evidence, progress or _silent)
        point = self._bundle.operating_point
        answered = time.perf_counter()
        reading = Reading(
            card=self._bundle.card,
            operating_point=point,
            bundle_digest=self._bundle.digest,
            input_digest=item.digest,
            source=item.source,
            logits=logits,
            probabilities=point.probabilities(logits),
            labels=point.labels(logits),
            notes=item.notes,
            timings={"network": answered - start},
            versions=library_versions(),
            bases=evidence,
            map_scales=self._bundle.trust.get("saliency_scale", {}),
        )
        if self._judge is None:
            return reading
        assert features is not None
        trust = self._judge(reading, features)
        seconds = {"trust": time.perf_counter() - answered}
        return replace(reading, trust=trust, timings={**reading.timings, **seconds})

    def _windows(self, evidence: BasesEvidence, progress: Progress) -> tuple[Floats, Floats | None]:
        """Sequences of one window each: logits, and features where there is a trust layer."""
        windows = np.stack([one_hot(sequence) for sequence in evidence.sequences.sequences])
        if self._judge is None:
            return self._scan.windows(windows, progress=progress), None
        return self._judge.features(windows, progress=progress)

    def _along(self, evidence: BasesEvidence, progress: Progress) -> tuple[Floats, Floats | None]:
        """Logits of all windows of long sequences, and features of those that are judged."""
        rows = evidence.first_rows
        judged = spread(int(rows[-1])) if self._judge is not None else np.zeros(0, np.int64)
        found = []
        for number, sequence in enumerate(evidence.sequences.sequences):
            start, end = rows[number], rows[number + 1]
            within = judged[(judged >= start) & (judged < end)] - start
            report = _between(progress, float(start / rows[-1]), float(end / rows[-1]))
            found.append(self._scan.with_features(one_hot(sequence), within, progress=report))
        logits, features = (np.concatenate(each) for each in zip(*found, strict=True))
        return logits, None if self._judge is None else features


def _between(progress: Progress, start: float, end: float) -> Progress:
    """The share of a part as the share of the whole."""
    return lambda share: progress(start + share * (end - start))


def _silent(share: float) -> None:
    """Nobody is watching the progress."""
