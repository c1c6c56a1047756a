"""Roads opened, built or rebuilt and already in use."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="roads_built",
    name=Text("建成道路", "Roads completed"),
    one=Text("建成道路", "completed road"),
    geometry="line",
    style=Style(colour="#22303a", shape="line", letter="路"),
    legend=Text(
        "每条线是一条已竣工通车的道路，含新建、打通和改造。",
        "Each line is a road newly built, opened through or rebuilt, and open to traffic.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "道路供通行，不是居民步行前往的设施，因此不计覆盖。",
        "A road is for passing along, not a place people walk to, so it has no coverage.",
    ),
    opening=True,
    stand_ins=False,
    order=60,
    held_by=Text("住建部门", "Housing and construction department"),
)
