"""Leaflet, as text out of the installed `folium-offline`: what a page loads from our own server and a file carries inside."""

from functools import cache
from typing import Final

LEAFLET: Final = {
    "leaflet.js": "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js",
    "leaflet.css": "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css",
}
"""The files of Leaflet by the address Folium asks for; `folium-offline` holds their text."""


@cache
def leaflet() -> dict[str, str]:
    """Return the text of each file of `LEAFLET`; its pictures are inside as data."""
    from offlinefolium.elements import _res as held  # noqa: PLC0415  a second of import, needed once and not by every command

    return {name: held[url] for name, url in LEAFLET.items()}
