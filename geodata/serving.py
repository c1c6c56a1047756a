"""The server under the pages: our own routes, the security policy, and what is warmed before the first visitor.

Everything a page loads comes from here, under addresses that carry a hash of their content and may be kept for ever:
Leaflet out of the installed `folium-offline`, our own scripts, and the map's data. The policy sent with every answer
allows no other origin, except pictures of the two online basemaps that a user may switch on.
"""

import asyncio
import contextlib
import gc
import gzip
import hashlib
import logging
import os
import re
import threading
from base64 import b64encode
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from geodata import documents, exports, missing_links, report
from geodata.district import District
from geodata.errors import ChanheError
from geodata.former_packs import refuse_absent
from geodata.leaflet import leaflet
from geodata.naming import called
from geodata.packs import folder_in_use, open_pack
from geodata.question import Question
from geodata.settings import Settings, read_settings
from layers import Lang, Text

FRAME_SCRIPT: Final = Path(__file__).parent / "pages" / "_frame.py"
ASSET_FOLDER: Final = Path(__file__).parent / "assets"
TILE_HOSTS: Final = ("https://tile.openstreetmap.org", "https://*.tianditu.gov.cn")
"""Pictures of online basemaps are allowed, never requested unless a user switches one on."""
CONFIG: Final[dict[str, Any]] = {
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 200,
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "runner.postScriptGC": False,
    "theme.font": "'Microsoft YaHei', 'PingFang SC', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif",
    "theme.light.primaryColor": "#1d5c87",
    "theme.light.backgroundColor": "#ffffff",
    "theme.light.secondaryBackgroundColor": "#f3f5f4",
    "theme.light.textColor": "#1d252c",
    "theme.dark.primaryColor": "#7fbde6",
    "theme.dark.backgroundColor": "#15191c",
    "theme.dark.secondaryBackgroundColor": "#222a2f",
    "theme.dark.textColor": "#e8ecee",
}
"""What `.streamlit/config.toml` says for `streamlit run app.py`, said again for `python -m geodata serve`."""

_FOREVER: Final = "public, max-age=31536000, immutable"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".geojson": "application/geo+json", ".svg": "image/svg+xml"}
_SITES: Final = Text("项目与设施", "sites")
_TITLE: Final = Text("瀍河规划地图：项目与设施", "Planning map of Chanhe: projects and facilities")
_WARMED_LAYER: Final = "public_toilets"
_WARMED_LINK_M: Final = 10.0
_MOST_BLOB_BYTES: Final = 256 * 2**20
_MOST_MADE_BYTES: Final = 128 * 2**20
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class BlobStore:
    """What the maps draw, by a name that carries a hash of the content; the least recently used goes first.

    One store serves every session: equal content is kept once.
    """

    def __init__(self, most_bytes: int = _MOST_BLOB_BYTES) -> None:
        self._most = most_bytes
        self._held: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def publish(self, name: str, content: bytes) -> None:
        """Keep `content` (gzipped) under `name`."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
                return
        packed = gzip.compress(content, 6, mtime=0)
        with self._lock:
            if name not in self._held:
                self._held[name] = packed
                self._size += len(packed)
            while self._size > self._most and len(self._held) > 1:
                self._size -= len(self._held.popitem(last=False)[1])

    def find(self, name: str) -> bytes | None:
        """Return the gzipped content of `name`, or None."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
            return self._held.get(name)


BLOBS: Final = BlobStore()
MADE: Final = BlobStore(_MOST_MADE_BYTES)
"""Documents made on request, by the hash of their content, until others need the room."""


@cache
def assets() -> dict[str, bytes]:
    """Return every script and style by its file name: our own, and Leaflet's out of folium-offline, gzipped."""
    texts = {path.name: path.read_bytes() for path in sorted(ASSET_FOLDER.iterdir()) if path.suffix in {".js", ".css", ".svg"}}
    texts |= {name: text.encode("utf-8") for name, text in leaflet().items()}
    return {name: gzip.compress(text, 9, mtime=0) for name, text in texts.items()}


