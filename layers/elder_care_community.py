"""Elder-care centres of one community (社区)."""

from layers._form import RADIUS_NOTE, Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="elder_care_community",
    name=Text("社区养老服务中心", "Community elder-care centres"),
    one=Text("社区养老中心", "community elder-care centre"),
    question=Text("谁能走到社区养老服务中心", "who can walk to a community elder-care centre"),
    geometry="point",
    style=Style(colour="#b83a76", shape="diamond", letter="老"),
    legend=Text(
        "每处是一个社区养老服务中心，服务本社区的老年人。",
        "Each mark is an elder-care centre for the elders of its own community.",
    ),
    popup=popup_fields("capacity"),
    standard=Standard(
        metres=300.0,
        source=Text(
            "GB 50180-2018《城市居住区规划设计标准》，附录",
            "GB 50180-2018, Standard for urban residential area planning and design, appendix",
        ),
        certainty="★★",
        note=RADIUS_NOTE,
    ),
    serves_on_foot=True,
    osm=(("social_facility", "day_care"),),
    order=110,
    held_by=Text("民政部门", "Civil affairs department"),
)
