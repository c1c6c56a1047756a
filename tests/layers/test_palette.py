"""The palette: every layer is told from every other by colour, shape and letter, also by colour-blind readers.

Colour-vision deficiency is simulated with the matrices for full severity of Machado, Oliveira and Fernandes, "A
Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15 (2009), on linear sRGB. Differences
are CIE 1976 delta E in CIELAB (D65); contrast is that of WCAG 2.
"""

import re
from itertools import combinations

import numpy as np
import pytest

from layers import Layer, every_layer

GROUND = "#f4f5f6"
WHITE = "#ffffff"
LEAST_CONTRAST_TO_GROUND = 3.0
LEAST_CONTRAST_OF_LETTER = 4.5
LEAST_DELTA_E_SAME_SHAPE = 20.0
LEAST_DELTA_E_OPENING = 25.0

VISION = {
    "normal": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])

FORMS = pytest.mark.parametrize("layer", every_layer().values(), ids=lambda layer: layer.key)
SEEN = pytest.mark.parametrize("vision", VISION)
OPENING = [layer for layer in every_layer().values() if layer.opening]


def linear(colour: str) -> np.ndarray:
    """`#rrggbb` as linear sRGB, 0 to 1."""
    given = np.array([int(colour[i:i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    dark, light = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, vision: str) -> np.ndarray:
    """CIELAB of a colour as it is seen."""
    seen = np.clip(VISION[vision] @ linear(colour), 0, 1)
    t = XYZ @ seen / XYZ.sum(axis=1)
    f = np.where(t > 216 / 24389, np.cbrt(t), (24389 / 27 * t + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def delta_e(one: Layer, other: Layer, vision: str) -> float:
    """How far two layers' colours are apart as they are seen."""
    return float(np.linalg.norm(lab(one.style.colour, vision) - lab(other.style.colour, vision)))


def test_the_yardsticks_give_known_values():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    assert lab("#ff0000", "normal") == pytest.approx([53.24, 80.09, 67.20], abs=0.05)
    red, green = lab("#a03000", "deuteranopia"), lab("#606000", "deuteranopia")
    assert np.linalg.norm(red - green) < 15, "the simulation confuses red and green"


@FORMS
def test_a_symbol_stands_out_from_the_ground_and_its_letter_from_the_symbol(layer):
    assert re.fullmatch(r"#[0-9a-f]{6}", layer.style.colour)
    assert contrast(layer.style.colour, GROUND) >= LEAST_CONTRAST_TO_GROUND
    assert contrast(layer.style.colour, WHITE) >= LEAST_CONTRAST_OF_LETTER
    assert re.fullmatch("[\u4e00-\u9fff]", layer.style.letter)


def test_no_two_layers_share_colour_shape_or_letter_all_at_once_and_no_letter_is_used_twice():
    found = every_layer().values()
    assert len({(x.style.colour, x.style.shape) for x in found}) == len(found)
    assert len({x.style.colour for x in found}) == len(found)
    assert len({x.style.letter for x in found}) == len(found)


def test_lines_on_the_ground_have_the_line_as_their_symbol():
    for layer in every_layer().values():
        assert (layer.style.shape == "line") == (layer.geometry == "line"), layer.key


@SEEN
def test_layers_of_one_shape_differ_in_colour_however_they_are_seen(vision):
    close = {(a.key, b.key): round(delta_e(a, b, vision), 1) for a, b in combinations(every_layer().values(), 2)
             if a.style.shape == b.style.shape and delta_e(a, b, vision) < LEAST_DELTA_E_SAME_SHAPE}
    assert not close


@SEEN
def test_the_opening_layers_are_the_most_distinct(vision):
    for a, b in combinations(OPENING, 2):
        least = LEAST_DELTA_E_OPENING if vision == "normal" or a.style.shape == b.style.shape else 0
        assert delta_e(a, b, vision) >= least, (a.key, b.key)
    shapes = {layer.style.shape for layer in OPENING}
    assert len(shapes) >= len(OPENING) - 2, "only the three lines may share a shape"
