"""The answer in one sentence; every class name comes from the card."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medmodels.bundles import ClassCard
from medmodels.reading.reading import Reading


def answer_sentence(reading: Reading) -> str:
    """Say the answer as one would at the bedside.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    str
        For a scan the class and its probability; for a signal how many beats
        were read as each class.
    """
    if reading.scan is None:
        classes = reading.card.classes
        return say_beats(np.bincount(reading.labels, minlength=len(classes)).tolist(), classes)
    label = int(reading.labels[0])
    title = reading.card.classes[label].title.lower()
    probability = percent(float(reading.probabilities[0, label]))
    return f"The network’s answer is {title}, with a probability of {probability}."


def percent(probability: float) -> str:
    """A probability as text; never "0%" or "100%", which no network can know.

    Examples
    --------
    >>> percent(0.00001), percent(0.034), percent(0.62), percent(0.99999)
    ('< 0.1%', '3.4%', '62%', '> 99.9%')
    """
    if probability < 0.001:
        return "< 0.1%"
    if probability > 0.999:
        return "> 99.9%"
    return f"{100 * probability:.1f}%" if not 0.1 <= probability <= 0.9 else f"{probability:.0%}"


def say_beats(counts: Sequence[int], classes: Sequence[ClassCard]) -> str:
    """Say in one sentence what the beats were read as.

    Parameters
    ----------
    counts : sequence of int
        Beats of each class.
    classes : sequence of ClassCard

    Returns
    -------
    str
        The gravest classes first; classes of severity 0 as "the rest".

    Examples
    --------
    >>> normal = ClassCard("N", "Normal", "N", 0, "")
    >>> ectopic = ClassCard("V", "Ventricular", "V", 2, "")
    >>> say_beats([2262, 12], [normal, ectopic])
    'Of 2,274 beats, 12 are read as ventricular (V); the other 2,262 as normal (N).'
    >>> say_beats([80, 0], [normal, ectopic])
    'All 80 beats are read as normal (N).'
    """
    total = int(sum(counts))
    order = sorted(range(len(classes)), key=lambda i: (-classes[i].severity, -counts[i]))
    abnormal = [i for i in order if classes[i].severity and counts[i]]
    quiet = [i for i in order if not classes[i].severity and counts[i]]
    if not abnormal:
        if len(quiet) == 1:
            lead = "The only beat is" if total == 1 else f"All {total:,} beats are"
            return f"{lead} read as {_name(classes[quiet[0]])}."
        return f"Of {_beats(total)}, " + _listed(counts, classes, quiet) + "."
    rest = sum(counts[i] for i in quiet)
    sentence = f"Of {_beats(total)}, {_listed(counts, classes, abnormal)}"
    if len(quiet) == 1:
        others = f"{rest:,}" if rest > 1 else "one"
        return f"{sentence}; the other {others} as {_name(classes[quiet[0]])}."
    return f"{sentence}; the other {rest:,} are not." if rest else f"{sentence}; none is normal."


def _name(entry: ClassCard) -> str:
    return f"{entry.title.lower()} ({entry.letter})"


def _beats(total: int) -> str:
    return "1 beat" if total == 1 else f"{total:,} beats"


def _listed(counts: Sequence[int], classes: Sequence[ClassCard], indices: Sequence[int]) -> str:
    parts = [f"{counts[i]:,} as {_name(classes[i])}" for i in indices]
    verb = "is read" if counts[indices[0]] == 1 else "are read"
    parts[0] = parts[0].replace(" as ", f" {verb} as ", 1)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
