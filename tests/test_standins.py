"""Demo sites: one for each unlocated place of 2022, anonymous, random by the people, and never moved by another's going."""

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.district import SITE_COLUMNS, District
from geodata.errors import BadInput
from geodata.exports import select
from geodata.packs import load_district
from geodata.question import Question
from geodata.report import coverage
from geodata.standins import PERMITTED, redraws, stand_ins
from layers import every_layer
from tests import toytown as toy

FIRE = "micro_fire_stations"
HOMES = toy.people([toy.at(50 + 100 * i, 40) for i in range(9)])


@pytest.fixture(scope="module")
def district() -> District:
    return load_district()


def with_sites(district: District, sites: object) -> District:
    changed = dataclasses.replace(district, sites=sites)
    changed.__dict__["network"] = district.network  # the streets are the same
    return changed


def located(district: District, ids: set[str]) -> District:
    sites = district.sites.copy()
    there = sites["id"].isin(ids)
    sites.loc[there, "location_class"] = "surveyed"
    sites.loc[there, "geometry"] = district.demand.geometry.iloc[0]
    return with_sites(district, sites)


def town(count: int, *, layer: str = FIRE, **parts: object) -> District:
    rows = [toy.site(layer, i + 1, None) for i in range(count)]
    return toy.district(HOMES, rows, **({"streets_kind": "sketch"} | parts))


def test_one_for_each_of_the_95_places_by_the_ledger(district: District) -> None:
    ledger = district.ledger
    promised = ledger[(ledger["year"] == 2022) & (ledger["kind"] == "target") & (ledger["layer"] != "") & ledger["unit_is_place"]
                      & ledger["quantity"].notna() & (ledger["same_as"] == "")]
    drawn = stand_ins(district)
    assert len(drawn) == promised["quantity"].sum() == 95
    assert drawn.groupby("layer").size().to_dict() == promised.groupby("layer")["quantity"].sum().astype(int).to_dict()


def test_they_are_sites_like_any_and_outside_every_count(district: District) -> None:
    drawn = stand_ins(district)
    assert list(drawn.columns) == [*SITE_COLUMNS, "geometry"]
    assert set(drawn["location_class"]) == {"stand_in"}
    assert set(drawn["commitment"]) == {""}
    assert drawn["id"].is_unique
    assert not set(drawn["id"]) & set(district.sites["id"])
    assert drawn.crs == district.metric_crs
    assert drawn.geometry.notna().all()
    assert drawn.within(district.boundary.geometry.iloc[0]).all()


def test_they_are_anonymous(district: District) -> None:
    drawn = stand_ins(district)
    ones = {layer.key: layer.one for layer in every_layer().values()}
    roads = drawn["layer"] == "road_openings"
    for row in drawn[~roads].to_dict("records"):
        assert row["name_zh"].removeprefix(f"示意{ones[row['layer']].zh} ").isdigit()
        assert row["name_en"].removeprefix(f"Demo {ones[row['layer']].en} ").isdigit()
    named = [n for n in {*district.sites["name_zh"], *district.sites["name_en"], *district.streets["name_zh"]} if n]
    assert named
    assert not any(n in text for n in named for text in [*drawn["name_zh"], *drawn["name_en"]])
    assert not drawn["place_hint_zh"].any()


def test_none_for_2021_households_piles_or_named_projects(district: District) -> None:
    assert not set(stand_ins(district)["layer"]) & {"old_estates", "charging_sites", "interchanges", "roads_built", "sewage_plants", "reused_works"}
    assert (stand_ins(district)["layer"] == "renovated_alleys").sum() == 3


def test_a_filter_by_status_or_year_keeps_as_many_as_unlocated_places_pass_it(district: District) -> None:
    promised = district.sites[(district.sites["origin"] == "programme") & (district.sites["year"] == 2022) & (district.sites["location_class"] == "unlocated")]
    drawn = stand_ins(district)
    parks = drawn[drawn["layer"] == "industrial_parks"]
    assert parks["status"].value_counts().to_dict() == {"planned": 3, "under_construction": 2}
    for status in (("planned",), ("under_construction",), ("done",), ("planned", "under_construction")):
        for layer in ("industrial_parks", FIRE):
            expected = int(((promised["layer"] == layer) & promised["status"].isin(status)).sum())
            kept = stand_ins(district, status=status)
            assert (kept["layer"] == layer).sum() == expected
            assert redraws(district, layer, 4, status=status).edge.shape == (4, expected)
            assert (select(district, layers=(layer,), status=status, location_classes=("stand_in",), stand_ins=True)["layer"] == layer).sum() == expected
    for status, some in (("planned", True), ("done", False)):
        answer = coverage(district, Question((FIRE,), metres=500.0, status=(status,), draws=20)).rows
        assert [spread is not None for spread in answer["range"]] == [some]
    assert select(district, years=(2021,), location_classes=("stand_in",), stand_ins=True).empty


