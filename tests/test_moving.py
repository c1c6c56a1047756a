"""Sites moved within their uncertainty: along the streets they are known by, in a town whose answers are done in the head."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geodata.changes import CloseStreet, OpenRoad
from geodata.district import District
from geodata.moving import BEND, Moved, entries_of, moved_sites
from geodata.positions import position_ranges
from geodata.question import Question
from geodata.report import coverage
from geodata.scenario import apply
from geodata.snapping import build_barriers
from geodata.walking import Kept
from tests import toytown as toy

RUNS = 200
LAYER = "public_toilets"


def moved(town: District, site: dict[str, object]) -> Moved:
    barriers = build_barriers(town.water, town.rail)
    (one,) = moved_sites(town, toy.sites([site]), runs=RUNS, seed=1, access_m=200.0, barriers=barriers)
    return one


def site(x: float, y: float, kind: str, metres: float) -> dict[str, object]:
    return toy.site(LAYER, 1, toy.at(x, y), location_class=kind, uncertainty_m=metres)


def doors(town: District, one: Moved) -> np.ndarray:
    return shapely.get_coordinates(shapely.line_interpolate_point(town.network.lines[one.edge], one.offset_m)) - (toy.X0, toy.Y0)


@pytest.fixture(scope="module")
def town() -> District:
    """A row of houses lies between two parallel streets; the dead end of a lane comes within 12 m of the southern one."""
    lane = toy.way((400, 300), (450, 288), (450, 212))
    named = toy.streets([lane])
    named["name_zh"] = [f"{'东西' if line.bounds[1] == line.bounds[3] else '南北'}{round(line.bounds[1] if line.bounds[1] == line.bounds[3] else line.bounds[0])}" for line in named.geometry]
    return toy.district(toy.people([toy.at(450, y) for y in (170, 175, 180, 250)]), streets=named)


def test_an_address_is_entered_along_its_streets_and_keeps_its_leg(town: District) -> None:
    one = moved(town, site(440, 408, "address", 50.0))
    at = doors(town, one)
    assert one.leg_m == pytest.approx(np.full(RUNS, 8.0))
    away = np.hypot(*(at - (440, 400)).T)
    assert away.max() <= 50.5
    assert np.ptp(at[:, 0]) > 80, "to both sides"
    assert np.ptp(at[:, 1]) > 50, "and around the corner at 400"
    assert (np.abs(at - (440, 400)).sum(axis=1) <= BEND * 50 + 0.5).all()
    assert shapely.get_coordinates(one.places) - (toy.X0, toy.Y0) == pytest.approx(at + np.array([0, 8]))


def test_a_dead_end_does_not_jump_to_the_street_behind(town: District) -> None:
    one = moved(town, site(450, 212, "address", 20.0))
    at, places = doors(town, one), shapely.get_coordinates(one.places) - (toy.X0, toy.Y0)
    assert (at[:, 0] == 450).all()
    assert (at[:, 1].min() >= 212, at[:, 1].max() <= 232.5) == (True, True)
    assert (places[:, 0].min(), places[:, 1].min() >= 200) == (450, True), "past its end it stands before that street"
    assert one.leg_m == pytest.approx(np.hypot(*(places - at).T)), "and is reached from the end"
    assert 0.2 < (one.leg_m > 0).mean() < 0.55
    railed = toy.replace(town, rail=toy.frame([toy.way((400, 206), (500, 206))]))
    assert shapely.get_coordinates(moved(railed, site(450, 212, "address", 20.0)).places)[:, 1].min() >= toy.Y0 + 206
    anywhere = moved(town, site(450, 212, "area", 20.0))
    assert anywhere.edge is None
    entered = entries_of(anywhere, town.network, access_m=200.0, barriers=build_barriers(town.water, town.rail))
    south = shapely.get_coordinates(shapely.line_interpolate_point(town.network.lines[entered.edge], entered.from_m))[:, 1] - toy.Y0 < 201
    assert 0.1 < south.mean() < 0.9, "one known to an area may stand on either"


def test_a_site_on_a_street_never_leaves_it(town: District) -> None:
    at = doors(town, moved(town, site(440, 405, "street", 300.0)))
    assert at[:, 1] == pytest.approx(400)
    assert at[:, 0].max() - at[:, 0].min() > 500
    nameless = toy.replace(town, streets=town.streets.assign(name_zh=""))
    at = doors(nameless, moved(nameless, site(440, 405, "street", 300.0)))
    assert (at[:, 0].min() >= 400, at[:, 0].max() <= 500) == (True, True)


def test_however_sure_it_stands_somewhere_and_far_from_any_street_anywhere(town: District) -> None:
    one = moved(town, site(440, 400, "address", 0.1))
    assert np.abs(doors(town, one) - (440, 400)).max() < 1
    assert moved(town, site(440, -500, "address", 50.0)).edge is None


def test_a_scenario_carries_moved_doors_along(town: District) -> None:
    one = moved(town, site(440, 430, "address", 30.0))
    barriers = build_barriers(town.water, town.rail)
    opened = apply(town, [OpenRoad(toy.way((400, 425), (500, 425)))])
    more = entries_of(one, opened.network, access_m=200.0, barriers=barriers)
    before = entries_of(one, town.network, access_m=200.0, barriers=barriers)
    assert len(before) == RUNS
    near = np.flatnonzero(more.leg_m < before.leg_m[0] - 1)
    assert len(near) > RUNS / 2, "the new road passes nearer to most of its places"
    shut = apply(town, [CloseStreet(toy.way((401, 400), (499, 400)))])
    left = entries_of(one, shut.network, access_m=200.0, barriers=barriers)
    assert set(left.site) == set(range(RUNS))
    at = shapely.get_coordinates(shapely.line_interpolate_point(shut.network.lines[left.edge], left.from_m)) - (toy.X0, toy.Y0)
    assert not ((at[:, 0] > 401) & (at[:, 0] < 499) & (np.abs(at[:, 1] - 400) < 1e-6)).any(), "nobody enters a closed street"


def test_the_interval_holds_the_figure_where_free_moves_would_lift_it(town: District) -> None:
    """From the lane's end at (450, 212) one of four is within 150 m along the streets; from the street 12 m behind it the other three are."""
    rows = [site(450, 212, "address", 20.0)]
    place = toy.replace(town, sites=toy.sites(rows))
    question = Question((LAYER,), metres=150.0)
    answer = coverage(place, question, kept=Kept())
    (own,) = answer.rows["covered_share"]
    (held,) = position_ranges(place, question, answer.rows, kept=Kept()).to_dict("records")
    assert own == 0.25
    assert (held["low"], held["median"], held["high"], held["above"], held["below"]) == (0.25, 0.25, 0.25, 0, 0)
    loose = toy.replace(place, sites=gpd.GeoDataFrame(place.sites.assign(location_class="area")))
    (free,) = position_ranges(loose, question, answer.rows, kept=Kept()).to_dict("records")
    assert (free["high"], free["draws"], free["below"]) == (0.75, RUNS, 0)
    assert 0.1 * RUNS < free["above"] < 0.9 * RUNS
