"""The result of reading one input with one bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels import NOTICE
from medmodels.bundles import Card
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.inputs.beat_windows import BeatInputs
from medmodels.trust.operating_point import OperatingPoint

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class ScanEvidence:
    """What an answer about a scan rests on.

    Parameters
    ----------
    network_input : ndarray, float32, shape (H, W, C)
        What the network saw, 0 to 1.
    maps : tuple of SaliencyMap
        Grad-CAM of every class, in the order of the classes.
    """

    network_input: npt.NDArray[np.float32]
    maps: tuple[SaliencyMap, ...]


@dataclass(frozen=True)
class BeatEvidence:
    """What the answers about a signal's beats rest on.

    Parameters
    ----------
    inputs : BeatInputs
        The windows and rhythm that the network read.
    times_s : ndarray, float64, shape (n_beats,)
        R peaks, seconds from the start; row numbers where the input has no
        time (one beat a row).
    has_rhythm : bool
        False when the input is a table of single beats.
    reference : ndarray, int64, shape (n_beats,) or None
        Classes that came with the input, -1 where a beat has none of the
        task's classes; for comparison only.
    seconds : float
        Duration of the signal; 0 for a table of beats.
    """

    inputs: BeatInputs
    times_s: npt.NDArray[np.float64]
    has_rhythm: bool
    reference: npt.NDArray[np.int64] | None
    seconds: float


@dataclass(frozen=True)
class Reading:
    """One input read with one bundle: all that a view or an export may show.

    Parameters
    ----------
    card : Card
        The bundle's card.
    operating_point : OperatingPoint
        The rule that made ``labels`` from ``logits``.
    bundle_digest, input_digest : str
        SHA-256, hexadecimal.
    source : str
        The input's encoding in words.
    logits : ndarray, float32, shape (n, K)
        One row for a scan, one a beat for a signal.
    probabilities : ndarray, float64, shape (n, K)
        Softmax of the logits at the bundle's temperature.
    labels : ndarray, int64, shape (n,)
        Class decided for each row.
    findings : tuple of str
        What a reader of the answer should know about this input.
    timings : mapping
        Seconds spent in each step.
    versions : mapping
        Versions of the libraries that computed this.
    scan : ScanEvidence or None
    beats : BeatEvidence or None
        One of the two, by the kind of the input.
    """

    card: Card
    operating_point: OperatingPoint
    bundle_digest: str
    input_digest: str
    source: str
    logits: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]
    findings: tuple[str, ...]
    timings: Mapping[str, float]
    versions: Mapping[str, str]
    scan: ScanEvidence | None = None
    beats: BeatEvidence | None = None

    @property
    def task(self) -> str:
        """The task's name."""
        return self.card.task

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON, without pixels and samples."""
        return {
            "notice": NOTICE,
            "task": self.task,
            "bundle": self.bundle_digest,
            "input": {"sha256": self.input_digest, "source": self.source},
            "findings": list(self.findings),
            **(self._scan_answer() if self.scan else self._beat_answers()),
            "seconds": {name: round(value, 4) for name, value in self.timings.items()},
            "versions": dict(self.versions),
        }

    def _probabilities_of(self, row: int) -> dict[str, float]:
        shares = zip(self.card.class_names, self.probabilities[row], strict=True)
        return {name: round(float(share), 6) for name, share in shares}

    def _scan_answer(self) -> dict[str, Any]:
        assert self.scan is not None
        names = self.card.class_names
        point = self.operating_point
        return {
            "answer": names[self.labels[0]],
            "probabilities": self._probabilities_of(0),
            "operating_point": {
                "class": names[point.positive] if point.positive is not None else None,
                "threshold": point.threshold,
                "rule": point.rule,
                "chosen_on": point.chosen_on,
            },
            "saliency": [
                {
                    "class": names[entry.class_index],
                    "method": entry.method,
                    "unit": entry.unit,
                    "grid": list(entry.grid),
                    "highest": round(float(entry.values.max()), 6),
                    "highest_at": [int(i) for i in np.unravel_index(
                        int(entry.values.argmax()), entry.values.shape)],
                }
                for entry in self.scan.maps
            ],
        }  # fmt: skip

    def _beat_answers(self) -> dict[str, Any]:
        assert self.beats is not None
        names = self.card.class_names
        counts = np.bincount(self.labels, minlength=len(names))
        position = "time_s" if self.beats.has_rhythm else "row"
        return {
            "answer": {name: int(n) for name, n in zip(names, counts, strict=True)},
            "duration_s": round(self.beats.seconds, 3),
            "beats": [
                {
                    position: round(float(time), 3),
                    "label": names[label],
                    "probabilities": self._probabilities_of(row),
                }
                for row, (time, label) in enumerate(
                    zip(self.beats.times_s, self.labels, strict=True)
                )
            ],
        }
