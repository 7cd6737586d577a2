"""Find the least that changes one beat's answer, on demand."""

from __future__ import annotations

from functools import partial

from medmodels.bundles import Bundle
from medmodels.explain.smallest_beat_flip import BeatFlip, smallest_beat_flip
from medmodels.explain.what_if import Hidden
from medmodels.explain.what_if_beat import BEAT_PUTS, BeatWhatIf
from medmodels.figures.try_signal import runs
from medmodels.trust.operating_point import OperatingPoint
from medmodels.ui.ecg_reading import Case
from medmodels.ui.ecg_saliency import lead_names
from medmodels.ui.loading import ensure_explains
from medmodels.ui.try_beat import beat_around, groups_of
from medmodels.ui.try_record import add_try
from medmodels.ui.try_search import Progress, keep_note, offer_search, show_note


def offer_beat_search(
    bundle: Bundle, case: Case, beat: int, put: str, point: OperatingPoint, *, key: str
) -> None:
    """Offer the search, and add what it finds to what was tried.

    Parameters
    ----------
    bundle : Bundle
    case : Case
    beat : int
    put : str
        What takes the place of the trace.
    point : OperatingPoint
    key : str
        Of the history.
    """
    groups = groups_of(case, beat_around(case, beat))
    beside = f", then beside usual {' and '.join(groups)}" if groups else ""
    searched, found = offer_search(
        "Find the smallest part that changes the answer",
        partial(_search, bundle, case, beat, put, point),
        key=key,
        help=f"Erases stretches of 20 ms of this beat in several hundred ways{beside}, and asks "
        "the network each time. This takes some seconds, and starts from the beat as it came.",
    )
    if searched and found is None:
        keep_note(key, nothing_words(put, tuple(groups)))
    elif found is not None:
        around = beat_around(case, beat)
        part = Hidden("Smallest part found", where_found(case, found, around.beat), put, found.mask,
                      found.numbers)  # fmt: skip
        add_try(key, BeatWhatIf(bundle.network, around).attempt, part, alone=True)
        keep_note(key, found_words(found, put))
    show_note(key)


def _search(
    bundle: Bundle, case: Case, beat: int, put: str, point: OperatingPoint, progress: Progress
) -> BeatFlip | None:
    ensure_explains(bundle)
    around = beat_around(case, beat)
    return smallest_beat_flip(
        BeatWhatIf(bundle.network, around), put, point, groups_of(case, around), progress=progress
    )


def where_found(case: Case, found: BeatFlip, row: int) -> str:
    """Where a part lies: stretches of the beat's own window, lead by lead, and numbers.

    Parameters
    ----------
    case : Case
    found : BeatFlip
    row : int
        The beat's own window among those of the mask.
    """
    offsets = case.beats.inputs.offsets_s
    step = float(offsets[1] - offsets[0])
    words = []
    for lead in range(found.mask.shape[2]):
        spans = [
            f"{1000 * offsets[first]:.0f} to {1000 * (offsets[last] + step):.0f}".replace("-", "−")
            for first, last in runs(found.mask[row, :, lead] > 0)
        ]
        if spans:
            words.append(f"{', '.join(spans)} ms, {lead_names(case, [lead])[0]}")
    return "; ".join([*words, *(f"{name} as usual" for name in found.groups)])


def found_words(found: BeatFlip, put: str) -> str:
    """What a search found, and what it is not."""
    beside = f"with {' and '.join(found.groups)} as usual" if found.groups else ""
    if not found.cells:
        return (
            f"The numbers decide here: {beside} the answer is another one, and the whole trace "
            "stays as it is."
        )
    size = "one stretch" if found.cells == 1 else f"{found.cells} stretches"
    pieces = "" if found.cells == 1 or found.connected else ", in several pieces"
    return (
        f"{size.capitalize()} of 20 ms, of {found.of}{pieces}, replaced by {BEAT_PUTS[put]}"
        f"{', ' + beside if beside else ''}: the answer is another one, and no stretch of it can "
        "be spared. There may be a smaller one."
    )


def nothing_words(put: str, groups: tuple[str, ...]) -> str:
    """Say that nothing was found."""
    beside = f", not even together with {' and '.join(groups)} as usual" if groups else ""
    return (
        f"Nothing that was tried changes the answer: no part of the trace replaced by "
        f"{BEAT_PUTS[put]}{beside}."
    )
