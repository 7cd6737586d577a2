"""What calling sites at a level means for these sequences, in words."""

from __future__ import annotations

from medmodels.reading.reading import Reading


def level_sentence(reading: Reading) -> str:
    """Say what is found at the level, and how many calls to expect in vain.

    Parameters
    ----------
    reading : Reading
        With ``bases``.

    Returns
    -------
    str
        Empty where no threshold was used: without a level, or where no
        sequence is longer than a window.
    """
    bases = reading.bases
    if bases is None or bases.level is None or not bases.scanned:
        return ""
    places, found, in_vain = len(reading.labels), [], []
    for entry in reading.card.classes:
        known = bases.level.classes.get(entry.name)
        if known is None:
            continue
        title = entry.title.split(" (")[0].lower()
        found.append(f"{known.found:,} of {known.sites:,} known {title}s")
        in_vain.append(f"{_about(known.in_vain_per_1000 * places / 1000)} {title} calls")
    return (
        f"At this level {' and '.join(found)} were found in cross-validation. Of the {places:,} "
        f"places read here, expect {' and '.join(in_vain)} in vain."
    )


def _about(count: float) -> str:
    """An expected count as one would say it.

    Examples
    --------
    >>> _about(0.2), _about(2.94), _about(1234.5)
    ('fewer than 1', 'about 3', 'about 1,234')
    """
    return "fewer than 1" if count < 1 else f"about {round(count):,}"
