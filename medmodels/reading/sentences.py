"""The answer in one sentence; every class name comes from the card."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from medmodels.bundles import ClassCard
from medmodels.reading.reading import Reading
from medmodels.reading.sites import called_sites


def answer_sentence(reading: Reading) -> str:
    """Say the answer as one would at the bedside.

    Parameters
    ----------
    reading : Reading

    Returns
    -------
    str
        For a scan, or a sequence of one window, the class and its probability;
        for a signal how many beats were read as each class; for sequences how
        many were read as each class, or how many sites were called along them.
    """
    if reading.bases is not None:
        return _say_bases(reading)
    if reading.scan is None:
        classes = reading.card.classes
        return say_beats(np.bincount(reading.labels, minlength=len(classes)).tolist(), classes)
    return _say_one(reading)


def _say_one(reading: Reading) -> str:
    label = int(reading.labels[0])
    title = reading.card.classes[label].title.lower()
    probability = percent(float(reading.probabilities[0, label]))
    return f"The network’s answer is {title}, with a probability of {probability}."


def _say_bases(reading: Reading) -> str:
    assert reading.bases is not None
    bases, classes = reading.bases, reading.card.classes
    if len(reading.labels) == 1:
        return _say_one(reading)
    if not bases.scanned:
        counts = np.bincount(reading.labels, minlength=len(classes)).tolist()
        return say_beats(counts, classes, reading.card.item, reading.card.items)
    sites = called_sites(reading)
    length = sum(map(len, bases.sequences.sequences))
    along = f"along {length:,} bases"
    if not sites:
        return f"No site is called {along}."
    called = [
        f"{sum(site.entry == entry for site in sites):,} × {entry.title.lower()} ({entry.letter})"
        for entry in classes
        if any(site.entry == entry for site in sites)
    ]
    return f"{len(sites):,} {'site is' if len(sites) == 1 else 'sites are'} called {along}: " + (
        " and ".join(called) + "."
    )


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


def say_beats(
    counts: Sequence[int], classes: Sequence[ClassCard], item: str = "beat", items: str = "beats"
) -> str:
    """Say in one sentence what the beats, or other inputs, were read as.

    Parameters
    ----------
    counts : sequence of int
        Beats of each class.
    classes : sequence of ClassCard
    item, items : str
        What one of them and several are called.

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
            lead = f"The only {item} is" if total == 1 else f"All {total:,} {items} are"
            return f"{lead} read as {_name(classes[quiet[0]])}."
        return f"Of {_many(total, item, items)}, " + _listed(counts, classes, quiet) + "."
    rest = sum(counts[i] for i in quiet)
    sentence = f"Of {_many(total, item, items)}, {_listed(counts, classes, abnormal)}"
    if len(quiet) == 1:
        others = f"{rest:,}" if rest > 1 else "one"
        return f"{sentence}; the other {others} as {_name(classes[quiet[0]])}."
    return f"{sentence}; the other {rest:,} are not." if rest else f"{sentence}; none is normal."


def _name(entry: ClassCard) -> str:
    return f"{entry.title.lower()} ({entry.letter})"


def _many(total: int, item: str, items: str) -> str:
    return f"1 {item}" if total == 1 else f"{total:,} {items}"


def _listed(counts: Sequence[int], classes: Sequence[ClassCard], indices: Sequence[int]) -> str:
    parts = [f"{counts[i]:,} as {_name(classes[i])}" for i in indices]
    verb = "is read" if counts[indices[0]] == 1 else "are read"
    parts[0] = parts[0].replace(" as ", f" {verb} as ", 1)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
