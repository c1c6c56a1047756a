"""The one font: which characters it has, how text is made printable."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import glyphs
from geodata.errors import Unreadable
from geodata.packs import load_district
from layers import every_layer
from tests.conftest import ROOT


def wordings() -> Iterator[tuple[str, str]]:
    """Yield every string of the product, docstrings apart, with where it stands."""
    for room in ("geodata", "layers"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            nodes = list(ast.walk(tree))
            said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
            yield from ((path.name, node.value) for node in nodes
                        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said)
    yield from ((path.name, path.read_text(encoding="utf-8")) for path in (ROOT / "geodata" / "chanhe").glob("*.*json"))


def test_every_character_of_every_wording_is_in_the_font() -> None:
    known = glyphs.glyphs()
    signs = {"\u200b", "\ufeff", "\ufffd"}  # a break, the mark of UTF-8, a cell that cannot be read: never printed
    used = {c: where for where, text in wordings() for c in set(text) - signs}
    assert {(c, where) for c, where in used.items() if c.isprintable() and not known.glyph(c)} == set()


def test_every_letter_of_the_legend_is_in_the_font() -> None:
    assert all(glyphs.glyphs().glyph(layer.style.letter) for layer in every_layer().values())
    assert all(glyphs.plain(name) == name for name in load_district().labels["name_zh"])


def test_widths_are_the_fonts_own() -> None:
    known = glyphs.glyphs()
    assert known.width("瀍河，") == pytest.approx(3.0)
    assert 0.2 < known.width("i") < known.width("W") < 1.0
    assert known.width("") == 0


@given(st.text())
def test_printable_text_holds_only_what_the_font_has(text: str) -> None:
    out = glyphs.plain(text)
    assert all(glyphs.glyphs().glyph(c) for c in out if c not in "\n\u200b")
    assert max(map(len, re.split(r"[\s\u200b]|[^\x00-\x7f]", out)), default=0) <= 18
    assert glyphs.plain(out) == out


def test_what_turns_or_hides_text_goes_and_what_is_lacking_shows() -> None:
    assert glyphs.plain("a\u202eb\u200d\ufe0f\x00c\td") == "abc d"
    assert glyphs.plain("停车场😀") == "停车场〓"
    assert glyphs.lacks(["停车场", "😀"])
    assert not glyphs.lacks(["停车场", "〓"])


def test_a_missing_or_damaged_font_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    glyphs.glyphs.cache_clear()
    monkeypatch.setattr(glyphs, "font_folder", lambda: tmp_path)
    with pytest.raises(Unreadable, match="damaged"):
        glyphs.glyphs()
    (tmp_path / "NotoSansSC-Regular.otf").write_bytes(b"OTTO" + b"\0" * 40)
    with pytest.raises(Unreadable, match="damaged"):
        glyphs.glyphs()
    monkeypatch.undo()
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    with pytest.raises(Unreadable, match="pip install"):
        glyphs.font_folder()
