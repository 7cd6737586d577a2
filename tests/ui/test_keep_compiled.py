"""What Streamlit does after each run of a page leaves compiled graphs alone."""

from __future__ import annotations

import gc

import keras
import pytest
import tensorflow as tf
from streamlit.runtime.scriptrunner import script_runner

from medmodels.ui.keep_compiled import keep_compiled, keep_objects


@pytest.fixture
def cleared(monkeypatch):
    """How often TensorFlow was told to forget its compiled graphs."""
    from tensorflow.python.eager import context

    calls = []
    monkeypatch.setattr(
        context.Context, "clear_kernel_cache", lambda _self: calls.append("cleared")
    )
    monkeypatch.setattr(keras.backend, "clear_session", keras.utils.clear_session)
    return calls


def test_streamlit_would_clear_them(cleared):
    """Why `keep_compiled` is there; when this fails, it is no longer needed."""
    script_runner._clean_problem_modules()
    assert cleared == ["cleared"]


def test_they_are_kept(cleared):
    keep_compiled()
    script_runner._clean_problem_modules()
    assert cleared == []


def test_objects_that_stay_are_not_looked_at_again():
    kept = [[] for _ in range(1000)]
    before = gc.get_freeze_count()
    try:
        keep_objects()
        assert gc.get_freeze_count() > before + 1000
        assert tf.constant(1).numpy() == 1
    finally:
        gc.unfreeze()
    assert len(kept) == 1000
