"""The ledger: what the report promised, in its own words, and how much of it has a place.

A commitment is one row. Its sites stand in another frame; the two meet only in `balance`, which keeps for every
commitment with places

    quantity + beyond = located + proposed + unlocated

in the commitment's own unit. Demo sites (`stand_in`) never enter it.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata.causes import cause
from geodata.errors import BadInput, Unreadable
from geodata.numerals import several
from layers import Lang, Text, every_layer

GROUPS: Final[Mapping[str, Text]] = {
    "livelihood_1": Text("民生实事一 医疗卫生", "Livelihood item 1: health care"),
    "livelihood_2": Text("民生实事二 就业", "Livelihood item 2: jobs"),
    "livelihood_3": Text("民生实事三 青年创新创业", "Livelihood item 3: young founders"),
    "livelihood_4": Text("民生实事四 防灾减灾", "Livelihood item 4: disaster prevention"),
    "livelihood_5": Text("民生实事五 基础教育", "Livelihood item 5: schools"),
    "livelihood_6": Text("民生实事六 老旧小区与背街小巷", "Livelihood item 6: old estates and alleys"),
    "livelihood_7": Text("民生实事七 养老服务", "Livelihood item 7: elder care"),
    "livelihood_8": Text("民生实事八 人居环境", "Livelihood item 8: living environment"),
    "livelihood_9": Text("民生实事九 交通", "Livelihood item 9: traffic"),
    "livelihood_10": Text("民生实事十 便民服务", "Livelihood item 10: services to the people"),
    "priority_1": Text("重点一 经济运行", "Priority 1: the economy"),
    "priority_2": Text("重点二 产业转型升级", "Priority 2: industry"),
    "priority_3": Text("重点三 创新引领", "Priority 3: innovation"),
    "priority_4": Text("重点四 城市提质", "Priority 4: the city"),
    "priority_5": Text("重点五 乡村振兴", "Priority 5: the countryside"),
    "priority_6": Text("重点六 改革开放", "Priority 6: reform and opening"),
    "priority_7": Text("重点七 生态文明", "Priority 7: environment"),
    "priority_8": Text("重点八 改善民生", "Priority 8: livelihood"),
    "priority_9": Text("重点九 安全稳定", "Priority 9: safety"),
    "target_2022": Text("2022 年主要预期目标", "Main expected targets of 2022"),
    "money": Text("十大民生实事资金", "Money for the ten livelihood items"),
    "achievement_2021": Text("2021 年成绩", "Achievements of 2021"),
    "past_five_years": Text("过去五年", "Past five years"),
    "next_five_years": Text("今后五年总体要求", "Requirements for the next five years"),
}
"""The parts of the report, in the order the ledger page shows them."""

KINDS: Final[Mapping[str, Text]] = {
    "target": Text("承诺", "promise"),
    "done": Text("已完成", "done"),
    "context": Text("背景", "background"),
}
EFFECTS: Final[Mapping[str, Text]] = {
    "new": Text("新建", "new"),
    "upgrade": Text("提升改造", "upgrade"),
    "mixed": Text("新建与改建", "new and upgrade"),
}
COMPARATORS: Final[Mapping[str, Text]] = {
    "=": Text("", ""),
    "≥": Text("不少于", "at least"),
    "≤": Text("不超过", "at most"),
}
UNITS: Final[Mapping[str, Text]] = {
    "个": Text("个", ""), "处": Text("处", ""), "条": Text("条", ""), "座": Text("座", ""), "所": Text("所", ""),
    "件": Text("件", ""), "项": Text("项", ""), "例": Text("例", ""), "家": Text("家", ""), "名": Text("名", ""),
    "个桩": Text("个桩", "piles"), "户": Text("户", "households"), "人": Text("人", "people"), "人次": Text("人次", "attendances"),
    "场": Text("场", "events"), "次": Text("次", "times"), "倍": Text("倍", "times"), "%": Text("%", "%"),
    "小时": Text("小时", "hours"), "千米": Text("千米", "km"), "亩": Text("亩", "mu"),
    "元": Text("元", "yuan"), "万元": Text("万元", "yuan"), "亿元": Text("亿元", "yuan"),
}
"""The units of the page; English says with the number only what the commitment's name does not."""
_YUAN: Final = {"元": 1.0, "万元": 1e4, "亿元": 1e8}

