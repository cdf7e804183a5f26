"""The fields of a survey sheet, and the sheet C that they make up."""

from communes.rules.poverty.description import Description, DescriptionSpec
from communes.rules.reviews.sheet import SHEET_C, YES_NO, cells_of, description_of
from tests.factories.poverty import FORM

LISTS = DescriptionSpec(("no_land", "illness"), ("health",))


def test_sheet_c_stands_between_the_deprivations_and_who_surveyed() -> None:
    cells = cells_of(FORM, None, ("survey",), LISTS)
    names = [cell.name for cell in cells]
    asked = ["cause:no_land", "cause:illness", "need:health", "received:health"]
    assert names[names.index("answer:info_assets") + 1 : names.index("surveyor:")] == asked
    assert {cell.kind for cell in cells if cell.name.startswith(SHEET_C)} == {YES_NO}


def test_a_form_that_lists_nothing_asks_nothing_of_sheet_c() -> None:
    assert not [cell for cell in cells_of(FORM, None, (), DescriptionSpec()) if cell.name.startswith(SHEET_C)]


def test_the_fields_make_a_sheet_in_the_order_of_the_lists_and_open_ones_stay_open() -> None:
    values = {
        "cause:illness": "true", "cause:no_land": "false", "need:health": "", "received:health": "true",
        "answer:water": "true", "cause:of_another_form": "true",
    }  # fmt: skip
    said = description_of(values, LISTS)
    assert said == Description({"no_land": False, "illness": True}, {}, {"health": True})
    assert list(said.causes) == ["no_land", "illness"]
