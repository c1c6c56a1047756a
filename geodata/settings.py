"""The settings of one running product, read once from the environment and passed down."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

_PRODUCT = "chanhe-planning-map"


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides.

    Attributes:
        pack: the pack folder in use and written to (CHANHE_PACK); None means the user's data folder.
        allow_edit: placing and importing also when served beyond this machine (CHANHE_ALLOW_EDIT=1).
        tianditu_key: the office's own Tianditu key for the optional online basemap (CHANHE_TIANDITU_KEY).
        map_approval: the review number printed on every map (审图号, CHANHE_MAP_APPROVAL); empty takes the pack's.
        map_grade: the security grade printed on every map (CHANHE_MAP_GRADE); empty takes the pack's.
        cache: where finished work is kept between two runs (CHANHE_CACHE); None means the user's cache folder.
    """

    pack: Path | None = None
    allow_edit: bool = False
    tianditu_key: str = ""
    map_approval: str = ""
    map_grade: str = ""
    cache: Path | None = None

    @property
    def pack_folder(self) -> Path:
        """The folder that placings and imports are kept in; it need not exist yet."""
        return self.pack or user_data_path(_PRODUCT, appauthor=False) / "pack"

    @property
    def cache_folder(self) -> Path:
        """The folder that finished work is kept in; it need not exist yet, and nothing depends on it."""
        return self.cache or user_cache_path(_PRODUCT, appauthor=False) / "finished"


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from `environ`.

    >>> read_settings({"CHANHE_ALLOW_EDIT": "1"}).allow_edit
    True
    """
    pack, cache = environ.get("CHANHE_PACK", ""), environ.get("CHANHE_CACHE", "")
    return Settings(
        pack=Path(pack) if pack else None,
        allow_edit=environ.get("CHANHE_ALLOW_EDIT", "") == "1",
        tianditu_key=environ.get("CHANHE_TIANDITU_KEY", ""),
        map_approval=environ.get("CHANHE_MAP_APPROVAL", "").strip(),
        map_grade=environ.get("CHANHE_MAP_GRADE", "").strip(),
        cache=Path(cache) if cache else None,
    )
