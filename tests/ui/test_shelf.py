"""Bundles that change, go away and come back while the server runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from medmodels.bundles import BundleError, load_bundle
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.ui.loading import read_item, shelf
from tests.bundles_fixture import made_ramps
from tests.worklist.made_files import png


@pytest.fixture
def root(tiny_root, tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "bundles"
    shutil.copytree(tiny_root, folder)
    monkeypatch.setenv("DIAPHANE_BUNDLES", str(folder))
    return folder


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_changed_byte_is_noticed_though_the_manifest_is_the_same(root):
    before = shelf()
    assert [bundle.task for bundle in before.bundles] == ["tiny-scan", "tiny-signal"]
    _flip(root / "tiny-scan" / "network.keras")
    after = shelf()
    assert [bundle.task for bundle in after.bundles] == ["tiny-signal"]
    assert "tiny-scan/network.keras has been changed" in after.refused[0]
    # The other is the same object: its network need not be loaded again.
    assert after.bundles[0] is before.bundles[1]


def test_a_folder_that_is_taken_away_and_put_back(root, tiny_root):
    first = shelf().bundles
    shutil.rmtree(root / "tiny-signal")
    assert [bundle.task for bundle in shelf().bundles] == ["tiny-scan"]
    assert shelf().refused == ()
    shutil.copytree(tiny_root / "tiny-signal", root / "tiny-signal")
    assert shelf().bundles == first


def test_a_folder_that_loses_its_files_one_by_one(root):
    for path in sorted((root / "tiny-signal").iterdir(), reverse=True):
        path.unlink()
        found = shelf()
        assert [bundle.task for bundle in found.bundles] == ["tiny-scan"]
        assert len(found.refused) <= 1


def test_without_any_bundle_the_shelf_is_empty(root):
    shutil.rmtree(root)
    assert shelf().bundles == shelf().refused == ()


def test_a_network_that_changed_after_its_bundle_was_opened_is_not_loaded(root):
    bundle = load_bundle("tiny-scan", root)
    _flip(root / "tiny-scan" / "network.keras")
    with pytest.raises(BundleError, match=r"network\.keras has been changed"):
        _ = bundle.network
    scan = open_scan(png(np.asarray(made_ramps(1)[0])))
    with pytest.raises(InputError, match="taken away or changed"):
        read_item(bundle, scan)
    shutil.rmtree(root / "tiny-scan")
    with pytest.raises(InputError, match="taken away or changed"):
        read_item(bundle, scan)
