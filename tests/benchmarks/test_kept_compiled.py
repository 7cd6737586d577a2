"""What it saves that compiled graphs outlive a run of a page."""

from __future__ import annotations

import time

import keras
import numpy as np
import pytest
from streamlit.runtime.scriptrunner import script_runner

from medmodels.bundles import load_bundle
from medmodels.explain.compiled import compiled
from medmodels.ui.keep_compiled import keep_compiled

pytestmark = pytest.mark.benchmark

RUNS = 5
SHAPES = {"chest-xray": [(1, 192, 192, 1)], "ecg-beats": [(1, 16, 96, 2), (1, 16, 34)]}


@pytest.mark.parametrize("task", list(SHAPES))
def test_an_answer_and_its_gradient_after_a_run_of_a_page(task, monkeypatch):
    graph = compiled(load_bundle(task).network)
    inputs = [np.zeros(shape, np.float32) for shape in SHAPES[task]]
    beat = 3 if len(inputs) > 1 else None

    def after_a_run() -> float:
        spent = []
        for _ in range(RUNS):
            script_runner._clean_problem_modules()
            start = time.perf_counter()
            graph.derive_logit(inputs, 0, beat)
            spent.append(time.perf_counter() - start)
        return float(np.median(spent))

    graph.derive_logit(inputs, 0, beat)
    monkeypatch.setattr(keras.backend, "clear_session", keras.utils.clear_session)
    forgotten = after_a_run()
    keep_compiled()
    kept = after_a_run()
    print(f"\n{task}: {1000 * kept:.0f} ms kept, {1000 * forgotten:.0f} ms forgotten, "
          f"{forgotten / kept:.0f} times as fast")  # fmt: skip
    assert kept < forgotten
