"""Nearest cases of a bundle that reads scans: which pictures they are is the recipe's business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.preparation import resize
from medmodels.networks.taps import TappedNetwork, TapSpec
from medmodels.training.neighbours import Asked, Known, NeighbourParts, fit_neighbours
from medmodels.training.scan_trust_fit import Seen

SIDE = 48  # of a composite, pixels


class LastLayer:
    """What a bundle's last layer reads of pictures, and what it answers.

    Parameters
    ----------
    bundle : Bundle

    Attributes
    ----------
    run : TappedNetwork
    size : int
        Side of the network's input, pixels.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.run = TappedNetwork(bundle.network, TapSpec.from_trust(bundle.trust["features"]))
        self.size = int(bundle.card.input["size"])
        self._first, self._end = bundle.trust["head"]["features"]
        self._labels_of = bundle.operating_point.labels

    def known(
        self,
        seen: Seen,
        labels: npt.NDArray[np.int8],
        groups: npt.NDArray[np.str_],
        names: npt.NDArray[np.str_],
        pictures: Iterable[npt.NDArray[np.float32]],
    ) -> Known:
        """Training pictures (n,) to be stored; the pictures (H, W, C) themselves in 0 to 1."""
        small = np.stack([resize(picture, SIDE) for picture in pictures])
        small = small[..., 0] if small.shape[-1] == 1 else small
        return Known(self._columns(seen), labels.astype(np.int64), groups, names, small)

    def asked(
        self, seen: Seen, labels: npt.NDArray[np.int8], groups: npt.NDArray[np.str_]
    ) -> Asked:
        """Pictures (n,) whose nearest cases are looked up to measure."""
        answers = self._labels_of(seen[0])
        return Asked(self._columns(seen), labels.astype(np.int64), answers, groups)

    def fit(
        self,
        known: Known,
        validation: Asked,
        splits: Mapping[str, Asked],
        classes: tuple[str, ...],
        about: Mapping[str, Any],
    ) -> NeighbourParts:
        """Fit and measure, see `fit_neighbours`.

        Parameters
        ----------
        known, validation, splits, classes
            As for `fit_neighbours`.
        about : mapping
            ``folder`` of the data set, ``of`` how many training pictures, ``about`` in words,
            and ``usual_of``, the pictures whose distances are usual.
        """
        parts = fit_neighbours(known, validation, splits, classes, pictures=True)
        table = {"features": [self._first, self._end], **about, **parts.table}
        return NeighbourParts(parts.reference, table, parts.predictions)

    def _columns(self, seen: Seen) -> npt.NDArray[np.float32]:
        return seen[1][:, self._first : self._end]
