"""Places for young newcomers: the youth station and the home for young founders."""

from layers._form import Layer, Style, Text

LAYER = Layer(
    key="youth_stations",
    name=Text("青年驿站与创业之家", "Youth stations"),
    one=Text("青年驿站", "youth station"),
    geometry="point",
    style=Style(colour="#006a80", shape="star", letter="青"),
    legend=Text(
        "青年驿站和青年创业之家，面向来洛求职、创业的青年。",
        "Youth stations and founders' homes, for young people who come to look for work or start a firm.",
    ),
    popup=(
        "name_zh", "name_en", "status", "status_as_of", "year", "location_class", "uncertainty_m",
        "place_hint_zh", "place_hint_en", "basis_zh", "basis_en", "source_zh", "source_en", "document",
    ),
    serves_on_foot=False,
    why_not=Text(
        "服务对象是来洛求职、创业的青年，不是周边居民，因此不计步行覆盖。",
        "It serves young people arriving from elsewhere, not the residents around it, so there is no walking coverage.",
    ),
    order=160,
)
