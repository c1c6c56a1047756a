"""Community clinics (社区卫生室)."""

from layers._form import Layer, Standard, Style, Text

LAYER = Layer(
    key="clinics",
    name=Text("社区卫生室", "Community clinics"),
    one=Text("卫生室", "community clinic"),
    question=Text("谁能走到社区卫生室", "who can walk to a community clinic"),
    geometry="point",
    style=Style(colour="#7d0a3e", shape="cross", letter="医"),
    legend=Text(
        "每处是一个标准化社区卫生室，居民在此就近看病取药。",
        "Each mark is a standard community clinic, where people see a doctor close to home.",
    ),
    standard=Standard(
        metres=300.0,
        source=Text(
            "GB 50180-2018《城市居住区规划设计标准》，附录",
            "GB 50180-2018, Standard for urban residential area planning and design, appendix",
        ),
        certainty="★★",
        note=Text(
            "标准写的是“社区卫生服务站”，报告写“社区卫生室”，两者对应为推断。",
            "The standard speaks of community health stations, the report of community clinics; that they are the same is inferred.",
        ),
    ),
    serves_on_foot=True,
    osm=(("amenity", "clinic"), ("healthcare", "clinic")),
    order=120,
    held_by=Text("卫生健康部门", "Health department"),
)
