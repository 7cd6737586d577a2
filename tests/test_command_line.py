"""The command line, as a person types it."""

from __future__ import annotations

import hashlib
import json

import pydicom
import pytest

from medmodels.bundles import list_tasks, load_bundle
from medmodels.command_line import main
from medmodels.inputs.errors import InputError
from medmodels.samples import SAMPLES, list_samples


def _json(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_bundles_are_listed_with_their_digests(capsys):
    listed = _json(capsys, "bundles")
    assert [entry["task"] for entry in listed] == list(list_tasks())
    assert all(len(entry["digest"]) == 64 for entry in listed)


def test_a_scan_is_read(capsys):
    sample = list_samples("chest-xray")[0]
    answer = _json(capsys, "read", str(SAMPLES / sample.file), "--task", "chest-xray")
    assert set(answer["probabilities"]) == {"normal", "pneumonia"}
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert answer["notice"].startswith("Research and education only")
    assert min(answer["saliency"][0]["grid"]) >= 10


def test_an_answer_that_is_withheld_is_told_only_to_who_insists(capsys):
    turned = str(SAMPLES / "chest-normal-1-turned.png")
    assert main(["read", turned, "--task", "chest-xray"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("No answer.")
    assert "lie on its side" in said
    assert "probability" not in said
    assert main(["read", turned, "--task", "chest-xray", "--insist"]) == 0
    assert "The network’s answer is" in capsys.readouterr().out
    assert _json(capsys, "read", turned, "--task", "chest-xray")["answer"] is None
    insisted = _json(capsys, "read", turned, "--task", "chest-xray", "--insist")
    assert insisted["decision"] == "abstain"
    assert insisted["withheld"]["answer"] in ("normal", "pneumonia")


def test_a_signal_is_read_beat_by_beat(capsys):
    sample = list_samples("ecg-beats")[0]
    answer = _json(capsys, "read", str(SAMPLES / sample.file), "--task", "ecg-beats")
    assert sum(answer["answer"].values()) == len(answer["beats"]) > 30
    times = [beat["time_s"] for beat in answer["beats"]]
    assert times == sorted(times)


def test_the_answer_in_words(capsys):
    sample = list_samples("ecg-beats")[0]
    assert main(["read", str(SAMPLES / sample.file), "--task", "ecg-beats"]) == 0
    assert "beats" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "task"), [(b"", "chest-xray"), (b"<html></html>", "ecg-beats")]
)
def test_a_bad_file_is_told_on_standard_error_without_a_traceback(capsys, tmp_path, content, task):
    path = tmp_path / "Jane Doe.png"
    path.write_bytes(content)
    assert main(["read", str(path), "--task", task]) == 1
    said = capsys.readouterr().err
    assert "What to do" in said
    assert "Traceback" not in said
    assert "Jane" not in said


def test_an_unknown_task_is_told(capsys):
    assert main(["evaluate", "palm-reading"]) == 1
    assert "chest-xray" in capsys.readouterr().err


@pytest.mark.parametrize("task", list_tasks())
def test_evaluation_from_the_stored_predictions(capsys, task):
    result = _json(capsys, "evaluate", task)
    for metric in ("accuracy", "balanced_accuracy", "auc"):
        estimate = result[metric]
        assert estimate["low"] <= estimate["value"] <= estimate["high"]
    for numbers in result["classes"].values():
        assert {"sensitivity", "ppv", "f1"} <= set(numbers)


@pytest.mark.parametrize("task", list_tasks())
@pytest.mark.timeout(600)
def test_the_network_still_gives_the_stored_numbers(capsys, shared_data, task):
    """Run on the test data: what was stored is what the shipped network does."""
    fresh = _json(capsys, "evaluate", task, "--data", str(shared_data))
    stored = load_bundle(task).evaluation["splits"]["test"]
    assert fresh["n"] == stored["n"]
    assert fresh["accuracy"]["value"] == pytest.approx(stored["accuracy"]["value"], abs=0.002)
    assert fresh["auc"]["value"] == pytest.approx(stored["auc"]["value"], abs=0.002)
    for split, told in load_bundle(task).evaluation["trust"]["decision"]["splits"].items():
        again = fresh["trust"]["decision"]["splits"][split]
        assert abs(again["abstain"] - told["abstain"]) <= 0.01 * told["n"]


def test_the_map_of_an_answer_is_audited_on_demand(capsys):
    sample = list_samples("chest-xray")[0]
    path = str(SAMPLES / sample.file)
    answer = _json(capsys, "read", path, "--task", "chest-xray", "--explain")
    (one,) = answer["explanations"]
    assert one["class"] == answer["answer"]
    assert one["audit"]["verdict"].startswith(("This map explains", "Not reliable here"))
    assert 0 < one["audit"]["faithfulness"]["p"] <= 1
    assert one["audit"]["sanity"]["passed"] is True


def test_one_beat_is_explained_and_a_wrong_number_is_told(capsys):
    sample = list_samples("ecg-beats")[0]
    command = ["read", str(SAMPLES / sample.file), "--task", "ecg-beats", "--explain"]
    assert main([*command, "--beat", "5"]) == 0
    assert "Contributions: " in capsys.readouterr().out
    assert main([*command, "--beat", "0"]) == 1
    assert "Give another --beat" in capsys.readouterr().err


@pytest.mark.parametrize("keeps", [False, True])
def test_a_picture_is_tied_to_its_series_where_that_is_asked_for(keeps, tmp_path, capsys):
    sample, made = SAMPLES / "chest-pneumonia-2.dcm", tmp_path / "overlay.dcm"
    wanted = ["--keep-uids"] if keeps else []
    arguments = ["read", str(sample), "--task", "chest-xray", *wanted]
    assert main([*arguments, "--report", str(made), "--as", "dicom-picture"]) == 0
    before, after = pydicom.dcmread(sample), pydicom.dcmread(made)
    source = after.SourceImageSequence[0]
    assert (source.ReferencedSOPInstanceUID == before.SOPInstanceUID) is keeps
    assert (after.StudyInstanceUID == before.StudyInstanceUID) is keeps
    assert after.SeriesInstanceUID != before.SeriesInstanceUID


def test_sequences_are_called_by_identifiers_and_numbers_and_by_no_words(capsys, tmp_path):
    bases = "".join((SAMPLES / "dna-donor.fa").read_text().splitlines()[1:])
    path = tmp_path / "a.fa"
    path.write_text(f">Petra_Planted born 1931\n{bases}\n>NM_000546.6 of Petra\n{bases}\n")
    answer = json.dumps(_json(capsys, "read", str(path), "--task", "dna-splice"))
    assert "NM_000546.6" in answer
    assert "sequence 1" in answer
    assert "Petra" not in answer


def test_a_recording_comes_through_the_airlock_under_the_digest_of_the_file(tmp_path, monkeypatch):
    wave = "\n".join(f"{i % 90 < 5:.1f},{i / 9e3:.4f}" for i in range(9000))
    path = tmp_path / "a.csv"
    path.write_text(f"# Petra Planted, fs = 360 Hz\nMLII,V1\n{wave}\n# Petra Planted\n")
    seen = {}

    def opened(files, **options):
        seen.update(files=files, **options)
        raise InputError("enough.", "no more.", "Stop.")

    monkeypatch.setattr("medmodels.inputs.open_signal.open_signal", opened)
    assert main(["read", str(path), "--task", "ecg-beats"]) == 1
    assert b"MLII" in seen["files"]["a.csv"]
    assert b"Planted" not in seen["files"]["a.csv"]
    assert seen["digest"] == hashlib.sha256(path.read_bytes()).hexdigest()
