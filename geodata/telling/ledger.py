"""The ledger as a slide: the places promised as bars, or the balance as a table."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geodata.asking.ledger import PERIODS, LedgerFilter
from geodata.completion import UNKNOWN, UNTIL, balance_told, is_unknown, told_until
from geodata.deck import Cell, Chart, Slide, Table
from geodata.district import District
from geodata.ledger import GROUPS, amount_text, beside_sentence, programme_counts, strip_sentence
from geodata.telling._form import Teller, Work
from geodata.telling._parts import MOST_ROWS, NOTHING, TOTAL, joined, sources_of
from layers import Text, every_layer

COUNTS: Final[Mapping[str, Text]] = {
    "located": Text("已落位", "Located"), "proposed": Text("建议", "Proposed"), "unlocated": Text("待落位", "Not yet located"), "completed": Text("已完成", "Completed"),
}
_PROMISED: Final = Text("承诺", "Promised")
_PLACES: Final = Text("处", "places")
_TITLE: Final = Text("台账：承诺与落位", "The ledger: promises and places")


def tell(district: District, asked: Mapping[str, str], _work: Work) -> Slide:
    """Show what the filter keeps: without one the balance of the year by part of the report."""
    kept = LedgerFilter.of(asked)
    counts = _balance(district)
    rows = counts[kept.keeps(district.ledger)]
    own = rows[rows["same_as"] == ""]
    note = _note(own)
    sources = sources_of(district, "ledger")
    if not len(rows):
        return Slide("", "text", _heading(kept), demonstration=False, sentences=(Text("没有符合条件的条目。", "No entry matches."),), sources=sources)
    if kept == LedgerFilter():
        return Slide("", "table", _TITLE, demonstration=False, sentences=_of_year(district), table=_by_group(district), class_note=_note(_counted(district)), sources=sources)
    if kept.places and _chartable(own).any():
        return Slide("", "chart", _heading(kept), demonstration=False, sentences=_beside_chart(district, kept, own), chart=_by_layer(own), class_note=note, sources=sources)
    return Slide("", "table", _heading(kept), demonstration=False, sentences=(_shown(len(rows), len(counts)),), table=_entries(rows), class_note=note, sources=sources)


def _counted(district: District) -> pd.DataFrame:
    """The rows of the balance whose places the year's total adds up, as `ledger.programme_counts` counts them."""
    ledger = district.ledger
    year = programme_counts(ledger, district.sites).year
    mine = (ledger["unit_is_place"] & (ledger["year"] == year).fillna(value=False).astype(bool) & (ledger["kind"] == "target") & (ledger["same_as"] == "")
            & (ledger["layer"] != "") & (ledger["of"] == "") & (ledger["part_of"] == "") & ledger["quantity"].notna())
    return _balance(district)[mine]


def _balance(district: District) -> pd.DataFrame:
    """The balance, with which of its rows count places."""
    return balance_told(district).assign(unit_is_place=district.ledger["unit_is_place"])


def _of_year(district: District) -> tuple[Text, ...]:
    counts = programme_counts(district.ledger, district.sites)
    beside = joined([beside_sentence(counts), Text("，不计入上数。", ", not counted above.")], en="") if counts.named_beside else None
    return (strip_sentence(counts, demo_sites=False), *([beside] if beside else []),
            joined([Text("户、根、人次、资金按各自单位计，不并入处数；2021 年成绩另计。", "Households, piles, attendances and money keep their own units; results of 2021 are counted apart."), *_untold(district)]))


def _untold(district: District) -> list[Text]:
    """Why a completion is not known, where one is not."""
    date = told_until(district)
    return [Text("已完成未知：{why}。", "Completed is unknown: {why}.").format(why=UNTIL.format(date=date))] if date and _counted(district)["completed"].isna().any() else []


def _by_group(district: District) -> Table:
    """The places of the year by part of the report, with their sum."""
    rows = _counted(district)
    names = ["quantity", *COUNTS]

    def sums(own: pd.DataFrame) -> tuple[Cell, ...]:
        return tuple(UNKNOWN if pd.isna(value) else float(value) for value in (own[field].sum(min_count=1) for field in names))

    cells: list[tuple[Cell, ...]] = [(name, *sums(own)) for group, name in GROUPS.items() if len(own := rows[rows["group"] == group])]
    cells.append((TOTAL, *sums(rows)))
    return Table(Text("承诺的地点（处）", "Places promised"), (Text("报告部分", "Part of the report"), _PROMISED, *COUNTS.values()), tuple(cells),
                 (False, *(True for _ in names)), (0,) * (len(names) + 1))


