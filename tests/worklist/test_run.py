"""Many cases read one after the other: as each alone, in order, whatever a file holds."""

from __future__ import annotations

import hashlib
import queue

import numpy as np
import pytest

from medmodels.bundles import load_bundle
from medmodels.inputs.errors import InputError
from medmodels.inputs.open_scan import open_scan
from medmodels.reading import read
from medmodels.samples import SAMPLES
from medmodels.worklist import run
from medmodels.worklist.line import UNREADABLE
from medmodels.worklist.run import read_sources
from medmodels.worklist.sources import Source, in_upload
from tests.bundles_fixture import (
    SEQUENCE_TASK,
    SIGNAL_TASK,
    made_ramps,
)
from tests.worklist.made_files import png


@pytest.fixture(scope="module")
def bundle(knows_ramps):
    return knows_ramps


@pytest.fixture(scope="module")
def files():
    found = {f"{number}.png": png(ramp) for number, ramp in enumerate(made_ramps(7))}
    noise = np.random.default_rng(0).random((40, 40))
    found |= {"3a.png": png(noise), "5a.txt": b"no scan", "5b.png": found["5.png"][:99]}
    return found


@pytest.mark.parametrize("batch", [1, 4, 32])
def test_every_case_has_the_line_of_its_reading_alone(bundle, files, batch):
    found = list(read_sources(bundle, in_upload(files, "scan"), batch=batch))
    assert [line.file for line, _ in found] == list(files)
    assert [line.file for line, reading in found if reading is None] == ["5a.txt", "5b.png"]
    for line, reading in found:
        if reading is None:
            assert line.state == UNREADABLE
            assert line.reasons[0].startswith("Found: ")
            continue
        alone = read(bundle, open_scan(files[line.file]))
        np.testing.assert_allclose(reading.logits, alone.logits, atol=1e-5)
        assert (reading.decision.kind, reading.labels) == (alone.decision.kind, alone.labels)
        assert reading.trust.unlike.score == pytest.approx(alone.trust.unlike.score, rel=1e-3)
        assert [one.code for one in reading.trust.findings] == [
            one.code for one in alone.trust.findings
        ]
        np.testing.assert_allclose(reading.trust.low, alone.trust.low, atol=1e-5)
        assert line.input_digest == alone.input_digest


def test_the_network_is_asked_about_a_batch_while_the_one_before_is_told(
    bundle, files, monkeypatch
):
    asked, ask = queue.SimpleQueue(), run._ask
    monkeypatch.setattr(run, "_ask", lambda *of: (asked.put(len(of[1])), ask(*of))[1])
    coming = read_sources(bundle, in_upload(files, "scan"), batch=4)
    next(coming)
    assert [asked.get(timeout=60), asked.get(timeout=60)] == [4, 4]
    coming.close()


def test_files_are_opened_a_few_ahead_and_no_more(bundle, files):
    opened = []

    def loading(number):
        opened.append(number)
        return {"a.png": files["1.png"]}

    sources = (Source(str(i), lambda i=i: loading(i)) for i in range(1000))
    coming = read_sources(bundle, sources, batch=4)
    next(coming)
    coming.close()
    assert len(opened) <= 3 * 4


def test_what_nobody_foresaw_is_one_line_and_its_words_stay_out_of_the_log(bundle, files, caplog):
    def failing():
        raise RuntimeError("Mrs Jones")

    def refusing():
        raise InputError("nothing.", "something.", "Look.")

    sources = [
        Source("a", failing), Source("b", refusing), Source("c", lambda: {"c": files["1.png"]})
    ]  # fmt: skip
    lines = [line for line, _ in read_sources(bundle, sources)]
    assert [line.state for line in lines[:2]] == [UNREADABLE] * 2
    assert "this program failed" in lines[0].reasons[0]
    assert lines[2].answered or lines[2].reasons
    assert "RuntimeError" in caplog.text
    assert "Jones" not in caplog.text
    assert "Jones" not in str(lines)


def test_a_refused_archive_has_the_digest_of_the_whole_and_a_cut_file_none(bundle, monkeypatch):
    broken = b"PK\x03\x04 and no more"
    ((line, _),) = read_sources(bundle, in_upload({"a.zip": broken}, "scan"))
    assert line.input_digest == hashlib.sha256(broken).hexdigest()
    # What is longer than any scan was never read to its end.
    monkeypatch.setattr(run, "MAX_BYTES", 5)
    ((line, _),) = read_sources(bundle, in_upload({"a.txt": b"no scan"}, "scan"))
    assert (line.state, line.input_digest) == (UNREADABLE, "")


def test_recordings_and_sequences_are_read_too(one_of_each):
    ecg = {"a.csv": (SAMPLES / "sinus-rhythm.csv").read_bytes(), "b.csv": b"1,2\n"}
    bundle = load_bundle(SIGNAL_TASK, one_of_each)
    lines = [line for line, _ in read_sources(bundle, in_upload(ecg, "signal"))]
    assert sum(lines[0].counts.values()) > 5
    assert lines[1].state == UNREADABLE
    bundle = load_bundle(SEQUENCE_TASK, one_of_each)
    bases = {"a.fasta": b">x\n" + b"ACGT" * 40 + b"\n", "b.fasta": b">y\nMKVL\n"}
    lines = [line for line, _ in read_sources(bundle, in_upload(bases, "sequence"))]
    assert [bool(line.counts) for line in lines] == [True, False]


def test_a_network_that_fails_on_a_recording_does_not_end_the_run(one_of_each, monkeypatch):
    def failing(*_):
        raise MemoryError

    monkeypatch.setattr(run, "read", failing)
    ecg = {"a.csv": (SAMPLES / "sinus-rhythm.csv").read_bytes()}
    ((line, reading),) = read_sources(
        load_bundle(SIGNAL_TASK, one_of_each), in_upload(ecg, "signal")
    )
    assert (line.state, reading) == (UNREADABLE, None)
    assert line.input_digest
