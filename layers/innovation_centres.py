"""Innovation and incubation centres for firms."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="innovation_centres",
    name=Text("科创中心", "Innovation centres"),
    one=Text("科创中心", "innovation centre"),
    geometry="point",
    style=Style(colour="#7b3fc4", shape="star", letter="创"),
    legend=Text(
        "每处是一个科创中心，面向企业和创业团队。",
        "Each mark is an innovation centre, for firms and founding teams.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "面向企业和创业团队，服务范围不以步行距离衡量。",
        "They serve firms and founding teams; their reach is not measured by a walk.",
    ),
    stand_ins=False,
    order=220,
    held_by=Text("科技部门", "Science department"),
)
