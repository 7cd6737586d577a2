"""Keep what the server has to say to a page from being thrown away on its way.

Twice Streamlit (1.67) drops messages that a page waits for, most often on a busy machine.

Where a page begins to be drawn, what still waits to be sent to it is replaced
(``ForwardMsgQueue.clear``), and with it what the page has asked for: the address to which
a file is to be sent, or a file that was made for a press. The upload never begins, the
button waits forever, and nothing tells the visitor.

Where a fragment looks after its work just when the run before it has ended, a new
runner takes the old one's place before what the old one drew last is passed on, and
what comes from a runner that is not the current one is ignored
(``AppSession._handle_scriptrunner_event_on_event_loop``): the end of the page is missing,
an answer perhaps, and the page seems to be still drawn.
"""

from __future__ import annotations

from collections import deque
from functools import wraps
from typing import Any, Final

from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

_DONE: Final = "_diaphane_keeps_messages"
_WAITING: Final = "_diaphane_waiting"
# What answers a question of the page, whatever is drawn meanwhile.
_ANSWERS: Final = ("file_urls_response", "backend_operation_response")
#: Seconds between two looks whether a runner's last messages are passed on, and the most
#: that a request waits for them.
_EVERY_S, _MOST_S = 0.005, 0.5


def keep_messages() -> None:
    """Let answers to a page and the last messages of a run reach it.

    Does nothing when it was called before.
    """
    if getattr(AppSession, _DONE, False):
        return
    for owner, name, value in (
        (ForwardMsgQueue, "clear", _keep_answers(ForwardMsgQueue.clear)),
        (AppSession, "request_rerun", _after_the_last(AppSession.request_rerun)),
        (AppSession, _DONE, True),
    ):
        setattr(owner, name, value)


def _keep_answers(clear: Any) -> Any:
    @wraps(clear)
    def keeps(
        queue: ForwardMsgQueue,
        retain_lifecycle_msgs: bool = False,
        fragment_ids_this_run: list[str] | None = None,
    ) -> None:
        waiting = queue._queue if retain_lifecycle_msgs else []
        answers = [one for one in waiting if one.WhichOneof("type") in _ANSWERS]
        clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        kept = {id(one) for one in queue._queue}
        queue._queue.extend(one for one in answers if id(one) not in kept)

    return keeps


def _after_the_last(request: Any) -> Any:
    @wraps(request)
    def requests(session: AppSession, asked: Any) -> None:
        waiting: deque[Any] = session.__dict__.setdefault(_WAITING, deque())
        if waiting:  # in their order: the later knows more of the controls
            waiting.append(asked)
        elif asked is not None and asked.fragment_id and _last_words_of(session):
            waiting.append(asked)
            _go_on(session, session._event_loop.time() + _MOST_S)
        else:
            request(session, asked)

    def _go_on(session: AppSession, end: float) -> None:
        loop = session._event_loop
        if _last_words_of(session) and loop.time() < end:
            loop.call_later(_EVERY_S, _go_on, session, end)
            return
        waiting: deque[Any] = session.__dict__[_WAITING]
        while waiting:
            request(session, waiting.popleft())

    return requests


def _last_words_of(session: AppSession) -> bool:
    """Whether a runner has ended, and what it said last is not yet passed on."""
    runner = session._scriptrunner
    return runner is not None and runner._requests._state is ScriptRequestType.STOP
