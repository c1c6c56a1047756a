import pytest

from geodata.errors import BadInput, Unknown
from geodata.question import Question
from geodata.standards import asked_layers, standards_of
from layers import every_layer

FIRE = every_layer()["micro_fire_stations"]
TOILETS = every_layer()["public_toilets"]
ALLEYS = every_layer()["renovated_alleys"]


def held(layer: object, **asked: object) -> list[tuple[str, float | None]]:
    """Modes and metres."""
    return [(h.mode, h.metres) for h in standards_of(layer, Question(("x",), **asked))]


def test_a_layer_is_held_to_its_own_standard() -> None:
    assert held(TOILETS) == [("distance", 300)]
    assert held(ALLEYS) == [("distance", None)]


def test_crew_to_scene_is_always_three_rows_the_walk_first() -> None:
    assert held(FIRE) == [("walk", 216), ("run", 450), ("e-bike", 750)]
    assert held(FIRE, turnout_min=1.0) == [("walk", 144), ("run", 300), ("e-bike", 500)]
    assert held(FIRE, minutes=5.0, speed_m_per_s=1.0) == [("walk", 300), ("run", 750), ("e-bike", 1250)]


def test_a_distance_asked_for_is_one_row() -> None:
    assert held(FIRE, metres=300.0) == [("distance", 300)]


def test_a_time_is_minutes_by_speed() -> None:
    assert held(TOILETS, minutes=5.0, speed_m_per_s=1.0, turnout_min=0.5) == [("time", 270)]


def test_labels_are_figures_and_units() -> None:
    assert [h.label for h in standards_of(FIRE, Question(("x",), turnout_min=1.0))] == [
        "(3 − 1) min × 1.2 m/s", "(3 − 1) min × 2.5 m/s", "(3 − 1) min × 4.17 m/s"]
    assert standards_of(TOILETS, Question(("x",)))[0].label == "300 m"
    assert standards_of(ALLEYS, Question(("x",)))[0].label == ""


@pytest.mark.parametrize("asked", [
    {"metres": 300.0, "minutes": 3.0}, {"metres": -1.0}, {"metres": float("nan")}, {"minutes": 0.0},
    {"minutes": 3.0, "speed_m_per_s": 0.0}, {"minutes": 1.0, "turnout_min": 1.0}, {"access_m": float("inf")}, {"draws": 0},
])
def test_what_cannot_be_asked_is_refused(asked: dict[str, float]) -> None:
    with pytest.raises(BadInput) as refused:
        standards_of(TOILETS, Question(("x",), **asked))  # type: ignore[arg-type]  # the values are what is tested
    assert refused.value.message.zh


def test_layers_are_known_by_name_and_asked_once() -> None:
    assert [layer.key for layer in asked_layers(Question(("public_toilets", "clinics", "public_toilets")))] == [
        "public_toilets", "clinics"]
    with pytest.raises(Unknown, match="public_toilets"):
        asked_layers(Question(("toilets",)))
    with pytest.raises(BadInput):
        asked_layers(Question(()))
