"""What holds for every format, whichever there are; none is named here."""

from pathlib import Path

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata import exports
from geodata.district import LOCATION_CLASSES, ORIGINS, SITE_COLUMNS, STATUSES, District
from geodata.errors import CannotWrite
from geodata.exports import EXPORT_CRS, Format, Meta, Selection, every_format, selected, write_export
from geodata.exports._places import with_coordinates
from geodata.ledger import GROUPS
from layers import Lang, every_layer
from tests.exports.reading import all_text, site_ids, site_tables, tables_of

FEW = ("public_toilets", "renovated_alleys")
FORMATS = pytest.mark.parametrize("form", every_format().values(), ids=every_format())
SELECTIONS = st.builds(
    Selection,
    layers=st.lists(st.sampled_from(sorted(every_layer())), max_size=3).map(tuple),
    status=st.lists(st.sampled_from(STATUSES), max_size=2).map(tuple),
    years=st.lists(st.sampled_from((2021, 2022)), max_size=2).map(tuple),
    location_classes=st.lists(st.sampled_from(LOCATION_CLASSES), max_size=3).map(tuple),
    origins=st.lists(st.sampled_from(ORIGINS), max_size=1).map(tuple),
    groups=st.lists(st.sampled_from(sorted(GROUPS)), max_size=2).map(tuple),
    text=st.sampled_from(("", "", "公厕", "road", "路")),
    stand_ins=st.booleans(),
)


def test_each_format_is_a_file_of_its_name() -> None:
    folder = Path(exports.__file__).parent
    assert set(every_format()) == {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}


@FORMATS
def test_declaration_is_complete(form: Format) -> None:
    assert every_format()[form.key] is form
    assert form.suffix.startswith(".")
    assert "/" in form.mime
    assert form.name.zh
    assert form.name.en
    others = [other.suffix for other in every_format().values() if other is not form]
    assert form.suffix not in others


@FORMATS
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(selection=SELECTIONS)
def test_a_download_holds_exactly_what_the_filter_shows(form: Format, district: District, meta: Meta, selection: Selection,
                                                        tmp_path_factory: pytest.TempPathFactory) -> None:
    frame = selected(district, selection)
    written = write_export(form, frame, tmp_path_factory.mktemp("out") / f"sites{form.suffix}", meta=meta)
    assert sorted(i for path in written for i in site_ids(path)) == sorted(frame["id"])


