"""What can be read in a PDF set by Typst: the words of each page and the sizes they are set in, without a PDF library."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
START = re.compile(rb"\(|(?<!<)<([0-9A-Fa-f]+)>")
MAP_PT = 5.0  # names on a map are told in millimetres and lie below
Held = dict[int, tuple[bytes, bytes]]


@dataclass(frozen=True)
class PdfPage:
    """One page.

    Attributes:
        text: its words, without blanks, so that no line break parts them.
        least_pt: the smallest type on it, that of its maps left out.
    """

    text: str
    least_pt: float


def pages_of(content: bytes) -> list[PdfPage]:
    """Return the pages of a PDF."""
    held: Held = {}
    for found in re.finditer(rb"(?:^|\n)(\d+) 0 obj\s*(.*?)\s*endobj", content, re.DOTALL):
        head, _, rest = found[2].partition(b"stream\n")
        body = rest[:rest.rfind(b"\nendstream")] if rest else b""
        held[int(found[1])] = (head, zlib.decompressobj().decompress(body) if b"FlateDecode" in head and body else body)
    letters = _letters(held)
    return [_page(head, held, letters) for head, _ in held.values() if re.search(rb"/Type\s*/Page\b", head)]


def _letters(held: Held) -> dict[int, str]:
    """Return which glyph is which text; our pages use one font."""
    tables = [body for _, body in held.values() if b"beginbfchar" in body]
    assert len(tables) == 1
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", tables[0])}


def _page(head: bytes, held: Held, letters: dict[int, str]) -> PdfPage:
    own = re.search(rb"/Contents (\d+) 0 R", head)
    assert own
    content = held[int(own[1])][1]
    sizes = [float(size) for size in re.findall(rb"/f\d+ ([\d.]+) Tf", content)]
    told = "".join(letters.get(int.from_bytes(raw[at:at + 2]), "") for raw in _strings(content) for at in range(0, len(raw), 2))
    return PdfPage("".join(told.split()), min((size for size in sizes if size >= MAP_PT), default=0.0))


def _strings(content: bytes) -> Iterator[bytes]:
    """Yield every string of a page's content: hexadecimal ones, and ones in brackets, in which pairs of brackets stand as they are."""
    at = 0
    while found := START.search(content, at):
        if found[1] is not None:
            yield bytes.fromhex(found[1].decode())
            at = found.end()
            continue
        at, deep = found.end(), 1
        while deep:
            letter = content[at:at + 1]
            deep += {b"(": 1, b")": -1}.get(letter, 0)
            at += 2 if letter == b"\\" else 1
        yield re.sub(rb"\\([0-7]{1,3}|.)", _unescaped, content[found.end():at - 1], flags=re.DOTALL)


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8)]) if code[:1].isdigit() else ESCAPES.get(code, code)
