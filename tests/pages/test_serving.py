"""The server beside Streamlit's own: addresses kept for ever, the policy, editing on this machine alone."""

import asyncio
import gzip
import json
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import folium  # noqa: TID251  what Folium asks for is the point
import pytest
from offlinefolium.elements import _res
from starlette.applications import Starlette

from geodata import leaflet, serving
from geodata.settings import Settings

ROOT = Path(__file__).parents[2]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


def ask(path: str, accept_encoding: str = "gzip") -> Answer:
    """Ask the server's own routes as a browser would, without a network."""
    app = Starlette(routes=serving.routes(), middleware=serving.middleware())
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    path, _, query = path.partition("?")
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http", "query_string": query.encode(),
             "http_version": "1.1", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "headers": [(b"host", b"127.0.0.1:80"), (b"accept-encoding", accept_encoding.encode())]}
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]))


def test_health() -> None:
    assert ask("/healthz").content == b"ok"


def test_every_asset_is_served_and_kept_for_ever() -> None:
    for name in serving.assets():
        answer = ask(f"/{serving.asset_base()}{name}")
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["content-type"].split(";")[0] in {"text/javascript", "text/css", "image/svg+xml"}


def test_an_asset_of_another_version_is_not_found() -> None:
    assert ask("/assets/0000000000000000/mount.js").status == 404
    assert ask(f"/{serving.asset_base()}../serving.py").status == 404


def test_blobs_come_packed_or_plain_as_the_client_takes_them() -> None:
    serving.BLOBS.publish("feed.json", b'{"a": 1}')
    packed = ask("/blob/feed.json")
    assert packed.headers["content-encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == {"a": 1}
    plain = ask("/blob/feed.json", accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert json.loads(plain.content) == {"a": 1}
    assert ask("/blob/none.json").status == 404


def test_the_store_forgets_what_was_asked_for_longest_ago() -> None:
    store = serving.BlobStore(most_bytes=120)
    store.publish("a", b"a" * 10)
    store.publish("b", b"b" * 10)
    assert store.find("a")
    for name in "cdefgh":
        store.publish(name, name.encode() * 10)
    assert store.find("b") is None
    assert gzip.decompress(store.find("h") or b"") == b"h" * 10


def test_the_policy_allows_this_origin_alone() -> None:
    sent = ask("/healthz").headers["content-security-policy"]
    parts = dict(part.strip().split(" ", 1) for part in sent.split(";"))
    assert "'unsafe-eval'" not in sent
    assert "'unsafe-inline'" not in parts["script-src"]
    hosts = {name for part in parts.values() for name in re.findall(r"https?://\S+", part)}
    assert hosts == set(serving.TILE_HOSTS)
    assert not any(host in parts["script-src"] + parts["connect-src"] for host in serving.TILE_HOSTS)


def test_a_strange_host_header_does_not_enter_the_policy() -> None:
    assert "evil" not in serving.policy("evil; script-src *")


def test_the_two_ways_to_start_say_the_same() -> None:
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))

    def flat(table: dict, stem: str = "") -> dict:
        return {k: v for key, value in table.items()
                for k, v in (flat(value, f"{stem}{key}.") if isinstance(value, dict) else {f"{stem}{key}": value}).items()}

    assert flat(told) == {**serving.CONFIG, "server.address": "127.0.0.1"}


def test_folium_still_asks_for_the_leaflet_that_is_served() -> None:
    asked = {url for _, url in [*folium.Map.default_js, *folium.Map.default_css]}
    assert set(leaflet.LEAFLET.values()) <= asked
    assert set(leaflet.LEAFLET.values()) <= set(_res)


def test_a_pack_folder_that_is_gone_is_told_and_never_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "gone"))
    answer = ask("/download/sites.geojson?lang=en")
    assert answer.status == 400
    assert b"CHANHE_PACK" in answer.content


def test_a_download_is_the_selection(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANHE_PACK", str(tmp_path / "pack"))
    answer = ask("/download/sites.geojson?layers=interchanges&lang=en")
    assert answer.status == 200
    features = json.loads(answer.content)["features"]
    assert {f["properties"]["layer"] for f in features} == {"interchanges"}
    assert json.loads(ask("/download/sites.geojson?layers=").content)["features"] == []
    assert ask("/download/sites.doc").status == 404
    assert ask("/download/sites.csv?layers=nonsense").status == 400


@pytest.mark.parametrize(("address", "allowed", "expected"), [
    ("127.0.0.1", False, True), ("localhost", False, True), ("0.0.0.0", False, False), ("", False, False), ("0.0.0.0", True, True),
])
def test_editing_is_open_on_this_machine_alone(monkeypatch: pytest.MonkeyPatch, address: str, allowed: bool, expected: bool) -> None:
    monkeypatch.setattr(serving.st, "get_option", lambda _name: address)
    assert serving.may_edit(Settings(allow_edit=allowed)) is expected


def test_the_first_page_waits_for_no_compiler(tmp_path: Path) -> None:
    """Every module is imported and the map opened in a process whose compiler refuses."""
    script = """
import importlib, pkgutil
from numba.core.dispatcher import Dispatcher

def refuse(self, signature):
    raise RuntimeError(f"compiled before anybody asked: {self}")

Dispatcher.compile = refuse
import geodata
for found in pkgutil.walk_packages(geodata.__path__, "geodata."):
    if found.name not in {"geodata.__main__", "geodata.pages._frame"}:
        importlib.import_module(found.name)
from streamlit.testing.v1 import AppTest
page = AppTest.from_file("geodata/pages/_frame.py", default_timeout=120).run()
assert not page.exception and not page.error, [page.exception, page.error]
assert len(page.get("bidi_component")) > 1
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
                          env={**os.environ, "CHANHE_PACK": str(tmp_path / "pack"), "PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr
