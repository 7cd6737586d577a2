"""A recording in a text file leaves the airlock as it would be read, without who was recorded."""

from __future__ import annotations

import numpy as np
import pytest

from medmodels.inputs.airlock_table import DROPPED, clean_table
from medmodels.inputs.identifying_photo import Notes
from medmodels.inputs.open_signal import digest_of, open_signal, understand

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
