"""What is stored of the training examples: axes, clusters that show nobody, and measurements."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medmodels.evaluation.neighbour_agreement import neighbour_agreement
from medmodels.explain.neighbours import Neighbours
from medmodels.training.neighbour_composites import (
    clustered,
    composites_of,
    gives_away,
    joined,
    likeness_of,
    person_weights,
)
from medmodels.training.neighbours import (
    CANDIDATES,
    Asked,
    Known,
    choose_axes,
    fit_neighbours,
    principal_axes,
    project,
)

CLASSES = ("well", "ill")


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(4)


def rows(draw: np.random.Generator, n: int, prefix: str):
    """Two classes that the first feature tells apart; two rows a person."""
    labels = np.arange(n) % 2
    features = draw.normal(size=(n, 60))
    features[:, 0] += 30 * labels
    groups = np.array([f"{prefix}{i // 4}" for i in range(n)])
    return features, labels.astype(np.int64), groups


@pytest.fixture
def known(draw) -> Known:
    features, labels, groups = rows(draw, 240, "k")
    names = np.array([f"train/{i}.png" for i in range(240)])
    pictures = np.clip(0.5 + 0.1 * draw.normal(size=(240, 48, 48)), 0, 1)
    return Known(features, labels, groups, names, pictures)


@pytest.fixture
def validation(draw) -> Asked:
    features, labels, groups = rows(draw, 80, "v")
    return Asked(features, labels, labels, groups)


@pytest.fixture
def parts(known, validation, draw):
    features, labels, groups = rows(draw, 40, "t")
    wrong = labels.copy()
    wrong[:4] = 1 - wrong[:4]
    test = Asked(features, labels, wrong, groups)
    return fit_neighbours(known, validation, {"test": test}, CLASSES, pictures=True, clusters=2)


def test_what_is_stored_can_be_read_back_and_finds_the_right_class(parts, known, draw):
    stored = {key: np.array(values) for key, values in parts.reference.items()}
    assert not any(values.dtype == object for values in stored.values())
    store = Neighbours.from_reference(stored, {"neighbours": parts.table})
    features, labels, _ = rows(draw, 10, "new")
    for x, label in zip(features, labels, strict=True):
        found = store.nearest(x)
        assert found.count(label) == 10
        assert [known.labels[known.names.tolist().index(name)] for name in found.names] == (
            found.labels.tolist()
        )
    assert store.features.shape == (240, parts.table["dimensions"])


def test_distances_are_stored_for_every_rank_and_grow_with_it(parts):
    ladder = parts.reference["neighbours/distances"]
    assert ladder.shape == (10, 101)
    assert (np.diff(ladder, axis=1) >= 0).all()
    assert (np.diff(ladder, axis=0) >= 0).all()
    assert parts.table["evaluation"]["validation"]["further_than_usual"] == pytest.approx(
        0.05, abs=0.02
    )


def test_the_table_is_plain_json_and_its_figures_follow_from_the_stored_votes(parts):
    table = json.loads(json.dumps(parts.table, allow_nan=False))
    votes = parts.predictions["test/neighbours"].astype(int)
    assert (votes.sum(axis=1) == 10).all()
    doubted = table["evaluation"]["test"]["doubted"]
    assert doubted["n"] == 4  # the four answers that were made wrong, and no other
    assert doubted["wrong"]["value"] == 1.0
    assert doubted["others"]["value"] == 0.0
    assert table["evaluation"]["test"]["with_truth"]["value"] == 1.0
    assert table["evaluation"]["test"]["network_right"]["value"] == 0.9
    assert sum(row["n"] for row in table["clusters"]) == table["n"] == 240
    assert (parts.predictions["test/neighbour"] == votes.argmax(axis=1)).all()


def test_an_own_record_never_counts(known):
    # Each row asked about is one of the stored ones; without the rule its distance would be 0.
    asked = Asked(known.features, known.labels, known.labels, known.groups)
    made = fit_neighbours(known, asked, {}, CLASSES, pictures=True, clusters=2)
    assert made.predictions["validation/nearest"].min() > 0.5


def test_equal_candidates_leave_the_fewest_axes_unwhitened(known, validation):
    chosen, compared = choose_axes(known, validation)
    assert chosen == CANDIDATES[0] == (24, False)
    assert [row["agreement"] for row in compared][:3] == [1.0, 1.0, 1.0]


def test_a_clearly_better_candidate_is_taken(draw):
    # The class lies in one small feature behind 40 large ones: only whitening brings it forward.
    def made(n, prefix):
        labels = (np.arange(n) % 2).astype(np.int64)
        # Two levels in each large feature, so that near rows are near in all of them.
        large = 100 * draw.normal(size=(n, 20))
        small = 3 * labels[:, None] + 0.1 * draw.normal(size=(n, 1))
        return np.hstack([large, small]), labels, np.array([f"{prefix}{i}" for i in range(n)])

    x, y, g = made(600, "k")
    known = Known(x, y, g, g, np.zeros((600, 2, 2)))
    x, y, g = made(150, "v")
    (_, whitened), compared = choose_axes(known, Asked(x, y, y, g))
    assert whitened
    by = {(row["dimensions"], row["whitened"]): row["agreement"] for row in compared}
    assert by[24, True] > by[24, False] + 0.1


def test_axes_are_orthonormal_and_whitening_gives_unit_variance(draw):
    x = draw.normal(size=(300, 12)) * np.arange(1, 13)
    mean, axes = principal_axes(x, 5, whitened=False)
    assert axes @ axes.T == pytest.approx(np.eye(5), abs=1e-9)
    z = project(x, mean, axes)
    assert z.mean(axis=0) == pytest.approx(np.zeros(5), abs=1e-9)
    assert (np.diff(z.var(axis=0)) < 0).all()
    mean, axes = principal_axes(x, 5, whitened=True)
    assert project(x, mean, axes).std(axis=0, ddof=1) == pytest.approx(np.ones(5))


def test_axes_without_any_spread_are_left_out():
    x = np.outer(np.arange(6.0), np.ones(4))
    _, axes = principal_axes(x, 4, whitened=True)
    assert axes.shape == (1, 4)


def test_small_clusters_join_their_nearest():
    # 40 persons at 0, 35 at 100 and 5 at 90: the five are too few.
    points = np.concatenate([np.zeros(40), np.full(35, 100.0), np.full(5, 90.0)])[:, None]
    cluster = clustered(points, np.arange(80), 3, fewest=30)
    # count is held to what the persons allow, two here.
    assert len(np.unique(cluster)) == 2
    assert len(np.unique(cluster[40:])) == 1
    assert cluster[0] != cluster[40]


def test_many_pictures_of_few_persons_make_no_cluster_of_their_own():
    points = np.concatenate([np.zeros(60), np.full(60, 9.0)])[:, None]
    owners = np.concatenate([np.arange(60), np.repeat([100, 101], 30)])
    cluster = clustered(points, owners, 2, fewest=30)
    assert len(np.unique(cluster)) == 1


def test_every_person_weighs_the_same():
    cluster = np.array([0, 0, 0, 1, 1])
    owners = np.array(["a", "a", "b", "a", "c"])
    weights = person_weights(cluster, owners)
    assert weights == pytest.approx([0.25, 0.25, 0.5, 0.5, 0.5])
    assert weights[:3].sum() == pytest.approx(1)


def test_windows_are_averaged_as_they_are(draw):
    windows = draw.normal(size=(70, 5, 2))
    points = np.zeros((70, 1))
    cluster, means, likeness = composites_of(
        points, np.arange(70), windows, 1, fewest=30, check=False
    )
    assert means.dtype == np.float16
    assert means[0] == pytest.approx(windows.mean(axis=0), abs=1e-3)
    assert likeness == {}
    assert (cluster == 0).all()


def test_too_few_persons_give_no_composite(draw):
    cluster, means, likeness = composites_of(
        np.zeros((40, 1)), np.repeat(np.arange(20), 2), draw.random((40, 8, 8)), 1, 30, check=True
    )
    assert (cluster == -1).all()
    assert means.shape == (0, 8, 8)
    assert likeness == {}


def test_a_mean_of_unlike_pictures_gives_nobody_away(draw):
    base = draw.random((48, 48))
    pictures = np.clip(base + 0.2 * draw.normal(size=(200, 48, 48)), 0, 1).astype(np.float32)
    found = likeness_of(pictures, np.zeros(200, np.int64), np.arange(200))
    assert found["heaviest"] == pytest.approx(1 / 200)
    assert 0 < found["given_away"] < 0.05


def test_a_mean_of_two_pictures_gives_them_away_and_is_refused(draw):
    pictures = draw.random((60, 48, 48)).astype(np.float32)
    found = likeness_of(pictures, np.repeat([0, 1], [2, 58]), np.arange(60))
    assert found["given_away"] > 0.3
    assert found["heaviest"] == 0.5
    with pytest.raises(ValueError, match="shows one person"):
        composites_of(np.zeros((60, 1)), np.arange(60), pictures, 1, 30, check=True)


def test_a_mean_that_gives_a_picture_away_joins_others_until_it_does_not(draw):
    # One of forty pictures of noise stands out of the grey around it; eighty others vary alike.
    base = draw.random((48, 48))
    alike = np.clip(base + 0.2 * draw.normal(size=(80, 48, 48)), 0, 1)
    flat = 0.5 + 0.001 * draw.normal(size=(39, 48, 48))
    loud = draw.random((1, 48, 48))
    pictures = np.concatenate([flat, loud, alike]).astype(np.float32)
    points = np.repeat([0.0, 1.0], [40, 80])[:, None]
    apart = np.repeat([0, 1], [40, 80])
    assert gives_away(pictures, apart, np.arange(120))[0] > 0.1
    cluster, means, found = composites_of(points, np.arange(120), pictures, 2, 30, check=True)
    assert (cluster == 0).all()
    assert len(means) == found["composites"] == 1
    assert found["given_away"] <= 0.1


def test_a_cluster_joins_the_one_with_the_nearest_centre():
    points = np.array([[0.0], [1.0], [5.0], [6.0], [7.0]])
    assert joined(points, np.array([0, 0, 1, 2, 2]), 1).tolist() == [0, 0, 1, 1, 1]
    assert joined(points, np.array([0, 0, 1, 2, 2]), 0).tolist() == [0, 0, 0, 1, 1]


def test_agreement_by_hand():
    # Five scans of three patients; ten neighbours each.
    votes = np.array([[9, 1], [4, 6], [5, 5], [0, 10], [2, 8]])
    majority = np.array([0, 1, 0, 1, 1])
    labels = np.array([0, 0, 1, 1, 1])
    predicted = np.array([0, 0, 1, 1, 0])
    groups = np.array(["a", "a", "b", "b", "c"])
    found = neighbour_agreement(votes, majority, labels, predicted, groups, CLASSES)
    assert (found["n"], found["groups"]) == (5, 3)
    assert found["with_truth"]["value"] == pytest.approx(3 / 5)
    assert found["with_network"]["value"] == pytest.approx(2 / 5)
    assert found["network_right"]["value"] == pytest.approx(4 / 5)
    assert found["by_class"]["well"] | {"low": 0, "high": 0} == {
        "n": 2, "value": 0.5, "low": 0, "high": 0,
    }  # fmt: skip
    # Doubted: 4 of 10, 5 of 10 and 2 of 10 share the answer; one of the three is wrong.
    assert found["doubted"]["n"] == 3
    assert found["doubted"]["wrong"]["value"] == pytest.approx(1 / 3, abs=1e-6)
    assert found["doubted"]["others"]["value"] == 0.0


def test_a_split_without_doubts_has_no_share_of_wrong_ones():
    found = neighbour_agreement(
        np.array([[10, 0]]), np.array([0]), np.array([0]), np.array([0]), np.array(["a"]), CLASSES
    )
    assert found["doubted"] == {
        "n": 0,
        "wrong": {"value": None, "low": None, "high": None},
        "others": {"value": 0.0, "low": 0.0, "high": 0.0},
    }


@pytest.mark.parametrize("task", ["chest-xray", "ecg-beats"])
def test_every_figure_follows_from_the_stored_predictions(task):
    from medmodels.bundles import load_bundle
    from medmodels.evaluation.stored import load_predictions

    bundle = load_bundle(task)
    if "neighbours" not in bundle.trust:
        pytest.skip("the bundle was made before nearest cases were")
    stored, names = load_predictions(bundle), bundle.card.class_names
    for split, said in bundle.trust["neighbours"]["evaluation"].items():
        if f"{split}/neighbour_labels" in stored:  # other rows than the bundle's own
            labels, predicted, groups = (
                stored[f"{split}/neighbour_{name}"] for name in ("labels", "predicted", "groups")
            )
        else:
            known = stored[f"{split}/labels"] < len(names)
            labels, groups = stored[f"{split}/labels"][known], stored[f"{split}/groups"][known]
            predicted = bundle.operating_point.labels(stored[f"{split}/logits"][known])
        found = neighbour_agreement(
            stored[f"{split}/neighbours"].astype(np.int64),
            stored[f"{split}/neighbour"].astype(np.int64),
            labels.astype(np.int64), predicted.astype(np.int64), groups, names,
        )  # fmt: skip
        assert found["n"] == said["n"]
        for share in ("with_truth", "with_network", "network_right"):
            # Logits are stored rounded, which can turn an answer on the edge.
            assert found[share]["value"] == pytest.approx(said[share]["value"], abs=2e-4)
        assert found["doubted"]["n"] == pytest.approx(said["doubted"]["n"], abs=3)
        assert found["doubted"]["wrong"]["value"] == pytest.approx(
            said["doubted"]["wrong"]["value"], abs=5e-3
        )


@pytest.mark.parametrize("limit", [40])
def test_the_chest_recipe_runs_on_few_images(shared_data, limit):
    from medmodels.bundles import load_bundle
    from medmodels.training.chest_neighbours import chest_neighbours

    bundle = load_bundle("chest-xray")
    lines: list[str] = []
    made = chest_neighbours(bundle, shared_data, lines.append, limit)
    names = made.reference["neighbours/names"]
    assert len(names) == len(set(names)) == made.table["n"] <= made.table["of"] == limit
    assert all((shared_data / made.table["folder"] / name).is_file() for name in names)
    assert made.table["features"] == bundle.trust["head"]["features"] == [0, 256]
    labels = ["pneumonia" if "/pneumonia/" in name else "normal" for name in names]
    assert labels == [("normal", "pneumonia")[i] for i in made.reference["neighbours/labels"]]


def test_the_ecg_recipe_runs_on_few_records(shared_data, monkeypatch):
    from medmodels.bundles import load_bundle
    from medmodels.inputs.beat_windows import BeatInputSpec
    from medmodels.networks.beat_graph import BeatGraph
    from medmodels.training import ecg_neighbours as recipe
    from medmodels.training.ecg_data import read_record

    monkeypatch.setattr(recipe, "SAMPLE", 1500)
    monkeypatch.setattr(recipe, "ASKED", 1000)
    bundle = load_bundle("ecg-beats")
    layers = tuple(bundle.trust["head"]["layers"])
    made = recipe.ecg_neighbours(
        BeatGraph(bundle.network, layers), layers, shared_data,
        BeatInputSpec.from_card(bundle.card.input), bundle.card.class_names,
        bundle.operating_point.labels, (["208", "118"], ["213"]), quick=True,
    )  # fmt: skip
    reference, table = made.reference, made.table
    assert table["n"] == 1500
    assert set(reference["neighbours/groups"]) == {"208", "118"}
    assert reference["neighbours/composites"].shape[1:] == (96, 2)
    assert all(row["n"] >= 30 for row in table["clusters"])
    # A plain sample keeps the classes' shares, within four standard errors.
    every = np.concatenate([read_record(shared_data / "ecg-mitdb" / n)[2] for n in ("208", "118")])
    every = every[every < 4]
    share = np.bincount(every, minlength=4) / len(every)
    kept = np.bincount(reference["neighbours/labels"], minlength=4) / 1500
    assert (np.abs(kept - share) <= 4 * np.sqrt(share * (1 - share) / 1500) + 1e-9).all()