COMMITMENT_COLUMNS: Final[tuple[str, ...]] = (
    "id", "zh", "en", "group", "kind", "year", "period", "quantity", "comparator", "unit", "layer", "effect",
    "unit_is_place", "quote", "offset", "section", "document", "same_as", "of", "part_of", "inferred", "note_zh", "note_en",
)
"""Columns of a ledger.

`quantity` is NaN for a promise without a number, `offset` counts the characters of the page before `quote`,
`unit_is_place` says whether one unit of the quantity is one place on the map (a toilet is, a household is not),
`same_as` names the row that says the same promise first, `of` the row this one describes from another side (8.5 km *of*
22 alleys), `part_of` the row whose quantity this one adds up to.
"""
BALANCE_COLUMNS: Final[tuple[str, ...]] = (
    "id", "zh", "en", "group", "kind", "year", "quantity", "comparator", "unit", "layer", "effect", "located", "proposed",
    "unlocated", "beyond", "completed", "quote", "section", "document", "same_as", "of", "part_of",
)
"""Columns of `balance`, the names every table, file and command gives them."""

_LOCATED: Final = ("surveyed", "address", "street", "area")
_REQUIRED: Final = ("id", "zh", "en", "group", "kind", "quote", "offset", "section", "document")
_FLAGS: Final = ("unit_is_place", "inferred")
_LINKS: Final = ("same_as", "of", "part_of")
_CHOICES: Final[Mapping[str, Mapping[str, Text]]] = {"group": GROUPS, "kind": KINDS, "effect": EFFECTS, "comparator": COMPARATORS}
_LANGS: Final[tuple[Lang, Lang]] = ("zh", "en")
_SHOWN_PROBLEMS: Final = 5


def read_ledger(path: Path) -> pd.DataFrame:
    """Return the commitments of a ledger file (a JSON list, one commitment an object) in its order.

    Returns:
        Columns COMMITMENT_COLUMNS. Texts are empty where the file says nothing, `quantity` is NaN, `year` is missing.

    Raises:
        Unreadable: the file is missing or is not a JSON list of objects.
        BadInput: rows break the ledger's rules; the message names the first of them.
    """
    rows = _read_rows(path)
    problems = list(_problems(rows))
    if problems:
        zh, en = ("; ".join(problem.say(lang) for problem in problems[:_SHOWN_PROBLEMS]) for lang in _LANGS)
        raise BadInput(Text(f"台账 {path} 有 {len(problems)} 处问题：{zh}。请按提示改正后重试。", f"The ledger {path} has {several(len(problems), 'problem')}: {en}. Correct them and try again."))
    frame = pd.DataFrame(rows, columns=list(COMMITMENT_COLUMNS), dtype=object)
    typed = {name: _typed(name, frame[name]) for name in COMMITMENT_COLUMNS}
    return pd.DataFrame(typed)


def read_not_promises(path: Path) -> pd.DataFrame:
    """Return the numerals of the report that promise nothing: `numeral`, `quote`, `offset`, `reason_zh`, `reason_en`.

    Raises:
        Unreadable: the file is missing or is not a JSON list of objects.
    """
    return pd.DataFrame(_read_rows(path), columns=["numeral", "quote", "offset", "reason_zh", "reason_en"])


