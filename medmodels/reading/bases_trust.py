"""Which windows of an upload of bases the trust layer looks at, and what it makes of them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.bases import one_hot
from medmodels.reading.call_levels import CallLevels
from medmodels.reading.reading import BasesEvidence, Reading, Trust
from medmodels.reading.sites import at_level, called_sites
from medmodels.trust.base_trust import BaseTrust, spread

if TYPE_CHECKING:
    from medmodels.networks.base_features import BaseFeatures

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_MOST_SITES = 2000


class BasesJudge:
    """The trust layer of a bundle at work on readings of sequences.

    Parameters
    ----------
    bundle : Bundle
        With a trust layer.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle

    @cached_property
    def features(self) -> BaseFeatures:
        """The network with what its last layer reads."""
        from medmodels.networks.base_features import BaseFeatures

        return BaseFeatures(self._bundle.network, str(self._bundle.trust["head"]["layer"]))

    @cached_property
    def _layer(self) -> BaseTrust:
        bundle = self._bundle
        titles = [entry.title for entry in bundle.card.classes]
        expected = str(bundle.card.input.get("expected", bundle.card.title))
        return BaseTrust(bundle.trust, bundle.reference, bundle.operating_point, titles, expected)

    def warm(self) -> None:
        """Compile the graph and read the trust layer's arrays."""
        self.features.warm()
        _ = self._layer

    def __call__(self, reading: Reading, features: Floats) -> Trust:
        """Judge a reading.

        Parameters
        ----------
        reading : Reading
            With ``bases``, and without trust.
        features : ndarray, float32, shape (m, F)
            What the last layer reads of every window; of long sequences, of the windows
            `spread` along them. Intervals are then computed for these and for the called
            sites, and are NaN for all other windows.
        """
        evidence = _evidence(reading)
        rows, sites = np.arange(len(features)), np.zeros(0, dtype=np.int64)
        if evidence.scanned:
            rows = spread(len(reading.labels))
            sites = np.setdiff1d(self._called(reading), rows)
        verdict = self._layer.verdict(
            _windows(evidence, rows), features, reading.probabilities,
            items="places" if evidence.scanned else reading.card.items,
            place=lambda number: where(evidence, int(rows[number])),
        )  # fmt: skip
        # Half the bytes of other readings' intervals: a sequence can have millions of windows.
        low, high = np.full((2, *reading.logits.shape), np.nan, dtype=np.float32)
        low[rows], high[rows] = self._layer.interval(features, reading.logits[rows])
        if len(sites):
            sites_read = self.features(_windows(evidence, sites))[1]
            low[sites], high[sites] = self._layer.interval(sites_read, reading.logits[sites])
        return Trust(verdict.decision, verdict.findings, verdict.unlike, verdict.sets, low, high)

    def _called(self, reading: Reading) -> Ints:
        """Rows of the sites called at any level, so that another one can be chosen later."""
        levels = CallLevels.from_trust(self._bundle.trust)
        each = [at_level(reading, level) for level in levels.levels] if levels else [reading]
        rows = {site.row: None for one in reversed(each) for site in called_sites(one)}
        return np.array(list(rows)[:_MOST_SITES], dtype=np.int64)


def where(evidence: BasesEvidence, row: int) -> str:
    """Where a window is, in words.

    Parameters
    ----------
    evidence : BasesEvidence
    row : int
        Of the reading.

    Returns
    -------
    str
        The name of a sequence of one window; of a longer one the bases, counted from 1
        along it as it was given.
    """
    number, start = evidence.place(row)
    name = f"“{evidence.sequences.names[number]}”"
    if not evidence.scanned:
        return name
    if evidence.strands[number] == "-":
        start = len(evidence.sequences.sequences[number]) - start - evidence.length
    words = f"bases {start + 1:,} to {start + evidence.length:,}"
    return words if len(set(evidence.sequences.names)) == 1 else f"{words} of {name}"


def _evidence(reading: Reading) -> BasesEvidence:
    assert reading.bases is not None
    return reading.bases


def _windows(evidence: BasesEvidence, rows: Ints) -> Floats:
    """The windows of some answers, rising, as a network reads them, (m, length, 4)."""
    numbers = np.searchsorted(evidence.first_rows, rows, side="right") - 1
    starts = rows - evidence.first_rows[numbers]
    each, firsts = np.unique(numbers, return_index=True)
    along = np.arange(evidence.length)
    return np.concatenate([
        one_hot(evidence.sequences.sequences[number])[some[:, np.newaxis] + along]
        for number, some in zip(each, np.split(starts, firsts[1:]), strict=True)
    ])  # fmt: skip
