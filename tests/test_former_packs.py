"""A pack put aside can be taken into use again; the one in use is put aside in turn."""

import pytest

from geodata.errors import BadInput, Unreadable
from geodata.former_packs import bring_back, former_packs, refuse_absent
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


def test_a_folder_that_is_not_there_is_no_pack_still_to_come(tmp_path):
    folder = tmp_path / "pack"
    with pytest.raises(Unreadable, match=r"CHANHE_PACK names does not exist.*pack\. Correct the path") as told:
        refuse_absent(folder)
    assert "CHANHE_PACK" in told.value.message.zh
    refuse_absent(None)
    put_aside(pack(folder, "x"))
    refuse_absent(folder)  # its pack was put aside from the page, and the folder went along
    (tmp_path / "new").mkdir()
    refuse_absent(tmp_path / "new")
