"""Scans: one compiled graph gives the answer and its Grad-CAM."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.inputs.origin import Origin
from medmodels.inputs.preparation import prepare_display, to_display
from medmodels.inputs.scan import Scan
from medmodels.inputs.shown import shown_picture
from medmodels.reading.reading import Reading, ScanEvidence, Trust
from medmodels.reading.versions import library_versions
from medmodels.trust.scan_quality import ScanQuality, measure_scan
from medmodels.trust.scan_trust import ScanTrust

if TYPE_CHECKING:
    import tensorflow as tf

    from medmodels.explain.grad_cam import Answer, AnswerWithGradCam

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class ReadyScan:
    """A scan as the network will see it.

    Parameters
    ----------
    seen : ndarray, float32, shape (H, W, C)
        0 to 1.
    quality : ScanQuality or None
        None where the bundle has no trust layer.
    modality, digest, source, notes, origin
        See `medmodels.inputs.scan.Scan`.
    seconds : float
        What preparing it took.
    shown, size_mm
        See `ScanEvidence`.
    """

    seen: Floats
    quality: ScanQuality | None
    modality: str
    digest: str
    source: str
    notes: tuple[str, ...]
    seconds: float
    origin: Origin | None = None
    shown: npt.NDArray[np.uint8] | None = None
    size_mm: tuple[float, float] | None = None


@dataclass(frozen=True)
class Asked:
    """Scans that a network has been asked about, together.

    Parameters
    ----------
    scans : tuple of ReadyScan
    answer : Answer
        A row for each.
    seconds : float
        What the network took for all of them.
    """

    scans: tuple[ReadyScan, ...]
    answer: Answer
    seconds: float


class ScanReader:
    """Reads scans with one bundle.

    Parameters
    ----------
    bundle : Bundle
        Its card's kind is "scan".
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    @cached_property
    def _graph(self) -> AnswerWithGradCam:
        from medmodels.explain.grad_cam import AnswerWithGradCam

        table = self._bundle.trust.get("features")
        taps = None
        if table:
            from medmodels.networks.taps import TapSpec

            taps = TapSpec.from_trust(table)
        layer = self._bundle.card.network["explained_layer"]
        return AnswerWithGradCam(self._bundle.network, layer, taps)

    @cached_property
    def _trust(self) -> ScanTrust | None:
        bundle = self._bundle
        if "out_of_distribution" not in bundle.trust:
            return None
        titles = [entry.title for entry in bundle.card.classes]
        expected = str(bundle.card.input.get("expected", bundle.card.title))
        return ScanTrust(bundle.trust, bundle.reference, bundle.operating_point, titles, expected)

    def warm(self) -> None:
        """Compile the graph and read the trust layer's arrays."""
        self._graph.warm()
        _ = self._trust

    def read(self, scan: Scan) -> Reading:
        """Answer for one scan; see `medmodels.reading.read`."""
        from medmodels.explain import grad_cam, hires_cam

        ready = self.prepare(scan, kept=True)
        start = time.perf_counter()
        answer = self._graph(ready.seen[None])
        answered = time.perf_counter()
        size = ready.seen.shape[0], ready.seen.shape[1]
        maps = {
            "hires_cam": tuple(
                hires_cam.to_map(cells, size, index)
                for index, cells in enumerate(answer.evidence[0])
            ),
            "grad_cam": tuple(
                grad_cam.to_map(cam, size, index) for index, cam in enumerate(answer.cams[0])
            ),
        }
        mapped = time.perf_counter()
        (trust,) = self._judge([ready], answer)
        timings = {
            "network": answered - start,
            "saliency": mapped - answered,
            "trust": time.perf_counter() - mapped,
        }
        return self._reading(ready, answer.logits, trust, maps, timings)

    def prepare(self, scan: Scan, *, kept: bool = False) -> ReadyScan:
        """All that is needed of a scan, without its own pixels; asks no network.

        Parameters
        ----------
        scan : Scan
        kept : bool
            Keep its picture, for a reading that is to be shown and reported.
        """
        start = time.perf_counter()
        card = self._bundle.card
        display = to_display(scan)
        seen = prepare_display(display, int(card.input["size"]), int(card.input["channels"]))
        shown = shown_picture(display) if kept else None
        prepared = time.perf_counter() - start
        quality = None if self._trust is None else measure_scan(display, seen)
        (rows, columns), spacing = scan.shape, scan.spacing_mm
        # All frames of a file have its digest: what is made of one says which it was.
        notes = (*filter(None, (scan.place,)), *scan.notes)
        return ReadyScan(
            seen, quality, scan.modality, scan.digest, scan.source, notes, prepared,
            scan.origin, shown, (rows * spacing[0], columns * spacing[1]) if spacing else None,
        )  # fmt: skip

    def together(self, many: Sequence[ReadyScan]) -> tf.Tensor:
        """What the network sees of several scans, at least one, for `ask_many`."""
        return self._graph.together([ready.seen for ready in many])

    def ask_many(self, many: Sequence[ReadyScan], seen: tf.Tensor) -> Asked:
        """What the network says of several scans, without maps; `tell_many` makes it readings.

        Apart from those, for the network to be asked about the next scans meanwhile.

        Parameters
        ----------
        many : sequence of ReadyScan
        seen : tensor, float32, shape (N, H, W, C)
            From `together`.
        """
        start = time.perf_counter()
        answer = self._graph.without_maps(seen)
        return Asked(tuple(many), answer, time.perf_counter() - start)

    def tell_many(self, asked: Asked) -> list[Reading]:
        """Readings, in the order of the scans."""
        many, answer = asked.scans, asked.answer
        start = time.perf_counter()
        judged = self._judge(many, answer)
        timings = {
            "network": asked.seconds / len(many),
            "trust": (time.perf_counter() - start) / len(many),
        }
        return [
            self._reading(ready, logits[None], trust, {}, timings)
            for ready, logits, trust in zip(many, answer.logits, judged, strict=True)
        ]

    def _reading(
        self,
        ready: ReadyScan,
        logits: Floats,
        trust: Trust | None,
        maps: Mapping[str, tuple[SaliencyMap, ...]],
        timings: Mapping[str, float],
    ) -> Reading:
        point = self._bundle.operating_point
        return Reading(
            card=self._bundle.card,
            operating_point=point,
            bundle_digest=self._bundle.digest,
            input_digest=ready.digest,
            source=ready.source,
            logits=logits,
            probabilities=point.probabilities(logits),
            labels=point.labels(logits),
            notes=ready.notes,
            timings={"prepare": ready.seconds, **timings},
            versions=library_versions(),
            scan=ScanEvidence(ready.seen, maps, ready.origin, ready.shown, ready.size_mm),
            trust=trust,
            map_scales=self._bundle.trust.get("saliency_scale", {}),
        )

    def _judge(self, many: Sequence[ReadyScan], answer: Answer) -> list[Trust | None]:
        layer = self._trust
        if layer is None:
            return [None] * len(many)
        scores, lies = layer.scores(answer.features)
        low, high = layer.interval(answer.features, answer.logits)
        probabilities = self._bundle.operating_point.probabilities(answer.logits)
        found: list[Trust | None] = []
        for i, ready in enumerate(many):
            assert ready.quality is not None
            verdict = layer.verdict(
                score=float(scores[i]),
                lies=lies[i],
                quality=ready.quality,
                probabilities=probabilities[i],
                low=low[i],
                high=high[i],
                modality=ready.modality,
            )
            sets = {level: np.array([held]) for level, held in verdict.sets.items()}
            found.append(
                Trust(
                    verdict.decision, verdict.findings, verdict.unlike, sets,
                    low[i : i + 1], high[i : i + 1],
                )
            )  # fmt: skip
        return found