def test_the_kept_stand_where_they_stand_among_all(district: District) -> None:
    drawn = stand_ins(district)
    kept = stand_ins(district, status=("under_construction",)).set_index("id")
    assert 0 < len(kept) < len(drawn)
    assert kept.geometry.geom_equals(drawn.set_index("id").geometry.loc[kept.index]).all()


def test_the_gaps_are_the_three_roads_in_every_draw(district: District) -> None:
    for draw in (1, 2, 9):
        roads = stand_ins(district, draw=draw).query("layer == 'road_openings'")
        assert list(roads["name_zh"]) == list(district.gaps["name_zh"])
        assert shapely.equals(roads.geometry.to_numpy(), district.gaps.geometry.to_numpy()).all()


def test_locating_a_road_takes_one_gap_and_leaves_the_others_theirs(district: District) -> None:
    for place in district.sites.query("layer == 'road_openings' and location_class == 'unlocated'")["id"]:
        left = stand_ins(located(district, {place})).query("layer == 'road_openings'")
        assert len(left) == 2
        lines = district.gaps.set_index("name_zh").geometry
        assert all(lines[row.name_zh].equals(row.geometry) for row in left.itertuples())


def test_parks_are_points_alleys_are_one_lane_and_the_rest_stand_on_streets(district: District) -> None:
    drawn = stand_ins(district)
    lanes = set(shapely.to_wkb(district.streets.geometry[district.streets["class"] == "lane"].to_numpy()))
    alleys = drawn[drawn["layer"] == "renovated_alleys"]
    assert set(shapely.to_wkb(alleys.geometry.to_numpy())) <= lanes
    assert alleys.length.min() >= 60.0
    points = drawn[~drawn["layer"].isin(["renovated_alleys", "road_openings"])]
    assert set(points.geom_type) == {"Point"}
    tree = shapely.STRtree(district.streets.geometry.to_numpy())
    assert tree.query_nearest(points.geometry.to_numpy(), return_distance=True, all_matches=False)[1].max() < 1e-6


def test_only_permitted_streets_and_never_over_water_or_rail(district: District) -> None:
    for key, layer in every_layer().items():
        drawn = redraws(district, key, 60)
        assert set(district.streets["class"].to_numpy()[drawn.edge.ravel()]) <= set(PERMITTED[layer.geometry])
    drawn = redraws(district, FIRE, 60)
    at = shapely.line_interpolate_point(district.network.lines[drawn.edge.ravel()], drawn.offset_m.ravel())
    assert not district.water.geometry.apply(lambda g: shapely.contains(g, at).any()).any()
    assert not district.rail.geometry.apply(lambda g: (shapely.distance(g, at) < 1.0).any()).any()


def test_row_k_of_the_redraws_is_draw_k(district: District) -> None:
    for key in (FIRE, "industrial_parks", "renovated_alleys", "kindergartens"):
        drawn = redraws(district, key, 5)
        for draw in (1, 4):
            shown = stand_ins(district, draw=draw).query("layer == @key").geometry.to_numpy()
            lines = district.network.lines[drawn.edge[draw - 1]]
            assert drawn.edge.shape == drawn.offset_m.shape == (5, len(shown))
            shapes = lines if key == "renovated_alleys" else shapely.line_interpolate_point(lines, drawn.offset_m[draw - 1])
            assert shapely.equals_exact(shapes, shown, 1e-9).all()


def test_offsets_lie_on_their_edges(district: District) -> None:
    drawn = redraws(district, FIRE, 200)
    assert (drawn.offset_m >= 0).all()
    assert (drawn.offset_m <= district.network.edge_m[drawn.edge]).all()


