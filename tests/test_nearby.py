import numpy as np

from geodata.nearby import near_names
from layers import Text
from tests.toytown import at, box, district, frame, people, replace, streets


def named():
    """The town with its southernmost street and its westernmost one named, in one area."""
    ways = streets()
    ends = ways.geometry.bounds
    ways.loc[(ends["miny"] == ends["maxy"]) & (ends["miny"] == ends["miny"].min()), ["name_zh", "name_en"]] = ["南路", "South Road"]
    ways.loc[(ends["minx"] == ends["maxx"]) & (ends["minx"] == ends["minx"].min()), ["name_zh", "name_en"]] = ["西街", ""]
    areas = frame([box(-50, -50, 500, 950)], area_id=["w"], name_zh=["西片"], name_en=["West"])
    return replace(district(people([at(0, 0)]), areas=areas), streets=ways)


def test_a_place_is_named_by_its_street_or_corner_and_its_area() -> None:
    there = near_names(named(), np.array([at(10, 10), at(300, 40), at(700, 20), at(300, 300), at(700, 400)], dtype=object))
    assert there == [Text("西片 · 南路与西街路口", "West · South Road and 西街"), Text("西片 · 南路", "West · South Road"), Text("南路", "South Road"), Text("西片", "West"), Text("", "")]


def test_a_sketched_street_names_nothing() -> None:
    assert near_names(replace(named(), streets_kind="sketch"), np.array([at(10, 10)], dtype=object)) == [Text("", "")]
    assert near_names(named(), np.array([], dtype=object)) == []
