"""Saliency maps of one beat: computed on its neighbourhood, merged onto one time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.explain.method import Method
from medmodels.explain.saliency_map import SaliencyMap
from medmodels.figures.beat_saliency import TracePiece
from medmodels.inputs.signal import BeatTable
from medmodels.reading.explained import subject_of
from medmodels.ui.ecg_reading import Case

if TYPE_CHECKING:
    from medmodels.explain.subject import Subject

# A neighbour is drawn when at least this share of the map lies in its window.
_REACHES = 0.04


@dataclass(frozen=True)
class BeatMap:
    """A saliency map and the beats that it was computed on.

    Parameters
    ----------
    map : SaliencyMap
        values (n_context, n_samples, n_leads).
    first : int
        Number of the beat in the first row; rows beyond the recording are empty.
    beat : int
        The beat explained.
    """

    map: SaliencyMap
    first: int
    beat: int

    @property
    def shares(self) -> npt.NDArray[np.float64]:
        """Share of the map's total magnitude in each beat's window, (n_context,)."""
        size = np.abs(self.map.values.astype(np.float64)).sum(axis=(1, 2))
        return size / max(float(size.sum()), 1e-12)

    def beats(self, recorded: int) -> range:
        """Numbers of the beats of the context, of a recording with so many."""
        return range(max(self.first, 0), min(self.first + len(self.map.values), recorded))

    @property
    def drawn(self) -> tuple[int, int]:
        """First and last beat that are drawn, by number."""
        place = self.beat - self.first
        reached = np.flatnonzero(self.shares >= _REACHES)
        near = reached[np.abs(reached - place) <= 2]
        return (
            self.first + int(min(near.min(initial=place), place)),
            self.first + int(max(near.max(initial=place), place)),
        )


def compute_map(bundle: Bundle, case: Case, beat: int, method: Method, class_index: int) -> BeatMap:
    """Explain one beat's answer.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    beat : int
    method : Method
    class_index : int

    Returns
    -------
    BeatMap
    """
    subject, first = beat_subject(bundle, case, beat, class_index)
    return BeatMap(subject.explain(method), first, beat)


def beat_subject(bundle: Bundle, case: Case, beat: int, class_index: int) -> tuple[Subject, int]:
    """One beat's answer as the explanation methods want it, and the first beat around it.

    Parameters
    ----------
    bundle, case, beat, class_index
        As for `compute_map`.
    """
    return subject_of(bundle, case.reading, beat, class_index)


def merge(case: Case, found: BeatMap) -> tuple[TracePiece, list[int]]:
    """Lay overlapping windows onto one time axis.

    A moment of the recording can lie in two windows, its own beat's and a
    neighbour's: its saliency is the sum over both.

    Parameters
    ----------
    case : Case
    found : BeatMap

    Returns
    -------
    piece : TracePiece
        From the first to the last beat that is drawn; NaN where no window is.
    leads : list of int
        Which of the network's leads the input has, as in the piece's columns.
    """
    inputs = case.beats.inputs
    rate = 1 / float(np.median(np.diff(inputs.offsets_s)))
    offsets = np.rint(inputs.offsets_s * rate).astype(np.int64)
    leads = [k for k, scale in enumerate(inputs.scale) if scale > 0]
    low, high = found.drawn
    centres = np.rint(inputs.centres_s * rate).astype(np.int64)
    if not case.beats.has_rhythm:
        centres = np.zeros_like(centres)
    start, end = int(centres[low] + offsets[0]), int(centres[high] + offsets[-1]) + 1
    values = np.full((end - start, len(leads)), np.nan)
    saliency = np.full((end - start, len(leads)), np.nan)
    for beat in found.beats(len(centres)):
        at = centres[beat] + offsets - start
        inside = (at >= 0) & (at < end - start)
        if not inside.any():
            continue
        at = at[inside]
        values[at] = inputs.windows[beat][inside][:, leads] * np.asarray(inputs.scale)[leads]
        part = found.map.values[beat - found.first][inside][:, leads]
        saliency[at] = np.nan_to_num(saliency[at]) + part
    times = (start + np.arange(end - start) - centres[found.beat]) / rate
    return TracePiece(times, values, saliency), leads


def lead_names(case: Case, leads: list[int]) -> list[str]:
    """Names of some of the network's leads as the input calls them."""
    if isinstance(case.item, BeatTable):
        return ["the row" for _ in leads]
    columns = case.beats.inputs.columns
    return [case.item.leads[column] for k in leads if (column := columns[k]) is not None]