def test_draws_follow_the_people_and_nothing_else(district: District) -> None:
    drawn = redraws(district, FIRE, 400)
    at = shapely.line_interpolate_point(district.network.lines[drawn.edge.ravel()], drawn.offset_m.ravel())
    homes, people = shapely.get_coordinates(district.demand.geometry.to_numpy()), district.demand["people"].to_numpy()
    low = homes.min(axis=0)
    places, living = (np.floor((xy - low) / 1000).clip(0, 7).astype(int) for xy in (shapely.get_coordinates(at), homes))
    of_draws, of_people = np.zeros((8, 8)), np.zeros((8, 8))
    np.add.at(of_draws, tuple(places.T), 1 / len(places))
    np.add.at(of_people, tuple(living.T), people / people.sum())
    assert np.abs(of_draws - of_people).max() < 0.012
    assert of_people.max() > 0.06  # people are uneven enough for that to mean something


def test_seed_and_draw_change_the_places_and_nothing_else_does(district: District) -> None:
    first, again, next_draw, other_seed = stand_ins(district), stand_ins(district), stand_ins(district, draw=2), stand_ins(district, seed=8)
    assert first.geometry.geom_equals_exact(again.geometry, 0).all()
    for other in (next_draw, other_seed):
        moved = ~first.geometry.geom_equals_exact(other.geometry, 1.0)
        assert moved[first["layer"] != "road_openings"].mean() > 0.95
        assert list(other["id"]) == list(first["id"])
        assert list(other["name_zh"]) == list(first["name_zh"])


def test_all_48_surveyed_leaves_no_station_and_all_others(district: District) -> None:
    stations = set(district.sites.query("layer == @FIRE", local_dict={"FIRE": FIRE})["id"])
    left = stand_ins(located(district, stations))
    assert len(left) == 95 - 48
    assert FIRE not in set(left["layer"])
    before = stand_ins(district).set_index("id").loc[left["id"]]
    assert before.geometry.geom_equals_exact(left.set_index("id").geometry, 0).all()
    assert redraws(located(district, stations), FIRE, 7).edge.shape == (7, 0)


@settings(max_examples=12)
@given(st.sets(st.integers(1, 12), max_size=12), st.integers(1, 6), st.integers(1, 12), st.integers(0, 9999))
def test_whoever_is_located_the_others_stay(gone: set[int], few: int, many: int, seed: int) -> None:
    full = town(12)
    rows = [toy.site(FIRE, i, toy.at(0, 0) if i in gone else None) for i in range(1, 13)]
    less = toy.district(HOMES, rows, streets_kind="sketch")
    before, after = (stand_ins(t, seed=seed).set_index("id") for t in (full, less))
    assert len(after) == 12 - len(gone)
    assert before.loc[after.index].geometry.geom_equals_exact(after.geometry, 0).all()
    assert list(before.loc[after.index, "name_zh"]) == list(after["name_zh"])
    short, long = redraws(full, FIRE, min(few, many), seed), redraws(full, FIRE, max(few, many), seed)
    assert (short.edge == long.edge[: min(few, many)]).all()
    assert (short.offset_m == long.offset_m[: min(few, many)]).all()


@pytest.mark.parametrize("more", [{"year": 2021}, {"origin": "existing"}, {"location_class": "proposed"}])
def test_only_unlocated_places_of_the_2022_programme_have_one(more: dict[str, object]) -> None:
    rows = [toy.site(FIRE, 1, None, **more), toy.site(FIRE, 2, None)]
    assert len(stand_ins(toy.district(HOMES, rows, streets_kind="sketch"))) == 1


def test_a_district_with_real_streets_has_none() -> None:
    real = town(5, streets_kind="real")
    assert stand_ins(real).empty
    assert list(stand_ins(real).columns) == [*SITE_COLUMNS, "geometry"]
    assert redraws(real, FIRE, 3).edge.shape == (3, 0)


def test_where_nobody_lives_streets_count_by_their_length() -> None:
    empty = toy.district(toy.people([]), [toy.site(FIRE, 1, None)], streets_kind="sketch")
    assert redraws(empty, FIRE, 400).edge.shape == (400, 1)
    assert len(np.unique(redraws(empty, FIRE, 400).edge)) > 100


def test_no_permitted_street_gives_no_demo_site() -> None:
    assert stand_ins(town(3, layer="renovated_alleys")).empty  # the toy town has no lanes
    assert redraws(town(3, layer="renovated_alleys"), "renovated_alleys", 2).edge.shape == (2, 0)


def test_unknown_layers_have_no_draws_and_draws_start_at_one() -> None:
    assert redraws(town(2), "nothing_of_the_kind", 4).edge.shape == (4, 0)
    with pytest.raises(BadInput, match="from 1"):
        stand_ins(town(1), draw=0)
