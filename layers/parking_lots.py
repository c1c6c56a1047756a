"""Public car parks, the ecological one included."""

from layers._form import Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="parking_lots",
    name=Text("停车场", "Car parks"),
    one=Text("停车场", "car park"),
    question=Text("谁能走到停车场", "who can walk to a car park"),
    geometry="point",
    style=Style(colour="#0a5fc4", shape="square", letter="停"),
    legend=Text(
        "每处是一座公共停车场或生态停车场，按停车后步行的距离评价。",
        "Each mark is a public or an ecological car park, judged by the walk after parking.",
    ),
    popup=popup_fields("capacity"),
    standard=Standard(
        metres=300.0,
        alternatives=(500.0,),
        source=Text(
            "GB/T 51149-2016《城市停车规划规范》",
            "GB/T 51149-2016, Standard for urban parking planning",
        ),
        certainty="★",
        note=Text(
            "条文原文尚未核对，正式引用前请先核对；500 m 为放宽值。",
            "The clause has not been checked against its text: do so before quoting it; 500 m is the relaxed value.",
        ),
    ),
    serves_on_foot=True,
    osm=(("amenity", "parking"),),
    opening=True,
    order=30,
    held_by=Text("城市管理部门", "Urban management department"),
)
