"""Loading the radiographs: an index written here, and the real one where it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medmodels.training.chest_images import count_paediatric, load_adult, load_paediatric


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "chest-xray"
    folder.mkdir()
    lines = ["path,split,label,subtype,group,duplicate_of"]
    for number, (label, subtype) in enumerate(
        [("normal", "normal"), ("pneumonia", "virus"), ("pneumonia", "bacteria")]
    ):
        Image.new("L", (40, 40), 51 * number).save(folder / f"{number}.png")
        lines.append(f"{number}.png,train,{label},{subtype},g{number},")
    lines.append("2.png,test,pneumonia,bacteria,g9,")
    (folder / "index.csv").write_text("\n".join(lines) + "\n")
    adult = tmp_path / "chest-xray-external"
    adult.mkdir()
    Image.new("L", (48, 48), 255).save(adult / "a.png")
    (adult / "index.csv").write_text(
        "path,label,patient_id\na.png,Pneumonia,77\na.png,No Finding,8\n"
    )
    return tmp_path


def test_split_labels_groups_and_grey_values(data: Path) -> None:
    train = load_paediatric(data, "train", 20)
    assert train.images.shape == (3, 20, 20, 1)
    assert train.labels.tolist() == [0, 1, 1]
    assert train.groups.tolist() == ["g0", "g1", "g2"]
    assert train.subtypes.tolist() == ["normal", "virus", "bacteria"]
    np.testing.assert_allclose(train.images.mean(axis=(1, 2, 3)), [0.0, 0.2, 0.4], atol=1e-6)


def test_count_and_limit_agree_with_the_index(data: Path) -> None:
    assert count_paediatric(data, "train") == 3
    assert load_paediatric(data, "train", 20, limit=2).labels.tolist() == [0, 1]
    assert load_paediatric(data, "test", 20).groups.tolist() == ["g9"]


def test_adults_are_grouped_by_patient(data: Path) -> None:
    adults = load_adult(data, 20)
    assert adults.labels.tolist() == [1, 0]
    assert adults.groups.tolist() == ["77", "8"]


def test_real_counts_and_no_patient_in_two_splits(shared_data: Path) -> None:
    assert count_paediatric(shared_data, "train") == 1204 + 3456
    train = load_paediatric(shared_data, "train", 28, limit=500)
    validation = load_paediatric(shared_data, "val", 28)
    assert not set(train.groups) & set(validation.groups)
