"""What every map handed over is marked with: its review number (审图号) and its security grade."""

from typing import Final

from geodata.district import District
from geodata.settings import Settings
from layers import Text

NOT_REVIEWED: Final = Text("内部使用，未经地图审核", "For internal use; map not reviewed")
"""Stands in the place of a review number while there is none."""
APPROVAL: Final = Text("审图号", "Map review no.")
GRADE: Final = Text("密级", "Security grade")
NOT_GRADED: Final = Text("未标注", "not marked")
_LINE: Final = Text("{label}：{told}", "{label}: {told}")


def markings(district: District, settings: Settings) -> tuple[Text, Text]:
    """Return review number and security grade: the operator's settings, else what the pack says; the grade may be empty."""
    approval = settings.map_approval or district.approval
    grade = settings.map_grade or district.grade
    return (Text(approval, approval) if approval else NOT_REVIEWED), Text(grade, grade)


def marks_of(approval: Text, grade: Text) -> tuple[Text, Text]:
    """Return the two lines every map sheet carries: its review number, or what stands there while there is none as it is, and its grade."""
    number = approval if approval == NOT_REVIEWED else _LINE.format(label=APPROVAL, told=approval)
    return number, _LINE.format(label=GRADE, told=grade if (grade.zh + grade.en).strip() else NOT_GRADED)
