"""A pack put aside can be taken into use again; the one in use is put aside in turn."""

import pytest

from geodata.errors import BadInput
from geodata.former_packs import bring_back, former_packs
from geodata.storing import put_aside


def pack(folder, mark):
    """Make a folder that counts as a pack."""
    folder.mkdir()
    (folder / "pack.json").write_text(mark, encoding="utf-8")
    return folder


def test_what_was_put_aside_comes_back_and_what_was_in_use_is_kept(tmp_path):
    folder = tmp_path / "pack"
    aside = put_aside(pack(folder, "old"))
    pack(folder, "new")
    assert list(former_packs(folder)) == [aside]
    kept = bring_back(folder, aside)
    assert (folder / "pack.json").read_text(encoding="utf-8") == "old"
    assert list(former_packs(folder)) == [kept]
    assert (kept / "pack.json").read_text(encoding="utf-8") == "new"


def test_only_what_was_put_aside_beside_it_comes_back(tmp_path):
    stranger = pack(tmp_path / "pack.mine", "x")
    assert former_packs(tmp_path / "pack") == {}
    with pytest.raises(BadInput):
        bring_back(tmp_path / "pack", stranger)
