"""``evaluate`` finds the external data where it is told, or with the others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from medmodels.command_line import main


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [(["--data", "here"], "here"), (["--data", "here", "--external", "there"], "there")],
)
def test_the_recipe_is_told_where_the_external_data_are(monkeypatch, capsys, arguments, expected):
    told = []
    bundle = SimpleNamespace(task="any", network="the network")

    def predict(bundle, data, external):
        told.append((bundle.network, data, external or data))
        return {}

    monkeypatch.setattr("medmodels.command_line.load_bundle", lambda _: bundle)
    monkeypatch.setattr(
        "medmodels.command_line._recipe", lambda _: SimpleNamespace(predict=predict)
    )
    monkeypatch.setattr(
        "medmodels.evaluation.stored.evaluate_bundle", lambda *_: {"splits": {"test": {"n": 1}}}
    )
    assert main(["evaluate", "any", *arguments]) == 0
    assert told == [("the network", Path("here"), Path(expected))]
    assert "test: n 1" in capsys.readouterr().out


def test_external_data_alone_are_refused_in_words(capsys):
    assert main(["evaluate", "chest-xray", "--external", "there"]) == 1
    said = capsys.readouterr().err
    assert "--external without --data" in said
    assert "Add --data DIR" in said