@cache
def asset_base() -> str:
    """Return the folder all assets are served from, relative to the page; it changes whenever one of them does."""
    digest = hashlib.sha256()
    for name, content in assets().items():
        digest.update(name.encode())
        digest.update(content)
    return f"assets/{digest.hexdigest()[:16]}/"


@cache
def styles() -> str:
    """Return our style sheets as one text; a component carries it, so that the page never stands unstyled."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(ASSET_FOLDER.glob("*.css")))


def routes() -> list[Route]:
    """Return the routes beside Streamlit's own."""
    return [
        Route("/healthz", _healthz),
        Route("/assets/{version}/{name}", _asset),
        Route("/blob/{name}", _blob),
        Route("/download/sites.{key}", _download),
        Route("/made/{name}/{file}", _made),
    ]


def middleware() -> list[Middleware]:
    """Return what wraps every answer: the security policy."""
    return [Middleware(SecurityPolicy)]


class SecurityPolicy:
    """Sends a strict Content-Security-Policy: scripts and data from this origin alone, no eval, no inline script.

    Streamlit's page holds one inline script, allowed by its hash; its components are modules made from blobs.
    """

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        host = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")

        async def send_with_policy(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"content-security-policy", policy(host).encode("ascii")),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                ]
            await send(message)

        await self._app(scope, receive, send_with_policy)


def policy(host: str) -> str:
    """Return the policy for a page opened at `host` (`name:port`)."""
    # Older browsers do not count a websocket to the page's own host as 'self'.
    sockets = f" ws://{host} wss://{host}" if re.fullmatch(r"[A-Za-z0-9.\-\[\]:]+", host) else ""
    inline = " ".join(f"'sha256-{digest}'" for digest in _inline_scripts())
    return "; ".join((
        "default-src 'self' data: blob:",
        f"script-src 'self' blob: 'wasm-unsafe-eval' {inline}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        f"img-src 'self' data: blob: {' '.join(TILE_HOSTS)}",
        f"connect-src 'self' data: blob:{sockets}",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    ))


@cache
def _inline_scripts() -> tuple[str, ...]:
    """Return the hashes of the scripts that stand inside Streamlit's own page."""
    page = (resources.files("streamlit") / "static" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    return tuple(b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in found)


async def _healthz(_request: Request) -> Response:
    return PlainTextResponse("ok")


async def _asset(request: Request) -> Response:
    name, version = request.path_params["name"], request.path_params["version"]
    if asset_base() != f"assets/{version}/" or name not in assets():
        return PlainTextResponse("not found", 404)
    return _packed(request, assets()[name], name)


async def _blob(request: Request) -> Response:
    name = request.path_params["name"]
    content = BLOBS.find(name)
    return PlainTextResponse("not found", 404) if content is None else _packed(request, content, name)


async def _made(request: Request) -> Response:
    """Return a document that was made, under its own name."""
    content = MADE.find(request.path_params["name"])
    if content is None:
        return PlainTextResponse("not found", 404)
    told = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(request.path_params['file'])}", "Cache-Control": "no-store"}
    return Response(gzip.decompress(content), media_type="application/octet-stream", headers=told)


