"""A whole session of somebody whose files are full of names: what leaves a trace, and where."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from medmodels.ui.server_sessions import LOOK_S
from tests.browser.pages import go_to, no_sideways_scrolling
from tests.browser.standing_still import stand_still
from tests.security import planted
from tests.security.planted import Planted
from tests.security.watched import MARK, ROOT, Watched, watched_server

pytestmark = pytest.mark.browser

_TTL_S = 2
# A test of what is left behind is no test of speed.
_PATIENCE_MS = 240_000
# Files that the server may write, and why. None of them is made of an upload.
ALLOWED_WRITES = (
    # Keras writes its default settings once; it imports Matplotlib where that is installed (for
    # training, not for the app), which lists this machine's fonts once.
    r"home/\.keras(/keras\.json)?$",
    r"home/\.(config|cache)(/matplotlib(/fontlist-v[\d.]+json(\.matplotlib-lock)?)?)?$",
    # Programs that are started, not files: what fonts and what machine there are.
    r"^(fc-list|uname)$",
    # Python's tempfile asks once whether a folder can be written to: the word "blat".
    r"tmp/[a-z0-9_]{8}$",
    r"/dev/null$",
)


@dataclass
class Lived:
    """What happened in the session.

    Parameters
    ----------
    server : Watched
    complaints : list of str
        Errors in the browser's console, violations of the policy among them.
    requests : list of str
        Addresses that the page asked for.
    said : dict of str to str
        The page's text after each upload.
    harmed : bool
        Whether any planted script ran.
    before : set of Path
        Files under the home and the program's folder before.
    """

    server: Watched
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    harmed: bool = False
    before: frozenset[Path] = frozenset()


@pytest.fixture(scope="module")
def watched(tmp_path_factory, one_of_each) -> Watched:
    folder = tmp_path_factory.mktemp("watched")
    with watched_server(
        folder, one_of_each, "--server.disconnectedSessionTTL", str(_TTL_S)
    ) as running:
        yield running


@pytest.fixture(scope="module")
def lived(browser, watched) -> Lived:
    """Upload every kind of file, good and bad, and look at every page."""
    found = Lived(watched, before=_files_of_the_program())
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    try:
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on(
            "console",
            lambda said: found.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("request", lambda request: found.requests.append(request.url))
        page.goto(watched.url)
        go_to(page, "Scan")
        for one in planted.scans():
            _give(page, found, one)
        for place in ("Explanation", "Inside the network", "Model report"):
            go_to(page, place)
            _at_rest(page)
            found.said[place] = page.locator("body").inner_text()
        for title, ones in (
            ("Tiny signal", planted.signals()),
            ("Tiny sequence", planted.sequences()),
        ):
            for one in ones:
                # An uploader for several files keeps those before; leaving the page empties it.
                go_to(page, "Home")
                go_to(page, "Sequence")
                page.get_by_role("radio", name=title).click()
                _at_rest(page)
                _give(page, found, one)
        go_to(page, "Worklist")
        page.get_by_role("radio", name="Tiny scan").click()
        _at_rest(page)
        _give(page, found, Planted("ZIP", {f"{MARK}.zip": planted.archive()}))
        page.get_by_text("cannot be read").first.wait_for()
        found.harmed = bool(page.evaluate("Boolean(window.harmed)"))
    finally:
        context.close()
    return found


def test_every_good_file_was_read_and_every_bad_one_explained(lived):
    for one in [*planted.scans(), *planted.signals(), *planted.sequences()]:
        refused = "What to do" in lived.said[one.what]
        assert refused is not one.good, one.what


def test_the_browser_has_nothing_to_complain_of(lived):
    assert lived.complaints == []


def test_nothing_is_asked_for_elsewhere(lived):
    inside = (lived.server.url, "data:", "blob:" + lived.server.url)
    assert [url for url in lived.requests if not url.startswith(inside)] == []
    assert not [url for url in lived.requests if MARK in url]


def test_no_planted_script_ran(lived):
    assert not lived.harmed


def test_no_file_is_written_but_what_is_named_here(lived):
    allowed = re.compile("|".join(ALLOWED_WRITES))
    folder = str(lived.server.folder)
    written = {entry[-1].removeprefix(folder) for entry in lived.server.events("write")}
    assert {path for path in written if not allowed.search(path)} == set()
    # What is not Python writes unseen by it: nothing new lies where it could.
    left = [path for path in (lived.server.folder / "tmp").rglob("*") if path.is_file()]
    assert [str(path) for path in left if not allowed.search(str(path))] == []
    assert not [path for path in left if MARK.encode() in path.read_bytes()]
    at_home = {str(path).removeprefix(folder) for path in (lived.server.folder / "home").rglob("*")}
    assert {path for path in at_home if not allowed.search(path)} == set()
    assert _files_of_the_program() - lived.before == set()


def test_no_open_file_of_the_server_is_one_of_an_upload(lived):
    allowed = re.compile(r"^(/dev/|socket:|pipe:|anon_inode:|/memfd:|/proc/)")
    names = []
    for entry in Path(f"/proc/{lived.server.process.pid}/fd").iterdir():
        try:
            names.append(str(entry.readlink()))
        except FileNotFoundError:
            continue
    held = [name for name in names if not allowed.match(name)]
    assert [name for name in held if "(deleted)" in name] == []
    inside = (str(lived.server.folder / "log"), str(lived.server.folder / "notes"))
    assert [name for name in held if not name.startswith(inside) and "/tmp" in name] == []


def test_no_planted_name_is_in_the_log(lived):
    log = lived.server.log()
    assert "You can now view" in log  # it is the right file
    assert MARK not in log
    assert "Traceback" not in log


def test_no_connection_leaves_the_machine(lived):
    outside = [
        call for call in lived.server.events("call")
        if not re.search(r"127\.0\.0\.1|localhost|::1|^/|^None$", call[-1])
    ]  # fmt: skip
    assert outside == []


def test_a_closed_page_is_let_go_of_in_the_stated_time(lived):
    """No object holds a planted byte any more; Python frees memory, it does not overwrite it."""
    _let_go_of(lived.server)
    assert lived.server.alive() == ([], {})


def _let_go_of(server: Watched) -> None:
    """Wait until the time of closed sessions is over."""
    until = time.monotonic() + _TTL_S + LOOK_S + 60
    while any(server.alive()) and time.monotonic() < until:
        time.sleep(0.5)


def test_a_wiped_session_holds_nothing(browser, watched):
    _let_go_of(watched)
    context = browser.new_context(viewport={"width": 800, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    page.goto(watched.url)
    go_to(page, "Scan")
    found = Lived(watched)
    for one in planted.scans()[:5]:
        _give(page, found, one)
    held, kinds = watched.alive()
    assert held
    assert kinds["ScanCase"] >= 1
    # By keyboard alone, as on every page.
    page.get_by_role("button", name="Wipe this session").focus()
    page.keyboard.press("Enter")
    now = page.get_by_role("button", name="Wipe now")
    now.wait_for()
    now.focus()
    page.keyboard.press("Enter")
    page.get_by_text("This session is empty").first.wait_for()
    assert "1 uploaded file" in page.get_by_text("This session is empty").first.inner_text()
    _at_rest(page)
    no_sideways_scrolling(page)
    # A computation at its last step holds its case until it is done.
    until = time.monotonic() + 60
    while watched.alive()[1] and time.monotonic() < until:
        time.sleep(0.5)
    assert watched.alive()[1] == {}
    # The browser's last message named the file; the next takes its place.
    go_to(page, "Scan")
    _at_rest(page)
    assert MARK not in page.locator("body").inner_text()
    assert page.get_by_text("The network’s answer is").count() == 0
    assert page.get_by_text("The connection was lost").count() == 0
    _let_go_of(watched)
    assert watched.alive() == ([], {})
    context.close()


def test_markup_in_files_is_text_on_every_page(browser, watched):
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(watched.url)
    found, files = Lived(watched), planted.written_in_markup()
    for place, title, name in (
        ("Scan", "", "scan"),
        ("Sequence", "Tiny signal", "signal"),
        ("Sequence", "Tiny sequence", "sequence"),
        ("Worklist", "Tiny scan", "worklist"),
    ):
        go_to(page, place)
        if title:
            page.get_by_role("radio", name=title).click()
            _at_rest(page)
        _give(page, found, files[name])
        _no_markup(page, name)
        if name != "worklist":
            go_to(page, "Explanation")
            _at_rest(page)
            _no_markup(page, f"{name} explained")
    # Names are shown where the reader asks for them.
    page.get_by_text("cannot be read").first.wait_for()
    page.get_by_text("File names", exact=True).first.click()
    page.get_by_text("**planted**").first.wait_for()
    _no_markup(page, "worklist with names")
    assert not page.evaluate("Boolean(window.harmed)")
    assert [
        url for url in asked if not url.startswith((watched.url, "data:image", "data:font"))
    ] == []
    context.close()


def _no_markup(page, where: str) -> None:
    """Nothing of `planted.MARKUP` has become an element."""
    made = page.evaluate(
        """() => [...document.querySelectorAll(
            'a[href^="javascript"], img[src="x"], img[src^="data:planted"], script:not([src])'
        )].map(e => e.outerHTML).filter(h => !h.includes('prerenderReady')).concat(
            [...document.querySelectorAll('strong, em, code, span[style*="color"], .katex')]
                .map(e => e.textContent.trim()).filter(t => t === 'planted' || t.includes('x^2')
                || t === 'x2'))"""
    )
    assert made == [], where


def _give(page, found: Lived, one: Planted) -> None:
    arrived = []

    def note(response) -> None:
        if response.request.method == "PUT":
            arrived.append(response.status)

    page.on("response", note)
    page.locator("input[type=file]").first.set_input_files([
        {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        for name, data in one.files.items()
    ])  # fmt: skip
    for _ in range(_PATIENCE_MS // 50):
        if len(arrived) == len(one.files):
            break
        page.wait_for_timeout(50)
    page.remove_listener("response", note)
    assert len(arrived) == len(one.files), one.what
    # Only now does the browser ask for the drawing that tells what came.
    page.wait_for_timeout(500)
    _at_rest(page)
    found.said[one.what] = page.locator("[data-testid=stMain]").inner_text()


def _at_rest(page) -> None:
    """Wait until the page is drawn."""
    assert stand_still(page)


def _files_of_the_program() -> frozenset[Path]:
    rooms = ("assets", "medmodels", "pages", ".streamlit")
    found = (path for room in rooms for path in (ROOT / room).rglob("*") if path.is_file())
    return frozenset(path for path in found if path.suffix != ".pyc")
