"""What every file says about itself: query, sources, datum, date, method, location classes."""

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import pandas as pd

from geodata.district import District, Source
from geodata.exports._cells import plain
from geodata.exports._form import Json, Meta, Table
from geodata.exports._places import crs_name
from geodata.exports._wordings import CLASS_NAMES, FIELD_NAMES, VALUE_NAMES
from geodata.ledger import UNITS
from layers import Lang, Text, every_layer

SITE_METHOD: Final = (
    Text("行与图上、列表中按同一条件筛选所见完全相同；报告只给数量的项目没有坐标，照样列出。",
         "The rows are exactly those the same filter shows on the map and in the table; what the report gives by number only has no coordinates and is listed all the same."),
    Text("location_class 说明位置有多准，uncertainty_m 为误差（米）；坐标以 WGS-84 保存，GCJ-02、BD-09 在导入时已精确还原。",
         "location_class says how sure a place is, uncertainty_m by how many metres; coordinates are kept in WGS-84, GCJ-02 and BD-09 are undone exactly on import."),
)
DEMO_NOTE: Final = Text("示意点按人口权重随机抽取，未作优选，编号不对应任何项目，不计入任何数字。",
                        "Demo sites are drawn at random, weighted by people and not optimised; their numbers stand for no project and they are never counted.")
SKETCH_NOTE: Final = Text("演示：路网或人口为示意，不能据此对实际地点下结论。",
                          "Demonstration: streets or people are a sketch; nothing about a real place follows from it.")
_COUNT: Final = Text("计数", "counted one by one")
_MADE_BY: Final = "chanhe-planning-map"


def made_at(environ: Mapping[str, str] = os.environ) -> datetime:
    """Return the time a file is made: SOURCE_DATE_EPOCH (seconds since 1970) in UTC where it is set, else now in the machine's own zone, whose date the file carries.

    >>> made_at({"SOURCE_DATE_EPOCH": "1650844800"}).isoformat()
    '2022-04-25T00:00:00+00:00'
    """
    fixed = environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdecimal() else datetime.now(UTC).astimezone().replace(microsecond=0)


def meta_of(district: District, *, title: Text, query: Mapping[str, str], method: Sequence[Text] = SITE_METHOD,
            notes: Sequence[Text] = (), sources: Sequence[Source] | None = None) -> Meta:
    """Return what a file about `district` says of itself.

    Args:
        district: whose data.
        title: what the file holds.
        query: what was asked, empty values left out.
        method: how the rows came about.
        notes: what must not be overlooked.
        sources: those of an answer; None means all of the district's.
    """
    return Meta(title=title, district=district.name, query={k: v for k, v in query.items() if v}, method=tuple(method),
                sources=tuple(district.sources if sources is None else sources), document=dict(district.document),
                data_hash=district.stamp, made_at=made_at(), notes=tuple(notes))


def demo_notes(district: District, *, draw: int | None = None) -> tuple[Text, ...]:
    """Return what a reader of an answer must not overlook: that its ground is a sketch, and which draw its demo sites are."""
    drawn = Text(f"示意点取第 {draw} 次抽样。", f"Demo sites are those of draw {draw}.")
    return (*([SKETCH_NOTE] if district.is_sketch or draw else []), *([DEMO_NOTE, drawn] if draw else []))


def facts(tables: Sequence[Table], meta: Meta, lang: Lang, crs: int | None) -> Json:
    """Return everything a file says about itself, as JSON takes it; the keys are the same in both languages."""
    classes = _classes(tables)
    return {
        "title": meta.title.say(lang), "district": meta.district.say(lang), "query": dict(meta.query),
        "datum": crs_name(crs).say(lang), "date": meta.made_at.isoformat(), "method": [text.say(lang) for text in meta.method],
        "notes": [text.say(lang) for text in _notes(tables, meta)],
        "location_classes": {key: {"rows": count, "means": CLASS_NAMES[key].say(lang) if key in CLASS_NAMES else key}
                             for key, count in classes.items()},
        "sources": [_source(source, lang) for source in meta.sources], "document": dict(meta.document),
        "data_hash": meta.data_hash, "made_by": _MADE_BY,
    }


