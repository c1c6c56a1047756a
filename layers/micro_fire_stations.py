"""Community micro fire stations: small crews on foot or e-bike, on the scene in three minutes."""

from layers._form import Layer, Standard, Style, Text

LAYER = Layer(
    key="micro_fire_stations",
    name=Text("微型消防站", "Micro fire stations"),
    one=Text("微型消防站", "micro fire station"),
    question=Text("微型消防站队员能及时赶到哪些居民身边", "whom a micro fire station's crew reaches in time"),
    geometry="point",
    style=Style(colour="#c62d10", shape="triangle", letter="消"),
    legend=Text(
        "每处是一座设在社区的微型消防站，标准是 3 分钟到场。",
        "Each mark is a micro fire station in its community; the standard is to be on the scene in 3 minutes.",
    ),
    standard=Standard(
        metres=216.0,
        alternatives=(450.0, 750.0),
        minutes=3.0,
        source=Text(
            "公消〔2015〕301号《社区微型消防站建设标准（试行）》",
            "Gongxiao [2015] No. 301, Construction standard for community micro fire stations (trial)",
        ),
        certainty="★★★",
        note=Text(
            "标准只规定 3 分钟到场，没有全国统一的服务半径；距离由时间乘速度得出：步行 1.2 m/s 为 216 m，跑步 2.5 m/s 为 450 m，电动自行车 15 km/h 为 750 m。出动准备时间默认 0 分钟，可改（各地对“1-3-5”有两种理解）。另可对照：小型消防站辖区不超过 2 km²，合等面积半径 798 m（建标 152-2017 第 14 条）。",
            "The standard sets 3 minutes to the scene and no national radius exists; distance is time by speed: walking at 1.2 m/s 216 m, running at 2.5 m/s 450 m, by e-bike at 15 km/h 750 m. Turnout is 0 minutes unless changed, because \"1-3-5\" has two readings. For comparison: a small fire station covers at most 2 km², a circle of 798 m (Jianbiao 152-2017, art. 14).",
        ),
    ),
    serves_on_foot=True,
    opening=True,
    order=40,
    held_by=Text("消防救援机构、各社区", "Fire and rescue service, communities"),
)
