"""Community service centres (社区服务中心)."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="service_centres",
    name=Text("社区服务中心", "Community service centres"),
    one=Text("社区服务中心", "community service centre"),
    question=Text("谁能走到社区服务中心", "who can walk to a community service centre"),
    geometry="point",
    style=Style(colour="#003f52", shape="square", letter="服"),
    legend=Text(
        "每处是一个社区服务中心，居民在此就近办事。",
        "Each mark is a community service centre, where people settle their affairs close to home.",
    ),
    serves_on_foot=True,
    osm=(("amenity", "community_centre"),),
    order=170,
    held_by=Text("民政部门", "Civil affairs department"),
)
