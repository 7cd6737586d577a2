"""Answers to a page and the last messages of a run reach it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from medmodels.ui import keep_messages as module
from medmodels.ui.keep_messages import keep_messages


@pytest.fixture
def plain(monkeypatch):
    """Streamlit as it came, whatever ran before in this process."""
    for owner, name in ((ForwardMsgQueue, "clear"), (AppSession, "request_rerun")):
        current = getattr(owner, name)
        monkeypatch.setattr(owner, name, getattr(current, "__wrapped__", current))
    monkeypatch.setattr(AppSession, module._DONE, False, raising=False)


def address() -> ForwardMsg:
    message = ForwardMsg()
    message.file_urls_response.response_id = "asked"
    return message


def made_file() -> ForwardMsg:
    message = ForwardMsg()
    message.backend_operation_response.SetInParent()
    return message


def drawn(words: str) -> ForwardMsg:
    message = ForwardMsg()
    message.delta.new_element.markdown.body = words
    message.metadata.delta_path.append(0)
    return message


def left_at_a_new_drawing() -> list[str]:
    queue = ForwardMsgQueue()
    queue.enqueue(address())
    queue.enqueue(made_file())
    queue.enqueue(drawn("old"))
    queue.clear(retain_lifecycle_msgs=True)
    queue.enqueue(drawn("new"))
    return [one.WhichOneof("type") for one in queue.flush()]


def test_streamlit_would_lose_what_a_page_asked_for(plain):
    """Why `keep_messages` is there; when this fails, that half is no longer needed."""
    assert left_at_a_new_drawing() == ["delta"]


def test_what_a_page_asked_for_is_kept_and_old_drawings_are_not(plain):
    keep_messages()
    keep_messages()
    assert left_at_a_new_drawing() == [
        "file_urls_response", "backend_operation_response", "delta",
    ]  # fmt: skip


def test_an_address_is_sent_once_also_where_a_fragment_is_drawn(plain):
    keep_messages()
    queue = ForwardMsgQueue()
    queue.enqueue(address())
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["watch"])
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["watch"])
    assert len(queue.flush()) == 1
    queue.enqueue(address())
    queue.clear()
    assert len(queue) == 0


class Runner:
    """As far as a session talks to it: a thread that has ended."""

    def __init__(self, state: ScriptRequestType = ScriptRequestType.STOP) -> None:
        self._requests = SimpleNamespace(_state=state)
        self.asked: list[str] = []

    def request_rerun(self, data) -> bool:
        self.asked.append(data.fragment_id or "page")
        return self._requests._state is not ScriptRequestType.STOP


class Session(AppSession):
    """A session without a server: which runners begin is noted."""

    def __init__(self, runner: Runner | None) -> None:
        self._state = None
        self._scriptrunner = runner
        self._event_loop = asyncio.get_running_loop()
        self.begun: list[str] = []

    def has_fragment(self, fragment_id: str) -> bool:
        return bool(fragment_id)

    def _create_scriptrunner(self, initial_rerun_data) -> None:
        self.begun.append(initial_rerun_data.fragment_id or "page")

    def __del__(self) -> None:
        """Nothing was opened."""


def ask(fragment: str = "") -> ForwardMsg:
    from streamlit.proto.ClientState_pb2 import ClientState

    return ClientState(fragment_id=fragment, is_auto_rerun=bool(fragment))


async def _asked_before_the_last_is_passed_on(*asked: str) -> tuple[list[str], list[str]]:
    """Runners begun before and after the ended runner's last message is passed on."""
    session = Session(Runner())
    for one in asked:
        session.request_rerun(ask(one))
    before = list(session.begun)
    session._scriptrunner = None  # what Streamlit does at a runner's last message
    await asyncio.sleep(4 * module._EVERY_S)
    return before, session.begun


def test_streamlit_would_replace_a_runner_that_has_not_been_heard_out(plain):
    """Why `keep_messages` is there; when this fails, that half is no longer needed."""
    before, _ = asyncio.run(_asked_before_the_last_is_passed_on("watch"))
    assert before == ["watch"]


def test_a_fragment_waits_until_the_run_before_is_heard_out(plain):
    keep_messages()
    before, after = asyncio.run(_asked_before_the_last_is_passed_on("watch"))
    assert before == []
    assert after == ["watch"]


def test_what_is_asked_for_meanwhile_keeps_its_order(plain):
    keep_messages()
    before, after = asyncio.run(_asked_before_the_last_is_passed_on("watch", "", "other"))
    assert before == []
    assert after == ["watch", "page", "other"]


def test_nothing_waits_for_a_runner_that_runs_or_for_ever(plain, monkeypatch):
    keep_messages()
    monkeypatch.setattr(module, "_MOST_S", 0.01)

    async def asked() -> tuple[list[str], list[str]]:
        busy = Session(Runner(ScriptRequestType.CONTINUE))
        busy.request_rerun(ask("watch"))
        page = Session(None)
        page.request_rerun(ask())
        page.request_rerun(None)
        stuck = Session(Runner())
        stuck.request_rerun(ask("watch"))
        await asyncio.sleep(10 * module._EVERY_S)
        return busy._scriptrunner.asked, page.begun + stuck.begun

    passed, begun = asyncio.run(asked())
    assert passed == ["watch"]
    assert begun == ["page", "page", "watch"]
