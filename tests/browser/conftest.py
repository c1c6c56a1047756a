"""A real browser on a real server, with every way out of this machine closed and watched.

`app` is the address of a server of its own process with an empty pack folder; `visit(path, …)` opens a page and waits
until it stands; `blocked` lists whatever asked for another host and is checked after every test. Profiles are lent from
test to test, emptied, with what the browser has already loaded: a fresh one fetches and compiles Streamlit anew.
"""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    WebError,
    sync_playwright,
)

from tests.browser import chromium
from tests.conftest import ROOT, missing

WIDE = {"width": 1366, "height": 768}
PROJECTOR = {"width": 1920, "height": 1080}
NARROW = {"width": 390, "height": 844}
START_S = 90.0  # gives up on a server that never comes up; nothing is measured by it
STREAMLIT_PROBE = re.compile(r"/\w+/_stcore/(health|host-config)$")  # below a page it first looks for its server there
SERIOUS = {"serious", "critical"}
LOOKS = pytest.mark.parametrize(("lang", "scheme", "viewport"), [("en", "light", WIDE), ("zh", "dark", NARROW)], ids=["en-light-wide", "zh-dark-narrow"])
"""With the two that every page is opened in without a network: every pair of language, scheme and width."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Server:
    """A running app.

    Attributes:
        url: its address, without a slash at the end.
        pack: the pack folder it writes to.
        log: everything it printed.
    """

    url: str
    pack: Path
    log: Path


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start an app of its own: `serve("--allow-edit")`; stopped when the tests end."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> Server:
        folder = tmp_path_factory.mktemp("served")
        port, log = free_port(), folder / "server.log"
        server = Server(f"http://127.0.0.1:{port}", folder / "pack", log)
        server.pack.mkdir()
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "geodata", "serve", "--port", str(port), "--pack", str(server.pack), *options],
                cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"}, stdout=output, stderr=subprocess.STDOUT)
        running.append(process)
        give_up = time.monotonic() + START_S
        while not answers(f"{server.url}/healthz"):
            if process.poll() is not None or time.monotonic() > give_up:
                pytest.fail(f"the server did not come up:\n{log.read_text(encoding='utf-8', errors='replace')}")
            time.sleep(0.1)
        return server

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture(scope="session")
def app(serve: Callable[..., Server]) -> str:
    """The address of an app on the embedded district; a test that edits starts one of its own with `serve`."""
    return serve().url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = chromium.launch(playwright.chromium)
        if found is None:
            missing("no Chromium found; install one or name it in CHROMIUM")
        assert found is not None
        yield found
        found.close()


@pytest.fixture
def blocked() -> Iterator[list[str]]:
    """What asked for another host during the test; empty at its end, or the test fails."""
    asked: list[str] = []
    yield asked
    assert not asked, f"requests beyond this machine: {asked}"


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Errors the page reported during the test; empty at its end, or the test fails."""
    heard: list[str] = []
    yield heard
    assert not heard, f"the page complained: {heard}"


def listen(context: BrowserContext, blocked: list[str], complaints: list[str]) -> Callable[[], None]:
    """Write down what the pages of `context` ask for elsewhere and complain of; returns what ends it."""
    def asks(request: Request) -> None:
        if not chromium.is_ours(request.url):
            blocked.append(request.url)

    def opens(page: Page) -> None:
        page.on("websocket", lambda ws: chromium.is_ours(ws.url) or blocked.append(ws.url))

    def says(message: ConsoleMessage) -> None:
        if message.type == "error" and not STREAMLIT_PROBE.search(message.location.get("url", "")):
            complaints.append(f"{message.text} {message.location.get('url', '')}")

    def fails(error: WebError) -> None:
        complaints.append(str(error.error))

    context.on("request", asks)
    context.on("page", opens)
    context.on("console", says)
    context.on("weberror", fails)

    def end() -> None:
        context.remove_listener("request", asks)
        context.remove_listener("page", opens)
        context.remove_listener("console", says)
        context.remove_listener("weberror", fails)

    return end


def profile_of(lang: str = "zh", viewport: dict[str, int] = WIDE, **options: Any) -> dict[str, Any]:
    """Return Playwright's options of a profile, of somebody who asked for less motion: a third less to draw."""
    return {"viewport": viewport, "locale": {"zh": "zh-CN", "en": "en-GB"}[lang], "reduced_motion": "reduce", **options}


@pytest.fixture
def new_context(browser: Browser, blocked: list[str], complaints: list[str]) -> Iterator[Callable[..., BrowserContext]]:
    """Open a fresh profile: `new_context(lang="en", viewport=NARROW)`; further options are Playwright's."""
    opened: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**profile_of(**options))
        listen(context, blocked, complaints)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """Profiles in use, by their options."""
    held: dict[str, BrowserContext] = {}
    yield held
    for context in held.values():
        context.close()


@pytest.fixture
def visit(app: str, browser: Browser, profiles: dict[str, BrowserContext], blocked: list[str],
          complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Open a page in an empty profile and wait until it stands: `visit("/coverage?on=…", lang="en", viewport=NARROW)`."""
    lent: dict[str, Callable[[], None]] = {}

    def lend(options: dict[str, Any]) -> BrowserContext:
        key = json.dumps(options, sort_keys=True)
        if key not in profiles:
            profiles[key] = browser.new_context(**profile_of(**options))
        if key not in lent:
            lent[key] = listen(profiles[key], blocked, complaints)
        return profiles[key]

    def go(path: str = "/", *, url: str = app, **options: Any) -> Page:
        page = lend(options).new_page()
        page.goto(url + path)
        settle(page)
        return page

    yield go
    for key, end in lent.items():
        end()
        for page in profiles[key].pages:
            with contextlib.suppress(Error):  # a page that shows a file has no storage
                page.evaluate("() => localStorage.clear()")
            page.close()
        profiles[key].clear_cookies()


def settle(page: Page) -> None:
    """Wait until Streamlit has run the page and nothing is under way."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stStatusWidget], [data-stale=true]')", timeout=60_000)
    page.wait_for_load_state("networkidle")


def stands(page: Page) -> Page:
    """Wait until all of the page is there: its parts are drawn and no work is under way."""
    page.wait_for_function("() => document.querySelector('.cp-ready') && !document.querySelector('.cp-skeleton, [data-testid=stProgress]')", timeout=240_000)
    settle(page)
    return page


@pytest.fixture
def keep_picture(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Save what the page shows, into CHANHE_PICTURES or the test's own folder."""
    def keep(page: Page, name: str) -> Path:
        folder = Path(os.environ.get("CHANHE_PICTURES") or tmp_path)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")
        return folder / f"{name}.png"

    return keep


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Let axe-core look at the page: nothing serious may be wrong with it."""
    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        serious = [f"{rule['id']} ({rule['impact']}): {rule['help']}\n  " + "\n  ".join(node["html"][:200] for node in rule["nodes"][:5])
                   for rule in found if rule["impact"] in SERIOUS]
        assert not serious, "\n".join(serious)

    return check