def _chartable(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are so many places."""
    found: pd.Series[bool] = rows["unit_is_place"] & rows["quantity"].notna()
    return found


def _by_layer(rows: pd.DataFrame) -> Chart:
    """Promised places of each layer, the most first, and located ones as soon as there are any."""
    own = rows[_chartable(rows)]
    told = [(layer.name, float(mine["quantity"].sum()), float(mine["located"].sum())) for key, layer in every_layer().items() if len(mine := own[own["layer"] == key])]
    told.sort(key=lambda line: -line[1])
    names, promised, located = zip(*told, strict=True)
    series = ((_PROMISED, promised), *(((COUNTS["located"], located),) if any(located) else ()))
    return Chart(Text("承诺与已落位的处数", "Places promised and located") if any(located) else Text("承诺的处数", "Places promised"), "bar", names, series, _PLACES)


def _beside_chart(district: District, kept: LedgerFilter, rows: pd.DataFrame) -> tuple[Text, ...]:
    """The year's sentence where the year's promises are shown whole, and what is counted in other units."""
    counts = programme_counts(district.ledger, district.sites)
    whole = kept == LedgerFilter(period=str(counts.year), kind="target", places=True)
    other = rows[~rows["unit_is_place"] & rows["quantity"].notna()]
    said = [strip_sentence(counts, demo_sites=False)] if whole else [_shown(len(rows), len(district.ledger))]
    if len(other):
        told = [Text("{name} {amount}", "{name}: {amount}").format(name=Text(row["zh"], row["en"]), amount=amount_text(row["quantity"], row["unit"], row["comparator"]))
                for row in other.to_dict("records")]
        said.append(Text("按其他单位计：{all}。", "Counted in other units: {all}.").format(all=joined(told, zh="、", en="; ")))
    return tuple(said)


def _entries(rows: pd.DataFrame) -> Table:
    """The entries one by one, as many as can be read."""
    many = len(rows) > MOST_ROWS
    cells: list[tuple[Cell, ...]] = []
    for row in rows.head(MOST_ROWS - 1 if many else MOST_ROWS).to_dict("records"):
        amount = amount_text(row["quantity"], row["unit"], row["comparator"])
        cells.append((Text(row["zh"], row["en"]), amount, *(_known(row, name) for name in COUNTS)))
    if many:
        left = len(rows) - MOST_ROWS + 1
        cells.append((Text(f"另有 {left} 条，见台账页", f"{left} more on the page Ledger"), NOTHING, *(None for _ in COUNTS)))
    return Table(_TITLE, (Text("事项", "Commitment"), Text("数量", "Amount"), *COUNTS.values()), tuple(cells), (False, True, *(True for _ in COUNTS)), (0,) * (len(COUNTS) + 2))


def _known(row: Mapping[Any, Any], name: str) -> Cell:
    """A figure of the balance: none where the entry has no places, unknown where nobody has told."""
    if name == "completed" and is_unknown(row):
        return UNKNOWN
    return None if pd.isna(row[name]) else float(row[name])


def _heading(kept: LedgerFilter) -> Text:
    """What the filter keeps, in words."""
    if kept == LedgerFilter(period="2022", kind="target", places=True):
        return Text("2022 年承诺了哪些地点", "The places promised for 2022")
    parts = [PERIODS[kept.period]] if kept.period else []
    parts += [GROUPS[kept.group]] if kept.group else []
    parts += [Text(f"“{word}”", f'"{word}"') for word in kept.words]
    return Text("台账：{all}", "The ledger: {all}").format(all=joined(parts, zh="、", en=", ")) if parts else _TITLE


def _shown(n: int, of: int) -> Text:
    return Text(f"显示 {n:,} 条，共 {of:,} 条。", f"{n:,} of {of:,} entries.")


def _note(rows: pd.DataFrame) -> Text:
    """How much of what is shown has a place."""
    places = rows[rows["located"].notna() & _chartable(rows)]
    if not len(places):
        return Text("所示条目不按处数计。", "None of these entries counts places.")
    figures = [Text("{name} {n}", "{name} {n}").format(name=COUNTS[name], n=f"{places[name].sum():,.0f}") for name in ("located", "proposed", "unlocated")]
    return Text("位置（处）：{all}。", "Positions (places): {all}.").format(all=joined(figures, zh=" · ", en=" · "))


TELLERS = (Teller("ledger", slow=False, tell=tell),)
