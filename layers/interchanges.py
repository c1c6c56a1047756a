"""Road interchanges completed."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="interchanges",
    name=Text("立交", "Interchanges"),
    one=Text("立交", "interchange"),
    geometry="point",
    style=Style(colour="#5c6c78", shape="cross", letter="交"),
    legend=Text(
        "每处是一座已全线贯通的立交，服务机动车通行。",
        "Each mark is an interchange open throughout, serving motor traffic.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "立交服务机动车，不是居民步行前往的设施，因此不计覆盖。",
        "Interchanges serve motor traffic; nobody walks to one, so there is no coverage.",
    ),
    opening=True,
    stand_ins=False,
    order=70,
    held_by=Text("住建部门", "Housing and construction department"),
)
