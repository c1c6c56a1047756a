"""Places for young newcomers: the youth station and the home for young founders."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="youth_stations",
    name=Text("青年驿站与创业之家", "Youth stations"),
    one=Text("青年驿站", "youth station"),
    geometry="point",
    style=Style(colour="#006a80", shape="star", letter="青"),
    legend=Text(
        "每处是一个青年驿站或青年创业之家，服务求职、创业的青年。",
        "Each mark is a youth station or a home for young founders, serving those who look for work or start a firm.",
    ),
    serves_on_foot=False,
    why_not=Text(
        "服务求职、创业的青年，不以周边居民的步行距离衡量，因此不计覆盖。",
        "It serves young people who look for work or start a firm; a walk from the homes around does not measure that, so there is no coverage.",
    ),
    order=160,
    held_by=Text("人社部门、共青团", "Human resources department, Youth League"),
)
