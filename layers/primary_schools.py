"""Primary schools, built or improved."""

from layers._form import RADIUS_NOTE, Layer, Standard, Style, Text, popup_fields

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
        note=RADIUS_NOTE,
    ),
    serves_on_foot=True,
    osm=(("isced:level", "1"),),
    order=140,
    held_by=Text("教育部门", "Education department"),
)
