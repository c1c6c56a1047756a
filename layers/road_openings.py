"""Road openings: dead ends (断头路) to be opened through."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="road_openings",
    name=Text("打通断头路", "Road openings"),
    one=Text("断头路打通", "road opening"),
    geometry="line",
    style=Style(colour="#c4128a", shape="line", letter="断"),
    legend=Text(
        "每条线是一处计划打通的断头路，打通后两端道路连通。",
        "Each line is a dead end to be opened, so that the streets at both its ends connect.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "道路打通改变的是步行路径，本身不是居民步行前往的设施；其作用在打通前后的对比中体现。",
        "An opening changes the ways people walk; it is not a place they walk to. Its effect shows in the comparison before and after.",
    ),
    opening=True,
    order=20,
    held_by=Text("住建部门", "Housing and construction department"),
)
