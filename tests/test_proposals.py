from datetime import date

import pandas as pd
import pytest

from geodata.errors import BadInput, Refused
from geodata.exports import as_files, every_format, meta_of
from geodata.ledger import balance
from geodata.packs import load_district
from geodata.proposals import PROPOSAL_COLUMNS, accept_proposals, most_accepted, proposals_of
from geodata.siting import site
from geodata.siting_amount import open_commitment
from geodata.siting_question import Siting
from geodata.siting_words import method_of, title_of
from tests.toytown import at, commitment, district, frame, people, replace
from tests.toytown import site as placed

LEDGER = load_district().ledger
HOMES = people([at(0, 0), at(450, 0), at(900, 0)], [10, 6, 4])
WHERE = frame([at(0, 0), at(450, 0), at(900, 0)], id=["west", "middle", "east"]).to_crs("EPSG:4326")


def toilets(count: int = 10, **more: object) -> list[dict[str, object]]:
    return [placed("public_toilets", k, None, commitment="l6-toilets", **more) for k in range(1, count + 1)]


TOWN = district(HOMES, toilets(), ledger=LEDGER)


def proposals(town: object = TOWN, number: int = 2, layer: str = "public_toilets", **more: object) -> pd.DataFrame:
    answer = site(town, Siting(layer, number=number, metres=100.0, candidates="file", **more), places=WHERE)  # type: ignore[arg-type]  # what is tested
    return proposals_of(town, answer, on=date(2026, 5, 1))  # type: ignore[arg-type]  # likewise


def row(town: object, sites: pd.DataFrame, which: str) -> pd.Series:
    return balance(town.ledger, sites).set_index("id").loc[which]  # type: ignore[attr-defined]  # a district


def test_a_proposal_says_what_it_is_how_it_was_found_and_when() -> None:
    found = proposals()
    assert tuple(found.columns) == (*PROPOSAL_COLUMNS, "geometry")
    assert set(found["location_class"]) == {"proposed"}
    assert set(found["commitment"]) == {"l6-toilets"}
    assert set(found["date"]) == {"2026-05-01"}
    assert found["order"].tolist() == [1, 2]
    assert found["added_people"].tolist() == [10, 6]
    for told in (found["method_zh"], found["method_en"], found["basis_zh"], found["basis_en"]):
        assert told.str.contains("mclp").all()
    assert found["basis_en"].str.contains("2026-05-01").all()
    assert not found["demonstration"].any()


def test_an_accepted_proposal_takes_the_place_of_an_unlocated_site_and_nothing_counts_twice() -> None:
    before = row(TOWN, TOWN.sites, "l6-toilets")
    sites = accept_proposals(TOWN, proposals(), updated_by="Li")
    after = row(TOWN, sites, "l6-toilets")
    assert (before["proposed"], before["unlocated"], before["beyond"]) == (0, 10, 0)
    assert (after["proposed"], after["unlocated"], after["beyond"], after["located"]) == (2, 8, 0, 0)
    assert set(sites["id"]) == set(TOWN.sites["id"])
    mine = sites[sites["location_class"] == "proposed"]
    assert mine.geometry.notna().all()
    assert set(mine["updated_by"]) == {"Li"}
    assert TOWN.sites.geometry.isna().all()  # the district is as it was
    again = replace(TOWN, sites=sites)
    assert site(again, Siting("public_toilets", number=1, metres=100.0, candidates="file"), places=WHERE).people_before == 16


def test_piles_are_split_off_a_promise_that_counts_piles() -> None:
    town = district(HOMES, [placed("charging_sites", 1, None, commitment="l9-charging-piles", amount=200.0)], ledger=LEDGER)
    sites = accept_proposals(town, proposals(town, 2, "charging_sites", amount_each=60.0))
    assert sorted(sites["amount"]) == [60, 60, 80]
    assert sites["id"].is_unique
    told = row(town, sites, "l9-charging-piles")
    assert (told["proposed"], told["unlocated"], told["beyond"]) == (120, 80, 0)


