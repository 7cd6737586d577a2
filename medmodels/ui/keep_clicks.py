"""Keep a look at work behind the page from taking the place of a click.

A fragment that draws itself again every second asks the server for a run each
time. Where a click on another page is still waiting for its run, Streamlit
folds the two into one and takes the page of the later, which is the page that
the visitor wanted to leave (1.67, ``ScriptRequests._request_rerun_locked``):
the click is lost, most often on a busy machine.
"""

from __future__ import annotations

from functools import wraps

from streamlit.runtime.scriptrunner_utils import script_requests
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequests,
    ScriptRequestType,
)

_DONE = "_diaphane_keeps_clicks"


def keep_clicks() -> None:
    """Let a run of the whole page that is waiting stand for a fragment's next look, too.

    The page that is drawn then draws its own fragments. Does nothing when it
    was called before.
    """
    if getattr(ScriptRequests, _DONE, False):
        return
    fold = ScriptRequests._request_rerun_locked

    @wraps(fold)
    def keep(requests: ScriptRequests, asked: RerunData) -> bool:
        waits = requests._state is ScriptRequestType.RERUN
        if (
            waits
            and asked.is_auto_rerun
            and script_requests._is_full_app_rerun(requests._rerun_data)
        ):
            return True
        return fold(requests, asked)

    for name, value in (("_request_rerun_locked", keep), (_DONE, True)):
        setattr(ScriptRequests, name, value)
