"""The line under every map: its review number and its security grade."""

from geodata.deck import Deck
from geodata.documents._cells import said
from geodata.markings import APPROVAL, GRADE, NOT_GRADED, NOT_REVIEWED
from layers import Text


def marks_line(deck: Deck) -> Text:
    """Return review number and security grade in one line; what stands there while there is none is said as it is."""
    approval = deck.approval if deck.approval == NOT_REVIEWED else Text("{label}：{told}", "{label}: {told}").format(label=APPROVAL, told=deck.approval)
    grade = deck.grade if said(deck.grade, "zh") else NOT_GRADED
    return Text("{approval} · {label}：{grade}", "{approval} · {label}: {grade}").format(approval=approval, label=GRADE, grade=grade)
