"""How inputs are cut into parts, and that nothing else is changed."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.explain.masking import BeatMasking, ScanMasking
from medmodels.explain.parts import BeatParts, ScanParts
from medmodels.explain.saliency_map import SaliencyMap


class Recorder:
    """A masking that keeps the masks it is asked about."""

    def __init__(self, shape):
        self.shape = shape

    def logits(self, keep, progress=None, rhythm=None):
        self.keep, self.rhythm = keep, rhythm
        if progress:
            progress(1.0)
        return np.zeros((len(keep), 2), np.float32)

    def logits_of_grid(self, keep, rows, columns, progress=None):
        return self.logits(rows @ keep @ columns.T, progress)


def a_map(values, context=None):
    return SaliencyMap(values, values.shape, True, "", 0, "", context=context)


@pytest.fixture
def scan_parts(random):
    scan = random.random((24, 24, 1), dtype=np.float32)
    return ScanParts([Recorder((24, 24))], scan, 4), scan


def test_a_scan_is_summed_over_squares(scan_parts):
    parts, _ = scan_parts
    values = np.zeros((24, 24), np.float32)
    values[6:12, 18:24] = 2.0
    expected = np.zeros(16)
    expected[1 * 4 + 3] = 2 * 36
    np.testing.assert_allclose(parts.importance(a_map(values)), expected)


def test_a_part_that_goes_is_gone_in_its_middle_only(scan_parts):
    parts, _ = scan_parts
    keep = np.ones((1, 16), bool)
    keep[0, 5] = False
    parts.logits(keep)
    (mask,) = parts._maskings[0].keep
    assert mask[8:10, 8:10].max() < 0.15
    assert mask[0, 0] == pytest.approx(1)
    assert mask[20, 20] == pytest.approx(1)
    assert mask.min() >= 0
    assert mask.max() <= 1 + 1e-6


def test_edges_are_where_the_brightness_changes(scan_parts):
    scan = np.zeros((24, 24, 1), np.float32)
    scan[:, 9:] = 1.0
    edges = ScanParts([Recorder((24, 24))], scan, 4).edges().reshape(4, 4)
    assert (edges[:, 1] > 0).all()
    assert not edges[:, [0, 2, 3]].any()


def test_the_blob_is_in_the_middle(scan_parts):
    blob = scan_parts[0].blob().reshape(4, 4)
    np.testing.assert_allclose(blob, blob[::-1, ::-1])
    assert blob[1, 1] == blob.max()
    assert blob[0, 0] == blob.min()


def test_parts_that_do_not_divide_are_refused(scan_parts):
    with pytest.raises(ValueError, match="5 parts do not divide"):
        ScanParts([Recorder((24, 24))], scan_parts[1], 5)


@pytest.fixture
def beat_parts(beats):
    windows, numbers = beats
    return BeatParts([Recorder(windows.shape)], (windows, numbers), 2, 5)


def test_only_the_explained_beat_is_cut(beat_parts, beats):
    windows, parts = beats[0], beat_parts
    assert parts.count == 6 * 2 + 3
    keep = np.ones((1, parts.count), bool)
    keep[0, 0] = False  # the first five samples of the first lead
    keep[0, 13] = False  # the second number
    parts.logits(keep)
    recorder = parts._maskings[0]
    assert recorder.keep.shape == (1, *windows.shape)
    assert recorder.keep[0, 2, :3, 0].max() < 0.2
    assert (recorder.keep[0, 2, :, 1] == 1).all()
    assert (np.delete(recorder.keep[0], 2, axis=0) == 1).all()
    np.testing.assert_array_equal(recorder.rhythm[0, 2], [1, 0, 1])
    assert (np.delete(recorder.rhythm[0], 2, axis=0) == 1).all()


def test_a_map_without_numbers_gives_them_nothing(beat_parts, beats):
    values = np.ones(beats[0].shape, np.float32)
    alone = beat_parts.importance(a_map(values))
    np.testing.assert_allclose(alone, [5.0] * 12 + [0.0] * 3)
    context = np.zeros(beats[1].shape, np.float32)
    context[2] = [1, 2, 3]
    context[1] = 9
    both = beat_parts.importance(a_map(values, context))
    np.testing.assert_allclose(both[12:], [1, 2, 3])


def test_keeping_all_is_the_input_and_keeping_nothing_the_baseline(
    make_scan_network, make_beat_network, scan, beats
):
    network = make_scan_network()
    grey = np.full_like(scan, 0.5)
    parts = ScanParts([ScanMasking(network, scan, grey)], scan, 4)
    logits = parts.logits(np.array([[True] * 16, [False] * 16]))[0]
    expected = network(np.stack([scan, grey]), training=False).numpy()
    np.testing.assert_allclose(logits, expected, rtol=1e-3, atol=1e-3)

    network = make_beat_network()
    windows, numbers = beats
    flat, usual = windows.copy(), numbers.copy()
    flat[2], usual[2] = 0, 1
    masking = BeatMasking(network, beats, 2, flat, usual)
    parts = BeatParts([masking], beats, 2, 5)
    logits = parts.logits(np.array([[True] * parts.count, [False] * parts.count]))[0]
    for given, found in (((windows, numbers), logits[0]), ((flat, usual), logits[1])):
        expected = network([part[None] for part in given], training=False).numpy()[0, 2]
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3)
