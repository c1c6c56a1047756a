"""What a document's file is called."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.deck import Deck
from geodata.documents import Document, file_name
from layers import Text

PPTX = Document("pptx", ".pptx", "application/octet-stream", Text("演示文稿", "Slides"), lambda *_, **__: b"")


def deck(zh: str, en: str) -> Deck:
    return Deck(Text(zh, en), Text("瀍河回族区", "Chanhe District, Luoyang"), datetime(2026, 11, 22, tzinfo=UTC), "", Text("", ""), Text("", ""), ())


@pytest.mark.parametrize(("zh", "en", "expected_zh", "expected_en"), [
    ("汇报", "Briefing", "瀍河区-汇报-2026-11-22.pptx", "chanhe-briefing-2026-11-22.pptx"),
    ("瀍河区：图集", "Chanhe: atlas", "瀍河区-图集-2026-11-22.pptx", "chanhe-atlas-2026-11-22.pptx"),
    ("../..\\con<>", "CON", "瀍河区-con-2026-11-22.pptx", "chanhe-con-2026-11-22.pptx"),
    ("😀", "", "瀍河区-汇报-2026-11-22.pptx", "chanhe-briefing-2026-11-22.pptx"),
])
def test_a_name_says_district_content_date(zh: str, en: str, expected_zh: str, expected_en: str) -> None:
    told = deck(zh, en)
    assert (file_name(told, "zh", PPTX), file_name(told, "en", PPTX)) == (expected_zh, expected_en)


@given(st.text(max_size=300))
def test_any_title_makes_a_name_every_system_takes(title: str) -> None:
    name = file_name(deck(title, title), "en", PPTX)
    assert not set(name) & set('<>:"/\\|?*\0')
    assert name == name.strip(" .")
    assert len(name.encode()) <= 255
