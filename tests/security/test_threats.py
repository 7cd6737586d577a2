"""THREATS.md names tests that are there, and says what is not stopped."""

from __future__ import annotations

import ast
import re

import pytest

from tests.security.watched import ROOT

TEXT = (ROOT / "THREATS.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))


def test_many_tests_are_named_and_nothing_else_looks_like_one():
    assert len(NAMED) > 40
    assert TEXT.count("::") == len(re.findall(r"`tests/[\w/]+\.py::\w+`", TEXT))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_is_there(file, name):
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_row_of_what_is_stopped_names_a_test():
    stopped = TEXT.split("## What is stopped")[1].split("## What is not stopped")[0]
    rows = [line for line in stopped.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 20
    assert [row for row in rows if "::" not in row] == []
