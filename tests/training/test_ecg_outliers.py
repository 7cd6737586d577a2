import numpy as np
import pytest

from medmodels.inputs.beat_windows import BeatInputSpec
from medmodels.inputs.signal import Signal
from medmodels.training.ecg_outlier_choice import Candidate, Training, compare, cross_validate
from medmodels.training.ecg_outlier_results import NO_BEAT, Fitted, for_bundle, measure
from medmodels.training.ecg_outlier_rows import (
    NEAR,
    FeatureReader,
    Recording,
    columns,
    pooled_columns,
    read_made,
    stacked,
)
from medmodels.training.ecg_outliers import CHOICE, fit
from medmodels.training.made_signals import TEST, TRAINING
from medmodels.trust.beat_sizes import BeatSizes
from medmodels.trust.out_of_distribution import Energy, FeatureClassifier, Mahalanobis
from tests.trust.ecg_lines import drawn_ecg

SPEC = BeatInputSpec(100.0, 0.42, 0.54, 2, ("rr_before", "qrs_alike_1"))
WHERE = {"windows": slice(0, 52), "rhythm": slice(52, 54)}
FOLDS = (["a"], ["b"])


def _recordings(kind, centre, names, rng, rows=20):
    return [
        Recording(kind, n, rng.normal(centre, 1, (rows, 108)).astype(np.float32), np.full(rows, 30))
        for n in names
    ]


@pytest.fixture
def training():
    """Rows of 54 means and 54 spreads: ECGs about 0, everything else about 6."""
    rng = np.random.default_rng(0)
    kinds = list(TRAINING)[:4]
    return Training(
        _recordings("record", 0, "ab", rng),
        _recordings("excerpt", 0, "ab", rng),
        [r for kind in kinds for r in _recordings(kind, 6, "12", rng)],
        [r for kind in NEAR for r in _recordings(kind, 0, "ab", rng)],
    )


def test_the_reader_gives_one_row_for_thirty_beats():
    x, _ = drawn_ecg(seconds=65)
    recording = FeatureReader(SPEC).read(Signal(x, 360.0, ("II", "V1"), "", ""), "drawn", "1")
    assert recording.beats.sum() == pytest.approx(64, abs=2)
    where = columns(SPEC, network=False)
    assert where == {"windows": slice(0, 192), "rhythm": slice(192, 194)}
    assert recording.rows.shape == (2, 2 * 194)
    # The mean window of a drawn beat is a triangle: one QRS height tall, at the R peak.
    window = recording.rows[0, :192].reshape(96, 2)
    assert window.max() == pytest.approx(1.0, abs=0.2)
    assert abs(int(window[:, 0].argmax()) - SPEC.reach[0]) <= 1


def test_without_a_beat_there_are_no_rows():
    flat = Signal(np.zeros((3600, 1), np.float32), 360.0, ("II",), "", "")
    recording = FeatureReader(SPEC).read(flat, "flat", "1")
    assert not len(recording.rows)
    fitted = Fitted(CHOICE, Energy(), 0.0, np.arange(4), np.zeros(1))
    assert fitted.refuses(recording)
    assert not len(fitted.scores(recording))


def test_the_same_seed_gives_the_same_rows():
    one, two = (read_made(FeatureReader(SPEC), ["sine"], [3])[0] for _ in range(2))
    np.testing.assert_array_equal(one.rows, two.rows)


def test_columns_of_a_group_are_its_means_and_its_spreads():
    assert pooled_columns(["rhythm"], WHERE).tolist() == [52, 53, 106, 107]
    assert Candidate(Energy.name, "logits").columns(WHERE | {"logits": slice(54, 56)}).tolist() == [
        54,
        55,
    ]


def test_rows_know_their_recording_and_empty_ones_are_skipped(training):
    empty = Recording("sine", "0", np.zeros((0, 0), np.float32), np.zeros(0, np.int64))
    rows, owner = stacked([training.records[0], empty, training.records[1]])
    assert rows.shape == (40, 108)
    assert set(owner) == {0, 2}


def test_no_score_sees_what_it_is_cross_validated_on(training, monkeypatch):
    seen = []

    def remember(self, rows, outliers):
        seen.append((rows, outliers))
        return FeatureClassifier.fit(rows, outliers)

    monkeypatch.setattr(Candidate, "fit", remember)
    candidate = Candidate(FeatureClassifier.name, "windows")
    scores = cross_validate(candidate, training, WHERE, FOLDS)
    at = candidate.columns(WHERE)
    for k, (rows, outliers) in enumerate(seen):
        held = next(r for r in training.records if r.name == FOLDS[k][0])
        assert len(rows) == 40
        assert not (rows == held.rows[0, at]).all(axis=1).any()
        kinds = list(TRAINING)[:4][k :: len(FOLDS)]
        gone = [r for r in training.made if r.kind in kinds]
        assert len(outliers) == 80
        assert not any((outliers == r.rows[0, at]).all(axis=1).any() for r in gone)
    assert {len(values) for values in scores.values()} == {40}


def test_the_best_comes_first_and_what_is_apart_is_told_apart(training):
    good = Candidate(FeatureClassifier.name, "windows")
    blind = Candidate(Energy.name, "windows")
    table = compare(training, WHERE, [blind, good], FOLDS)
    assert table[0]["score"] == FeatureClassifier.name
    assert table[0]["auroc"] == 1.0
    assert table[0]["refused"] == 1.0
    # Near kinds were drawn like the records: about one in twenty is refused.
    assert all(share < 0.3 for share in table[0]["near_refused"].values())


def test_what_is_stored_scores_as_what_was_fitted(training):
    fitted = fit(CHOICE, training, WHERE, FOLDS)
    rng = np.random.default_rng(1)
    kind = next(iter(TEST))
    test = {
        "test": _recordings("record", 0, "cd", rng),
        kind: [
            *_recordings(kind, 6, "1", rng),
            Recording(kind, "2", np.zeros((0, 0), np.float32), np.zeros(0, np.int64)),
        ],
    }
    parts = for_bundle(fitted, [], test)
    trust, predictions = parts.trust, parts.predictions
    assert trust["method"] == BeatSizes.name
    assert trust["kinds"] == [
        {"name": "white_noise", "title": "White noise", "group": "not medical"}
    ]
    beyond = np.mean(np.array(trust["validation_quantiles"]) >= trust["refuse"])
    assert beyond == pytest.approx(0.05, abs=0.02)
    arrays = {k.removeprefix("unlike/"): v for k, v in parts.reference.items()}
    score = BeatSizes(**arrays | {"bias": float(arrays["bias"])})
    rows, _ = stacked(test["test"])
    np.testing.assert_allclose(
        score.score(rows[:, fitted.columns]), predictions["test/unlike"], rtol=1e-4, atol=1e-4
    )
    assert predictions["ood/white_noise/unlike"][-1] == NO_BEAT
    assert predictions["ood/white_noise/recording"].tolist() == ["1"] * 20 + ["2"]
    measured = measure(fitted, test)
    assert measured["made"]["auroc_stretches"] == 1.0
    assert measured["made"]["auroc_recordings"] == 1.0
    assert measured["kinds"][kind]["recordings_refused"] == 1.0
    assert measured["kinds"][kind]["without_a_beat"] == 1
    assert measured["kinds"]["test"]["recordings_refused"] == 0.0


def test_the_choice_is_one_of_what_is_compared():
    from medmodels.training.ecg_outlier_choice import candidates

    assert CHOICE in candidates()
    assert Candidate(Mahalanobis.name, "beat") in candidates()
