"""Fire stations proper, as existing facilities; the programme promises none."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="fire_stations",
    name=Text("消防站", "Fire stations"),
    one=Text("消防站", "fire station"),
    geometry="point",
    style=Style(colour="#a01c0c", shape="star", letter="队"),
    legend=Text(
        "每处是一座现有的消防站，消防车按行车时间到场。",
        "Each mark is an existing fire station, whose engines come by road.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "消防车按行车时间到场，不以步行距离衡量；步行覆盖见“微型消防站”。",
        "Engines come by road, so a walk does not measure them; see micro fire stations for coverage on foot.",
    ),
    osm=(("amenity", "fire_station"),),
    stand_ins=False,
    order=250,
    held_by=Text("消防救援机构、各社区", "Fire and rescue service, communities"),
)
