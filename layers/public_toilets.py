"""Public toilets, new or rebuilt."""

from layers._form import Layer, Standard, Style, Text

LAYER = Layer(
    key="public_toilets",
    name=Text("公厕", "Public toilets"),
    one=Text("公厕", "public toilet"),
    question=Text("谁能走到公厕", "who can walk to a public toilet"),
    geometry="point",
    style=Style(colour="#00757f", shape="pentagon", letter="厕"),
    legend=Text(
        "每处是一座新建或改建的公厕，按步行距离评价。",
        "Each mark is a public toilet, new or rebuilt, judged by the walk to it.",
    ),
    standard=Standard(
        metres=300.0,
        source=Text(
            "GB 55013-2021《市容环卫工程项目规范》（按内容对应）",
            "GB 55013-2021, General code for city appearance and sanitation projects (matched by content)",
        ),
        certainty="★★",
        note=Text(
            "已读到相关文字，按内容对应该规范；300 m 适用于人流聚集处。",
            "The wording was read and matched to this code by its content; 300 m is for places where people gather.",
        ),
    ),
    serves_on_foot=True,
    osm=(("amenity", "toilets"),),
    order=80,
    held_by=Text("城市管理部门", "Urban management department"),
)
