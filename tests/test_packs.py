"""A district is read from its pack; its sites are kept in a pack of the user's, never in the shipped one."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.district import SITE_COLUMNS
from geodata.errors import CannotWrite, Refused, Unreadable
from geodata.packs import (
    embedded_folder,
    load_district,
    open_pack,
    read_pack,
    retire,
    write_frame,
    write_manifest,
    write_sites,
)
from geodata.settings import Settings


def moved(sites: gpd.GeoDataFrame, site_id: str, at: tuple[float, float], stamp: str) -> gpd.GeoDataFrame:
    """Return sites with one of them put somewhere at a time."""
    new = sites.copy()
    row = new.index[new["id"] == site_id][0]
    new.loc[row, ["location_class", "updated_at"]] = ["address", stamp]
    new.loc[row, "uncertainty_m"] = 100.0
    shapes = new.geometry.to_numpy().copy()
    shapes[new.index.get_loc(row)] = shapely.Point(at)
    return new.set_geometry(gpd.GeoSeries(shapes, index=new.index, crs=new.crs))


def site(district, site_id: str):
    """Return one site."""
    return district.sites.set_index("id").loc[site_id]


@pytest.fixture(scope="module")
def embedded():
    return load_district()


@pytest.fixture
def own(tmp_path) -> Path:
    """A small pack that stands alone: one street, two people rows, no ledger."""
    folder = tmp_path / "own"
    folder.mkdir()
    write_frame(folder / "streets.geojson", gpd.GeoDataFrame({"class": ["lane", "primary"]}, geometry=[
        shapely.LineString([(25.0, 60.0), (25.004, 60.0)]), shapely.LineString([(25.0, 60.0), (25.0, 60.001)])], crs="EPSG:4326"))
    write_frame(folder / "boundary.geojson", gpd.GeoDataFrame(geometry=[shapely.box(24.99, 59.99, 25.01, 60.01)], crs="EPSG:4326"))
    write_manifest(folder, {"base": None, "id": "own", "name": {"zh": "甲", "en": "A"}, "metric_crs": "EPSG:32635", "boundary": {"file": "boundary.geojson"},
                            "files": {"streets": "streets.geojson"}, "streets_kind": "real", "people_kind": "real", "demand_unit": "street_metres",
                            "sources": [{"part": "boundary", "title": {"zh": "区界", "en": "Boundary"}}]})
    return folder


def test_the_boundary_is_the_statutory_one_with_its_area_computed(embedded):
    row = embedded.boundary.iloc[0]
    assert row["area_km2"] == pytest.approx(31.40, abs=0.005)
    assert "白马寺镇" in row["source_zh"]
    assert "without 白马寺镇" in row["source_en"]
    assert embedded.boundary.to_crs("EPSG:4326").total_bounds == pytest.approx([112.46714, 34.67145, 112.53534, 34.74270], abs=1e-5)


def test_the_neighbours_surround_it_and_do_not_overlap_it(embedded):
    assert len(embedded.neighbours) == 6
    assert set(embedded.neighbours["name_zh"]) >= {"老城区", "洛龙区", "偃师区", "孟津区"}
    here = embedded.boundary.union_all()
    assert embedded.neighbours.intersection(here).area.sum() < 0.02 * here.area


def test_every_frame_is_in_the_metric_crs(embedded):
    for name in ("boundary", "neighbours", "streets", "water", "rail", "gaps", "demand", "areas", "labels", "sites"):
        assert getattr(embedded, name).crs.to_epsg() == 32649, name
    assert tuple(embedded.sites.columns) == (*SITE_COLUMNS, "geometry")


def test_the_embedded_ground_says_what_it_is(embedded):
    assert embedded.is_sketch
    assert {s.part for s in embedded.sources} >= {"boundary", "streets", "people", "sites", "ledger"}
    assert len(embedded.document["sha256"]) == 64
    assert len(embedded.ledger) > 0


def test_every_file_the_shipped_pack_names_is_there():
    assert [p for p in read_pack(embedded_folder()).files.values() if not p.exists()] == []


def test_equal_content_has_an_equal_stamp_and_a_changed_byte_another(own):
    before = load_district(own).stamp
    assert load_district(own).stamp == before
    path = own / "streets.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("lane", "path"), encoding="utf-8")
    assert load_district(own).stamp != before


def test_a_placed_site_is_kept_over_the_base_as_the_only_one_written(tmp_path, embedded):
    folder = tmp_path / "pack"
    at = embedded.boundary.geometry.iloc[0].representative_point()
    write_sites(folder, moved(embedded.sites, "l6-toilets-01", (at.x, at.y), "2026-01-01"))
    again = load_district(folder)
    assert site(again, "l6-toilets-01").geometry.distance(at) < 0.02
    assert again.sites["id"].tolist() == embedded.sites["id"].tolist()
    assert len(json.loads((folder / "sites.geojson").read_text(encoding="utf-8"))["features"]) == 1
    assert again.stamp != embedded.stamp
    others = again.sites["id"] != "l6-toilets-01"
    pd.testing.assert_frame_equal(pd.DataFrame(again.sites[others]), pd.DataFrame(embedded.sites[others]))


def test_of_two_people_editing_nobody_undoes_the_other(tmp_path, embedded):
    folder, at = tmp_path / "pack", embedded.boundary.geometry.iloc[0].representative_point()
    write_sites(folder, moved(embedded.sites, "l6-toilets-01", (at.x, at.y), "2026-01-01T10:00:00Z"))
    write_sites(folder, moved(embedded.sites, "l6-toilets-02", (at.x, at.y), "2026-01-01T10:00:01Z"))
    again = load_district(folder)
    assert [site(again, f"l6-toilets-0{n}").location_class for n in (1, 2, 3)] == ["address", "address", "unlocated"]


def test_sites_read_back_as_they_were_written(tmp_path, embedded):
    folder, at = tmp_path / "pack", embedded.boundary.geometry.iloc[0].representative_point()
    write_sites(folder, moved(embedded.sites, "l6-toilets-01", (at.x, at.y), "2026-01-01"))
    first = (folder / "sites.geojson").read_bytes()
    write_sites(folder, load_district(folder).sites)
    assert (folder / "sites.geojson").read_bytes() == first


def test_an_import_can_be_taken_back_whole(tmp_path, embedded):
    folder, at = tmp_path / "pack", embedded.boundary.geometry.iloc[0].representative_point()
    new = moved(embedded.sites, "l6-toilets-01", (at.x, at.y), "2026-01-01")
    more = pd.concat([new, new[new["id"] == "l6-toilets-01"].assign(id="l6-toilets-99")], ignore_index=True)
    write_sites(folder, gpd.GeoDataFrame(more, crs=new.crs))
    assert len(load_district(folder).sites) == len(embedded.sites) + 1
    write_sites(folder, embedded.sites)
    assert len(load_district(folder).sites) == len(embedded.sites) + 1
    write_sites(folder, embedded.sites, exactly=True)
    pd.testing.assert_frame_equal(pd.DataFrame(load_district(folder).sites), pd.DataFrame(embedded.sites))


def test_a_pack_put_aside_is_kept_and_the_embedded_district_holds(tmp_path, embedded):
    folder, at = tmp_path / "pack", embedded.boundary.geometry.iloc[0].representative_point()
    assert retire(folder) is None
    write_sites(folder, moved(embedded.sites, "l6-toilets-01", (at.x, at.y), "2026-01-01"))
    aside = retire(folder)
    assert aside is not None
    assert open_pack(Settings(pack=folder)).stamp == embedded.stamp
    assert site(load_district(aside), "l6-toilets-01").location_class == "address"
    with pytest.raises(Refused):
        retire(embedded_folder())


def test_the_shipped_pack_is_never_written(embedded):
    before = {p.name: p.read_bytes() for p in embedded_folder().iterdir() if p.is_file()}
    for folder in (embedded_folder(), embedded_folder() / "below"):
        with pytest.raises(Refused):
            write_sites(folder, embedded.sites)
    assert {p.name: p.read_bytes() for p in embedded_folder().iterdir() if p.is_file()} == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path, embedded):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotWrite):
        write_sites(tmp_path / "file" / "pack", embedded.sites)


def test_without_a_pack_of_the_users_the_embedded_one_is_open(tmp_path, embedded, own):
    assert open_pack(Settings(pack=tmp_path / "none")).stamp == embedded.stamp
    assert open_pack(Settings(pack=own)).id == "own"


def test_without_people_metres_of_street_are_counted(own):
    district = load_district(own)
    assert district.demand_unit == "street_metres"
    assert not district.is_sketch
    assert district.demand["people"].sum() == pytest.approx(district.streets.length.sum())
    assert district.demand["people"].max() <= 100.0
    assert district.streets["vehicle"].tolist() == [False, True]
    assert district.sites.empty
    assert district.ledger.empty
    assert district.name.say("en") == "A"


def test_real_people_are_read_from_lon_lat(own):
    (own / "population.csv").write_text("lon,lat,people\n25.001,60.0,12\n25.002,60.0,3.5\n", encoding="utf-8")
    facts = json.loads((own / "pack.json").read_text(encoding="utf-8"))
    write_manifest(own, facts | {"demand_unit": "people", "files": facts["files"] | {"population": "population.csv"}})
    district = load_district(own)
    assert district.demand["people"].tolist() == [12.0, 3.5]
    assert district.demand["demand_id"].is_unique
    assert district.demand.geometry.iloc[0].distance(district.streets.union_all()) < 1.0


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "x"}'])
def test_a_broken_manifest_is_unreadable(tmp_path, content):
    (tmp_path / "pack.json").write_text(content, encoding="utf-8")
    with pytest.raises(Unreadable) as caught:
        load_district(tmp_path)
    assert "pack.json" in caught.value.say("zh")


def test_a_folder_without_a_pack_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match="lacks"):
        load_district(tmp_path)


@pytest.mark.parametrize(("name", "content"), [("streets.geojson", "{}"), ("sites.geojson", '{"features": [{"x": 1}]}'), ("population.csv", "a,b\n1,2\n")])
def test_a_broken_part_is_unreadable_by_name(own, name, content):
    (own / name).write_text(content, encoding="utf-8")
    facts = json.loads((own / "pack.json").read_text(encoding="utf-8"))
    write_manifest(own, facts | {"files": facts["files"] | {name.split(".")[0]: name}})
    with pytest.raises(Unreadable, match=name):
        load_district(own)


def test_a_part_that_is_named_and_missing_is_unreadable(own):
    (own / "streets.geojson").unlink()
    with pytest.raises(Unreadable, match=r"streets\.geojson"):
        load_district(own)


def test_numbers_and_texts_have_their_types(embedded):
    assert embedded.sites["uncertainty_m"].dtype == np.float64
    assert embedded.sites["year"].dtype == pd.Int64Dtype()
    assert not embedded.sites[["name_zh", "commitment", "status"]].isna().any().any()
