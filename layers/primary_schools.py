"""Primary schools, built or improved."""

from layers._form import Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="primary_schools",
    name=Text("小学", "Primary schools"),
    one=Text("小学", "primary school"),
    question=Text("谁能走到小学", "who can walk to a primary school"),
    geometry="point",
    style=Style(colour="#7a5200", shape="hexagon", letter="小"),
    legend=Text(
        "每处是一所新建或改造提升的小学，按上学的步行距离评价。",
        "Each mark is a primary school built or improved, judged by the pupils' walk.",
    ),
    popup=popup_fields("capacity"),
    standard=Standard(
        metres=500.0,
        source=Text(
            "GB 50180-2018《城市居住区规划设计标准》，附录",
            "GB 50180-2018, Standard for urban residential area planning and design, appendix",
        ),
        certainty="★★★",
        note=Text(
            "标准中的服务半径一般指直线距离；本图同时给出沿道路与直线两种结果。",
            "A service radius in a Chinese standard is normally a straight line; results are given along the streets and in a straight line.",
        ),
    ),
    serves_on_foot=True,
    osm=(("isced:level", "1"),),
    order=140,
)
