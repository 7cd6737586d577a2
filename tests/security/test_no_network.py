"""The app calls nobody: with the network taken away it works as well, and with one it asks nobody.

The first needs a right that not every machine gives (``unshare``); the second
always runs.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest

from tests.security.watched import ROOT, watched_environment

SCRIPT = ROOT / "tests" / "security" / "reads_one_of_each.py"
DONE = ["read PNG", "read DICOM", "read CSV", "read FASTA", "drawn Home"]


def run(folder, bundles, before=(), *more):
    (folder / "notes").mkdir()
    (folder / "tmp").mkdir()
    return subprocess.run(
        [*before, sys.executable, str(SCRIPT), str(folder), str(bundles), *more],
        cwd=ROOT, env=watched_environment(folder, bundles), capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip


def may_isolate() -> bool:
    command = shutil.which("unshare")
    if command is None:
        return False
    return (
        subprocess.run([command, "-rn", "true"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not may_isolate(), reason="this machine gives no network namespaces")
def test_without_any_network_every_kind_is_read(tmp_path, one_of_each):
    done = run(tmp_path, one_of_each, ("unshare", "-rn"), "isolated")
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout
    assert done.stdout.splitlines() == DONE


def test_with_a_network_nobody_is_asked(tmp_path, one_of_each):
    done = run(tmp_path, one_of_each)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout
    calls = []
    for notes in (tmp_path / "notes", tmp_path / "server" / "notes"):
        entries = map(json.loads, (notes / "events").read_text().splitlines())
        calls += [entry[1:] for entry in entries if entry[0] == "call"]
    assert calls  # the client's own, to the server
    own = re.compile(r"127\.0\.0\.1|localhost|::1|^/|^None$")
    assert [call for call in calls if not own.search(call[-1])] == []
