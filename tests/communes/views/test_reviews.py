"""The pages of review rounds: a whole round by posting forms, faults at their fields, and who sees what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from communes.models import HouseholdReview, ReviewFile, ReviewRound
from communes.selectors.reviews.sheets import token_of
from mongcai_portal.audit.models import AuditEvent
from tests.factories.files import upload
from tests.factories.poverty import CODES
from tests.factories.reviews import Commune, bring_to, make_commune, on, post, typed
from tests.factories.windows import BACKEND
from tests.factories.world import fresh

pytestmark = pytest.mark.django_db

TODAY = date(2023, 12, 1)
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with on(TODAY):
        yield


@pytest.fixture
def commune(db: Any) -> Commune:
    return make_commune()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(fresh(user), backend=BACKEND)
    return client


@pytest.fixture
def officer(commune: Commune) -> Client:
    return client_of(commune.officer)


def at(round_: ReviewRound, rest: str = "") -> str:
    return f"/households/reviews/{round_.pk}/{rest}"


def sheet_at(review: HouseholdReview, rest: str = "") -> str:
    return at(review.round, f"households/{review.pk}/{rest}")


def fields(values: dict[str, str], **more: str) -> dict[str, str]:
    """A posted sheet whose window was shown empty fields."""
    sent = {"language": "vi", **more}
    for name, value in values.items():
        sent |= {f"v:{name}": value, f"k:{name}": token_of(0, ""), f"s:{name}": "", f"r:{name}": "", f"n:{name}": ""}
    return sent


def filled(deprived: int) -> dict[str, str]:
    return {cell.name: cell.raw for cell in typed(deprived)}


def test_a_round_goes_from_its_opening_to_the_certificate_by_its_pages(commune: Commune, officer: Client) -> None:
    opened = {"unit": "hai-son", "kind": "yearly", "held_in": "2023", "month": "", "on": "2023-09-05"}
    answer = officer.post("/households/reviews/open/", opened, follow=True)
    round_ = ReviewRound.objects.get()
    text = answer.content.decode()
    assert answer.status_code == 200 and "Đã mở đợt rà soát với 3 hộ" in text
    assert "Còn 3 hộ chưa xong phiếu" in text and "14/12/2023" in text
    for code, deprived in (("P1", 1), ("N1", 4), ("N2", 0)):
        answer = officer.post(sheet_at(commune.review(code)), fields(filled(deprived), action="finish"), follow=True)
        assert f"Đã hoàn thành phiếu của hộ {code}" in answer.content.decode()
    answer = officer.get(at(round_))
    assert "Chốt phiếu, đưa ra họp dân" in answer.content.decode()
    round_.refresh_from_db()
    officer.post(at(round_, "move/"), {"move": "submit", "lock": str(round_.lock)})
    for village in commune.villages.values():
        minutes = {
            "held_on": "2023-11-06", "chaired_by": "Trưởng Thôn", "present": "20", "agreeing": "18",
            "minutes": upload("bien-ban.pdf"),
        }  # fmt: skip
        assert officer.post(at(round_, f"villages/{village.pk}/meeting/"), minutes).status_code == 302
        posted = {"posted_on": "2023-11-06", "place": "Nhà văn hóa thôn"}
        assert officer.post(at(round_, f"villages/{village.pk}/posting/"), posted).status_code == 302
    text = officer.get(at(round_)).content.decode()
    assert "Niêm yết 06/11/2023, đến hết 09/11/2023" in text and "18/20 người đồng ý (90,0%)" in text
    officer.post(at(round_, "move/"), {"move": "complete"})
    district = {"number": "48/BC-UBND", "sent_on": "2023-11-10"}
    assert officer.post(at(round_, "district/"), district).status_code == 302
    opinion = {"number": "310/UBND-LĐ", "answered_on": "2023-11-10", "opinion": "Nhất trí"}
    assert officer.post(at(round_, "district/opinion/"), opinion).status_code == 302
    assert "quyết định sớm nhất từ 10/11/2023" in officer.get(at(round_)).content.decode()
    decision = {"number": "215/QĐ-UBND", "decided_on": "2023-11-10", "signer": "Chủ tịch", "scan": upload("qd.pdf")}
    text = officer.post(at(round_, "decision/"), decision, follow=True).content.decode()
    assert "Đã ghi quyết định" in text and "215/QĐ-UBND" in text
    review = commune.review("N1")
    text = officer.get(sheet_at(review, "certificate/")).content.decode()
    assert "HỘ NGHÈO" in text and "Chủ Hộ N1" in text and "215/QĐ-UBND" in text and "năm 2024" in text
    assert AuditEvent.objects.filter(kind="household.viewed", object_id=str(review.household_id)).exists()


def test_a_field_is_saved_by_itself_and_answers_with_the_live_result(commune: Commune, officer: Client) -> None:
    commune.open()
    review = commune.review("P1")
    told = officer.post(sheet_at(review), fields({"a_score:": "140"}), headers=JSON).json()
    assert told["cells"]["a_score:"]["status"] == "saved" and told["cells"]["a_score:"]["now"]["v"] == "140"
    assert told["entered"] == 1 and "chưa hỏi các chỉ số thiếu hụt" in told["rows"]["result"]
    answers = fields({f"answer:{code}": "true" for code in CODES[:3]})
    told = officer.post(sheet_at(review), answers, headers=JSON).json()
    assert "hộ nghèo" in told["rows"]["result"] and "điểm B 30" in told["rows"]["result"]
    assert "chuẩn quốc gia" in told["rows"]["bar"]
    again = officer.post(sheet_at(review), answers, headers=JSON)
    assert again.status_code == 200
    other = officer.post(sheet_at(review), fields({"a_score:": "120"}), headers=JSON)
    told = other.json()["cells"]["a_score:"]
    assert (other.status_code, told["status"], told["now"]["v"]) == (409, "conflict", "140")
    assert "can-bo" in told["message"]
    mine = {**fields({"a_score:": "120"}), "mine": "a_score:@1"}
    assert officer.post(sheet_at(review), mine, headers=JSON).status_code == 200
    bad = officer.post(sheet_at(review), fields({"income:": "chín"}), headers=JSON)
    assert (bad.status_code, bad.json()["cells"]["income:"]["status"]) == (422, "wrong")


def test_without_a_script_the_sheet_is_sent_whole_and_shows_what_is_wrong(commune: Commune, officer: Client) -> None:
    commune.open()
    review = commune.review("P1")
    answer = officer.post(sheet_at(review), fields({"income:": "chín", "surveyor:": "Người Rà"}))
    text = answer.content.decode()
    assert answer.status_code == 422 and "chín" in text and "các mục khác đã lưu" in text and "Người Rà" in text
    answer = officer.post(sheet_at(review), fields({}, action="finish"))
    text = answer.content.decode()
    assert answer.status_code == 422 and "Chưa hoàn thành được" in text and "Ghi ngày." in text


def test_a_closed_sheet_takes_nothing_more(commune: Commune, officer: Client) -> None:
    bring_to(commune, "surveyed")
    review = commune.review("P1")
    assert officer.post(sheet_at(review), fields({"income:": "1"}), headers=JSON).status_code == 409
    answer = officer.post(sheet_at(review), fields({"income:": "1"}))
    assert answer.status_code == 409 and "Phiếu này đã đóng" in answer.content.decode()


def test_too_few_who_agree_is_named_at_its_field_and_asks_to_confirm(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "submitted")
    url = at(round_, f"villages/{commune.villages['thon-1'].pk}/meeting/")
    assert "review_again" not in officer.get(url).content.decode()
    few = {"held_on": "2023-11-06", "chaired_by": "Trưởng Thôn", "present": "20", "agreeing": "9"}
    answer = officer.post(url, {**few, "minutes": upload("bb.pdf")})
    text = answer.content.decode()
    assert answer.status_code == 422 and "45% người dự họp đồng ý, dưới 50%" in text and "review_again" in text
    officer.post(url, {**few, "minutes": upload("bb.pdf"), "review_again": "on"})
    assert "9/20 người dự họp đồng ý" in officer.get(at(round_)).content.decode()


def test_a_complaint_is_taken_and_answered_by_its_pages(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "posted")
    review = commune.review("P1")
    said = {"received_on": "2023-11-08", "text": "Hộ có thu nhập cao hơn."}
    assert officer.post(sheet_at(review, "complaint/"), said).status_code == 302
    text = officer.get(sheet_at(review)).content.decode()
    assert "phúc tra trước 24:00 ngày 17/11/2023" in text
    assert officer.get(at(round_, "households/?state=complaint")).content.decode().count("Chủ Hộ P1") == 1
    answered = {"answered_on": "2023-11-13", "outcome": "kept", "answer": "Đã phúc tra."}
    assert officer.post(sheet_at(review, "answer/"), answered).status_code == 302
    assert "chờ niêm yết lần hai" in officer.get(at(round_)).content.decode()
    assert officer.get(sheet_at(review, "answer/")).status_code == 404


def test_an_open_complaint_of_another_commune_is_answered_by_its_own_officer_alone(
    commune: Commune, officer: Client
) -> None:
    bring_to(commune, "posted")
    review = commune.review("P1")
    said = {"received_on": "2023-11-08", "text": "Hộ có thu nhập cao hơn."}
    officer.post(sheet_at(review, "complaint/"), said)
    path, stranger = sheet_at(review, "answer/"), client_of(commune.stranger)
    answered = {"answered_on": "2023-11-13", "outcome": "kept", "answer": "Đã phúc tra."}
    assert (stranger.get(path).status_code, stranger.post(path, answered).status_code) == (404, 404)
    assert review.complaints.get().answered_on is None
    assert officer.get(path).status_code == 200
    assert officer.post(path, answered).status_code == 302
    assert review.complaints.get().answered_on == date(2023, 11, 13)


def test_a_request_is_taken_and_refused_in_writing_by_its_pages(commune: Commune, officer: Client) -> None:
    round_ = commune.open()
    asked = {"household": "F1", "reason": "request_01", "on": "2023-09-20", "paper": upload("don.png")}
    assert officer.post(at(round_, "request/"), asked).status_code == 302
    review = commune.review("F1")
    letter = {"number": "88/UBND", "refused_on": "2023-09-25", "signer": "Chủ tịch", "reasons": "Không cư trú ở xã."}
    assert officer.post(sheet_at(review, "refusal/"), letter).status_code == 302
    text = officer.get(sheet_at(review, "refusal/")).content.decode()
    assert "88/UBND" in text and "Không cư trú ở xã." in text and "Chủ Hộ F1" in text
    file = ReviewFile.objects.get(review=review)
    assert officer.get(at(round_, f"files/{file.pk}/")).status_code == 200


def test_a_decision_before_the_posting_ends_is_named_at_its_field(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "completed")
    early = {"number": "1/QĐ", "decided_on": "2023-11-09", "signer": "Chủ tịch", "scan": upload("qd.pdf")}
    answer = officer.post(at(round_, "decision/"), early)
    assert answer.status_code == 422 and "quyết định không thể sớm hơn" in answer.content.decode()


def test_a_move_that_is_not_ready_says_what_is_before_it(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "met")
    post(commune, round_, "thon-1")
    answer = officer.post(at(round_, "move/"), {"move": "complete"})
    assert answer.status_code == 422 and "Thôn Hai: chưa niêm yết" in answer.content.decode()


def test_a_round_goes_back_with_its_reason_and_a_sheet_is_opened(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "posted")
    officer.post(at(round_, "move/"), {"move": "return", "reason": "Thiếu chữ ký", "lock": str(round_.lock)})
    assert "Thiếu chữ ký" in officer.get(at(round_)).content.decode()
    review = commune.review("P1")
    answer = officer.post(sheet_at(review, "reopen/"), {"reason": "Ghi nhầm"}, follow=True)
    assert "Đã mở lại phiếu" in answer.content.decode()
    assert commune.review("P1").finished_at is None


@pytest.mark.parametrize("step", ["opened", "surveyed", "submitted", "met", "posted", "completed", "decided"])
def test_every_page_of_a_round_opens_at_every_step_in_both_languages(commune: Commune, step: str) -> None:
    round_ = bring_to(commune, step)
    review = commune.review("P1")
    for language in ("vi", "en"):
        for user in (commune.officer, commune.coordinator):
            client = client_of(user)
            client.cookies["django_language"] = language
            for path in ("/households/reviews/", at(round_), at(round_, "households/"), sheet_at(review)):
                assert client.get(path).status_code == 200, path


def test_the_coordinator_sees_rounds_and_changes_none(commune: Commune) -> None:
    round_ = bring_to(commune, "surveyed")
    coordinator = client_of(commune.coordinator)
    assert "Chốt phiếu" not in coordinator.get(at(round_)).content.decode().split("Việc tiếp theo")[0]
    assert coordinator.post(at(round_, "move/"), {"move": "submit"}).status_code == 403
    assert coordinator.get("/households/reviews/open/").status_code == 403


@pytest.mark.parametrize(("who", "code"), [("stranger", 404), ("leader", 403)])
def test_another_communes_round_does_not_exist_and_leaders_see_none(commune: Commune, who: str, code: int) -> None:
    round_ = bring_to(commune, "decided")
    client = client_of(getattr(commune, who))
    review = commune.review("P1")
    paths = (at(round_), at(round_, "households/"), sheet_at(review), sheet_at(review, "certificate/"))
    paths += (at(round_, f"files/{round_.decision.scan_id}/"),)
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, code)
    if who == "stranger":
        assert "Chủ Hộ" not in client.get("/households/reviews/").content.decode()


def test_the_cost_of_a_rounds_page_does_not_grow_with_its_households(
    commune: Commune, officer: Client, django_assert_max_num_queries: Any
) -> None:
    round_ = bring_to(commune, "decided")
    with django_assert_max_num_queries(40):
        officer.get(at(round_))
    with django_assert_max_num_queries(30):
        officer.get(at(round_, "households/"))


def test_a_search_for_households_of_a_round_stands_in_no_address(commune: Commune, officer: Client) -> None:
    round_ = commune.open()
    answer = officer.post(at(round_, "households/"), {"q": "chủ hộ n1", "state": "open", "village": ""})
    assert answer.status_code == 302
    assert answer["Location"].startswith(at(round_, "households/?state=open&s="))
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert set(asked) == {"state", "s"} and len(asked["s"][0]) >= 8  # a token that chance may make contain "n1"
    text = officer.get(answer["Location"]).content.decode()
    assert "N1" in text and "P1 ·" not in text and 'value="chủ hộ n1"' in text
    emptied = officer.post(answer["Location"], {"q": "", "state": "open", "village": ""})
    assert emptied["Location"] == at(round_, "households/?state=open")
    assert "P1 ·" in officer.get(at(round_, "households/?q=n1")).content.decode()  # an address asks for nobody


def test_what_may_be_an_identity_number_is_answered_at_once_and_kept_nowhere(commune: Commune, officer: Client) -> None:
    answer = officer.post(at(commune.open(), "households/"), {"q": "022280001234"})
    assert answer.status_code == 200 and "Không có hộ nào" in answer.content.decode()
    assert "household_searches" not in officer.session


def test_whoever_opens_a_households_scan_stands_in_its_log(commune: Commune, officer: Client) -> None:
    round_ = commune.open()
    review = commune.review("P1")
    paper = {"paper": "sheet", "file": upload("phieu.pdf")}
    officer.post(sheet_at(review, "papers/"), paper)
    row = ReviewFile.objects.get(review=review)
    assert officer.get(at(round_, f"files/{row.pk}/")).status_code == 200
    seen = AuditEvent.objects.get(kind="review.paper_read")
    assert (seen.object_id, seen.details["paper"]) == (str(review.household_id), "sheet")
    coordinator = client_of(commune.coordinator)
    assert "giấy tờ quét" in coordinator.get(f"/households/{review.household_id}/seen/").content.decode()
    assert client_of(commune.stranger).get(at(round_, f"files/{row.pk}/")).status_code == 404


def test_a_complaint_past_its_term_says_so_before_and_after_its_answer(commune: Commune, officer: Client) -> None:
    round_ = bring_to(commune, "posted")
    review = commune.review("P1")
    officer.post(sheet_at(review, "complaint/"), {"received_on": "2023-11-08", "text": "Hộ có thu nhập cao hơn."})
    due = review.complaints.get().due_on
    days = (TODAY - due).days
    assert days > 0
    assert f"1 khiếu nại chờ trả lời: quá hạn {days} ngày" in officer.get(at(round_)).content.decode()
    answer = {"answered_on": "2023-11-30", "outcome": "kept", "answer": "Đã phúc tra, giữ nguyên."}
    officer.post(sheet_at(review, "answer/"), answer)
    assert f"trả lời muộn, hạn {due:%d/%m/%Y}" in officer.get(sheet_at(review)).content.decode()
