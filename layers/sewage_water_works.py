"""Community sewer pipes and domestic water works; the report counts the two together."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="sewage_water_works",
    name=Text("污水管网与用水改造", "Sewer and water works"),
    one=Text("污水用水改造", "sewer or water works"),
    geometry="area",
    style=Style(colour="#006d5c", shape="triangle", letter="管"),
    legend=Text(
        "每处是一项社区污水管网或生活用水工程，报告把两者合计。",
        "Each mark is a community sewer or domestic water scheme; the report counts them together.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "管网通过入户服务居民，不是步行前往的设施，因此不计步行覆盖。",
        "Pipes serve people at home; nobody walks to them, so there is no walking coverage.",
    ),
    order=190,
    held_by=Text("住建部门", "Housing and construction department"),
)
