"""Every wording of the product: both languages said, Chinese with Chinese punctuation."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("geodata/**/*.py"), *ROOT.glob("layers/*.py")])
HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff”》）])[,;!?](?!\d)|(?<=[\u4e00-\u9fff”》）]):(?!/)|\((?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\)")

MEASURE_WORDS = frozenset("个条处座所项件次台场户例栋名家")  # Chinese counts with them, English without


def wordings(source: str) -> list[tuple[int, str, str]]:
    """Return line, Chinese and English of every `Text(zh, en)` that is written out; `{…}` stands for what is filled in."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and len(node.args) == 2:
            zh, en = (written(arg) for arg in node.args)
            if zh is not None and en is not None:
                found.append((node.lineno, zh, en))
    return found


def written(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_wordings_are_said_in_both_languages(path: Path) -> None:
    odd = [(line, zh, en) for line, zh, en in wordings(path.read_text(encoding="utf-8")) if bool(zh.strip()) != bool(en.strip()) and zh not in MEASURE_WORDS]
    assert odd == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_wordings_have_chinese_punctuation(path: Path) -> None:
    odd = [(line, zh) for line, zh, _ in wordings(path.read_text(encoding="utf-8")) if HALF_WIDTH.search(zh)]
    assert odd == []


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent.name in {"pages", "layers"}], ids=lambda path: str(path.relative_to(ROOT)))
def test_english_wordings_have_plain_quotes(path: Path) -> None:
    odd = [(line, en) for line, _, en in wordings(path.read_text(encoding="utf-8")) if re.search("[“”‘’]", en)]
    assert odd == []


def test_a_half_width_comma_would_be_seen() -> None:
    ((line, zh, _),) = wordings('x = Text("共三处,未落位", "three")')
    assert line == 1
    assert HALF_WIDTH.search(zh)
    assert not HALF_WIDTH.search("共 1,472 户，见 https://x（甲）")
