"""Every wording of the product: both languages said, Chinese with Chinese punctuation."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted([*ROOT.glob("geodata/**/*.py"), *ROOT.glob("layers/*.py")])
HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff”》）])[,;!?](?!\d)|(?<=[\u4e00-\u9fff”》）]):(?!/)|\((?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\)")

WIDE = re.compile("[“”‘’，。；：（）、！？《》「」【】\u3000]")
MEASURE_WORDS = frozenset("个条处座所项件次台场户例栋名家")  # Chinese counts with them, English without


@cache
def nodes(source: str) -> list[ast.AST]:
    """Return every node of a source; each file is asked three questions."""
    return list(ast.walk(ast.parse(source)))


def wordings(source: str) -> list[tuple[int, str, str]]:
    """Return line, Chinese and English of every `Text(zh, en)` that is written out; `{…}` stands for what is filled in."""
    found = []
    for node in nodes(source):
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


def english(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of everything in a source that is English: texts without a Chinese character that are no docstring and no `Text`'s Chinese."""
    other = {id(node.value) for node in nodes(source) if isinstance(node, ast.Expr)}  # docstrings
    other |= {id(part) for node in nodes(source) if isinstance(node, ast.JoinedStr) for part in node.values}
    other |= {id(node.args[0]) for node in nodes(source) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text" and node.args}
    for node in nodes(source):
        text = written(node) if isinstance(node, ast.expr) and id(node) not in other else None
        if text and re.search("[A-Za-z]{3}", re.sub(r"{\w*}", "", text)) and not re.search("[\u4e00-\u9fff]", text):
            yield node.lineno, text


def said(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a JSON document with the key it stands under."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner, key)
    elif isinstance(value, str):
        yield key, value


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_wordings_are_said_in_both_languages(path: Path) -> None:
    odd = [(line, zh, en) for line, zh, en in wordings(path.read_text(encoding="utf-8")) if bool(zh.strip()) != bool(en.strip()) and zh not in MEASURE_WORDS]
    assert odd == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_chinese_wordings_have_chinese_punctuation(path: Path) -> None:
    odd = [(line, zh) for line, zh, _ in wordings(path.read_text(encoding="utf-8")) if HALF_WIDTH.search(zh)]
    assert odd == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_english_wordings_have_english_punctuation(path: Path) -> None:
    odd = [(line, en) for line, en in english(path.read_text(encoding="utf-8")) if WIDE.search(en)]
    assert odd == []


@pytest.mark.parametrize("name", ["ledger.json", "not_promises.json", "pack.json", "sites.geojson", "labels.geojson"])
def test_english_in_the_data_has_english_punctuation(name: str) -> None:
    told = [text for key, text in said(json.loads((ROOT / "geodata" / "chanhe" / name).read_text(encoding="utf-8"))) if key == "en" or key.endswith("_en")]
    assert [text for text in told if WIDE.search(text)] == []
    assert name == "labels.geojson" or len(told) > 5


def test_a_wide_quote_in_english_would_be_seen() -> None:
    source = '"""A docstring may quote “so”."""\nx = Text("共“三”处", f"so “{many}” of them")\ny = {"en": "wide，comma"}\nz = "中“文”, with English"'
    assert [line for line, en in english(source) if WIDE.search(en)] == [2, 3]


def test_a_half_width_comma_would_be_seen() -> None:
    ((line, zh, _),) = wordings('x = Text("共三处,未落位", "three")')
    assert line == 1
    assert HALF_WIDTH.search(zh)
    assert not HALF_WIDTH.search("共 1,472 户，见 https://x（甲）")


def test_no_wording_holds_what_python_says_of_an_error() -> None:
    """It is English, or the name of a class; `geodata.causes` has words for it in both languages. Setting up comes before there is a package."""
    leaks = re.compile(r"\{(error|type\(error\)\.__name__)\}|=(error|type\(error\)\.__name__)\)|error\.strerror")
    found = [f"{path.relative_to(ROOT)}:{n}" for path in SOURCES if path.name not in {"bootstrap.py", "causes.py", "worker.py"}
             for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1) if leaks.search(line)]
    assert found == []
