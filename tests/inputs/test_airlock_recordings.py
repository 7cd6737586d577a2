"""A recording in a text file leaves the airlock as it would be read, without who was recorded."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.airlock_recording import admit_part, together
from medmodels.inputs.airlock_table import DROPPED, WORDS, clean_table
from medmodels.inputs.errors import InputError
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.looks_like import looks_like
from medmodels.inputs.open_signal import digest_of, open_signal, understand
from medmodels.inputs.signal_limits import MIN_RATE
from tests.inputs.scan_files import dicom

WAVE = np.round(np.sin(np.arange(4000) / 40) + 0.2 * np.sin(np.arange(4000) / 7), 4)


def rows(columns: int = 1, delimiter: str = ",", time: bool = False, decimal: str = ".") -> str:
    lines = []
    for i, value in enumerate(WAVE):
        fields = [f"{i / 360:.5f}"] if time else []
        fields += [f"{value * (n + 1):.4f}" for n in range(columns)]
        lines.append(delimiter.join(fields).replace(".", decimal))
    return "\n".join(lines) + "\n"


FILES = {
    "apple watch": "Name,Petra Doe\nDate of Birth,Feb 3 1931\nRecorded Date,2020-01-01\n"
    "Classification,Sinus Rhythm\nSymptoms,none\nSoftware Version,1.0\nDevice,Watch of Petra\n"
    "Sample Rate,360 hertz\n\n\nLead,Lead I\nUnit,mV\n\n" + rows(),
    "comments": "# Patient: Petra Doe, seen at 360 Hz by Dr Doe\n# units: mV\n"
    "MLII,V1\n" + rows(2),
    "header in a comment": "# Petra Doe\n# fs = 360\n# MLII V1\n" + rows(2, " "),
    "units below the names": "Petra Doe;;\ntime;MLII;V1\ns;mV;mV\n" + rows(2, ";", True, ","),
    "gain": "% Doe, Petra, gain: 200, baseline: 1024, sampling rate: 360 Hz\nMLII\n"
    + "\n".join(str(int(1024 + 200 * v)) for v in WAVE) + "\n",
    "comments among the rows": "time,MLII\n# fs = 360 Hz, Petra Doe\n" + rows(1, ",", True),
    "Latin-1": "# Patientin: P\xe9tra Doe\n# Abtastrate: 360 Hz\nMLII\n" + rows(),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_table_is_read_as_before_and_the_lines_above_are_gone(name):
    data = FILES[name].encode("latin-1" if name == "Latin-1" else "utf-8")
    notes = Notes()
    clean = clean_table(data, notes)
    for word in (b"Petra", b"Doe", b"1931", b"\xe9tra", b"\xc3\xa9tra"):
        assert word not in clean
    assert notes.names() == (DROPPED,)
    before, after = open_signal({"a.csv": data}), open_signal({"a.csv": clean})
    np.testing.assert_array_equal(after.samples, before.samples)
    assert (after.rate, after.leads, after.notes) == (before.rate, before.leads, before.notes)
    first, second = understand({"a.csv": data}), understand({"a.csv": clean})
    assert second.sentence == first.sentence
    assert second.questions == first.questions


def test_a_table_without_lines_above_is_left_alone():
    for text in ("MLII,V1\n" + rows(2), rows(1), "time;ecg\n" + rows(1, ";", True)):
        notes = Notes()
        assert clean_table(text.encode(), notes) == text.encode()
        assert not notes.names()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " "])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_columns_of_words_are_one_word_and_the_rest_is_read_as_before(delimiter, place):
    lines = []
    for i, line in enumerate(["MLII,V1", *rows(2).splitlines()]):
        cells = line.split(",")
        name = "Planted" if delimiter == " " or i % 2 else '"Planted, Petra"'
        cells.insert(place, "patient" if i == 0 else name)
        lines.append(delimiter.join(cells))
    data = ("\n".join(lines) + "\n").encode()
    notes = Notes()
    clean = clean_table(data, notes)
    assert b"Planted" not in clean
    assert b"Petra" not in clean
    assert notes.names() == (WORDS,)
    before = open_signal({"a.csv": data}, rate=360)
    after = open_signal({"a.csv": clean}, rate=360)
    np.testing.assert_array_equal(after.samples, before.samples)
    assert (after.leads, after.notes) == (before.leads, before.notes)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.txt", b"Dear colleague, Petra Planted, born 1931, came to see me.\n"),
        ("a.pdf", b"%PDF-1.7 Petra Planted"), ("a.edf", b"0       " + b"Petra Planted " * 40),
        ("a.csv", b"Petra,Planted\n1,2\n"),
    ],
)  # fmt: skip
def test_of_what_is_no_recording_the_reason_is_held_alone(name, data):
    recording = together({name: admit_part(name, data)})
    assert recording.files == {name: b""}
    with pytest.raises(InputError) as error:
        open_signal({name: data}, rate=MIN_RATE)
    assert str(recording.refused) == str(error.value)


def test_a_scan_among_recordings_is_held_as_a_scan_is():
    scan = dicom(np.zeros((64, 64), np.uint16), PatientName="Planted^Petra")
    part = admit_part("Petra.dcm", scan)
    assert part.refused is not None
    assert "Patient's Name" in part.found
    assert b"Planted" not in part.data
    assert looks_like(part.data) == "scan"


def test_what_is_no_table_goes_through():
    for data in (b"", b"\0\1\2", b">x\nACGT\n", b"Dear colleague, Petra Doe came to see me.\n"):
        assert clean_table(data, Notes()) == data


def test_a_long_table_is_cleaned_at_its_top_only():
    text = "# Petra Doe\n# fs = 360 Hz\nMLII\n" + rows() * 8
    clean = clean_table(text.encode(), Notes())
    assert clean == text.replace("# Petra Doe", "#").encode()


def test_an_understanding_can_be_that_of_the_file_that_came():
    data = FILES["comments"].encode()
    clean = clean_table(data, Notes())
    came = digest_of({"a.csv": data})
    assert understand({"a.csv": clean}, digest=came).digest == understand({"a.csv": data}).digest
