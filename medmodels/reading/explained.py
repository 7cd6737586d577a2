"""Explain one answer of a reading, and audit the map: what fills in after the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from medmodels.bundles import Bundle
from medmodels.inputs.bases import one_hot
from medmodels.networks.beat_stretch import cut, stretch_of
from medmodels.reading.reading import BeatEvidence, Explained, Reading

if TYPE_CHECKING:
    from medmodels.explain.saliency_map import SaliencyMap
    from medmodels.explain.subject import Subject

Progress = Callable[[float], None]
Floats = npt.NDArray[np.float32]


def explain_row(
    bundle: Bundle,
    reading: Reading,
    row: int = 0,
    *,
    method: str | None = None,
    class_index: int | None = None,
    found: SaliencyMap | None = None,
    progress: Progress | None = None,
) -> Explained:
    """Make the map of one answer, and audit it.

    Parameters
    ----------
    bundle : Bundle
        That made the reading.
    reading : Reading
    row : int
        0 for a scan, the beat for a signal, the window for sequences.
    method : str, optional
        The one that measured best with this bundle, if not given.
    class_index : int, optional
        The decided class, if not given.
    found : SaliencyMap, optional
        The map, where it is there already.
    progress : callable, optional
        Told the share that is done; whatever it raises stops the work.

    Returns
    -------
    Explained
    """
    from medmodels.explain.audit import audit
    from medmodels.explain.plan import ExplainPlan

    plan = ExplainPlan.of(bundle)
    chosen = method or plan.method
    index = int(reading.labels[row]) if class_index is None else class_index
    subject, first = subject_of(bundle, reading, row, index)
    if found is None and reading.scan is not None and chosen in reading.scan.maps:
        found = reading.scan.maps[chosen][index]
    if found is None:
        found = subject.explain(chosen)
    result = audit(subject, chosen, found, plan, progress=progress)
    return Explained(row, first, found, result)


def subject_of(bundle: Bundle, reading: Reading, row: int, class_index: int) -> tuple[Subject, int]:
    """One answer as the explanation methods want it, and the beat in its first row, or 0.

    Parameters
    ----------
    bundle, reading, row
        As for `explain_row`.
    class_index : int
        The class explained.
    """
    from medmodels.explain.subject import Subject

    if reading.scan is not None:
        return Subject(bundle, reading.scan.network_input, None, class_index), 0
    if reading.bases is not None:
        return Subject(bundle, one_hot(reading.bases.window(row)), None, class_index), 0
    assert reading.beats is not None
    windows, numbers, first = given_with(reading.beats, row)
    return Subject(bundle, (windows, numbers), row - first, class_index), first


def given_with(beats: BeatEvidence, row: int) -> tuple[Floats, Floats, int]:
    """What the network is given along with a beat, as when it read the recording.

    Parameters
    ----------
    beats : BeatEvidence
    row : int
        The beat.

    Returns
    -------
    windows : ndarray, float32, shape (T, L, leads)
    numbers : ndarray, float32, shape (T, R)
    first : int
        The beat in the first row: below 0 at the start of a recording, where
        the first rows are empty, see `medmodels.networks.beat_stretch`.
    """
    inputs = beats.inputs
    if not beats.has_rhythm:
        return inputs.windows[row : row + 1], inputs.rhythm[row : row + 1], row
    first = stretch_of(row)
    return cut(inputs.windows, first), cut(inputs.rhythm, first), first


def with_explained(reading: Reading, explained: Explained) -> Reading:
    """The reading with one more explained answer, in the place of an earlier one like it."""
    kept = tuple(one for one in reading.explained if one.question != explained.question)
    return replace(reading, explained=(*kept, explained))


def warm_explained(bundle: Bundle) -> None:
    """Compile what explains a bundle's network, so that no map waits for it; some seconds."""
    from medmodels.explain.warm import warm_explanations

    warm_explanations(bundle.network, bundle.card.network.get("explained_layer"))
