"""Kindergartens, built or improved."""

from layers._form import RADIUS_NOTE, Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="kindergartens",
    name=Text("幼儿园", "Kindergartens"),
    one=Text("幼儿园", "kindergarten"),
    question=Text("谁能走到幼儿园", "who can walk to a kindergarten"),
    geometry="point",
    style=Style(colour="#8f5f00", shape="diamond", letter="幼"),
    legend=Text(
        "每处是一所新建或改造提升的幼儿园，按接送的步行距离评价。",
        "Each mark is a kindergarten built or improved, judged by the walk with a child.",
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
    osm=(("amenity", "kindergarten"),),
    order=130,
    held_by=Text("教育部门", "Education department"),
)
