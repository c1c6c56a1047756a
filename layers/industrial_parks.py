"""Industrial parks: the five of the programme, and those the office adds."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="industrial_parks",
    name=Text("产业园区", "Industrial parks"),
    one=Text("园区", "industrial park"),
    question=Text("谁住在产业园区的步行范围内", "who lives within a walk of an industrial park"),
    geometry="area",
    style=Style(colour="#55149c", shape="hexagon", letter="园"),
    legend=Text(
        "每处是一个集中安排企业和厂房的园区，“五园”即在其中。",
        "Each mark is a district set aside for firms; the five parks of the programme are among them.",
    ),
    serves_on_foot=True,
    opening=True,
    order=10,
    held_by=Text("工信部门、园区管理机构", "Industry department, park operators"),
)
