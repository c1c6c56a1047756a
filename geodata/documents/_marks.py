"""The lines under every map: its review number and its security grade."""

from geodata.deck import Deck
from geodata.markings import marks_of
from layers import Text


def marks_lines(deck: Deck) -> tuple[Text, Text]:
    """Return review number and security grade, each as a line of its own."""
    return marks_of(deck.approval, deck.grade)
