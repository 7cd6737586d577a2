"""A page is sent whole each time: no browser is asked to keep parts of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from streamlit import config
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_cache import populate_hash_if_needed

SETTINGS = Path(__file__).resolve().parents[2] / ".streamlit/config.toml"
_OPTION = "global.minCachedMessageSize"


@pytest.fixture
def kept():
    """Whether a browser is to keep a large figure, by the least size (bytes) set."""
    before = config.get_option(_OPTION)

    def _kept(least: float) -> bool:
        config.set_option(_OPTION, least)
        message = ForwardMsg()
        message.delta.new_element.markdown.body = "a figure " * 200_000
        populate_hash_if_needed(message)
        return message.metadata.cacheable

    yield _kept
    config.set_option(_OPTION, before)


def test_streamlit_would_let_the_browser_keep_figures(kept):
    """Why the setting is there; when this fails, it is no longer needed."""
    assert kept(10_000.0)


def test_under_our_settings_it_keeps_none(kept):
    assert not kept(tomllib.loads(SETTINGS.read_text())["global"]["minCachedMessageSize"])
