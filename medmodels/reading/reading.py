"""The result of reading one input with one bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Card
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.inputs.beat_windows import BeatInputs
from medmodels.inputs.origin import Origin
from medmodels.inputs.sequences import Sequences
from medmodels.inputs.signal import Signal
from medmodels.reading.call_levels import CallLevel
from medmodels.trust.decision import ANSWER, Decision
from medmodels.trust.findings import Finding
from medmodels.trust.operating_point import OperatingPoint
from medmodels.trust.unlike import Unlike

if TYPE_CHECKING:
    from medmodels.explain.audit import Audit

Floats = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class ScanEvidence:
    """What an answer about a scan rests on.

    Parameters
    ----------
    network_input : ndarray, float32, shape (H, W, C)
        What the network saw, 0 to 1.
    maps : mapping
        What came with the answer: by method, the map of every class in the
        order of the classes.
    origin : Origin or None
        The image's place in its series; None unless it came as DICOM.
    shown : ndarray, uint8, shape (H, W) or (H, W, 3), or None
        The whole field as a clinician was shown it, through the scan's default
        window, no side longer than 1024 pixels; None where many scans are read
        together, which keep no picture.
    size_mm : tuple of float or None
        Height and width of the field, millimetres, where the file tells.
    """

    network_input: npt.NDArray[np.float32]
    maps: Mapping[str, tuple[SaliencyMap, ...]]
    origin: Origin | None = None
    shown: npt.NDArray[np.uint8] | None = None
    size_mm: tuple[float, float] | None = None


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
    signal : Signal or None
        The recording itself; None for a table of beats.
    """

    inputs: BeatInputs
    times_s: npt.NDArray[np.float64]
    has_rhythm: bool
    reference: npt.NDArray[np.int64] | None
    seconds: float
    signal: Signal | None = None


@dataclass(frozen=True)
class BasesEvidence:
    """Which bases each answer is about.

    Parameters
    ----------
    sequences : Sequences
        As they were read: the other strand, where it was asked for, is a
        sequence of its own.
    strands : tuple of str
        "+" or "-" for each sequence.
    first_rows : ndarray, int64, shape (S + 1,)
        Answers ``first_rows[s]`` to ``first_rows[s + 1] - 1`` belong to
        sequence s, one for each window of ``length`` bases, from its start.
    length : int
        Bases in a window; the place that is judged lies in its middle.
    level : CallLevel or None
        How readily sites are called along sequences longer than a window;
        None: where a site is the likeliest answer.
    """

    sequences: Sequences
    strands: tuple[str, ...]
    first_rows: npt.NDArray[np.int64]
    length: int
    level: CallLevel | None = None

    @property
    def scanned(self) -> bool:
        """Whether a sequence is longer than one window."""
        return int(self.first_rows[-1]) > len(self.strands)

    def place(self, row: int) -> tuple[int, int]:
        """Sequence of an answer, and the first base of its window, from 0."""
        sequence = int(np.searchsorted(self.first_rows, row, side="right")) - 1
        return sequence, row - int(self.first_rows[sequence])

    def window(self, row: int) -> str:
        """The letters of an answer's window."""
        sequence, start = self.place(row)
        return self.sequences.sequences[sequence][start : start + self.length]


@dataclass(frozen=True)
class Explained:
    """The map of one answer, with its audit.

    Parameters
    ----------
    row : int
        Which answer: 0 for a scan, the beat for a signal, the window for
        sequences.
    first : int
        The first beat of the map; 0 for a scan or a window of bases.
    map : SaliencyMap
    audit : Audit
        Of this map on this very input.
    """

    row: int
    first: int
    map: SaliencyMap
    audit: Audit

    @property
    def question(self) -> tuple[int, str, int]:
        """Row, method and class: what tells one explanation from another."""
        return self.row, self.audit.method, self.audit.class_index


@dataclass(frozen=True)
class Trust:
    """How far the answers can be trusted.

    Parameters
    ----------
    decision : Decision
        Answer, answer with a warning, or abstain.
    findings : tuple of Finding
        On the input's quality, the gravest first.
    unlike : Unlike or None
        How unlike the training data the input is.
    sets : mapping of float to ndarray of bool, shape (n, K)
        For each level, which labels cannot be ruled out.
    low, high : ndarray, float64, shape (n, K)
        95% interval of each probability.
    """

    decision: Decision
    findings: tuple[Finding, ...]
    unlike: Unlike | None
    sets: Mapping[float, npt.NDArray[np.bool_]]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


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
        One row for a scan, one a beat for a signal, one a window for sequences.
    probabilities : ndarray, float64, shape (n, K)
        Softmax of the logits at the bundle's temperature.
    labels : ndarray, int64, shape (n,)
        Class decided for each row.
    notes : tuple of str
        What was understood of this input and done to it.
    timings : mapping
        Seconds spent in each step.
    versions : mapping
        Versions of the libraries that computed this.
    scan : ScanEvidence or None
    beats : BeatEvidence or None
    bases : BasesEvidence or None
        One of the three, by the kind of the input.
    trust : Trust or None
        None for a bundle without a trust layer.
    explained : tuple of Explained
        What has been explained and audited so far; empty at first, for the
        answer does not wait for it.
    map_scales : mapping of str to float
        For each explanation method, by its title, the value at which its maps
        are drawn brightest with this bundle, in the method's unit.
    """

    card: Card
    operating_point: OperatingPoint
    bundle_digest: str
    input_digest: str
    source: str
    logits: npt.NDArray[np.float32]
    probabilities: npt.NDArray[np.float64]
    labels: npt.NDArray[np.int64]
    notes: tuple[str, ...]
    timings: Mapping[str, float]
    versions: Mapping[str, str]
    scan: ScanEvidence | None = None
    beats: BeatEvidence | None = None
    bases: BasesEvidence | None = None
    trust: Trust | None = None
    explained: tuple[Explained, ...] = ()
    map_scales: Mapping[str, float] = field(default_factory=dict)

    @property
    def decision(self) -> Decision:
        """What to do with the answer; a plain answer for a bundle without a trust layer."""
        return self.trust.decision if self.trust else Decision(ANSWER, ())

    @property
    def task(self) -> str:
        """The task's name."""
        return self.card.task
