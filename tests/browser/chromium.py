"""Which Chromium the browser tests drive, and how it is cut off from the world."""

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserType, Error

ARGUMENTS = (
    "--no-sandbox",  # tests also run as root in a container
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # no name leads anywhere, whoever asks
    "--proxy-server=127.0.0.1:9",  # nor does a number: all but this machine goes by a proxy that is not there
)
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
CHANNELS = ("msedge", "chrome")  # Windows has the first one always


def installed() -> str | None:
    """Return the browser in use: CHROMIUM, else one of the usual names on the path."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def launch(chromium: BrowserType) -> Browser | None:
    """Start the browser: the installed one, Playwright's own, or what Windows brings; None where there is none."""
    found = installed()
    ways: list[dict[str, Any]] = [{"executable_path": found}] if found else []
    if Path(chromium.executable_path).exists():
        ways.append({})
    ways += [{"channel": channel} for channel in CHANNELS]
    for way in ways:
        try:
            return chromium.launch(args=list(ARGUMENTS), **way)
        except Error:
            if "executable_path" in way:
                raise
    return None


def is_ours(url: str) -> bool:
    """Tell whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == "127.0.0.1"
