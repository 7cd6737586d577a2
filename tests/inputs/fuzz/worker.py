"""Opens mutated files one after the other and says what came out; run as its own process.

A decoder in C that hangs or dies takes this process along and not the tests'.
``python -m tests.inputs.fuzz.worker png-8#17`` repeats one recipe in the foreground.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import time
from pathlib import Path

import numpy as np

from medmodels.inputs.errors import InputError
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.open_sequences import open_sequences
from medmodels.inputs.open_signal import open_signal
from medmodels.inputs.scan import Scan
from medmodels.inputs.sequences import Sequences
from medmodels.inputs.signal import BeatTable, Signal
from medmodels.worklist.sources import in_upload
from tests.inputs.fuzz.recipes import Mutated, mutated
from tests.inputs.fuzz.seeds import PLANTED, seeds

#: Address space; what asks for more fails, and what swallows it is seen in the peak.
ADDRESS_SPACE = 6 * 2**30

_LEAKS = re.compile(rf"Traceback|\.py\b|0x[0-9a-f]{{6}}|/\w+/\w+|{PLANTED}|Erika|<class|Error\b")
_IUPAC = set("ACGTRYSWKMBDHVN")


def _opened(case: Mutated) -> list[object]:
    """What the readers return for an upload; several for an archive."""
    data = next(iter(case.files.values()))
    if case.reader == "archive":
        found: list[object] = []
        for kind in ("scan", "signal"):
            for source in in_upload(case.files, kind):
                try:
                    files = source.load()
                    first = next(iter(files.values()))
                    found.append(open_scan(first) if kind == "scan" else _signal(files))
                except InputError as error:
                    found.append(error)
        return found
    looks_like(data)
    try:
        if case.reader == "scan":
            return [open_scan(data)]
        if case.reader == "signal":
            return [_signal(case.files)]
        return [open_sequences(data.decode(errors="replace") if case.reader == "pasted" else data)]
    except InputError as error:
        return [error]


def _signal(files: dict[str, bytes]) -> Signal | BeatTable:
    """As the page does: the rate is asked for where a file does not state it."""
    try:
        return open_signal(files)
    except InputError:
        return open_signal(files, rate=125)


def _fault(found: object) -> str:
    """What is wrong with what came out; nothing for a sound item or a clear refusal."""
    if isinstance(found, InputError):
        if not (found.found and found.expected and found.action):
            return "an error without words"
        return f"the message repeats too much: {found}" if _LEAKS.search(str(found)) else ""
    if isinstance(found, Scan):
        sound = (
            found.pixels.dtype == np.float32
            and np.isfinite(found.pixels).all()
            and found.pixels.shape[2:] in ((), (3,))
            and bool(found.windows)
            and all(np.isfinite([w.width, w.centre]).all() and w.width > 0 for w in found.windows)
            and np.isfinite(found.value_range).all()
        )
        return "" if sound else "a scan that is none"
    if isinstance(found, Signal):
        sound = (
            found.samples.dtype == np.float32
            and found.samples.shape[1] == len(found.leads) > 0
            and np.isfinite(found.rate)
            and found.rate > 0
            and not np.isinf(found.samples).any()
        )
        return "" if sound else "a signal that is none"
    if isinstance(found, BeatTable):
        return "" if np.isfinite(found.beats).all() else "a table of beats that is none"
    if isinstance(found, Sequences):
        sound = all(set(one) <= _IUPAC for one in found.sequences)
        return "" if sound and found.sequences else "sequences that are none"
    return f"a {type(found).__name__}"


def _peak_mb(reset: bool) -> float:
    """Most memory held since the last reset, in MB (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def _cpu_seconds() -> float:
    """Of this process and of those it started: how long it takes where nothing else runs."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def judge(recipe: str) -> dict[str, object]:
    """Open the file of a recipe and say what came out, how long it took and what it held.

    Parameters
    ----------
    recipe : str

    Returns
    -------
    dict
        ``recipe``, ``steps``, ``outcome`` ("read", "refused", or what is wrong),
        ``seconds`` and ``mb`` above what the process held before.
    """
    case = mutated(recipe)
    before = _peak_mb(reset=True)
    start = _cpu_seconds()
    try:
        found = _opened(case)
        wrong = next(filter(None, map(_fault, found)), "")
        refused = any(isinstance(one, InputError) for one in found)
        outcome = wrong or ("refused" if refused else "read")
    except Exception as error:
        place = error.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        at = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
        outcome = f"{type(error).__name__}: {error} ({at})"[:500]
    return {
        "recipe": recipe,
        "steps": case.steps,
        "outcome": outcome,
        "seconds": _cpu_seconds() - start,
        "mb": _peak_mb(reset=False) - before,
    }


def main() -> None:
    """Answer each recipe on standard input with a line of JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Decoders write to standard output; the answers keep it to themselves.
    answers, sys.stdout = sys.stdout, sys.stderr
    if sys.argv[1:]:
        for recipe in sys.argv[1:]:
            print(json.dumps(judge(recipe), indent=2), file=answers)
        return
    seeds()
    open_scan(seeds()["dicom"].files[f"{PLANTED}.img"])
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(judge(line.strip())), file=answers, flush=True)


if __name__ == "__main__":
    main()
