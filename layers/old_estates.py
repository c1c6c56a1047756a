"""Old housing estates renovated or to be renovated."""

from layers._form import Layer, Style, Text, popup_fields

LAYER = Layer(
    key="old_estates",
    name=Text("老旧小区改造", "Old estates renovated"),
    one=Text("老旧小区", "old estate"),
    geometry="area",
    style=Style(colour="#7a4a2b", shape="square", letter="居"),
    legend=Text(
        "每处是一个改造的老旧小区，居民就住在其中。",
        "Each mark is an old housing estate renovated, with its residents living in it.",
    ),
    popup=popup_fields("amount"),
    serves_on_foot=False,
    why_not=Text(
        "居民就住在小区内，受益以户数计，不以步行距离计。",
        "Residents live inside; the benefit is counted in households, not by a walk.",
    ),
    stand_ins=False,
    order=200,
    held_by=Text("住建部门", "Housing and construction department"),
)
