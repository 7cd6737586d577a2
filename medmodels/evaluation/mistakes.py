"""The worst mistakes: wrong answers that were given with the highest probability."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from medmodels.evaluation.metrics import Floats, Integers

SHOWN = 20
# One bad recording would otherwise fill the whole list.
MOST_PER_GROUP = 4


def worst_mistakes(
    confidence: Floats,
    labels: Integers,
    predicted: Integers,
    names: npt.NDArray[np.str_],
    groups: npt.NDArray[np.str_],
    classes: tuple[str, ...],
    *,
    shown: int = SHOWN,
    most_per_group: int = MOST_PER_GROUP,
) -> list[dict[str, Any]]:
    """Rows with a wrong answer, from the surest down.

    Parameters
    ----------
    confidence : ndarray, shape (n,)
        Probability of the answer that was given, 0 to 1.
    labels, predicted : ndarray, int64, shape (n,)
        True and given class.
    names, groups : ndarray of str, shape (n,)
        What a person finds the row by, and its patient or record.
    classes : tuple of str
    shown, most_per_group : int
        How many at most, in all and of one group.

    Returns
    -------
    list of dict
        ``name``, ``group``, ``score``, ``true`` and ``given``.
    """
    wrong = np.flatnonzero(labels != predicted)
    found: list[dict[str, Any]] = []
    taken: dict[str, int] = {}
    for row in wrong[np.argsort(-confidence[wrong], kind="stable")]:
        group = str(groups[row])
        if taken.get(group, 0) == most_per_group:
            continue
        taken[group] = taken.get(group, 0) + 1
        found.append({
            "name": str(names[row]),
            "group": group,
            "score": round(float(confidence[row]), 6),
            "true": classes[labels[row]],
            "given": classes[predicted[row]],
        })  # fmt: skip
        if len(found) == shown:
            break
    return found


def row_names(
    groups: npt.NDArray[np.str_],
    names: npt.NDArray[np.str_] | None,
    samples: npt.NDArray[np.integer[Any]] | None,
    rate: float | None,
) -> npt.NDArray[np.str_]:
    """What a person finds each row by: its file, or its recording and time.

    Parameters
    ----------
    groups : ndarray of str, shape (n,)
    names : ndarray of str, shape (n,), or None
        File names.
    samples : ndarray of int, shape (n,), or None
        Position of each beat in its recording.
    rate : float or None
        Samples per second of the recordings; without it, the sample is named.

    Examples
    --------
    >>> import numpy as np
    >>> row_names(np.array(["232"]), None, np.array([27108]), 360.0).tolist()
    ['232 at 01:15.30']
    """
    if names is not None:
        return names.astype(str)
    if samples is not None:
        return np.array(
            [
                f"{group} at {_moment(int(at), rate)}"
                for group, at in zip(groups, samples, strict=True)
            ]
        )
    return np.array([f"row {row + 1}, {group}" for row, group in enumerate(groups)])


def _moment(sample: int, rate: float | None) -> str:
    if not rate:
        return f"sample {sample}"
    minutes, hundredths = divmod(round(100 * sample / rate), 6000)
    return f"{minutes:02d}:{hundredths / 100:05.2f}"
