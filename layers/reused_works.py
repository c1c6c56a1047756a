"""Old works to be put to new use."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="reused_works",
    name=Text("盘活老厂区", "Works put to new use"),
    one=Text("老厂区", "old works"),
    geometry="area",
    style=Style(colour="#4a2178", shape="triangle", letter="厂"),
    legend=Text(
        "每处是一座盘活利用的老厂区，整合升级为产业空间。",
        "Each mark is an old works being brought back into use as room for industry.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "新用途尚未确定，不是居民步行前往的公共设施，因此不计覆盖。",
        "Its new use is not settled and it is no public facility people walk to, so there is no coverage.",
    ),
    stand_ins=False,
    order=240,
    held_by=Text("工信部门、园区管理机构", "Industry department, park operators"),
)