def _download(request: Request) -> Response:
    """Return the sites that the address asks for, in the format it names; Starlette runs this beside the other requests."""
    asked = request.query_params
    lang: Lang = "en" if asked.get("lang") == "en" else "zh"
    try:
        form = exports.every_format().get(request.path_params["key"])
        if form is None:
            return PlainTextResponse("not found", 404)
        district = current_district(read_settings())
        selection = selection_of(asked)
        frame = exports.selected(district, selection)
        # No layer switched on shows nothing, while a selection without layers keeps them all.
        frame = frame.iloc[:0] if asked.get("layers") == "" else frame
        notes = exports.demo_notes(district, draw=selection.draw if selection.stand_ins else None)
        meta = exports.meta_of(district, title=_TITLE, query=selection.query(), notes=notes)
        files = exports.as_files(frame, called(district.name, _SITES, day=meta.made_at, lang=lang), form, meta=meta, lang=lang)
        name, mime, content = exports.as_download(files, form)
    except ChanheError as error:
        return PlainTextResponse(error.say(lang), 400)
    return Response(content, media_type=mime, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"})


def selection_of(asked: Mapping[str, str]) -> exports.Selection:
    """Return the selection that an address asks for: comma-separated lists, under the names the explore page gives them."""
    def listed(name: str) -> tuple[str, ...]:
        return tuple(part for part in asked.get(name, "").split(",") if part)

    return exports.Selection(
        layers=listed("layers"), status=listed("status"), years=tuple(int(year) for year in listed("year") if year.isdecimal()),
        location_classes=listed("class"), origins=listed("origin"), groups=listed("group"), text=asked.get("q", ""),
        stand_ins=asked.get("demo") == "1",
    )


def _packed(request: Request, content: bytes, name: str) -> Response:
    """Return gzipped `content`, unpacked for the rare client that does not take gzip; browsers may keep it for ever."""
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type=_TYPES.get(Path(name).suffix, "application/octet-stream"), headers=headers)


class _Kept:
    """The district in use and the state of its folder when it was read; shared by all sessions and never changed in place."""

    lock = threading.Lock()
    key: tuple[object, ...] | None = None
    district: District | None = None


def current_district(settings: Settings) -> District:
    """Return the district in use, read again only after its folder changed.

    Raises:
        Unreadable: CHANHE_PACK names no folder (a slip, or a drive that is gone); else as `packs.open_pack`.
    """
    refuse_absent(settings.pack)
    with _Kept.lock:
        key = _folder_state(settings)
        if _Kept.district is None or key != _Kept.key:
            _Kept.district, _Kept.key = open_pack(settings), key
        return _Kept.district


def _folder_state(settings: Settings) -> tuple[object, ...]:
    folder = folder_in_use(settings)
    return (folder, *sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir() if path.is_file()))


def may_edit(settings: Settings) -> bool:
    """Return whether placing and importing are open here: on this machine alone, unless the operator allows more."""
    return settings.allow_edit or str(st.get_option("server.address") or "") in _LOOPBACK


@contextlib.asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[dict[str, Any]]:
    """Warm what the first visitor would otherwise wait for, beside the running server."""
    warming = asyncio.get_running_loop().run_in_executor(None, _warm)
    yield {"ready": True}
    await warming


def _warm() -> None:
    try:
        asset_base()
        documents.every_document()  # every page offers them, and their libraries load for a second
        # The kernels compile at their first use, once on a machine: some five seconds for walks, twenty for judging links.
        district = current_district(read_settings())
        report.walks(district, Question((_WARMED_LAYER,)))
        missing_links.missing_links(district, Question((_WARMED_LAYER,), draws=1), max_length_m=_WARMED_LINK_M, top=1)
    except ChanheError:
        _log.exception("the district could not be read; every page will say so")
    gc.collect()
    gc.freeze()  # the frames live as long as the server: collections need not walk them


def serve(host: str = "127.0.0.1", port: int = 8501, pack: Path | None = None, *, allow_edit: bool = False, lang: Lang | None = None) -> None:
    """Serve the pages until stopped.

    Args:
        host: the address to listen on.
        port: its port.
        pack: the pack folder in use, or None for the user's data folder.
        allow_edit: placing and importing also beyond this machine.
        lang: the language of a first visit; None follows the browser.
    """
    # The pages run in Streamlit's own threads and read the settings from the environment.
    if pack is not None:
        os.environ["CHANHE_PACK"] = str(pack)
    if allow_edit:
        os.environ["CHANHE_ALLOW_EDIT"] = "1"
    if lang is not None:
        os.environ["CHANHE_LANG"] = lang
    app = st.App(FRAME_SCRIPT, routes=routes(), middleware=middleware(), lifespan=lifespan)
    app.run(config={**CONFIG, "server.address": host, "server.port": port})
