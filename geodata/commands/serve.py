"""`serve`: the map in a browser."""

import socket
from argparse import Namespace
from pathlib import Path

from geodata.commands._console import Console
from geodata.commands._form import Command
from geodata.commands._parser import Parser, number
from layers import Text


def _options(parser: Parser) -> None:
    parser.option("--host", default="127.0.0.1", about=Text("监听地址（默认 127.0.0.1，仅本机）", "address to listen on (default 127.0.0.1, this machine only)"))
    parser.option("--port", type=number(parser.lang, whole=True), default=8501, metavar="N", about=Text("端口（默认 8501）", "port (default 8501)"))
    parser.option("--allow-edit", action="store_true", about=Text("对其他机器开放时也允许落位与导入", "placing and importing also when open to other machines"))


def _run(options: Namespace, console: Console) -> None:
    if not 0 < options.port < 65536:
        options.parser.refuse(Text(f"--port 应在 1 至 65535 之间，收到 {options.port}", f"--port lies between 1 and 65535, got {options.port}"))
    _check_pack(options.pack)
    _check_free(options.host, options.port)
    from geodata.serving import serve

    console.note(Text(f"浏览器打开 http://{options.host}:{options.port}  （Ctrl+C 停止）", f"Open http://{options.host}:{options.port} in a browser  (Ctrl+C stops)"))
    serve(options.host, options.port, options.pack, allow_edit=options.allow_edit, lang=options.lang)


def _check_pack(folder: Path | None) -> None:
    """Raise Unreadable where --pack, or without it CHANHE_PACK, names no folder; an empty one is filled from the pages."""
    from geodata.former_packs import refuse_absent
    from geodata.settings import read_settings

    refuse_absent(*((folder, "--pack") if folder else (read_settings().pack,)))


def _check_free(host: str, port: int) -> None:
    """Raise BadInput where the address cannot be listened on.

    Raises:
        BadInput: another program listens there, or the address is not this machine's.
    """
    from geodata.causes import cause
    from geodata.errors import BadInput

    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.create_server(found[0][4][:2], family=found[0][0]):
            return
    except OSError as error:
        raise BadInput(Text("无法在 {at} 监听：{why}。请用 --port 换一个端口，或检查 --host。",
                            "Cannot listen on {at}: {why}. Choose another --port, or check --host.").format(at=f"{host}:{port}", why=cause(error))) from error


COMMAND = Command(
    name="serve",
    help=Text("在浏览器中打开地图", "the map in a browser"),
    options=_options,
    run=_run,
    order=10,
    json=False,
    example="serve --port 8501",
)
