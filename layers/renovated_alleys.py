"""Back streets and alleys (背街小巷) renovated or to be renovated."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="renovated_alleys",
    name=Text("背街小巷改造", "Renovated alleys"),
    one=Text("背街小巷", "renovated alley"),
    question=Text("谁住在改造背街小巷的步行范围内", "who lives within a walk of a renovated alley"),
    geometry="line",
    style=Style(colour="#3b7a00", shape="line", letter="巷"),
    legend=Text(
        "每条线是一条改造提升的背街小巷，居民出门先走这段路。",
        "Each line is a renovated back street or alley, the first stretch of people's way from home.",
    ),
    serves_on_foot=True,
    opening=True,
    order=50,
    held_by=Text("城市管理部门", "Urban management department"),
)
