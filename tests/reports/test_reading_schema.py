"""The JSON of a reading is what its published schema says, and the schema refuses what is not."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from medmodels import NOTICE
from medmodels.bundles import list_tasks, load_bundle
from medmodels.reading import reading_json
from medmodels.reading.as_json import SCHEMA
from medmodels.reports.reading_file import reading_json_file
from tests.reports.made_readings import MADE
from tests.reports.reading_kinds import KINDS, declined

SCHEMA_FILE = Path(__file__).resolve().parents[2] / "assets/schemas/reading.schema.json"


@pytest.fixture(scope="module")
def schema():
    content = json.loads(SCHEMA_FILE.read_text())
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content, format_checker=FormatChecker())


@pytest.fixture(scope="module")
def good(readings):
    content = json.loads(reading_json_file(readings["scan explained"], made=MADE))
    return lambda: copy.deepcopy(content)


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_reading_follows_it(schema, readings, name):
    content = json.loads(reading_json_file(readings[name], made=MADE))
    schema.validate(content)
    assert (content["schema"], content["notice"]) == (SCHEMA, NOTICE)
    assert content["schema"] == schema.schema["$id"]
    assert content["made"] == "2026-11-30T08:08:07+00:00"
    # The time is told of a file; what stands on the command line's or a program's own is not.
    schema.validate(reading_json(readings[name]))


@pytest.mark.parametrize("name", KINDS)
def test_withheld_and_insisted_too(schema, readings, name):
    reading = declined(readings[name])
    schema.validate(reading_json(reading))
    insisted = reading_json(reading, insist=True)
    schema.validate(insisted)
    assert insisted["answer"] is None
    assert insisted["withheld"]["answer"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("notice",), None),
        (("notice",), "A medical device."),
        (("probabilities", "finding"), 1.2),
        (("probabilities", "finding"), "0.2"),
        (("patient",), "Jane Roe"),
        (("input", "file"), "jane-roe.dcm"),
        (("decision",), "perhaps"),
        (("decision",), "abstain"),
        (("answer",), None),
        (("answer",), 3),
        (("bundle",), "abc"),
        (("withheld",), {"answer": "finding"}),
        (("schema",), "urn:diaphane:schema:reading:2.0"),
        (("explanations", 0, "audit", "passed"), "yes"),
        (("explanations", 0, "values"), [[0.0]]),
        (("saliency", 0, "grid"), [8]),
        (("prediction_sets",), {"95": ["finding"]}),
        (("operating_point", "threshold"), 40),
        (("beats",), []),
        (("made",), "yesterday"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else str(value)[:20],
)
def test_what_is_wrong_is_refused(schema, good, path, value):
    wrong = good()
    schema.validate(wrong)
    place = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not schema.is_valid(wrong)


@pytest.mark.parametrize(
    "key", ["notice", "schema", "task", "bundle", "input", "decision", "probabilities", "answer"]
)
def test_what_is_missing_is_missed(schema, good, key):
    wrong = good()
    del wrong[key]
    assert not schema.is_valid(wrong)


def test_no_site_called_is_an_answer(schema, readings):
    content = reading_json(readings["sites"])
    content["answer"] = []
    schema.validate(content)


def test_everything_that_is_a_number_or_a_class_is_described(schema):
    """Whoever reads the file finds what each value is, and in which unit."""
    silent = [
        where for where, one in _fields(schema.schema, "")
        if "description" not in one and "$ref" not in one and "const" not in one
        and not one.get("anyOf")
    ]  # fmt: skip
    assert silent == []


def test_the_card_of_every_bundle_is_of_a_kind_that_it_knows(schema):
    kinds = schema.schema["properties"]["kind"]["enum"]
    assert {load_bundle(task).card.kind for task in list_tasks()} <= set(kinds)


def _fields(table, where):
    for name, one in table.get("properties", {}).items():
        yield f"{where}.{name}", one
        yield from _fields(one, f"{where}.{name}")
    for name, one in table.get("$defs", {}).items():
        yield from _fields(one, name)
