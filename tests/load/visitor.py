"""One person at a page, as Streamlit's protocol sees a browser (1.67): without the drawing.

A browser per person would take the cores that the server is measured on.
"""

from __future__ import annotations

import asyncio
import itertools
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

_ANSWER = 'class="dia-answer"'
_MOST_BYTES = 2**27


class Fault(Exception):  # noqa: N818 - what a person would call it
    """The page said that something went wrong, or nothing at all."""


@dataclass
class Timings:
    """What a person waited for, in seconds, and what went wrong."""

    answers: dict[str, list[float]] = field(default_factory=dict)
    moves: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Visitor:
    """A connection with the controls that the page showed last.

    Parameters
    ----------
    url : str
        Of the server.
    patience : float
        Seconds to wait for anything.
    """

    def __init__(self, url: str, patience: float = 60.0) -> None:
        self.url, self.patience = url, patience
        self.uploader = ""
        self.sliders: dict[str, tuple[Slider, str]] = {}
        self._choices: dict[str, ButtonGroup] = {}
        self._states: dict[str, WidgetState] = {}
        self._page = ("", "")
        self._urls: dict[str, asyncio.Future[str]] = {}
        self._looks: dict[str, asyncio.Task[None]] = {}
        self._changed = asyncio.Condition()
        self._runs = 0
        self._ended = 0
        self._fragment_ends = 0
        self._answered = (0, 0.0)
        self._fault = ""

    async def __aenter__(self) -> Visitor:
        """Connect as a browser does: with the cookie, from the server's own page."""
        self._cookie = await asyncio.to_thread(self._fetch_cookie)
        self._socket: ClientConnection = await connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream", origin=self.url,
            subprotocols=["streamlit", self._cookie], max_size=_MOST_BYTES,
            additional_headers={"Cookie": f"_streamlit_xsrf={self._cookie}"},
        )  # fmt: skip
        self._listener = asyncio.create_task(self._listen_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the page."""
        self._forget_looks()
        self._listener.cancel()
        await self._socket.close()

    async def open(self, page: str) -> None:
        """Go to a page and wait until it is drawn."""
        self.uploader, self.sliders = "", {}
        self._page = ("", page)
        await self._run()

    async def choose(self, label: str, words: str) -> None:
        """Choose among the buttons of a row the one whose text holds some words."""
        group = self._choices[label]
        texts = [f"{one.content_icon} {one.content}".strip() for one in group.options]
        state = WidgetState(id=group.id)
        state.string_array_value.data.append(next(text for text in texts if words in text))
        self._states[group.id] = state
        self.uploader = ""
        await self._run()

    async def upload(self, name: str, data: bytes) -> float:
        """Choose a file; return the seconds until its answer was there.

        Raises
        ------
        Fault
        """
        start, file = time.perf_counter(), str(uuid.uuid4())
        self._urls[file] = asyncio.get_running_loop().create_future()
        asked = BackMsg()
        asked.file_urls_request.request_id = str(uuid.uuid4())
        asked.file_urls_request.file_names.append(name)
        self._urls["next"] = self._urls.pop(file)
        await self._socket.send(asked.SerializeToString())
        target = await asyncio.wait_for(self._urls["next"], self.patience)
        await asyncio.to_thread(self._put, target, name, data)
        state = WidgetState(id=self.uploader)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = target.rsplit("/", 1)[1], name, len(data)
        info.file_urls.file_id, info.file_urls.upload_url = info.file_id, target
        self._states[self.uploader] = state
        before = self._runs
        await self._ask()
        await self._until(lambda: self._answered[0] > before)
        answered = self._answered[1]
        await self._until(lambda: self._ended > before)
        return answered - start

    async def move(self, share: float) -> float:
        """Move the first slider; return the seconds until what hangs on it was drawn anew."""
        start = time.perf_counter()
        if not self.sliders:
            await self._run()
            return time.perf_counter() - start
        key, (slider, fragment) = next(iter(self.sliders.items()))
        value = slider.min + share * (slider.max - slider.min)
        if slider.step:
            value = slider.min + round((value - slider.min) / slider.step) * slider.step
        state = WidgetState(id=key)
        state.double_array_value.data.extend([value] * len(slider.default))
        self._states[key] = state
        if not fragment:
            await self._run()
            return time.perf_counter() - start
        before = self._fragment_ends + self._ended
        await self._ask(fragment)
        await self._until(lambda: self._fragment_ends + self._ended > before)
        return time.perf_counter() - start

    async def _run(self) -> None:
        before = self._runs
        await self._ask()
        await self._until(lambda: self._ended > before)

    async def _ask(self, fragment: str = "", *, by_itself: bool = False) -> None:
        message = BackMsg()
        client = message.rerun_script
        client.page_script_hash, client.page_name = self._page
        client.fragment_id, client.is_auto_rerun = fragment, by_itself
        client.widget_states.widgets.extend(self._states.values())
        await self._socket.send(message.SerializeToString())

    async def _until(self, done: Callable[[], bool]) -> None:
        async with self._changed:
            try:
                await asyncio.wait_for(
                    self._changed.wait_for(lambda: done() or bool(self._fault)), self.patience
                )
            except TimeoutError:
                raise Fault(f"nothing for {self.patience:g} s") from None
        if self._fault:
            fault, self._fault = self._fault, ""
            raise Fault(fault)

    async def _listen_on(self) -> None:
        try:
            await self._listen()
            fault = "the server closed the connection"
        except Exception as error:
            fault = f"{type(error).__name__}: {error}"
        async with self._changed:
            self._fault = fault
            self._changed.notify_all()

    async def _listen(self) -> None:
        fragment_run = False
        run_at_start = 0
        async for data in self._socket:
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = message.WhichOneof("type")
            async with self._changed:
                if kind == "new_session":
                    fragment_run = bool(message.metadata.run.fragment_ids)
                    if not fragment_run:
                        self._runs += 1
                        run_at_start = self._runs
                        self.sliders, self._choices = {}, {}
                        self._forget_looks()
                elif kind == "navigation":
                    self._page = (message.navigation.page_script_hash, "")
                elif kind == "delta":
                    self._see(message.delta, run_at_start)
                elif kind == "auto_rerun":
                    self._look_again(message.auto_rerun.fragment_id, message.auto_rerun.interval)
                elif kind == "stop_auto_rerun":
                    for fragment in message.stop_auto_rerun.fragment_ids:
                        if look := self._looks.pop(fragment, None):
                            look.cancel()
                elif kind == "file_urls_response":
                    self._urls["next"].set_result(
                        message.file_urls_response.file_urls[0].upload_url
                    )
                elif kind == "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        continue
                    if fragment_run:
                        self._fragment_ends += 1
                    else:
                        self._ended = run_at_start
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        self._fault = "a page that does not compile"
                elif kind in ("session_event", "page_not_found"):
                    self._fault = f"{kind}: {message}"[:200] if kind == "page_not_found" else ""
                self._changed.notify_all()

    def _see(self, delta: Delta, run: int) -> None:
        """Note what of a new element matters here."""
        if delta.WhichOneof("type") != "new_element":
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "file_uploader" and not self.uploader:
            self.uploader = element.file_uploader.id
        elif kind == "button_group":
            self._choices[element.button_group.label] = element.button_group
        elif kind == "slider" and not element.slider.disabled and not element.slider.options:
            self.sliders[element.slider.id] = (element.slider, delta.fragment_id)
        elif kind == "html" and _ANSWER in element.html.body:
            self._answered = (run, time.perf_counter())
        elif kind == "exception":
            self._fault = f"exception: {element.exception.type}"
        elif kind == "alert" and any(
            words in element.alert.body for words in ("could not be drawn", "cannot be read")
        ):
            self._fault = element.alert.body[:200]

    def _look_again(self, fragment: str, seconds: float) -> None:
        async def again() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self._ask(fragment, by_itself=True)

        if fragment not in self._looks:
            self._looks[fragment] = asyncio.create_task(again())

    def _forget_looks(self) -> None:
        for look in self._looks.values():
            look.cancel()
        self._looks.clear()

    def _fetch_cookie(self) -> str:
        with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=self.patience) as answer:
            cookies = answer.headers.get_all("Set-Cookie") or []
        named = (cookie.split(";")[0].partition("=") for cookie in cookies)
        return next((value for name, _, value in named if name == "_streamlit_xsrf"), "")

    def _put(self, target: str, name: str, data: bytes) -> None:
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        request = urllib.request.Request(
            self.url + target if target.startswith("/") else target, method="PUT",
            data=head.encode() + data + f"\r\n--{mark}--\r\n".encode(),
            headers={
                "Content-Type": f"multipart/form-data; boundary={mark}", "Origin": self.url,
                "X-Xsrftoken": self._cookie, "Cookie": f"_streamlit_xsrf={self._cookie}",
            },
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=self.patience) as answer:
            if answer.status not in (200, 204):
                raise Fault(f"the upload was answered with {answer.status}")


#: Shares of a slider's way, one after the other.
WAY = itertools.cycle((0.2, 0.5, 0.8, 0.35, 0.65))
