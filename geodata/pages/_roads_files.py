"""What can be taken away from the page of road openings: the tables, who gains, and the scenario to reopen."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
import streamlit as st

from geodata.asking.roads import FILES, name_of
from geodata.changes import NAMELESS, Change
from geodata.comparing import Comparison, records_of
from geodata.coverage_files import quantile_column
from geodata.district import District
from geodata.exports import DEMO_WORD, Meta, demo_notes, meta_of
from geodata.link_words import LINK_NAME
from geodata.missing_links import WITHIN_M, MissingLinks
from geodata.openings import Ranking
from geodata.pages._files import Offer, show_offer
from geodata.pages._page import Visit
from geodata.pages._panel import Asked
from geodata.pages._roads_words import WORDS
from geodata.scenario_file import scenario_json
from layers import Text


def show_files(visit: Visit, offers: Sequence[Offer]) -> None:
    """Show the downloads; each file is worked out when its button is pressed."""
    with st.container(key="roads_files"):
        st.markdown(f"##### {visit.say(WORDS['files'])}")
        if visit.district.is_sketch:
            st.caption(visit.say(WORDS["files_note"]))
        with st.container(horizontal=True, key="roads_files_row"):
            for offer in offers:
                show_offer(visit, offer, key=f"roads_file_{offer.stem}")


def ranking_offers(district: District, asked: Asked, ranking: Ranking) -> list[Offer]:
    """Return what a ranking offers."""
    mark, method = _mark(ranking.demonstration), ranking.method
    return [
        Offer(f"openings{mark}", WORDS["files_rank"], ("csv", "xlsx"), lambda: flat(ranking.rows), lambda: _meta(district, asked, WORDS["files_rank"], method, None)),
        Offer(f"openings-roads{mark}", WORDS["files_roads"], ("geojson",), lambda: roads_of(district, ranking), lambda: _meta(district, asked, WORDS["files_rank"], method, None)),
        Offer(f"openings-gains{mark}", WORDS["files_gains"], ("csv", "geojson"), lambda: walks_file(ranking.gains),
              lambda: _meta(district, asked, WORDS["files_gains"], method, _draw(ranking.rows))),
    ]


def scenario_offers(district: District, asked: Asked, found: Comparison, changes: Sequence[Change], against: Sequence[Change] | None = None) -> list[Offer]:
    """Return what a scenario offers: itself, to be kept and reopened, the one it is held against, and their answer."""
    mark, method, two = _mark(found.demonstration), found.method, against is not None
    rows, points = WORDS["files_two" if two else "files_compare"], WORDS["files_points_two" if two else "files_points"]
    held = [_scenario_offer(district, asked, (FILES[1], WORDS["files_held"]), against, method=method)] if against else []
    return [
        _scenario_offer(district, asked, (FILES[0], WORDS["files_scenario"]), changes, method=method, name=name_of(asked)), *held,
        Offer(f"{'two-scenarios' if two else 'before-after'}{mark}", rows, ("csv", "xlsx"), lambda: flat(found.rows), lambda: _meta(district, asked, _titled(asked, rows), method, None)),
        Offer(f"{'two-scenarios' if two else 'before-after'}-walks{mark}", points, ("csv", "geojson"), lambda: walks_file(found.gains),
              lambda: _meta(district, asked, _titled(asked, points), method, found.draw)),
    ]


def _scenario_offer(district: District, asked: Asked, called: tuple[str, Text], changes: Sequence[Change], *, method: Sequence[Text], name: Text = NAMELESS) -> Offer:
    """A scenario as the file that reopens it; `called` is the file's name and title."""
    file, title = called
    return Offer(file.removesuffix(".geojson"), title, ("geojson",), pd.DataFrame, lambda: _meta(district, asked, title, method, None),
                 {"geojson": ("application/geo+json", lambda: scenario_json(district, changes, name=name, method=method).encode("utf-8"))})


def _titled(asked: Asked, title: Text) -> Text:
    """A title with the name the scenario was given."""
    name = name_of(asked)
    return Text("{title}：{name}", "{title}: {name}").format(title=title, name=name) if name.zh else title


def links_offers(district: District, asked: Asked, found: MissingLinks) -> list[Offer]:
    """Return what missing links offer."""
    return [Offer(f"missing-links{_mark(found.demonstration)}", WORDS["files_links"], ("csv", "xlsx", "geojson"), lambda: _named(found.links),
                  lambda: _meta(district, asked, WORDS["files_links"], found.method, None))]


def walks_file(points: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return demand points before and after as the command line writes them: to the millimetre."""
    return points.assign(**{name: points[name].round(3) for name in ("walk_before_m", "walk_after_m", "difference_m", "minutes_saved")})


def roads_of(district: District, ranking: Ranking) -> gpd.GeoDataFrame:
    """Return the openings by rank as lines with what each does, all of them together last; metric CRS."""
    lines = {opening.id: opening.road.line for opening in ranking.openings}
    every = shapely.multilinestrings(list(lines.values()))
    table = flat(ranking.rows)
    return gpd.GeoDataFrame(table, geometry=[lines.get(key, every) for key in table["opening"]], crs=district.metric_crs)


def flat(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as a plain table: `walk_m_before` becomes `walk_p50_m_before` and so on, `range` a column for either end."""
    return pd.DataFrame([_flat(row) for row in records_of(rows)])


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in row.items():
        if name == "range":
            plain |= _ends(value or {})
        elif isinstance(value, Mapping):
            plain |= {quantile_column(name, inner): held for inner, held in value.items()}
        else:
            plain[name] = value
    return plain


def _ends(ranged: Mapping[str, Any]) -> dict[str, Any]:
    """The two ends of every range, however deep."""
    plain: dict[str, Any] = {}
    for name, value in ranged.items():
        if isinstance(value, Mapping):
            plain |= _ends({quantile_column(name, inner): held for inner, held in value.items()})
        elif value is not None:
            plain |= dict(zip((f"{name}_p5", f"{name}_p95"), value, strict=True))
    return plain


def _named(links: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Missing links with a name each, as the command line writes them."""
    names = [LINK_NAME.format(n=rank) for rank in links["rank"]]
    return links.assign(name_zh=[name.zh for name in names], name_en=[name.en for name in names], within_m=WITHIN_M)


def _draw(rows: pd.DataFrame) -> int | None:
    """The draw that single walks are shown of, None where no demo site is counted."""
    return 1 if len(rows) and bool((rows["demo_sites"] > 0).any()) else None


def _mark(demonstration: bool) -> str:
    return f"_{DEMO_WORD}" if demonstration else ""


def _meta(district: District, asked: Asked, title: Text, method: Sequence[Text], draw: int | None) -> Meta:
    return meta_of(district, title=title, query=asked, method=method, notes=demo_notes(district, draw=draw))