@FORMATS
def test_every_value_comes_back(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    frame = selected(district, Selection())
    write_export(form, frame, tmp_path / f"all{form.suffix}", meta=meta)
    rows = {str(row["id"]): row for table in site_tables(tmp_path / f"all{form.suffix}").values() for row in table.to_dict("records")}
    assert len(rows) == len(frame) > 100
    units = district.ledger.set_index("id")["unit"]
    assert set(frame["amount_unit"]) > {"户", "个桩", "座", "条"}
    for site in frame.to_dict("records"):
        found = rows[site["id"]]
        assert set(SITE_COLUMNS) <= set(found)
        assert found["layer"] == site["layer"]
        assert found["location_class"] == site["location_class"]
        assert float(found["amount"]) == site["amount"]
        assert str(found["amount_unit"] or "") == site["amount_unit"] == (units.get(site["commitment"]) or "")
        assert str(found["place_hint_zh"] or "").strip() in {site["place_hint_zh"], "None", "nan"}


@FORMATS
def test_demo_sites_stand_apart_under_a_name_that_says_so(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    frame = selected(district, Selection(layers=("public_toilets", "micro_fire_stations"), stand_ins=True))
    written = write_export(form, frame, tmp_path / f"sites{form.suffix}", meta=meta)
    demo_seen = 0
    for path in written:
        for name, table in site_tables(path).items():
            demo = table["location_class"] == "stand_in"
            assert demo.all() or not demo.any()
            assert demo.any() == ("示意" in f"{path.stem} {name}") or table.empty
            demo_seen += int(demo.sum())
    assert demo_seen == (frame["location_class"] == "stand_in").sum() > 0


@FORMATS
def test_without_asking_there_are_no_demo_sites(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    written = write_export(form, selected(district, Selection(layers=FEW)), tmp_path / f"sites{form.suffix}", meta=meta)
    assert [path.name for path in written] == [f"sites{form.suffix}"]
    assert all((table["location_class"] != "stand_in").all() for table in site_tables(written[0]).values())


@FORMATS
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_file_says_what_it_is_about(form: Format, lang: str, district: District, meta: Meta, tmp_path: Path) -> None:
    path = tmp_path / f"sites{form.suffix}"
    write_export(form, selected(district, Selection(layers=("public_toilets",))), path, meta=meta, lang="zh" if lang == "zh" else "en")
    text = all_text(path)
    for told in ("查询词 asked-for", meta.data_hash, "2022-04-25", "EPSG:4326", *(m.say("zh" if lang == "zh" else "en")[:20] for m in meta.method),
                 *(note.say("zh" if lang == "zh" else "en") for note in meta.notes), *(s.title.say("zh" if lang == "zh" else "en") for s in meta.sources)):
        assert told in text, told
    assert "unlocated" in text


@pytest.mark.parametrize(("lang", "told"), [("zh", ("数量的单位", "户")), ("en", ("unit of the amount", "households", "counted one by one"))])
@pytest.mark.parametrize("key", ["xlsx", "gpkg"])
def test_units_of_amounts_are_explained(key: str, lang: Lang, told: tuple[str, ...], district: District, meta: Meta, tmp_path: Path) -> None:
    form = every_format()[key]
    write_export(form, selected(district, Selection(layers=("old_estates", "clinics"))), tmp_path / f"x{form.suffix}", meta=meta, lang=lang)
    text = all_text(tmp_path / f"x{form.suffix}")
    assert [word for word in told if word not in text] == []
    assert ("piles" if lang == "en" else "个桩") not in text


@FORMATS
def test_the_same_question_gives_the_same_bytes(form: Format, district: District, meta: Meta) -> None:
    frame = selected(district, Selection(layers=FEW, stand_ins=True))
    assert exports.as_files(frame, "x", form, meta=meta) == exports.as_files(frame, "x", form, meta=meta)


@FORMATS
def test_a_file_that_cannot_be_written_says_so_and_leaves_nothing(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x", encoding="utf-8")
    with pytest.raises(CannotWrite) as caught:
        write_export(form, selected(district, Selection(layers=FEW)), in_the_way / f"sites{form.suffix}", meta=meta)
    assert "sites" in caught.value.message.zh
    assert [path.name for path in tmp_path.rglob("*")] == ["file"]


@FORMATS
def test_a_folder_in_the_way_leaves_neither_file(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    frame = selected(district, Selection(layers=("public_toilets",), stand_ins=True))
    names = list(exports.as_files(frame, "sites", form, meta=meta))
    (tmp_path / names[-1]).mkdir()
    with pytest.raises(CannotWrite):
        write_export(form, frame, tmp_path / f"sites{form.suffix}", meta=meta)
    assert [path.name for path in tmp_path.iterdir()] == [names[-1]]


@FORMATS
def test_an_older_file_is_replaced_whole(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    path = tmp_path / f"sites{form.suffix}"
    path.write_bytes(b"older " * 100_000)
    write_export(form, selected(district, Selection(layers=("clinics",))), path, meta=meta)
    assert sorted(site_ids(path)) == sorted(selected(district, Selection(layers=("clinics",)))["id"])


@FORMATS
def test_nothing_to_show_is_still_a_file(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    path = tmp_path / f"none{form.suffix}"
    write_export(form, selected(district, Selection(text="zzz nothing of that name")), path, meta=meta)
    assert not site_ids(path)
    assert path.stat().st_size > 0


@FORMATS
@pytest.mark.parametrize("epsg", EXPORT_CRS)
def test_datum_is_the_one_asked_for_or_says_otherwise(form: Format, epsg: int, district: District, meta: Meta, tmp_path: Path) -> None:
    path = tmp_path / f"sites{form.suffix}"
    write_export(form, selected(district, Selection(layers=FEW)), path, meta=meta, crs=epsg)
    text = all_text(path)
    assert ("EPSG:4326" if form.wgs84_only else f"EPSG:{epsg}") in text
    for table in site_tables(path).values():
        if isinstance(table, gpd.GeoDataFrame) and table.crs is not None:
            assert table.crs.to_epsg() == (4326 if form.wgs84_only else epsg)


@FORMATS
def test_tables_without_geometry_can_be_handed_over(form: Format, district: District, meta: Meta, tmp_path: Path) -> None:
    path = tmp_path / f"plain{form.suffix}"
    frame = selected(district, Selection(layers=("clinics",))).drop(columns="geometry")
    write_export(form, frame, path, meta=meta, key="rows")
    assert any("id" in table for table in tables_of(path).values())


def test_one_download_is_the_file_or_a_zip(district: District, meta: Meta) -> None:
    for form in every_format().values():
        frame = selected(district, Selection(layers=("public_toilets",), stand_ins=True))
        name, mime, content = exports.as_download(exports.as_files(frame, "sites", form, meta=meta), form)
        assert (name, mime) == ((f"sites{form.suffix}", form.mime) if form.tables else ("sites.zip", "application/zip"))
        assert content


def test_points_that_say_where_they_are_get_no_empty_shape_column() -> None:
    points = gpd.GeoDataFrame({"lon": [112.5], "lat": [34.7]}, geometry=gpd.points_from_xy([112.5], [34.7]), crs=4326)
    assert list(with_coordinates(points, None).columns) == ["lon", "lat"]
    assert list(with_coordinates(points[["geometry"]], None).columns) == ["lon", "lat", "wkt"]