def balance(ledger: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Return what was promised beside what has a place, one row a commitment, in the commitment's unit.

    Promised places that no site stands for count as unlocated, so that none vanishes; sites above the quantity are
    `beyond`. Rows that say one promise twice (`same_as`) show the same figures: leave out rows with `same_as` when
    adding up. Rows without places (people, money, `of`, `part_of`) have NaN, and so
    have `beyond` without a quantity and `completed` of mere background.

    Args:
        ledger: columns COMMITMENT_COLUMNS.
        sites: columns SITE_COLUMNS (`commitment`, `location_class`, `status`, `status_as_of`, `amount` are read); empty commitments are nobody's promise.

    Returns:
        Columns BALANCE_COLUMNS, index and order of `ledger`.

    Raises:
        BadInput: a site names a commitment that the ledger does not have.
    """
    tally = _tally(ledger, sites).loc[_canonical(ledger).to_numpy()].set_axis(ledger.index)
    with_places = _with_places(ledger)
    quantity = ledger["quantity"].where(with_places)
    listed = tally[["located", "proposed", "unlocated"]].sum(axis=1)
    tally["unlocated"] += (quantity - listed).clip(lower=0).fillna(0)
    tally["beyond"] = (listed - quantity).clip(lower=0)
    tally["completed"] = tally["completed"].where(ledger["kind"] != "context")
    return pd.concat([ledger, tally.where(with_places)], axis=1)[list(BALANCE_COLUMNS)]


def completed_as_of(ledger: pd.DataFrame, sites: pd.DataFrame) -> pd.Series:
    """Return the latest date (ISO 8601) at which completed sites of each commitment were so, empty where none is.

    Returns:
        Texts on the index of `ledger`.

    Raises:
        BadInput: as `balance`.
    """
    own = _promised_sites(ledger, sites)
    latest = own[own["status"] == "done"].groupby("commitment")["status_as_of"].max()
    return _canonical(ledger).map(latest).astype(object).where(ledger["kind"] != "context").fillna("").astype(str)


def wholes(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return every commitment that others are part of, with what its parts add up to (a part without a number is one).

    Returns:
        `id`, `unit`, `quantity`, `parts` (ids), `parts_sum`, `reconciles`.
    """
    parts = ledger[ledger["part_of"] != ""].fillna({"quantity": 1.0}).groupby("part_of", sort=False)
    found = ledger.set_index("id").loc[list(parts.groups)].reset_index()[["id", "unit", "quantity"]]
    found["parts"] = pd.Series([tuple(parts.get_group(whole)["id"]) for whole in found["id"]], dtype=object)
    found["parts_sum"] = parts["quantity"].sum().loc[found["id"]].to_numpy()
    found["reconciles"] = np.isclose(found["parts_sum"], found["quantity"], rtol=0, atol=1e-9)
    return found


@dataclass(frozen=True, slots=True)
class ProgrammeCounts:
    """How many of one year's promised places stand where.

    Attributes:
        year: the year they were promised for.
        promised: places promised by number, each promise counted once; households, piles, people and money are not places.
        located: of them located, `approximate` ones included.
        approximate: of the located ones those known only to an area.
        proposed: accepted proposals.
        unlocated: not yet located.
        beyond: places above the promised number.
        completed: places whose site is done.
        named_beside: commitments of the year that name a place and give no number.
    """

    year: int
    promised: float
    located: float
    approximate: float
    proposed: float
    unlocated: float
    beyond: float
    completed: float
    named_beside: int


def programme_counts(ledger: pd.DataFrame, sites: pd.DataFrame, year: int = 2022) -> ProgrammeCounts:
    """Return the counts of the places promised for `year`; results of other years never enter.

    Raises:
        BadInput: as `balance`.
    """
    of_year = _with_places(ledger) & ledger["unit_is_place"] & (ledger["year"] == year).fillna(value=False).astype(bool) & (
        ledger["same_as"] == "") & (ledger["kind"] != "done")
    promised = of_year & ledger["quantity"].notna() & (ledger["kind"] == "target")
    sums = balance(ledger, sites)[promised][["quantity", "located", "proposed", "unlocated", "beyond", "completed"]].sum()
    own = _promised_sites(ledger, sites)
    near = own[(own["location_class"] == "area") & own["commitment"].isin(ledger.loc[promised, "id"])]
    return ProgrammeCounts(
        year=year, promised=float(sums["quantity"]), located=float(sums["located"]), approximate=float(near["amount"].sum()),
        proposed=float(sums["proposed"]), unlocated=float(sums["unlocated"]), beyond=float(sums["beyond"]),
        completed=float(sums["completed"]), named_beside=int((of_year & ledger["quantity"].isna()).sum()),
    )


def strip_sentence(counts: ProgrammeCounts, *, demo_sites: bool = True) -> Text:
    """Return the sentence above the map: promised, located, proposed and not yet located places of one year.

    Args:
        counts: from `programme_counts`.
        demo_sites: whether demo sites are drawn; without them they are not explained.
    """
    told = {name: _number(getattr(counts, name)) for name in ("promised", "located", "approximate", "proposed", "unlocated", "beyond")}
    near = Text("（其中近似 {approximate}）", " (of which approximate {approximate})") if counts.approximate else Text("", "")
    more = Text(" · 超出承诺 {beyond}", " · beyond the promise {beyond}") if counts.beyond else Text("", "")
    why = Text("，报告未公布位置", ", the report gives no positions") if counts.unlocated else Text("", "")
    demo = Text("空心虚线为示意点，不代表选址。", " Hollow dashed marks are demo sites, not chosen places.") if demo_sites else Text("", "")
    places = "place" if counts.promised == 1 else "places"
    zh = f"{counts.year} 年承诺 {{promised}} 处{why.zh}：已落位 {{located}}{near.zh} · 建议 {{proposed}} · 待落位 {{unlocated}}{more.zh}。{demo.zh}"
    en = (f"{{promised}} {places} promised for {counts.year}{why.en}: located {{located}}{near.en} · proposed {{proposed}}"
          f" · not yet located {{unlocated}}{more.en}.{demo.en}")
    return Text(zh, en).format(**told)


def beside_sentence(counts: ProgrammeCounts) -> Text:
    """Return the line below the strip: named places of the same year that no number of the report counts."""
    things = "project" if counts.named_beside == 1 else "projects"
    return Text(f"另有具名项目 {counts.named_beside:,} 个", f"{counts.named_beside:,} more named {things}")


def amount_text(quantity: float, unit: str, comparator: str = "=") -> Text:
    """Return an amount as it is read, money in yuan in English, empty without a quantity.

    >>> amount_text(2.97, "亿元").en, amount_text(1472, "户").zh
    ('CNY 297 million', '1,472 户')
    >>> amount_text(60, "%", "≥").en
    '≥ 60 %'
    """
    if np.isnan(quantity):
        return Text("", "")
    sign = "" if comparator in {"", "="} else f"{comparator} "
    name = UNITS.get(unit, Text(unit, unit))
    en = _yuan(quantity * _YUAN[unit]) if unit in _YUAN else f"{_number(quantity)} {name.en}".rstrip()
    return Text(f"{sign}{_number(quantity)} {name.zh}".rstrip(), f"{sign}{en}")


def _read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON list."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unreadable(Text("无法读取 {path}：{why}。请检查文件是否存在、是否为 UTF-8 编码的 JSON。",
                              "Cannot read {path}: {why}. See that it exists and is JSON in UTF-8.").format(path=path, why=cause(error))) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreadable(Text(f"{path} 应为 JSON 对象的列表。请检查文件内容。", f"{path} should be a JSON list of objects. Check the file."))
    return rows


