import re
from datetime import date

import pytest
from django.utils import timezone

from indicators.models import Attainment, EvaluationRequest, Recognition
from indicators.services.evaluation import evaluate
from tests.factories.world import bring_to, make_person, make_report, make_world

pytestmark = pytest.mark.django_db
BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"


def text_of(response):
    """The page without tags and with single blanks."""
    page = re.sub(r"<(script|style|title)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def world():
    """Two communes: the first one's approved report misses criteria 3, the second has reported nothing."""
    world = make_world()
    bring_to(world, "approved", changes={("water", ""): "60", ("houses", ""): "0"})
    evaluate(None)
    EvaluationRequest.objects.update(done_at=timezone.now())
    return world


@pytest.fixture
def leader(client, world):
    client.force_login(world.people["leader"], backend=BACKEND)
    return client


def recognise(world, **more):
    fields = {"decided_on": date(2020, 12, 31), "provenance": "illustrative", **more}
    level = world.criteria_set.level
    return Recognition.objects.create(unit=world.commune, level=level, **fields)


def test_the_page_says_what_is_missing_first_and_by_how_much(leader):
    page = text_of(leader.get("/attainment/commune-1/?as_of=2023-12-31"))
    assert "3 /4 tiêu chí" in page
    assert "1 tiêu chí ✕ 3. Tiêu chí 3" in page
    assert "3.1 Số liệu water : Chưa đạt , thiếu 5 điểm phần trăm" in page


def test_every_value_stands_beside_its_norm_decree_and_mark(leader):
    page = text_of(leader.get("/attainment/commune-1/"))
    for expected in ("≥ 65% 318/QĐ-TTg", "≥ 90% 318/QĐ-TTg · Đồng bằng sông Hồng", "chưa đối chiếu", "96,4%"):
        assert expected in page


def test_an_office_judgement_is_marked_and_names_the_office(leader):
    page = text_of(leader.get("/attainment/commune-1/"))
    assert "phòng ban kết luận: Phòng b" in page
    assert "chưa có mức đạt chuẩn" in page


def test_the_page_names_who_entered_verified_and_approved(leader):
    page = text_of(leader.get("/attainment/commune-1/"))
    for act, who in (("nhập", "officer"), ("thẩm định", "verifier_all"), ("phê duyệt", "coordinator")):
        assert re.search(rf"{act}: {who}[^,]*, \d\d:\d\d", page), act


def test_rerunning_the_rules_is_said_to_agree_with_what_is_stored(leader):
    assert "trùng với kết quả đã lưu" in text_of(leader.get("/attainment/commune-1/"))


def test_a_stored_result_that_differs_is_shouted_about(leader):
    Attainment.objects.update(criteria_met=4, outcome="met")
    answer = leader.get("/attainment/commune-1/")
    assert 'role="alert"' in answer.content.decode()
    assert "Kết quả tính lại khác kết quả đã lưu." in text_of(answer)
    assert "trùng với kết quả đã lưu" not in text_of(answer)


def test_a_result_not_yet_stored_is_said(leader):
    Attainment.objects.all().delete()
    assert "Kết quả của kỳ này chưa được lưu." in text_of(leader.get("/attainment/commune-1/"))


def test_a_result_that_waits_for_its_evaluation_is_no_fault(leader, world):
    Attainment.objects.update(criteria_met=4, outcome="met")
    EvaluationRequest.objects.update(done_at=None)
    page = text_of(leader.get("/attainment/commune-1/"))
    assert "cổng đang tính lại" in page
    assert "Kết quả tính lại khác kết quả đã lưu." not in page


def test_recognised_but_not_attained_is_news(leader, world):
    recognise(world)
    page = text_of(leader.get("/attainment/commune-1/"))
    assert "Xã đang được công nhận ở mức này, nhưng số liệu của kỳ chưa đủ mọi tiêu chí." in page
    assert "chưa rõ số quyết định" in page
    assert "minh họa" in page


def test_a_withdrawn_recognition_stays_readable_and_says_so(leader, world):
    recognise(world, withdrawn_on=date(2023, 6, 1), withdrawal_decision="9/QĐ")
    page = text_of(leader.get("/attainment/commune-1/?as_of=2023-12-31"))
    assert "thu hồi ngày 01/06/2023" in page
    assert "Xã đang được công nhận" not in page


def test_a_level_without_a_published_set_says_so_and_shows_the_one_there_is(leader):
    page = text_of(leader.get("/attainment/commune-1/?level=advanced"))
    assert "bộ tiêu chí chưa được ban hành trên cổng" in page
    assert "3 /4" in page


def test_a_commune_without_an_approved_report_has_no_result(leader):
    page = text_of(leader.get("/attainment/commune-2/?as_of=2023-12-31"))
    assert "Xã chưa có báo cáo nào được phê duyệt" in page


def test_before_the_period_ends_there_is_no_result(leader):
    assert "Chưa có kết quả" in text_of(leader.get("/attainment/commune-1/?as_of=2023-12-30"))


def test_a_draft_of_another_commune_does_not_show(leader, world):
    make_report(world, unit=world.communes[1])
    assert "Chưa có kết quả" in text_of(leader.get("/attainment/commune-2/"))


def test_an_officer_sees_their_own_commune_only(client, world):
    client.force_login(world.people["officer"], backend=BACKEND)
    assert client.get("/attainment/commune-1/").status_code == 200
    assert client.get("/attainment/commune-2/").status_code == 404
    page = text_of(client.get("/attainment/"))
    assert "Xã Thử 1" in page
    client.force_login(world.people["other_officer"], backend=BACKEND)
    assert "Xã Thử 1" not in text_of(client.get("/attainment/"))


def test_unknown_units_are_not_found_and_strangers_sign_in_first(client, leader):
    assert leader.get("/attainment/atlantis/").status_code == 404
    leader.logout()
    assert leader.get("/attainment/commune-1/")["Location"].startswith("/login/")


def test_the_table_shows_recognition_beside_the_result(leader, world):
    recognise(world)
    answer = leader.get("/attainment/?as_of=2023-12-31")
    page = text_of(answer)
    assert re.search(r"Xã Thử 1 .*3/4", page)
    cell = r'/commune-1/criteria/3/[^"]*" aria-labelledby="u0 c3 w-not_met">✕</a>'
    assert re.search(cell, answer.content.decode())


def test_the_table_of_a_day_without_results_says_so(leader):
    assert "Chưa có kết quả cho ngày này" in text_of(leader.get("/attainment/?as_of=2020-01-01"))


def test_pages_are_english_where_english_is_asked(leader):
    leader.cookies["django_language"] = "en"
    page = text_of(leader.get("/attainment/commune-1/"))
    assert "Element water" in page
    assert "Office b" in page


@pytest.mark.parametrize("path", ["/attainment/", "/attainment/commune-1/"])
def test_pages_carry_neither_inline_style_nor_script(leader, path):
    page = leader.get(path).content.decode()
    assert not re.search(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=", page)


@pytest.mark.parametrize("communes", [2, 20])
def test_the_cost_does_not_grow_with_communes(client, communes, django_assert_max_num_queries):
    world = make_world(communes)
    for unit in world.communes:
        officer = make_person(f"officer-{unit.uid}", "commune_officer", unit=unit)
        bring_to(world, "approved", report=make_report(world, unit=unit), officer=officer)
    evaluate(None)
    assert Attainment.objects.count() == communes
    client.force_login(world.people["leader"], backend=BACKEND)
    for path, queries in (
        ("/attainment/?as_of=2023-12-31", 14),
        ("/attainment/?as_of=2023-12-31&cell=commune-1.2", 37),
        ("/attainment/commune-1/", 24),
        ("/attainment/commune-1/criteria/2/?as_of=2023-12-31", 27),
        ("/attainment/commune-1/criteria/2/?as_of=2023-12-31&compare=2024-12-31", 42),
        ("/attainment/commune-1/indicators/2.1/?as_of=2023-12-31", 29),
    ):
        client.get(path)
        with django_assert_max_num_queries(queries):
            assert client.get(path).status_code == 200
