"""What speaks against an answer, and what tells two classes apart, in plain words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from medmodels.explain.counterpoint import LEAST, Counterpoint, strongest_first
from medmodels.explain.counterpoint_beats import BeatCounterpoint, Stretch
from medmodels.explain.map_regions import Region
from medmodels.reading.sentences import percent

PICTURE = "Left and right are the picture’s, not the patient’s."
_MOST = 3


def probability(log_odds: float) -> float:
    """Probability of log-odds.

    Examples
    --------
    >>> probability(0.0)
    0.5
    """
    return 1 / (1 + math.exp(-log_odds)) if log_odds > -700 else 0.0


def gain_words(whole: float, gain: float) -> str:
    """Say what the answer gains, in log-odds and as probabilities.

    Examples
    --------
    >>> gain_words(0.0, 1.1)
    '1.10 log-odds: without it its probability would be 75% instead of 50%'
    """
    return (
        f"{gain:.2f} log-odds: without it its probability would be "
        f"{percent(probability(whole + gain))} instead of {percent(probability(whole))}"
    )


def scan_sentence(found: Counterpoint, title: str) -> str:
    """The first sentence about a scan.

    Parameters
    ----------
    found : Counterpoint
    title : str
        Of the decided class.
    """
    confirmed = found.confirmed
    if not confirmed:
        return (
            f"**Nothing found that speaks against {title.lower()}:** hiding none of the places "
            f"that the map marks makes the answer stronger by {LEAST:g} log-odds or more."
        )
    first = confirmed[0]
    assert first.gain is not None
    return (
        f"**Against {title.lower()}:** the {first.place} of the picture takes "
        f"{gain_words(found.whole, first.gain)}."
    )


def region_words(number: int, region: Region, whole: float) -> str:
    """One line about a region; says so when hiding it did not bear the map out."""
    where = f"**{number}** {region.place}, {region.area:.1%} of the picture"
    assert region.gain is not None
    if region.gain >= LEAST:
        return f"{where}: takes {gain_words(whole, region.gain)}."
    if region.gain <= -LEAST:
        return (
            f"{where}: marked as against, but hiding it **weakens** the answer by "
            f"{-region.gain:.2f} log-odds. The map is not borne out here."
        )
    return (
        f"{where}: marked as against, but hiding it changes next to nothing ({region.gain:+.2f})."
    )


def together_words(found: Counterpoint) -> str:
    """What all regions come to when they are hidden at once; empty for fewer than two."""
    if len(found.regions) < 2:
        return ""
    return (
        f"All {len(found.regions)} hidden at once change the answer by {found.together:+.2f} "
        f"log-odds, to {percent(probability(found.whole + found.together))}."
    )


def moment_words(stretch: Stretch, leads: Sequence[str], offsets_s: np.ndarray) -> str:
    """Say where a stretch lies: the lead, the time from the QRS, the beat.

    Parameters
    ----------
    stretch : Stretch
    leads : sequence of str
        Names of the network's leads.
    offsets_s : ndarray, shape (n_samples,)
        Time of each window sample from the beat's centre, seconds.
    """
    step = float(np.median(np.diff(offsets_s)))
    start = round(1000 * float(offsets_s[stretch.start]))
    end = round(1000 * float(offsets_s[stretch.end - 1] + step))
    if end <= 0:
        when = f"{-start} to {-end} ms before the QRS"
    elif start >= 0:
        when = f"{start} to {end} ms after the QRS"
    else:
        when = f"from {-start} ms before to {end} ms after the middle of the QRS"
    return f"the trace of {leads[stretch.lead]}, {when} of {beat_words(stretch.beat)},"


def beat_words(offset: int) -> str:
    """Name a beat by its place.

    Examples
    --------
    >>> beat_words(0), beat_words(-1), beat_words(3)
    ('this beat', 'the beat before', 'the third beat after')
    """
    if offset == 0:
        return "this beat"
    side = "before" if offset < 0 else "after"
    places = ("", "second ", "third ")
    distance = abs(offset)
    if distance <= len(places):
        return f"the {places[distance - 1]}beat {side}"
    return f"the beat {distance} places {side}"


def signal_findings(
    found: BeatCounterpoint, place: int, leads: Sequence[str], offsets_s: np.ndarray
) -> list[tuple[str, float]]:
    """Everything that speaks against a beat's answer, with its gain; the largest first.

    Parameters
    ----------
    found : BeatCounterpoint
    place : int
        The beat explained, among those looked at.
    leads, offsets_s
        As for `moment_words`.
    """
    beats = np.nan_to_num(found.beats, nan=0.0)
    names = list(found.numbers)
    numbers = strongest_first([found.numbers[name] for name in names])
    lines = [
        *((moment_words(s, leads, offsets_s), s.gain) for s in found.stretches),
        *((names[i], found.numbers[names[i]]) for i in numbers),
        *(
            (f"{beat_words(i - place)}, its trace and its timing", float(beats[i]))
            for i in strongest_first(beats.tolist())[:_MOST]
        ),
    ]
    return sorted(lines, key=lambda line: -line[1])


def signal_sentence(lines: Sequence[tuple[str, float]], whole: float, title: str) -> str:
    """The first sentence about a beat."""
    if not lines:
        return (
            f"**Nothing found that speaks against {title.lower()}:** whatever is replaced by what "
            "is usual in this recording, the trace, its numbers or a beat beside it, the answer "
            f"does not get stronger by {LEAST:g} log-odds or more."
        )
    what, gain = lines[0]
    return f"**Against {title.lower()}:** {what} takes {gain_words(whole, gain)}."
