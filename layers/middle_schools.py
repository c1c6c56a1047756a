"""Middle schools, built or improved; the report does not say which stage."""

from layers._form import Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="middle_schools",
    name=Text("中学", "Middle schools"),
    one=Text("中学", "middle school"),
    question=Text("谁能走到中学", "who can walk to a middle school"),
    geometry="point",
    style=Style(colour="#5c3d00", shape="pentagon", letter="中"),
    legend=Text(
        "每处是一所新建或改造提升的中学，按上学的步行距离评价。",
        "Each mark is a middle school built or improved, judged by the pupils' walk.",
    ),
    popup=popup_fields("capacity"),
    standard=Standard(
        metres=1000.0,
        source=Text(
            "GB 50180-2018《城市居住区规划设计标准》，附录",
            "GB 50180-2018, Standard for urban residential area planning and design, appendix",
        ),
        certainty="★★★",
        note=Text(
            "1000 m 是初中的服务半径；报告只写“中学”，按初中计为推断。",
            "1,000 m is for junior middle schools; the report says only \"middle school\", so junior is inferred.",
        ),
    ),
    serves_on_foot=True,
    osm=(("isced:level", "2"),),
    order=150,
    held_by=Text("教育部门", "Education department"),
)
