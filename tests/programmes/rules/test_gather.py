from decimal import Decimal

import pytest

from programmes.rules.gather import MEAN, SHARE, SUM, Part, gather, usable

D = Decimal


def test_a_count_is_the_sum_of_counts_and_a_zero_counts():
    assert gather([Part(D(3)), Part(D(0)), Part(D("2.5"))], SUM).value == D("5.5")


def test_a_share_divides_the_sums_and_is_no_average_of_shares():
    whole = gather([Part(numerator=1, denominator=2), Part(numerator=90, denominator=100)], SHARE)
    assert (whole.numerator, whole.denominator) == (91, 102)
    assert whole.value == D(91) * 100 / D(102)
    assert whole.value != (D(50) + D(90)) / 2


def test_a_mean_is_weighted_by_people_and_is_no_average_of_means():
    whole = gather([Part(D(60), people=1000), Part(D(90), people=3000)], MEAN)
    assert whole.value == D("82.5")
    assert whole.value != D(75)


@pytest.mark.parametrize(
    ("part", "how"),
    [
        (Part(), SUM),
        (Part(D(60)), MEAN),
        (Part(D(60), people=0), MEAN),
        (Part(D(60)), SHARE),
        (Part(numerator=1), SHARE),
    ],
)
def test_one_part_that_cannot_be_used_leaves_no_whole(part, how):
    good = {SUM: Part(D(1)), MEAN: Part(D(1), people=1), SHARE: Part(numerator=1, denominator=2)}[how]
    assert gather([good, good], how) is not None
    assert not usable(part, how)
    assert gather([good, part], how) is None


def test_nothing_gives_nothing_and_nothing_is_divided_by_zero():
    assert gather([], SUM) is None
    assert gather([Part(numerator=0, denominator=0)], SHARE) is None
