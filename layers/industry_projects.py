"""Named industry projects outside the parks."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="industry_projects",
    name=Text("产业项目", "Industry projects"),
    one=Text("产业项目", "industry project"),
    geometry="area",
    style=Style(colour="#5b2a91", shape="pentagon", letter="产"),
    legend=Text(
        "每处是一个报告点名的产业项目，推动竣工投产。",
        "Each mark is an industry project the report names, to be completed and start production.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "企业生产项目，不是居民步行前往的公共设施，因此不计覆盖。",
        "A firm's own works are no public facility people walk to, so there is no coverage.",
    ),
    stand_ins=False,
    order=230,
    held_by=Text("工信部门、园区管理机构", "Industry department, park operators"),
)
