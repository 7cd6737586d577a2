"""What ``python -m medmodels`` understands."""

from __future__ import annotations

import argparse
from pathlib import Path

from medmodels import NOTICE


def parser() -> argparse.ArgumentParser:
    """Everything that can be asked for; ``command`` says which of it was."""
    whole = argparse.ArgumentParser(prog="python -m medmodels", epilog=NOTICE)
    commands = whole.add_subparsers(required=True, metavar="COMMAND", dest="command")

    bundles = commands.add_parser("bundles", help="list and verify the bundles")
    bundles.add_argument("--json", action="store_true")

    read = commands.add_parser("read", help="read one file")
    read.add_argument("file", type=Path, help="a scan, a CSV, or the .hea of a WFDB record")
    read.add_argument("--task", required=True, help="one of the bundles")
    read.add_argument("--json", action="store_true", help="everything, as JSON")
    read.add_argument(
        "--insist", action="store_true", help="show what the network computed though it is withheld"
    )
    read.add_argument(
        "--explain", action="store_true", help="make the map that measured best, and audit it"
    )
    read.add_argument(
        "--beat", type=int, default=1, help="which beat, or window of bases, to explain, from 1"
    )
    read.add_argument(
        "--report", type=Path, metavar="FILE", help="keep the reading: a .pdf, .html, .json, ..."
    )
    read.add_argument(
        "--as", dest="kind", metavar="KIND", help="what kind of file, where its ending does not say"
    )
    read.add_argument("--frame", type=int, default=0, help="frame of a scan, from 0")
    read.add_argument(
        "--keep-uids", action="store_true",
        help="tie what is made of a DICOM image to its series in an archive",
    )  # fmt: skip
    read.add_argument("--rate", type=float, help="samples per second of a signal")
    read.add_argument("--unit", choices=("mV", "uV", "V", "counts"), help="of a signal")
    read.add_argument("--gain", type=float, help="counts per millivolt")

    batch = commands.add_parser("batch", help="read every file of a folder into a table")
    batch.add_argument("folder", type=Path, help="scans, recordings or sequences; ZIP archives too")
    batch.add_argument("--task", required=True, help="one of the bundles")
    batch.add_argument(
        "--out", type=Path, required=True,
        help="a .csv, .jsonl or .parquet; what has a line there is not read again",
    )  # fmt: skip
    batch.add_argument("--jobs", type=int, default=1, help="processes, each with its own network")
    batch.add_argument("--size", type=int, default=16, help="scans read together")
    batch.add_argument(
        "--text", action="store_true",
        help="search the pixels of scans for text (column burned_in); slower",
    )  # fmt: skip

    evaluate = commands.add_parser("evaluate", help="measure a bundle on its test data")
    evaluate.add_argument("task")
    evaluate.add_argument(
        "--data", type=Path, help="run the network on these data; otherwise stored predictions"
    )
    evaluate.add_argument(
        "--external", type=Path, help="where the external data are; with the others if not given"
    )
    evaluate.add_argument("--json", action="store_true")

    trust = commands.add_parser(
        "trust", help="remake a bundle's trust layer and evaluation, not its network"
    )
    trust.add_argument("task")
    trust.add_argument("--data", type=Path, help="fit to these data; else only evaluate anew")
    trust.add_argument("--out", type=Path, help="folder of the bundle; the app's own if not given")
    trust.add_argument("--quick", action="store_true", help="on few data, to try the code")

    explain = commands.add_parser(
        "explain", help="measure a bundle's explanations anew, and choose the one shown first"
    )
    explain.add_argument("task")
    explain.add_argument("--data", type=Path, required=True)
    explain.add_argument(
        "--out", type=Path, help="folder of the bundle; the app's own if not given"
    )
    explain.add_argument("--quick", action="store_true", help="on few inputs, to try the code")

    train = commands.add_parser("train", help="remake a bundle")
    train.add_argument("task")
    train.add_argument("--data", type=Path, required=True)
    train.add_argument("--out", type=Path, help="folder of the bundle; the app's own if not given")
    train.add_argument("--quick", action="store_true", help="a few steps only, to try the recipe")
    return whole
