"""The hashes an answer names, so that another can tell whether it rests on the same data."""

import hashlib
from pathlib import Path

from geodata.district import District
from geodata.packs import read_pack


def data_hashes(district: District, folder: Path) -> dict[str, str]:
    """Return the hash of the whole district, of each file of its pack (sha256), and of the report.

    Args:
        district: as loaded.
        folder: from where.

    Raises:
        Unreadable: there is no readable pack.
    """
    files = {part: path for part, path in sorted(read_pack(folder).files.items()) if path.exists()}
    hashes = {"district": district.stamp} | {part: hashlib.sha256(path.read_bytes()).hexdigest() for part, path in files.items()}
    return hashes | ({"document": str(district.document["sha256"])} if district.document.get("sha256") else {})
