"""Sites of electric-vehicle charging piles; one site may hold many piles."""

from layers._form import Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="charging_sites",
    name=Text("充电站点", "Charging sites"),
    one=Text("充电站点", "charging site"),
    question=Text("谁能走到充电站点", "who can walk to a charging site"),
    geometry="point",
    style=Style(colour="#1b3f95", shape="diamond", letter="充"),
    legend=Text(
        "每处是一个电动汽车充电站点，可以有多个充电桩。",
        "Each mark is a charging site for electric vehicles, which may hold many piles.",
    ),
    popup=popup_fields("amount", "capacity"),
    standard=Standard(
        metres=900.0,
        alternatives=(2000.0,),
        source=Text("某市公开报告（核心区 900 m）", "One city's published report (900 m in the core)"),
        certainty="★★",
        note=Text(
            "900 m 出自一个城市的报告，非全国标准；2 km 为 ★，原文尚未核对。200 个充电桩不等于 200 个站点。",
            "900 m comes from one city's report, not a national standard; 2 km is ★, not checked against its text. 200 piles are not 200 sites.",
        ),
    ),
    serves_on_foot=True,
    osm=(("amenity", "charging_station"),),
    stand_ins=False,
    order=90,
    held_by=Text("发展改革部门", "Development and reform department"),
)