def test_a_whole_promise_can_be_taken_up() -> None:
    town = district(HOMES, [placed("charging_sites", 1, None, commitment="l9-charging-piles", amount=200.0)], ledger=LEDGER)
    sites = accept_proposals(town, proposals(town, 2, "charging_sites", amount_each=100.0))
    assert sites["location_class"].tolist() == ["proposed", "proposed"]
    assert sites["amount"].tolist() == [100, 100]


def test_parts_too_small_for_a_site_are_said_and_some_sites_can_be_accepted_alone() -> None:
    rows = [placed("charging_sites", k, None, commitment="l9-charging-piles", amount=amount) for k, amount in enumerate((50.0, 50.0, 100.0), 1)]
    answer = site(town := district(HOMES, rows, ledger=LEDGER), Siting("charging_sites", number=3, metres=100.0, candidates="file", amount_each=60.0), places=WHERE)
    with pytest.raises(BadInput, match=r"parts \(50, 50, 40\), none of which holds the 60"):
        accept_proposals(town, proposals_of(town, answer))
    assert most_accepted(town, answer) == 1
    sites = accept_proposals(town, proposals_of(town, answer, only=[2]))
    assert sites.loc[sites["location_class"] == "proposed", "amount"].tolist() == [60]
    assert sites.geometry.dropna().iloc[0].distance(answer.sites.geometry.iloc[1]) < 0.01


def test_a_candidate_that_has_a_name_keeps_it() -> None:
    named = WHERE.assign(name_zh=["城西公厕", "", ""], name_en=["West toilet", "", ""])
    answer = site(TOWN, Siting("public_toilets", number=2, metres=100.0, candidates="file"), places=named)
    sites = accept_proposals(TOWN, proposals_of(TOWN, answer))
    assert sites.loc[sites["location_class"] == "proposed", "name_zh"].tolist() == ["城西公厕", ""]


def test_on_the_sketch_a_proposal_is_exported_as_a_rehearsal_and_never_accepted() -> None:
    sketch = replace(TOWN, streets_kind="sketch")
    answer = site(sketch, Siting("public_toilets", number=2, metres=100.0, candidates="file"), places=WHERE)
    found = proposals_of(sketch, answer)
    assert found["demonstration"].all()
    assert found["name_zh"].str.startswith("演示").all()
    assert found["id"].str.startswith("demo-").all()
    meta = meta_of(sketch, title=title_of(answer), query={}, method=method_of(answer))
    (written,) = as_files(found, "proposals", every_format()["geojson"], meta=meta, lang="zh").values()
    assert "演示" in written.decode("utf-8")
    for ground in (sketch, TOWN):  # neither there nor smuggled elsewhere
        with pytest.raises(Refused, match="real streets") as refused:
            accept_proposals(ground, found)
        assert "需真实路网" in refused.value.message.zh


def test_named_places_are_never_given_a_position_and_no_more_is_accepted_than_is_open() -> None:
    town = district(HOMES, [*toilets(1), placed("public_toilets", 2, None, commitment="l6-toilets", name_zh="某公厕")], ledger=LEDGER)
    found = proposals(town)
    with pytest.raises(BadInput, match="l6-toilets"):
        accept_proposals(town, found)
    one = accept_proposals(town, found.iloc[:1])
    assert one.set_index("id")["location_class"].to_dict() == {"public_toilets-01": "proposed", "public_toilets-02": "unlocated"}
    with pytest.raises(BadInput):
        accept_proposals(town, found.iloc[:0])


def test_the_promise_of_new_places_comes_first_the_latest_year_before_earlier_ones() -> None:
    ledger = [commitment("clinics", 1, id="old", year=2021), commitment("clinics", 1, id="upgrade", effect="upgrade"), commitment("clinics", 1, id="new")]
    rows = [placed("clinics", k, None, commitment=name) for k, name in enumerate(("old", "upgrade", "new"), 1)]
    assert open_commitment(district(HOMES, rows, ledger=ledger), "clinics") == "new"
    assert open_commitment(district(HOMES, rows[:2], ledger=ledger), "clinics") == "old"
    assert open_commitment(district(HOMES, [], ledger=ledger), "clinics") == ""
