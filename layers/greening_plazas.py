"""Road greening and plazas improved; the report counts the two together."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="greening_plazas",
    name=Text("绿化及广场提升", "Greening and plazas"),
    one=Text("绿化广场", "greening or plaza"),
    question=Text("谁能走到提升后的绿化广场", "who can walk to an improved green space or plaza"),
    geometry="area",
    style=Style(colour="#2a7f2a", shape="circle", letter="绿"),
    legend=Text(
        "每处是一段提升的道路绿化或一处广场，报告把两者合计。",
        "Each mark is a stretch of road greening or a plaza improved; the report counts them together.",
    ),
    serves_on_foot=True,
    osm=(("place", "square"),),
    order=180,
    held_by=Text("城市管理部门", "Urban management department"),
)
