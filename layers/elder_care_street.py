"""Comprehensive elder-care centres of one subdistrict (街道)."""

from layers._form import RADIUS_NOTE, Layer, Standard, Style, Text, popup_fields

LAYER = Layer(
    key="elder_care_street",
    name=Text("街道综合养老服务中心", "Subdistrict elder-care centres"),
    one=Text("街道养老中心", "subdistrict elder-care centre"),
    question=Text("谁能走到街道养老服务中心", "who can walk to a subdistrict elder-care centre"),
    geometry="point",
    style=Style(colour="#a8266a", shape="circle", letter="养"),
    legend=Text(
        "每处是一个街道综合养老服务中心，服务整个街道的老年人。",
        "Each mark is a comprehensive elder-care centre for the elders of a whole subdistrict.",
    ),
    popup=popup_fields("capacity"),
    standard=Standard(
        metres=1000.0,
        source=Text(
            "GB 50180-2018《城市居住区规划设计标准》，附录",
            "GB 50180-2018, Standard for urban residential area planning and design, appendix",
        ),
        certainty="★★",
        note=RADIUS_NOTE,
    ),
    serves_on_foot=True,
    osm=(
        ("social_facility", "nursing_home"), ("social_facility", "assisted_living"),
        ("amenity", "nursing_home"),
    ),
    order=100,
    held_by=Text("民政部门", "Civil affairs department"),
)
