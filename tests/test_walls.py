"""Imports run one way, like water downhill."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    [*(ROOT / "medmodels").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
)
DECODERS = {"pydicom", "wfdb", "tifffile", "gdcm"}
NETWORKS = {"tensorflow", "keras", "tf_keras_vis"}
MAY_USE_NETWORKS = ("networks/", "explain/", "lessons/", "training/", "bundles.py")


def _imports(path: Path) -> set[str]:
    """Modules imported anywhere in a file, except for the sake of types."""
    tree = ast.parse(path.read_text())
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in _imports(path)}


def _room(path: Path) -> str:
    return path.relative_to(ROOT).as_posix().removeprefix("medmodels/")


@pytest.mark.parametrize("path", SOURCES, ids=_room)
def test_a_file_stays_in_its_room(path):
    room, tops = _room(path), _tops(path)
    if not room.startswith(("ui/", "pages/", "app.py")):
        assert "streamlit" not in tops, "Streamlit belongs to pages and ui"
    if not room.startswith(MAY_USE_NETWORKS):
        assert not tops & NETWORKS, "TensorFlow belongs to networks, bundles, explain, training"
    if room.startswith("reports/dicom_"):
        assert tops & DECODERS <= {"pydicom"}, "reports write DICOM, and nothing else"
        assert "dcmread" not in path.read_text(), "only inputs decodes files"
    elif not room.startswith(("inputs/", "training/")):
        assert not tops & DECODERS, "only inputs decodes files"


# What each room may import from medmodels, besides itself; training and
# evaluation stand beside reading.
DOWNHILL = {
    "inputs": set(),
    "trust": {"inputs"},
    "networks": {"inputs"},
    "explain": {"networks", "inputs", "bundles", "trust"},
    "lessons": {"explain", "trust", "bundles", "networks", "inputs", "reading"},
    "evaluation": {"trust", "bundles"},
    "reading": {"explain", "trust", "bundles", "networks", "inputs"},
    "worklist": {"reading", "networks", "trust", "bundles", "inputs"},
    "reports": {"reading", "evaluation", "figures", "bundles", "trust", "inputs", "explain"},
    "figures": {"reading", "explain", "lessons", "trust", "bundles", "inputs", "evaluation"},
}


@pytest.mark.parametrize("room", DOWNHILL)
def test_imports_run_downhill(room):
    allowed = DOWNHILL[room] | {room}
    for path in (ROOT / "medmodels" / room).rglob("*.py"):
        used = {
            name.split(".")[1]
            for name in _imports(path)
            if name.startswith("medmodels.") and name not in ("medmodels.NOTICE",)
        } - {"NOTICE", "__version__"}
        assert used <= allowed, f"{_room(path)} reaches uphill"


def test_the_library_is_there_before_tensorflow():
    code = (
        "import sys, medmodels.reading, medmodels.bundles, medmodels.explain.methods, "
        "medmodels.command_line; "
        "assert not {'tensorflow', 'keras', 'streamlit'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)


def test_home_is_painted_before_scipy_is_imported():
    code = (
        "import sys, medmodels.ui.home_card, medmodels.ui.loading; "
        "assert not {'tensorflow', 'scipy', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
