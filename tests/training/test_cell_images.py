"""Loading the blood cells: an index written here, and the real one where it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medmodels.inputs.open_scan import open_scan
from medmodels.inputs.preparation import prepare_scan
from medmodels.training.cell_images import CLASSES, KINDS, load_cells, network_input

ROWS = [
    ("a/SNE_1.png", "train", "neutrophil"),
    ("a/MMY_2.png", "train", "ig"),
    ("a/XYZ_3.png", "train", "platelet"),
    ("a/BA_4.png", "test", "basophil"),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "blood-cells"
    (folder / "a").mkdir(parents=True)
    draw = np.random.default_rng(0)
    for number, (path, _, _) in enumerate(ROWS):
        side = 128 if number != 2 else 90
        made = draw.integers(0, 256, (side, side, 3), dtype=np.uint8)
        Image.fromarray(made).save(folder / path)
    lines = ["path,split,label", *(",".join(row) for row in ROWS)]
    (folder / "index.csv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_classes_kinds_and_names_come_from_index_and_file_name(data: Path) -> None:
    cells = load_cells(data, "train")
    assert cells.pictures.shape == (3, 128, 128, 3)
    assert [CLASSES[i] for i in cells.labels] == ["neutrophil", "ig", "platelet"]
    assert cells.kinds.tolist() == ["Segmented neutrophil", "Metamyelocyte", ""]
    assert cells.names.tolist() == ["SNE_1", "MMY_2", "XYZ_3"]
    assert len(load_cells(data, "train", limit=2)) == 2
    assert load_cells(data, "test").kinds.tolist() == ["Basophil"]


@pytest.mark.parametrize("size", [128, 160])
def test_training_sees_what_the_app_sees_of_an_upload(data: Path, size: int) -> None:
    scan = open_scan((data / "blood-cells" / "a" / "SNE_1.png").read_bytes())
    seen = network_input(load_cells(data, "train").pictures[:1], size)[0]
    np.testing.assert_allclose(seen, prepare_scan(scan, size, 3), atol=1e-6)


def test_real_counts_and_no_picture_in_two_splits(shared_data: Path) -> None:
    validation, train = load_cells(shared_data, "val"), load_cells(shared_data, "train", 300)
    assert len(validation) == 1708
    assert set(np.unique(validation.labels)) == set(range(len(CLASSES)))
    assert set(validation.kinds) <= set(KINDS.values())
    assert not set(train.names) & set(validation.names)
