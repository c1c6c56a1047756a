"""What the columns of a download and the values in them are called; the keys themselves are the same in every file."""

from collections.abc import Mapping
from typing import Final

from geodata.district import LOCATION_CLASSES, ORIGINS, STATUSES
from layers import Text

CLASS_NAMES: Final[Mapping[str, Text]] = dict(zip(LOCATION_CLASSES, (
    Text("实测（误差不超过 10 米）", "surveyed (within 10 m)"),
    Text("按地址落位（不超过 100 米）", "by address (within 100 m)"),
    Text("在所名道路上", "on the named street"),
    Text("大致范围（误差见 uncertainty_m，不超过 2,000 米）", "approximate area (see uncertainty_m, at most 2,000 m)"),
    Text("建议位置，尚未确定", "proposed, not decided"),
    Text("待落位，没有坐标", "not yet located, no coordinates"),
    Text("示意点，随机抽取，不对应任何项目，不计入任何数字", "demo site, drawn at random, stands for no project and is never counted"),
), strict=True))
STATUS_NAMES: Final[Mapping[str, Text]] = dict(zip(STATUSES, (
    Text("计划", "planned"), Text("在建", "under construction"), Text("建成", "done")), strict=True))
ORIGIN_NAMES: Final[Mapping[str, Text]] = dict(zip(ORIGINS, (
    Text("报告承诺", "promised in the report"), Text("现有设施", "existing facility")), strict=True))

FIELD_NAMES: Final[Mapping[str, Text]] = {
    "id": Text("编号", "id"),
    "layer": Text("图层", "layer"),
    "commitment": Text("所属承诺", "commitment it stands for"),
    "origin": Text("来历", "origin"),
    "name_zh": Text("名称（报告未命名者为空）", "Chinese name (empty where the report names none)"),
    "name_en": Text("英文名称", "English name"),
    "amount": Text("数量，按承诺的单位", "amount, in the commitment's unit"),
    "amount_unit": Text("数量的单位（无所属承诺者为空）", "unit of the amount (empty without a commitment)"),
    "capacity": Text("规模", "capacity"),
    "status": Text("状态", "status"),
    "status_as_of": Text("状态截至", "status as of"),
    "year": Text("年份", "year"),
    "location_class": Text("位置类别", "location class: how sure the place is"),
    "uncertainty_m": Text("误差，米", "uncertainty, metres"),
    "place_hint_zh": Text("位置线索", "what is known of the place, Chinese"),
    "place_hint_en": Text("位置线索（英文）", "what is known of the place"),
    "basis_zh": Text("定位依据", "what the position rests on, Chinese"),
    "basis_en": Text("定位依据（英文）", "what the position rests on"),
    "source_zh": Text("来源", "source, Chinese"),
    "source_en": Text("来源（英文）", "source"),
    "document": Text("相关文件", "document"),
    "updated_at": Text("更新日期", "updated at"),
    "updated_by": Text("更新者", "updated by"),
    "lon": Text("经度", "longitude"),
    "lat": Text("纬度", "latitude"),
    "easting": Text("东坐标，米", "easting, metres"),
    "northing": Text("北坐标，米", "northing, metres"),
    "wkt": Text("线或面的完整形状（WKT）", "whole shape of a line or area (WKT)"),
    "demand_id": Text("需求点编号", "demand point"),
    "people": Text("人数（或需求量）", "people (or other demand)"),
    "walk_m": Text("步行距离，米；空为走不到", "walk along the streets, metres; empty where unreachable"),
    "straight_m": Text("直线距离，米", "straight line, metres"),
    "nearest_site_id": Text("最近设施编号", "nearest site"),
    "reachable": Text("能否走到", "whether it can be reached"),
    "off_network": Text("是否离路网过远", "whether it lies too far from the streets"),
    "metres": Text("服务距离，米", "service distance, metres"),
}
"""The columns a download may have; others stand under their own name."""

VALUE_NAMES: Final[Mapping[str, Mapping[str, Text]]] = {
    "location_class": CLASS_NAMES, "status": STATUS_NAMES, "origin": ORIGIN_NAMES,
}
"""The columns of choices, with what each value means."""
