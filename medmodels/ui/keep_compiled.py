"""Keep what was compiled and loaded once, for as long as the server runs.

Both calls here spare the visitor work that is done again after every run of a
page, which means after every click, every move of a slider and every look at
work behind the page.
"""

from __future__ import annotations

import gc
import sys


def keep_compiled() -> None:
    """Keep Streamlit from making TensorFlow forget its compiled graphs.

    After every run of a page Streamlit clears the Keras session
    (``script_runner._clean_problem_modules``, 1.67), which was meant for apps
    that build a new network in each run. It drops every compiled kernel of the
    process: the next answer, of any visitor, waits until its graph is
    optimised again, a tenth of a second for a scan and seconds for the
    gradient of a recurrent network. Networks here are loaded once, and what is
    no longer used is freed by itself.
    """
    keras = sys.modules.get("keras")
    if keras is not None:
        keras.backend.clear_session = _keep


def keep_objects() -> None:
    """Spare the garbage collector what stays as long as the server does.

    Streamlit collects after every run, too. With TensorFlow and compiled
    graphs in memory that is over half a million objects and a quarter of a
    second, in which no thread moves.
    """
    gc.collect()
    gc.freeze()


def _keep(free_memory: bool = True) -> None:
    """Stand in the place of ``keras.backend.clear_session``; there is nothing to clear."""
