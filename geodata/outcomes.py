"""What an import did: of every input how many rows were taken, and what became of which site."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import geopandas as gpd

from geodata.checks import ROW, errors_of
from geodata.district import LOCATED_CLASSES
from geodata.errors import Problem
from layers import Text


@dataclass(frozen=True, slots=True)
class Touched:
    """What an import does to which sites.

    Attributes:
        added: sites that are new.
        taken_over: sites that were not yet located.
        replaced: ids of sites that were located, and how far each moves, metres.
        same: rows that say what is known already.
    """

    added: tuple[str, ...]
    taken_over: tuple[str, ...]
    replaced: Mapping[str, float]
    same: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input of a pack; `rows` is `imported` and `skipped` together.

    Attributes:
        input: what it is, `public_toilets` or `streets` say.
        name: the same in words.
        file: its name.
        read_as: the datum it was read as, and who said so.
        rows: in the file.
        imported: rows taken.
        newly_located: of them, those that gave a promised place its position.
        beyond: of them, those above the promised number.
        existing: of them, those that became existing facilities.
        updated: of them, those that changed what had a position already.
        unchanged: of them, those that say what is known already.
        skipped: rows with an error, or that the pack has no use for.
    """

    input: str
    name: Text
    file: str
    read_as: Text
    rows: int
    imported: int
    newly_located: int | None = None
    beyond: int | None = None
    existing: int | None = None
    updated: int | None = None
    unchanged: int | None = None

    @property
    def skipped(self) -> int:
        """Rows with an error, or that the pack has no use for."""
        return self.rows - self.imported


def good_positions(frame: gpd.GeoDataFrame, problems: Iterable[Problem]) -> int:
    """Return how many rows have a position and no error."""
    bad = {problem.row for problem in errors_of(problems)}
    return int((~frame[ROW].isin(bad) & frame.geometry.notna() & ~frame.geometry.is_empty).sum())


def touched(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, good: int) -> Touched:
    """Return what became of which site; a site that only gave a part of its amount away is none of them.

    Args:
        before: the district's sites.
        after: the same with a file's rows laid over them.
        good: how many rows were.
    """
    old, new = before.set_index("id"), after.set_index("id")
    changed = [site for site in changed_ids(before, after) if new.at[site, "location_class"] in LOCATED_CLASSES]
    added = tuple(site for site in changed if site not in old.index)
    taken = tuple(site for site in changed if site in old.index and old.at[site, "location_class"] not in LOCATED_CLASSES)
    replaced = {site: float(old.geometry[site].hausdorff_distance(new.geometry[site])) for site in changed if site not in added and site not in taken}
    return Touched(added, taken, replaced, max(0, good - len(changed)))


def changed_ids(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[str]:
    """Return the sites that were touched or added."""
    old = dict(zip(before["id"], before["updated_at"].fillna("").astype(str), strict=True))
    new = zip(after["id"], after["updated_at"].fillna("").astype(str), strict=True)
    return [site for site, moment in new if old.get(site) != moment]


def outcome_of_sites(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, problems: Iterable[Problem], *,
                     layer: str, name: Text, file: str, read_as: Text) -> Outcome:
    """Return what became of a file of sites.

    Args:
        before: the district's sites.
        after: the same with the file's rows laid over them.
        frame: the file's rows.
        problems: the findings about them.
        layer: layer key.
        name: of the layer.
        file: the file's name.
        read_as: the datum it was read as.
    """
    found = list(problems)
    good = good_positions(frame, found)
    done = touched(before, after, good)
    existing = int((after.set_index("id").loc[list(done.added), "origin"] == "existing").sum())
    beyond = sum(problem.code == "beyond" for problem in found)
    return Outcome(layer, name, file, read_as, len(frame), good, newly_located=len(done.taken_over) + len(done.added) - existing - beyond, beyond=beyond,
                   existing=existing, updated=len(done.replaced), unchanged=done.same)
