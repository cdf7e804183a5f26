"""Sheet C on the pages: asked on the survey sheet, shown on the household's page with its round, and in the lists."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from communes.models import HouseholdReview
from communes.rules.reviews.sheet import SHEET_C
from communes.selectors.reviews.sheets import typed_cells
from communes.services.reviews import CellTyped, save_cells
from tests.communes.views.test_reviews import JSON, at, client_of, fields, filled, sheet_at
from tests.factories.reviews import DECIDED, Commune, bring_to, decide, hand, make_commune, meet, on, post, survey

pytestmark = pytest.mark.django_db

NAMED = {"cause:illness": "true", "cause:no_land": "false", "need:credit": "true", "received:health": "false"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(date(2023, 12, 1)):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


def page_of(user: Any, path: str, language: str = "vi") -> str:
    client = client_of(user)
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def described(commune: Commune) -> HouseholdReview:
    """A decided round in which P1 is near poor and N1 poor, with causes of N1."""
    from communes.services import reviews

    round_ = commune.open()
    save_cells(
        by=commune.officer, review_id=commune.review("N1").pk,
        cells=[CellTyped(name, raw) for name, raw in NAMED.items()],
    )  # fmt: skip
    for code, deprived in (("P1", 1), ("N1", 4), ("N2", 0)):
        survey(commune, code, deprived)
    round_ = reviews.submit_round(by=commune.officer, round_id=round_.pk)
    for village in commune.villages:
        meet(commune, round_, village)
        post(commune, round_, village)
    round_.refresh_from_db()
    round_ = hand(commune, round_)
    decide(commune, round_)
    return commune.review("N1")


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("vi", ("Nguyên nhân nghèo (phiếu C)", "Nhu cầu hỗ trợ (phiếu C)", "Hỗ trợ đã nhận (phiếu C)", "Tín dụng")),
        ("en", ("Causes of poverty (sheet C)", "Support needed (sheet C)", "Support received (sheet C)", "Credit")),
    ],
)
def test_the_survey_page_asks_for_causes_needs_and_support(
    commune: Commune, language: str, titles: tuple[str, ...]
) -> None:
    commune.open()
    text = page_of(commune.officer, sheet_at(commune.review("P1")), language)
    assert all(title in text for title in titles)
    # The script keeps over a lost connection whatever has a value, a token and a place for its state.
    for name in ("cause:no_land", "cause:other", "need:health", "received:other"):
        assert all(f'name="{kind}:{name}"' in text for kind in "vksrn")
        assert f'data-cell="{name}"' in text and f'data-cell-state="{name}"' in text


def test_an_answer_is_saved_by_itself_and_the_sheet_says_whether_it_is_asked(commune: Commune) -> None:
    commune.open()
    review, officer = commune.review("P1"), client_of(commune.officer)
    told = officer.post(sheet_at(review), fields({"cause:illness": "true"}), headers=JSON).json()
    assert told["cells"]["cause:illness"]["status"] == "saved" and told["entered"] == 0
    assert "chưa cho biết hộ thuộc loại nào" in told["rows"]["described"]
    poor = {name: raw for name, raw in filled(3).items() if not name.startswith("surv")}
    told = officer.post(sheet_at(review), fields(poor), headers=JSON).json()
    assert "hỏi và ghi phiếu C" in told["rows"]["described"] and "Đã ghi 1 nguyên nhân" in told["rows"]["described"]
    late = officer.post(sheet_at(review), fields({"cause:illness": "false"}), headers=JSON)
    assert (late.status_code, late.json()["cells"]["cause:illness"]["status"]) == (409, "conflict")


def test_without_a_script_it_is_sent_with_the_sheet_and_finishing_says_when_no_cause_was_recorded(
    commune: Commune,
) -> None:
    commune.open()
    officer = client_of(commune.officer)
    sent = fields({**filled(3), **NAMED}, action="finish")
    text = officer.post(sheet_at(commune.review("P1")), sent, follow=True).content.decode()
    assert "Đã hoàn thành phiếu của hộ P1" in text and "chưa ghi nguyên nhân" not in text
    assert commune.review("P1").causes.filter(applies=True).count() == 1
    text = officer.post(
        sheet_at(commune.review("N1")), fields(filled(3), action="finish"), follow=True
    ).content.decode()
    assert "Đã hoàn thành phiếu của hộ N1" in text and "Phiếu của hộ N1 chưa ghi nguyên nhân nghèo nào" in text


def test_of_a_household_that_is_neither_the_sheet_says_that_it_is_not_kept(commune: Commune) -> None:
    commune.open()
    review = commune.review("P1")
    rich = {**filled(0), **NAMED, "income:": "3000000", "a_score:": "200"}
    client_of(commune.officer).post(sheet_at(review), fields(rich, action="finish"))
    text = page_of(commune.officer, sheet_at(review))
    assert "không ghi phiếu C" in text and "không được lưu vào kết quả của hộ" in text
    assert not review.causes.exists() and [name for name in typed_cells(review) if name.startswith(SHEET_C)]


def test_the_households_page_shows_them_with_the_round_that_recorded_them(commune: Commune) -> None:
    review = described(commune)
    text = page_of(commune.officer, f"/households/{review.household_id}/")
    card = text[text.index('id="descriptions"') : text.index('id="facts"')]
    assert "Rà soát định kỳ năm 2023" in card and "215/QĐ-UBND" in card and "10/11/2023" in card
    assert "Có người ốm đau, bệnh nặng, tai nạn" in card and "Tín dụng" in card
    assert "Không có đất sản xuất" not in card and sheet_at(review) in card
    english = page_of(commune.officer, f"/households/{review.household_id}/", "en")
    assert "Somebody ill, gravely ill or hurt" in english and "Nguyên nhân" not in english
    other = page_of(commune.officer, f"/households/{commune.review('P1').household_id}/")
    assert 'id="descriptions"' not in other
    before = page_of(commune.officer, f"/households/{review.household_id}/?as_of={DECIDED.replace(day=9)}")
    assert 'id="descriptions"' not in before


def test_another_commune_and_leaders_see_no_household_and_so_no_cause(commune: Commune) -> None:
    review = described(commune)
    path = f"/households/{review.household_id}/"
    assert client_of(commune.stranger).get(path).status_code == 404
    assert client_of(commune.leader).get(path).status_code == 403


def test_until_the_round_is_decided_the_household_has_no_causes(commune: Commune) -> None:
    round_ = commune.open()
    review = commune.review("P1")
    save_cells(by=commune.officer, review_id=review.pk, cells=[CellTyped("cause:illness", "true")])
    survey(commune, "P1", 3)
    assert review.causes.exists()
    assert 'id="descriptions"' not in page_of(commune.officer, f"/households/{review.household_id}/")
    assert page_of(commune.officer, at(round_))


def test_a_finished_sheet_shows_its_answers_in_words(commune: Commune) -> None:
    bring_to(commune, "decided")
    text = page_of(commune.officer, sheet_at(commune.review("N1")))
    assert "Nguyên nhân nghèo (phiếu C)" in text and "chưa hỏi" in text
