"""The engine's verdict on a cell, without a database: every fault of what was said, or what is to stand."""

from decimal import Decimal

import pytest

from indicators.rules.cells import Answer, Said, Shape, check
from mongcai_portal.common.numbers import NumberFault

PERCENT, YES_NO, GRADE = Shape("percent", "%"), Shape("boolean"), Shape("choice", scale=("tốt", "khá"))
COUNT, AMOUNT = Shape("number", "nhà"), Shape("number", "triệu đồng/người/năm")


@pytest.mark.parametrize(
    ("said", "shape", "answer"),
    [
        (Said("0"), COUNT, Answer("value", Decimal(0))),
        (Said(" 96,4 ", language="vi"), PERCENT, Answer("value", Decimal("96.4"))),
        (Said("96.4", language="en"), PERCENT, Answer("value", Decimal("96.4"))),
        (Said(Decimal("2.5")), AMOUNT, Answer("value", Decimal("2.5"))),
        (Said(False), YES_NO, Answer("value", False)),
        (Said("false", language="vi"), YES_NO, Answer("value", False)),
        (Said("khá"), GRADE, Answer("value", "khá")),
        (Said(state="no_data"), PERCENT, Answer("no_data")),
        (Said(" ", "not_applicable", " đảo "), PERCENT, Answer("not_applicable", None, "đảo")),
        (Said("5", "value", note="x"), PERCENT, Answer("value", Decimal(5))),
        (Said(""), PERCENT, Answer("")),
        (Said(None, note="x"), PERCENT, Answer("")),
    ],
)
def test_what_may_stand(said, shape, answer):
    assert check(said, shape) == answer


@pytest.mark.parametrize(
    ("said", "shape", "faults"),
    [
        (Said("101"), PERCENT, ["value over_100"]),
        (Said("0.5"), COUNT, ["value not_whole"]),
        (Said("-1"), AMOUNT, ["value negative"]),
        (Said("true"), YES_NO, ["value wrong_type"]),
        (Said(1.5), AMOUNT, ["value wrong_type"]),
        (Said("kém"), GRADE, ["value not_in_scale"]),
        (Said(NumberFault("date", "1/2")), AMOUNT, ["value date"]),
        (Said("76.611", language="vi"), AMOUNT, ["value ambiguous"]),
        (Said(None, "value"), PERCENT, ["value missing"]),
        (Said(None, "value", note="x"), PERCENT, ["value note_alone"]),
        (Said(None, reason="x"), PERCENT, ["reason reason_without_state"]),
        (Said("5", "lost"), PERCENT, ["state unknown_state"]),
        (Said("5", "no_data"), PERCENT, ["state value_and_state"]),
        (Said("5", "not_applicable"), PERCENT, ["state value_and_state", "reason reason_required"]),
        (Said("101", reason="x"), PERCENT, ["reason reason_without_state", "value over_100"]),
        (Said("101", reason="x" * 2001, note="\0"), PERCENT, ["reason too_long", "note null_characters", "value over_100"]),  # noqa: E501
        (Said(None, "\ud800"), PERCENT, ["state null_characters"]),
        (Said(None, "not_applicable", "\ud800"), PERCENT, ["reason null_characters"]),
    ],
)  # fmt: skip
def test_every_fault_is_named_with_what_it_is_about(said, shape, faults):
    assert [f"{wrong.about} {wrong.code}" for wrong in check(said, shape)] == faults
