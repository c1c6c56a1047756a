"""The headings and words an office's own tables use, and what the product calls them."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from layers import Text

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("编号", "序号id", "代码", "code", "site_id"),
    "name_zh": ("名称", "中文名", "中文名称", "项目名称", "站名", "地名", "名字", "name", "name:zh", "道路名称", "路名", "街道名称", "社区名称", "mc"),
    "name_en": ("英文名", "英文名称", "name:en", "english"),
    "lon": ("lng", "long", "longitude", "经度", "东经", "经度(度)", "x", "x坐标", "easting", "东坐标", "横坐标", "point_x", "经度坐标"),
    "lat": ("latitude", "纬度", "北纬", "纬度(度)", "y", "y坐标", "northing", "北坐标", "纵坐标", "point_y", "纬度坐标"),
    "layer": ("图层", "类别", "设施类型"),
    "commitment": ("承诺", "承诺编号", "承诺事项"),
    "origin": ("来历", "性质", "新建或现状", "现状/规划"),
    "amount": ("数量", "个数", "户数", "桩数"),
    "capacity": ("容量", "规模", "车位数", "床位数", "学位数", "泊位数"),
    "status": ("状态", "进展", "建设状态"),
    "status_as_of": ("状态日期", "截至日期"),
    "year": ("年份", "年度"),
    "location_class": ("定位类别", "位置类别", "定位精度等级"),
    "uncertainty_m": ("误差", "误差(米)", "误差米", "不确定度", "精度(米)", "uncertainty", "accuracy_m"),
    "place_hint_zh": ("位置说明", "地址", "位置", "address"),
    "basis_zh": ("依据", "定位依据", "basis"),
    "source_zh": ("来源", "数据来源", "source"),
    "document": ("文件", "相关文件"),
    "people": ("人口", "人口数", "常住人口", "人数", "population", "pop", "residents"),
    "class": ("等级", "道路等级", "highway", "road_class", "fclass"),
    "bridge": ("桥", "桥梁"),
    "tunnel": ("隧道",),
    "level": ("层", "层级"),
    "area_id": ("街道代码", "社区代码", "区划代码", "区域编号"),
}
"""For each column of ours the headings that mean it, beside its own name; compared without case, spaces and full width."""

_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {"name_zh": ("名称",), "place_hint_zh": ("地址",)}
"""Endings by which a longer heading is known, where one column alone has such a one (厕所名称, 详细地址)."""
_OF_OTHERS: Final = ("单位", "部门", "公司", "机构", "街道", "社区", "办事处", "区域", "辖区", "图层", "文件", "英文", "负责", "联系", "上级", "类型", "类别", "注册", "邮箱", "网址", "ip")
"""A heading with one of these names something else than the site."""

CALLED: Final[Mapping[str, Text]] = {
    "lon": Text("经度（lon）", "lon"), "lat": Text("纬度（lat）", "lat"), "people": Text("人口（people）", "people"), "name_zh": Text("名称（name）", "name"),
    "area_id": Text("编号（area_id）", "area_id"), "location_class": Text("定位类别（location_class）", "location_class"), "uncertainty_m": Text("误差（uncertainty_m）", "uncertainty_m"),
}
"""What a file's columns are called when they are missing."""

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "status": {"计划": "planned", "规划": "planned", "拟建": "planned", "未开工": "planned", "在建": "under_construction",
               "建设中": "under_construction", "建成": "done", "已建成": "done", "完成": "done", "已完成": "done", "投用": "done"},
    "origin": {"现状": "existing", "既有": "existing", "已有": "existing", "规划": "programme", "计划": "programme", "承诺": "programme", "新建": "programme"},
    "location_class": {"实测位置": "surveyed", "实测": "surveyed", "测量": "surveyed", "按地址落位": "address", "地址": "address", "门牌": "address",
                       "在所名道路上": "street", "道路": "street", "沿街": "street", "大致范围": "area", "片区": "area", "区域": "area", "未定": "unlocated", "待落位": "unlocated"},
    "class": {"快速路": "trunk", "主干路": "primary", "主干道": "primary", "次干路": "secondary", "次干道": "secondary", "支路": "tertiary",
              "街坊路": "residential", "小区路": "residential", "巷": "lane", "背街小巷": "lane", "小巷": "lane", "步行道": "path", "人行道": "path",
              "unclassified": "residential", "living_street": "residential", "service": "lane", "track": "lane", "footway": "path",
              "pedestrian": "path", "steps": "path", "cycleway": "path"},
}
"""For each column of choices the words that mean one of them."""


def our_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with every heading it can recognise given our name; the first of two that mean the same wins.

    >>> list(our_columns(pd.DataFrame(columns=["站名", "经度", "纬度", "备注"])).columns)
    ['name_zh', 'lon', 'lat', '备注']
    >>> list(our_columns(pd.DataFrame(columns=["厕所名称", "详细地址", "建设单位名称"])).columns)
    ['name_zh', 'place_hint_zh', '建设单位名称']
    """
    meant = {_plain(alias): ours for ours, aliases in HEADINGS.items() for alias in (ours, *aliases)}
    exact = {str(c) for c in frame.columns if str(c) in HEADINGS}
    renamed: dict[object, str] = {}
    for column in frame.columns:
        ours = meant.get(_plain(str(column)))
        if ours and str(column) not in HEADINGS and ours not in exact and ours not in renamed.values():
            renamed[column] = ours
    for ours, endings in _ENDINGS.items():
        longer = [column for column in frame.columns if column not in renamed and str(column) not in HEADINGS and _ends(_plain(str(column)), endings)]
        if len(longer) == 1 and ours not in exact and ours not in renamed.values():
            renamed[longer[0]] = ours
    return frame.rename(columns=renamed)


def _ends(heading: str, endings: tuple[str, ...]) -> bool:
    return heading.endswith(endings) and not any(word in heading for word in _OF_OTHERS)


def known_as(name: str) -> Text:
    """Return what a column of ours is called in words.

    >>> known_as("place_hint_zh").zh, known_as("lon").zh
    ('位置说明', '经度')
    """
    first = next((alias for alias in HEADINGS.get(name, ()) if not alias.isascii()), name)
    return Text(first, name.removesuffix("_zh").replace("_", " "))


def typed_headings(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    """Return the headings as the file has them, by the names `our_columns` gave them."""
    return {str(ours): str(typed) for ours, typed in zip(after.columns, before.columns, strict=True)}


def called(name: str) -> Text:
    """Return what a column of ours is called when a file lacks it."""
    return CALLED.get(name, Text(name, name))


def words_for(field: str, keys: Iterable[str]) -> Text:
    """Return the words a choice column takes, each with its key."""
    first = {key: word for word, key in reversed(list(WORDS.get(field, {}).items()))}
    given = list(keys)
    return Text("、".join(f"{first[key]}（{key}）" if key in first else key for key in given), ", ".join(given))


def our_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with the words of choice columns given our keys; words it does not know stay."""
    told = {name: frame[name].map(lambda value, known=words: known.get(str(value).strip(), value))
            for name, words in WORDS.items() if name in frame}
    return frame.assign(**told)


def _plain(heading: str) -> str:
    """Return a heading as it is compared."""
    return unicodedata.normalize("NFKC", heading).casefold().replace(" ", "").strip()