def _problems(rows: list[dict[str, Any]]) -> Iterator[Text]:
    """Yield what is wrong with each row, in their order."""
    ids = Counter(str(row.get("id", "")) for row in rows)
    linked = {str(row.get("id", "")): row for row in rows}
    for number, row in enumerate(rows, 1):
        found = [*_keys_wrong(row), *_values_wrong(row), *_quantity_wrong(row), *_links_wrong(row, linked)]
        if ids[str(row.get("id", ""))] > 1:
            found.append(Text("id 重复", "id appears twice"))
        where = Text(f"第 {number} 行（{row.get('id', '?')}）", f"row {number} ({row.get('id', '?')})")
        yield from (Text(f"{where.zh} {what.zh}", f"{where.en}: {what.en}") for what in found)


def _keys_wrong(row: Mapping[str, Any]) -> Iterator[Text]:
    """Yield unknown and missing fields."""
    yield from (Text(f"不认识的字段 {name!r}", f"unknown field {name!r}") for name in row if name not in COMMITMENT_COLUMNS)
    yield from (Text(f"缺 {name}", f"{name} is missing") for name in _REQUIRED if row.get(name) is None or row[name] == "")


def _values_wrong(row: Mapping[str, Any]) -> Iterator[Text]:
    """Yield fields whose value is of the wrong type or none of the choices."""
    for name, value in row.items():
        if value is not None and name != "quantity" and name in COMMITMENT_COLUMNS and not _fits(name, value):
            yield Text(f"{name} 的值 {value!r} 不可用", f"{name} = {value!r} cannot be used")
    if "\n" in str(row.get("quote", "")):
        yield Text("quote 跨了段落", "quote breaks over a paragraph")


