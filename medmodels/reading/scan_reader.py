"""Scans: one compiled graph gives the answer and its Grad-CAM."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.preparation import prepare_display, to_display
from medmodels.inputs.scan import Scan
from medmodels.reading.reading import Reading, ScanEvidence, Trust
from medmodels.reading.versions import library_versions
from medmodels.trust.scan_quality import measure_scan
from medmodels.trust.scan_trust import ScanTrust

if TYPE_CHECKING:
    from medmodels.explain.grad_cam import Answer, AnswerWithGradCam

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


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

        card, point = self._bundle.card, self._bundle.operating_point
        start = time.perf_counter()
        display = to_display(scan)
        seen = prepare_display(display, int(card.input["size"]), int(card.input["channels"]))
        prepared = time.perf_counter()
        answer = self._graph(seen[None])
        answered = time.perf_counter()
        size = seen.shape[0], seen.shape[1]
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
        probabilities = point.probabilities(answer.logits)
        trust = self._judge(scan, display, seen, answer, probabilities)
        return Reading(
            card=card,
            operating_point=point,
            bundle_digest=self._bundle.digest,
            input_digest=scan.digest,
            source=scan.source,
            logits=answer.logits,
            probabilities=probabilities,
            labels=point.labels(answer.logits),
            notes=scan.notes,
            timings={
                "prepare": prepared - start,
                "network": answered - prepared,
                "saliency": mapped - answered,
                "trust": time.perf_counter() - mapped,
            },
            versions=library_versions(),
            scan=ScanEvidence(network_input=seen, maps=maps),
            trust=trust,
        )

    def _judge(
        self, scan: Scan, display: Floats, seen: Floats, answer: Answer, probabilities: Doubles
    ) -> Trust | None:
        if self._trust is None:
            return None
        (score,), (lies,) = self._trust.scores(answer.features)
        low, high = self._trust.interval(answer.features, answer.logits)
        verdict = self._trust.verdict(
            score=float(score),
            lies=lies,
            quality=measure_scan(display, seen),
            probabilities=probabilities[0],
            low=low[0],
            high=high[0],
            modality=scan.modality,
        )
        sets = {level: np.array([held]) for level, held in verdict.sets.items()}
        return Trust(verdict.decision, verdict.findings, verdict.unlike, sets, low, high)
