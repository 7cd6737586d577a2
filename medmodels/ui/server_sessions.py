"""Sessions whose page was closed: let go of in a stated time.

Streamlit keeps such a session for ``server.disconnectedSessionTTL`` seconds, so
that a page can come back to it, and then no longer gives it out. It lets go of
it only when the next page is closed, which may never be (1.67, ``TTLCache``).
This looks every few seconds.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from streamlit import runtime
from streamlit.runtime import Runtime

from medmodels.ui.wipe import forget_media, forget_state, give_back_memory, stop_jobs

#: Seconds between two looks.
LOOK_S: Final = 5.0


@asynccontextmanager
async def forget_closed_sessions(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Look for closed sessions as long as the server runs; for `st.App`'s ``lifespan``."""
    looking = asyncio.create_task(_look_again_and_again(), name="forget-closed-sessions")
    try:
        yield {}
    finally:
        looking.cancel()
        with suppress(asyncio.CancelledError):
            await looking


def forget_expired(server: Runtime) -> int:
    """Let go of the sessions whose time is over; on the thread of the server's event loop.

    Parameters
    ----------
    server : Runtime

    Returns
    -------
    int
        How many.
    """
    kept = server._session_mgr._session_storage._cache  # type: ignore[attr-defined]
    now = kept.timer()
    over = [
        kept._data[name].session for name, until in list(kept._expirations.items()) if until <= now
    ]
    for session in over:
        # Work that is told to stop needs no waiting for here.
        stop_jobs(session.session_state.filtered_state.values(), wait_s=0.0)
        session.shutdown()
        forget_state(session.session_state)
        session._fragment_storage.clear()
        forget_media(session.id)
    kept.expire()
    return len(over)


async def _look_again_and_again() -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        if not runtime.exists():
            continue
        try:
            over = forget_expired(runtime.get_instance())
        except Exception as error:
            # The next look may succeed; what failed is no matter of any upload.
            logging.getLogger(__name__).error("a closed session stayed: %s", type(error).__name__)
            continue
        if over:
            await asyncio.to_thread(give_back_memory)
