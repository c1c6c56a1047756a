"""Sewage treatment plants."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="sewage_plants",
    name=Text("污水处理厂", "Sewage plants"),
    one=Text("污水处理厂", "sewage plant"),
    geometry="area",
    style=Style(colour="#004d40", shape="hexagon", letter="污"),
    legend=Text(
        "每处是一座污水处理厂，通过管网服务全区。",
        "Each mark is a sewage treatment plant, serving the district through its sewers.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "污水处理厂通过管网服务全区，居民不步行前往，因此不计覆盖。",
        "It serves the district through its sewers; nobody walks to it, so there is no coverage.",
    ),
    osm=(("man_made", "wastewater_plant"),),
    stand_ins=False,
    order=210,
    held_by=Text("住建部门", "Housing and construction department"),
)
