"""What a GeoPackage says about itself, where programs look for it: the tables of the metadata extension, and one to read as it is.

Source: GeoPackage 1.2 (OGC 12-128r14), F.8; QGIS reads the documents whose `md_standard_uri` is its own and shows them in a
layer's properties.
"""

import json
import sqlite3
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from typing import Final

from geodata.exports._form import Json, Meta, Table
from geodata.exports._meta import fact_rows, facts, source_line
from layers import Lang, Text

QGIS_URI: Final = "http://mrcc.com/qgis.dtd"
FACTS_URI: Final = "urn:chanhe-planning-map:facts"
_EXTENSION: Final = "http://www.geopackage.org/spec120/#extension_metadata"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE metadata (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, field TEXT, name TEXT, content TEXT);
"""  # names, types and constraints are the standard's; QGIS lists the last one beside the layers
_LANGUAGES: Final = {"zh": "ZHO", "en": "ENG"}
_HEAD: Final = f"<!DOCTYPE qgis PUBLIC '{QGIS_URI}' 'SYSTEM'>\n"
_QUERY: Final = Text("查询：", "Query: ")
_DATUM: Final = Text("坐标系：", "Datum: ")
_HASH: Final = Text("数据指纹：", "Hash of the data: ")


def add_metadata(book: sqlite3.Connection, named: Iterable[tuple[str, Text]], tables: Sequence[Table], meta: Meta, *,
                 lang: Lang, crs: int | None, when: str) -> None:
    """Add what the file is about: for the whole file, and for each feature table as QGIS shows it.

    Args:
        book: the GeoPackage, its feature tables written.
        named: the feature tables, each with what it is called.
        tables: what they were made of.
        meta: what the file says about itself.
        lang: in which language.
        crs: EPSG number of its datum, None for WGS-84.
        when: the time it was made, as the standard writes it.
    """
    told = facts(tables, meta, lang, crs)
    book.executescript(_TABLES)
    book.executemany("INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
                     [(name, _EXTENSION) for name in ("gpkg_metadata", "gpkg_metadata_reference")])
    book.execute("INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'application/json', ?)", (FACTS_URI, json.dumps(told, ensure_ascii=False)))
    book.execute("INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)", (when,))
    for number, (table, title) in enumerate(named, start=2):
        book.execute("INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)", (number, QGIS_URI, _as_qgis_reads(table, title, told, meta, lang)))
        book.execute("INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, 1)", (table, when, number))
    book.executemany("INSERT INTO metadata (field, name, content) VALUES (?, ?, ?)", fact_rows(tables, meta, lang, crs))


def _as_qgis_reads(table: str, title: Text, told: Json, meta: Meta, lang: Lang) -> str:
    """Return the layer metadata QGIS shows: title, abstract, history, licences, rights."""
    root = ET.Element("qgis", version="3.28.0")
    asked = "; ".join(f"{key}={value}" for key, value in meta.query.items())
    lines = [*told["notes"], *([f"{_QUERY.say(lang)}{asked}"] if asked else []), f"{_DATUM.say(lang)}{told['datum']}", f"{_HASH.say(lang)}{meta.data_hash}"]
    for name, content in (("identifier", table), ("language", _LANGUAGES[lang]), ("type", "dataset"),
                          ("title", f"{told['district']} · {title.say(lang)}"), ("abstract", "\n".join(lines))):
        ET.SubElement(root, name).text = content
    for licence in dict.fromkeys(source.licence for source in meta.sources if source.licence):
        ET.SubElement(root, "license").text = licence
    for source in meta.sources:
        ET.SubElement(root, "rights").text = source_line(source, lang)
    for step in told["method"]:
        ET.SubElement(root, "history").text = step
    ET.SubElement(root, "history").text = f"{told['made_by']} · {told['date']}"
    return _HEAD + ET.tostring(root, encoding="unicode")
