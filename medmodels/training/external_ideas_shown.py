"""What a bundle tells of the ideas that were tried for data from elsewhere."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from medmodels.training.external_ideas_store import RESULTS

IDEAS = Path(__file__).with_name("external_ideas.toml")


def ideas_of(task: str) -> dict[str, Any]:
    """The rule, written before any result, and each idea's numbers.

    Parameters
    ----------
    task : str

    Returns
    -------
    dict
        ``rule``, ``how_measured``, ``decision`` and ``ideas`` (``name``, ``changes``, ``why``,
        ``because``, ``passed``, ``n``, ``groups``, ``measures``, ``command``);
        empty where nothing was tried.
    """
    written = tomllib.loads(IDEAS.read_text())
    results = json.loads(RESULTS.read_text())
    rule = written["rules"].get(task)
    if rule is None:
        return {}
    return {
        "rule": rule["adopted_when"],
        "how_measured": rule["how_measured"],
        "decision": rule["after_the_results"],
        "ideas": [
            {
                "name": name,
                "changes": written["ideas"][name]["changes"],
                "why": written["ideas"][name]["why"],
                "passed": found["adopted"],
                "because": found["because"],
                "n": found["external"]["n"],
                "groups": found["external"]["groups"],
                "measures": found["external"]["measures"],
                "command": found["command"],
            }
            for name, found in results.items()
            if found["task"] == task
        ],
    }
