"""Try ideas that might help on data from elsewhere, without tuning on it.

``python -m medmodels.training.external_ideas NAME --data DIR`` runs one idea
of ``external_ideas.toml``: internal numbers first, then the verdict by the
rule fixed there, and only then the external number, which decides nothing.
Test images and DS2 are not read. Results are added to
``external_ideas.json``, the logits they are computed from to
``external_ideas.npz``.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from medmodels.bundles import load_bundle
from medmodels.training.external_ideas_beats import BeatsRun
from medmodels.training.external_ideas_chest import chest_run
from medmodels.training.external_ideas_store import (
    SHIPPED,
    Arrays,
    add_arrays,
    add_result,
    read_arrays,
    result_of,
)

IDEAS = Path(__file__).with_name("external_ideas.toml")
LOG = logging.getLogger(__name__)


def run(name: str, data: Path, networks: Path) -> dict[str, Any]:
    """Run one idea and store what came of it.

    Parameters
    ----------
    name : str
        A name in ``external_ideas.toml``.
    data : Path
        Folder with the data sets.
    networks : Path
        Trained networks are kept here, and not trained again where they are.

    Returns
    -------
    dict
        As `medmodels.training.external_ideas_store.result_of`, with
        ``command`` and ``seconds``.
    """
    started = time.monotonic()
    trained_now = not (networks / f"{name}.keras").exists()
    plan = tomllib.loads(IDEAS.read_text())
    table = plan["ideas"][name]
    task = str(table["task"])
    rule, offsets = plan["rules"][task], load_bundle(task).operating_point.offsets
    for one in (SHIPPED, name):
        if one == name or f"{task}/{SHIPPED}/validation" not in read_arrays():
            LOG.info("%s: internal numbers", one)
            stored = add_arrays(_internal(task, one, data, networks))
    result = result_of(name, table, rule, stored, offsets)
    LOG.info("%s", json.dumps(result["internal"]))
    LOG.info("adopted: %s. %s", result["adopted"], " ".join(result["because"]))
    # From here on nothing is decided any more.
    for one in (SHIPPED, name):
        if one == name or f"{task}/{SHIPPED}/external" not in stored:
            LOG.info("%s: external data", one)
            stored = add_arrays(_external(task, one, data, networks))
    result = result_of(name, table, rule, stored, offsets)
    LOG.info("%s", json.dumps(result["external"]))
    result["offsets"] = list(offsets)
    result["command"] = f"python -m medmodels.training.external_ideas {name} --data DIR"
    kept = networks / f"{name}.seconds"
    earlier = float(kept.read_text()) if kept.exists() and not trained_now else 0.0
    result["seconds"] = round(earlier + time.monotonic() - started)
    add_result(name, result)
    return result


def _internal(task: str, name: str, data: Path, networks: Path) -> Arrays:
    """Validation images, or cross-validated beats of DS1."""
    if task == "ecg-beats":
        predicted, labels, groups = BeatsRun(name, data, networks).validation()
        return {
            f"{task}/validation/labels": labels,
            f"{task}/validation/groups": groups,
            f"{task}/{name}/validation": predicted,
        }
    views, logits, labels, probes = chest_run(name, data, networks, LOG.info).validation()
    return {
        f"{task}/validation/labels": labels,
        f"{task}/validation/views": np.array(views),
        f"{task}/validation/probes": np.array(probes),
        f"{task}/{name}/validation": logits,
    }


def _external(task: str, name: str, data: Path, networks: Path) -> Arrays:
    if task == "ecg-beats":
        logits, labels, groups = BeatsRun(name, data, networks).external()
    else:
        logits, labels, groups = chest_run(name, data, networks, LOG.info).external()
    return {
        f"{task}/external/labels": labels,
        f"{task}/external/groups": groups,
        f"{task}/{name}/external": logits,
    }


def main() -> None:
    """Run one idea and print its numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=tomllib.loads(IDEAS.read_text())["ideas"])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--networks", type=Path, help="keep trained networks in this folder")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    with TemporaryDirectory() as scratch:
        networks = chosen.networks or Path(scratch)
        networks.mkdir(parents=True, exist_ok=True)
        print(json.dumps(run(chosen.name, chosen.data, networks), indent=1))


if __name__ == "__main__":
    main()
