"""What a page asks of siting, as tasks for another process: the answer, the marginal curve, the equally good choices."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.candidates import candidates_of
from geodata.crs import to_wgs84
from geodata.district import District
from geodata.errors import Stopped
from geodata.siting import Progress, site
from geodata.siting_answer import Sited
from geodata.siting_curve import marginal_curve
from geodata.siting_question import Siting
from geodata.siting_ties import Ties, alternatives
from geodata.siting_wishes import cost_of_wishes
from layers import Text

_DIGITS = 6
Stop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Found:
    """An answer with what a page shows beside it.

    Attributes:
        sited: the answer.
        wishes: what forcing, forbidding and dragging cost (`siting_wishes.cost_of_wishes`), or None without wishes or where it was stopped before.
        places: every candidate as JSON: a list of [id, lon, lat], WGS-84.
    """

    sited: Sited
    wishes: Mapping[str, Any] | None
    places: bytes


def find_sites(district: District, asked: Siting, places: gpd.GeoDataFrame | None, *, progress: Progress, stop: Stop) -> Found:
    """Answer the question; of one with wishes also what they cost.

    Raises:
        ChanheError: as `siting.site`.
    """
    part = 0.5 if asked.has_wishes else 1.0
    sited = site(district, asked, places=places, progress=_part(progress, 0.0, part), stop=stop)
    wishes = None
    if asked.has_wishes and not stop():
        with suppress(Stopped):  # the answer itself is there
            wishes = cost_of_wishes(district, sited, places=places, progress=_part(progress, part, 1.0 - part), stop=stop)
    return Found(sited, wishes, _listed(district, candidates_of(district, asked.candidates, places).frame))


def find_curve(district: District, asked: Siting, places: gpd.GeoDataFrame | None, *, progress: Progress, stop: Stop) -> pd.DataFrame:
    """Return the marginal curve; stopped, as far as it came.

    Raises:
        ChanheError: as `siting_curve.marginal_curve`.
    """
    return marginal_curve(district, asked, places=places, progress=progress, stop=stop)


def find_ties(district: District, sited: Sited, places: gpd.GeoDataFrame | None, *, progress: Progress, stop: Stop) -> Ties:
    """Return the equally good choices; stopped, what was not reached is not decided.

    Raises:
        ChanheError: as `siting_ties.alternatives`.
    """
    return alternatives(district, sited, places=places, progress=progress, stop=stop)


def _part(progress: Progress, start: float, share: float) -> Progress:
    """Return a progress that is a part of another."""
    def tell(done: float, text: Text) -> None:
        progress(start + share * done, text)

    return tell


def _listed(district: District, frame: gpd.GeoDataFrame) -> bytes:
    """Write the candidates' ids and positions."""
    xy = np.asarray([(point.x, point.y) for point in frame.geometry]).reshape(-1, 2)
    lon, lat = to_wgs84(xy[:, 0], xy[:, 1], district.metric_crs)
    rows = [[name, round(float(x), _DIGITS), round(float(y), _DIGITS)] for name, x, y in zip(frame["candidate"], lon, lat, strict=True)]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