def fact_rows(tables: Sequence[Table], meta: Meta, lang: Lang, crs: int | None) -> list[tuple[str, str, str]]:
    """Return the same as rows of field, what it is called, content; then the columns and what their values mean."""
    told = facts(tables, meta, lang, crs)
    rows = [(key, name.say(lang), str(told[key])) for key, name in _HEADS.items()]
    rows += [("query", Text("查询", "Query").say(lang), f"{key}={value}") for key, value in meta.query.items()]
    rows += [("method", Text("方法", "Method").say(lang), text) for text in told["method"]]
    rows += [("notes", Text("注意", "Note").say(lang), text) for text in told["notes"]]
    rows += [("location_class", Text("位置类别", "Location class").say(lang), f"{key} · {told['location_classes'][key]['rows']} · {told['location_classes'][key]['means']}")
             for key in told["location_classes"]]
    rows += [("source", Text("来源", "Source").say(lang), source_line(source, lang)) for source in meta.sources]
    rows += [("document", Text("相关文件", "Document").say(lang), f"{key}: {value}") for key, value in meta.document.items()]
    return [*rows, *_column_rows(tables, lang)]


def brief_facts(meta: Meta, lang: Lang, crs: int | None) -> dict[str, str]:
    """Return what each row of a plain table says about its file, by column."""
    return {
        "file_query": "; ".join(f"{key}={value}" for key, value in meta.query.items()),
        "file_sources": "; ".join(source.title.say(lang) for source in meta.sources),
        "file_datum": crs_name(crs).say(lang),
        "file_date": f"{meta.made_at:%Y-%m-%d}",
        "file_method": " ".join(text.say(lang) for text in (*meta.method, *meta.notes)),
        "file_data_hash": meta.data_hash,
    }


def source_line(source: Source, lang: Lang) -> str:
    """Return a source in one line: part, title, date, licence, how sure."""
    sure = source.sure.say(lang) if source.sure else ""
    return " · ".join(part for part in (source.part, source.title.say(lang), source.date, source.licence, sure) if part)


_HEADS: Final[Mapping[str, Text]] = {
    "title": Text("内容", "Content"), "district": Text("区域", "District"), "datum": Text("坐标系", "Datum"),
    "date": Text("生成时间", "Made at"), "data_hash": Text("数据指纹", "Hash of the data"), "made_by": Text("生成程序", "Made by"),
}


def _source(source: Source, lang: Lang) -> Json:
    sure = source.sure.say(lang) if source.sure else None
    return {"part": source.part, "title": source.title.say(lang), "date": source.date, "licence": source.licence, "sure": sure}


def _notes(tables: Sequence[Table], meta: Meta) -> list[Text]:
    """Return the notes, with what demo sites are where the file holds any."""
    demo = [DEMO_NOTE] if any(table.demo for table in tables) and DEMO_NOTE not in meta.notes else []
    return [*meta.notes, *demo]


def _classes(tables: Sequence[Table]) -> dict[str, int]:
    """Return how many rows of each location class the file holds, surest first."""
    columns = [table.frame["location_class"] for table in tables if "location_class" in table.frame]
    counts = pd.concat(columns).value_counts() if columns else pd.Series(dtype=int)
    order = [*CLASS_NAMES, *sorted(set(counts.index) - set(CLASS_NAMES))]
    return {key: int(counts[key]) for key in order if key in counts.index}


def _column_rows(tables: Sequence[Table], lang: Lang) -> Iterator[tuple[str, str, str]]:
    """Yield what the columns are called, what their choices mean, and what the layers are called."""
    names = dict.fromkeys(str(name) for table in tables for name in table.frame.columns)
    column = Text("列", "Column").say(lang)
    for name in [*names, "lon", "lat", "easting", "northing", "wkt"]:
        if name in FIELD_NAMES:
            yield (column, name, FIELD_NAMES[name].say(lang))
    for name, values in VALUE_NAMES.items():
        if name in names:
            yield from ((name, value, text.say(lang)) for value, text in values.items())
    yield from (("amount_unit", unit, (UNITS[unit].say(lang) if unit in UNITS else "") or _COUNT.say(lang)) for unit in _used(tables, "amount_unit") if unit)
    if "layer" in names:
        yield from (("layer", key, layer.name.say(lang)) for key, layer in every_layer().items() if key in _used(tables, "layer"))


def _used(tables: Sequence[Table], name: str) -> list[str]:
    """Return the values a column has in any of the tables, sorted."""
    return sorted({str(plain(value)) for table in tables if name in table.frame for value in table.frame[name].unique()})
