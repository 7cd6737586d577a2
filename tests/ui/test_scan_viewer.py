"""What the viewer calls the numbers of a scan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medmodels.inputs.scan import Scan, Window
from medmodels.ui.scan_viewer import unit_of

GREY = Scan(
    pixels=np.zeros((4, 4), np.float32), value_range=(0.0, 255.0),
    windows=(Window("Full range", 127.5, 255.0),), source="PNG", digest="0" * 64,
)  # fmt: skip


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        (GREY, "grey value"),
        (replace(GREY, modality="CT"), "HU"),
        (replace(GREY, pixels=np.zeros((4, 4, 3), np.float32)), "red, green and blue, 0 to 255"),
    ],
)
def test_numbers_are_called_what_they_are(scan, words):
    assert unit_of(scan) == words