def _fits(name: str, value: object) -> bool:
    """Return whether `value` is of the field's type and one of its choices."""
    if name in {"offset", "year"}:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if name in _FLAGS:
        return isinstance(value, bool)
    choices = every_layer() if name == "layer" else _CHOICES.get(name)
    return isinstance(value, str) and (choices is None or value in choices)


def _quantity_wrong(row: Mapping[str, Any]) -> Iterator[Text]:
    """Yield a quantity that is no number, or that stands without its comparator or unit."""
    quantity = row.get("quantity")
    if quantity is None:
        return
    if isinstance(quantity, bool) or not isinstance(quantity, int | float) or not np.isfinite(quantity) or quantity < 0:
        yield Text(f"quantity 的值 {quantity!r} 不可用", f"quantity = {quantity!r} cannot be used")
    yield from (Text(f"有 quantity 而缺 {name}", f"{name} is missing beside the quantity")
                for name in ("comparator", "unit") if not row.get(name))


def _links_wrong(row: Mapping[str, Any], linked: Mapping[str, Mapping[str, Any]]) -> Iterator[Text]:
    """Yield links to no row, to the row itself, or to one that is itself linked on in the same way."""
    for link in _LINKS:
        target = row.get(link)
        if target and (target == row.get("id") or linked.get(str(target), {link: "?"}).get(link)):
            yield Text(f"{link} 指向的 {target!r} 不在台账中或不是独立的一行", f"{link} = {target!r} is not another row that stands by itself")


def _typed(name: str, column: pd.Series) -> pd.Series:
    """Return a column in its type."""
    if name in _FLAGS:
        return column.map(lambda value: value is True).astype(bool)
    if name in {"year", "offset"}:
        return pd.to_numeric(column).astype("Int64" if name == "year" else "int64")
    if name == "quantity":
        return pd.to_numeric(column).astype("float64")
    return column.map(lambda value: value if isinstance(value, str) else "").astype(str)


def _canonical(ledger: pd.DataFrame) -> pd.Series:
    """Return for each row the id that its sites are counted under."""
    return ledger["same_as"].where(ledger["same_as"] != "", ledger["id"])


def _with_places(ledger: pd.DataFrame) -> pd.Series:
    """Return which commitments have places of their own."""
    return (ledger["layer"] != "") & (ledger["of"] == "") & (ledger["part_of"] == "")


def _promised_sites(ledger: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the sites that stand for commitments, under the canonical id, with their amount; demo sites left out."""
    own = sites[(sites["commitment"].fillna("") != "") & (sites["location_class"] != "stand_in")]
    canonical = pd.Series(_canonical(ledger).to_numpy(), index=ledger["id"].to_numpy(), dtype=object)
    strange = sorted(set(own["commitment"]) - set(canonical.index))
    if strange:
        raise BadInput(Text(f"项目所属的承诺不在台账中：{'、'.join(strange)}。请改正 commitment 一栏。",
                            f"Sites name commitments that the ledger does not have: {', '.join(strange)}. Correct the field `commitment`."))
    return pd.DataFrame({
        "commitment": own["commitment"].map(canonical), "location_class": own["location_class"], "status": own["status"],
        "status_as_of": own["status_as_of"], "amount": own["amount"].astype(float).fillna(1.0),
    })


def _tally(ledger: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts located, proposed, unlocated and completed under each canonical id."""
    own = _promised_sites(ledger, sites)
    masks = {"located": own["location_class"].isin(_LOCATED), "proposed": own["location_class"] == "proposed",
             "unlocated": own["location_class"] == "unlocated", "completed": own["status"] == "done"}
    sums = {name: own[mask].groupby("commitment")["amount"].sum() for name, mask in masks.items()}
    return pd.DataFrame(sums, index=pd.Index(ledger["id"].to_numpy())).astype(float).fillna(0.0)


def _number(value: float) -> str:
    """Return a figure with thousands separators and no more decimals than it has, four at most."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _yuan(yuan: float) -> str:
    """Return money in yuan, in the largest of billion, million or one that leaves at least one."""
    for size, name in ((1e9, " billion"), (1e6, " million")):
        if yuan >= size:
            return f"CNY {_number(yuan / size)}{name}"
    return f"CNY {_number(yuan)}"
