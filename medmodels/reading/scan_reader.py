"""Scans: one compiled graph gives the answer and its Grad-CAM."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from medmodels.bundles import Bundle
from medmodels.inputs.preparation import prepare_scan
from medmodels.inputs.scan import Scan
from medmodels.reading.reading import Reading, ScanEvidence
from medmodels.reading.versions import library_versions

if TYPE_CHECKING:
    from medmodels.explain.grad_cam import AnswerWithGradCam


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

        return AnswerWithGradCam(self._bundle.network, self._bundle.card.network["explained_layer"])

    def warm(self) -> None:
        """Compile the graph."""
        self._graph.warm()

    def read(self, scan: Scan) -> Reading:
        """Answer for one scan; see `medmodels.reading.read`."""
        from medmodels.explain.grad_cam import to_map

        card, point = self._bundle.card, self._bundle.operating_point
        start = time.perf_counter()
        seen = prepare_scan(scan, int(card.input["size"]), int(card.input["channels"]))
        prepared = time.perf_counter()
        answer = self._graph(seen[None])
        answered = time.perf_counter()
        maps = tuple(
            to_map(cam, (seen.shape[0], seen.shape[1]), index)
            for index, cam in enumerate(answer.cams[0])
        )
        return Reading(
            card=card,
            operating_point=point,
            bundle_digest=self._bundle.digest,
            input_digest=scan.digest,
            source=scan.source,
            logits=answer.logits,
            probabilities=point.probabilities(answer.logits),
            labels=point.labels(answer.logits),
            findings=scan.notes,
            timings={
                "prepare": prepared - start,
                "network": answered - prepared,
                "saliency": time.perf_counter() - answered,
            },
            versions=library_versions(),
            scan=ScanEvidence(network_input=seen, maps=maps),
        )
