"""Sheet C: of whom it is kept, and what its answers come to."""

import pytest

from communes.rules.poverty.description import Description, is_described


@pytest.mark.parametrize(
    ("statuses", "kept"),
    [
        (["poor"], True),
        (["near_poor"], True),
        (["not_poor", "near_poor"], True),
        (["not_poor"], False),
        (["undetermined", "not_poor"], False),
        ([], False),
    ],
)
def test_it_is_kept_of_who_is_poor_or_near_poor_by_one_of_the_standards(statuses: list[str], kept: bool) -> None:
    assert is_described(statuses) is kept


def test_only_what_was_answered_with_yes_is_a_cause() -> None:
    said = Description(causes={"no_land": True, "no_capital": False, "illness": True})
    assert said.applying == ("no_land", "illness") and said


def test_no_is_an_answer_and_nothing_is_none() -> None:
    assert Description(causes={"no_land": False}) and Description(received={"credit": False})
    assert not Description()
