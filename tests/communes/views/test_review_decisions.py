"""The pages of a decision: late ones ask for their reason, households that left are named, papers say what holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from communes.models import Classification, ReviewRound, Unit, UnitVersion
from communes.presenters.review_words import status_word
from communes.services.households import move_household
from tests.factories.files import upload
from tests.factories.households import make_village
from tests.factories.reviews import DECIDED, Commune, bring_to, decide, make_commune, on
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

MOVED = date(2023, 11, 8)
OVERDUE = date(2023, 12, 20)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(date(2023, 12, 1)):
        yield


@pytest.fixture
def commune(db: None) -> Commune:
    return make_commune()


def signed_in(commune: Commune) -> Client:
    client = Client()
    client.force_login(fresh(commune.officer), backend=BACKEND)
    return client


@pytest.fixture
def officer(commune: Commune) -> Client:
    return signed_in(commune)


def at(round_: ReviewRound, rest: str = "") -> str:
    return f"/households/reviews/{round_.pk}/{rest}"


def signed(day: str, **more: str) -> dict[str, object]:
    return {"number": "215/QĐ-UBND", "decided_on": day, "signer": "Chủ tịch", "scan": upload("qd.pdf"), **more}


def move(commune: Commune, code: str, village: str) -> None:
    move_household(by=None, household_id=commune.households[code].pk, on=MOVED, village=village)


def test_an_overdue_round_asks_why_its_decision_is_late_and_shows_it(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "completed")
    assert "late_reason" not in officer.get(at(round_, "decision/")).content.decode()
    with on(OVERDUE):
        officer = signed_in(commune)  # the session of weeks before is over
        assert "quá hạn 6 ngày" in officer.get(at(round_)).content.decode()
        text = officer.get(at(round_, "decision/")).content.decode()
        assert "Hạn của đợt là hết ngày 14/12/2023. Quyết định sau ngày đó vẫn có hiệu lực" in text
        assert 'name="late_reason"' in text
        answer = officer.post(at(round_, "decision/"), signed("2023-12-18"))
        text = answer.content.decode()
        assert answer.status_code == 422
        assert (
            "Hạn của đợt là hết ngày 14/12/2023: ghi lý do quyết định muộn."
            in text.split('id="id_late_reason_error"')[1]
        )
        why = "Chờ phúc tra khiếu nại ở thôn Một."
        text = officer.post(
            at(round_, "decision/"), signed("2023-12-18", late_reason=why), follow=True
        ).content.decode()
    assert "muộn 4 ngày, hạn hết ngày 14/12/2023" in text and why in text


def test_a_decision_within_the_window_is_not_called_late(commune: Commune, officer: Client) -> None:
    text = officer.get(at(bring_to(commune, "decided"))).content.decode()
    assert "215/QĐ-UBND" in text and "muộn" not in text.split("<main")[1]


def test_who_left_is_named_before_the_decision_and_keeps_a_readable_sheet(commune: Commune, officer: Client) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9")
    round_ = bring_to(commune, "completed")
    assert "without_gone" not in officer.get(at(round_, "decision/")).content.decode()
    move(commune, "N1", "khu-9")
    review = commune.review("N1")
    for path in (at(round_), at(round_, "decision/")):
        text = officer.get(path).content.decode()
        assert "N1</a>: nay ở xã, phường khác" in text and "P1</a>:" not in text, path
    answer = officer.post(at(round_, "decision/"), signed("2023-11-10"))
    text = answer.content.decode()
    assert answer.status_code == 422 and 'name="without_gone"' in text
    assert "1 hộ không còn ở xã, phường vào ngày 10/11/2023 nên không thuộc quyết định này: N1." in text
    text = officer.post(at(round_, "decision/"), signed("2023-11-10", without_gone="on"), follow=True).content.decode()
    assert "Đã ghi quyết định" in text and "N1</a>: nay ở xã, phường khác" in text
    text = officer.get(at(round_, f"households/{review.pk}/")).content.decode()
    assert "nay ở xã, phường khác" in text and "Giấy chứng nhận" not in text
    assert officer.get(at(round_, f"households/{review.pk}/certificate/")).status_code == 404
    text = officer.get(at(round_, "households/?state=left")).content.decode()
    assert "N1 ·" in text and "P1 ·" not in text


def test_the_certificate_says_what_was_posted_and_what_the_register_says(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "completed")
    version = UnitVersion.objects.get(unit=commune.unit)
    UnitVersion.objects.filter(pk=version.pk).update(valid_to=date(2023, 11, 7))
    version.pk, version.kind, version.valid_from = None, "ward", MOVED
    version.save()
    move(commune, "N1", "thon-2")
    decide(commune, round_)
    text = officer.get(at(round_)).content.decode()
    assert "vào ngày mở đợt (nông thôn); khu vực của đơn vị nay là thành thị" in text
    for code in ("P1", "N1", "N2"):
        review = commune.review(code)
        (status,) = set(review.results.values_list("status", flat=True))
        rows = Classification.objects.filter(household=review.household, valid_from=DECIDED)
        assert set(rows.values_list("status", flat=True)) == {status}
        text = officer.get(at(round_, f"households/{review.pk}/certificate/")).content.decode()
        assert f"GIẤY CHỨNG NHẬN<br>{status_word(status).upper()}" in text
    text = officer.get(at(round_, f"households/{commune.review('N1').pk}/certificate/")).content.decode()
    assert "Thôn Hai" in text and "Thôn Một" not in text


def test_the_unit_that_decided_prints_the_certificate_of_who_has_moved_away_since(
    commune: Commune, officer: Client
) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9", "Chín")
    round_ = bring_to(commune, "decided")
    household = commune.households["N1"]
    path = at(round_, f"households/{commune.review('N1').pk}/certificate/")
    move_household(by=None, household_id=household.pk, on=date(2023, 11, 20), village="khu-9")
    answer = officer.get(path)
    assert answer.status_code == 200
    assert "Thôn Một" in answer.content.decode() and "Chín" not in answer.content.decode()
    assert officer.get(f"/households/{household.pk}/").status_code == 404
    client = Client()
    client.force_login(fresh(commune.stranger), backend=BACKEND)
    assert client.get(path).status_code == 404


def test_what_was_recorded_later_of_the_day_by_another_unit_is_on_no_certificate(
    commune: Commune, officer: Client
) -> None:
    make_village(Unit.objects.get(uid="tra-co"), "khu-9", "Chín")
    round_ = bring_to(commune, "decided")
    move(commune, "N1", "khu-9")
    assert officer.get(at(round_, f"households/{commune.review('N1').pk}/certificate/")).status_code == 404
