"""The pages of programmes beside money: targets with what was reached, tasks, and a short line for each in the list."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from communes.models import Office
from indicators.models import EvaluationRequest
from programmes.models import Target
from programmes.services.tasks import report_result
from tests.factories.board import Board, board, person
from tests.factories.budget import make_line, make_programmes
from tests.factories.difficulties import make_difficulty
from tests.factories.tasks import make_overdue, make_task
from tests.factories.windows import BACKEND
from tests.factories.world import fresh
from tests.programmes.views.test_overview import furnish

pytestmark = pytest.mark.django_db
YEAR = "?year=2023"


@pytest.fixture
def town() -> Board:
    """GNBV has a target that is reached at the town and one of a commune; NTM one of a year that missed it."""
    make_programmes()
    town: Board = furnish(board())
    Target.objects.all().delete()
    town.aim("poverty.near_poor.count", 2023, "60", start="100")
    town.aim("poverty.near_poor.count", 2024, "0", area=town.communes[0])
    town.aim("ocop.recognised.count", 2023, "50", start="20")
    Office.objects.create(code="a", name_vi="Phòng a", name_en="Office a", sort_key="a")
    make_line(town.communes[0])
    return town


@pytest.fixture
def by(town: Board) -> Any:
    return person("dieuphoi", "coordinator")


def page(user: Any, path: str, language: str = "vi") -> str:
    client = Client()
    client.force_login(user, backend=BACKEND)
    client.cookies["django_language"] = language
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def section(shown: str, name: str) -> str:
    """The markup of one section of the page."""
    assert f'<section class="card0" id="{name}"' in shown, name
    return shown[shown.index(f'<section class="card0" id="{name}"') :].split("</section>")[0]


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def row(shown: str, code: str) -> str:
    """The markup of a programme in the list."""
    return next(one for one in section(shown, "programmes").split("<tr") if f'href="/programmes/{code}/' in one)


def test_a_programme_shows_its_targets_with_what_was_reached(town: Board, by: Any) -> None:
    found = section(page(by, f"/programmes/GNBV/{YEAR}"), "targets")
    told = words(found)
    assert "Chỉ tiêu và kết quả" in told and "đến 31/12/2023" in told
    assert "Hộ cận nghèo" in told and "60" in told and "57" in told and "Đạt" in told
    assert "có 1 chỉ tiêu của các xã" in told
    assert "/targets/?programme=GNBV&amp;as_of=2023-12-31" in found
    assert found.count("<tr>") == 2  # the heading and the town's own: that of a commune is counted alone
    assert "OCOP" not in told


def test_a_target_that_was_missed_is_told_as_such(town: Board, by: Any) -> None:
    told = words(section(page(by, f"/programmes/NTM/{YEAR}"), "targets"))
    assert "Sản phẩm OCOP 3-5 sao còn hiệu lực khâu đột phá" in told and "50" in told and "29" in told
    assert "Chậm" in told and "Đạt 1" not in told


def test_figures_without_a_target_stand_below_each_with_its_page(town: Board, by: Any) -> None:
    shown = section(page(by, f"/programmes/GNBV/{YEAR}"), "targets")
    below = shown[shown.index("work-figures") :]
    assert '/measures/poverty.poor.escaped/?as_of=2023-12-31"' in below and "39" in words(below)
    assert "/measures/poverty.near_poor.count/" not in below  # has a target
    assert "money.gnbv.allocated" not in below and "ocop" not in below


def test_figures_without_a_target_name_their_area_and_write_money_in_millions(town: Board, by: Any) -> None:
    all_of_it = 117_163_564_000
    make_line(town.communes[0], programme="GNBV", planned=all_of_it, allocated=all_of_it, disbursed=110_375_200_000)
    told = words(section(page(by, f"/programmes/GNBV/{YEAR}"), "targets"))
    assert "chưa đặt chỉ tiêu · " + town.town.versions.get().name_vi in told
    rate = told[told.index("Tỷ lệ giải ngân") :]
    assert rate.startswith("Tỷ lệ giải ngân: Giảm nghèo bền vững 94,2% 110.375/117.164 triệu đồng"), rate


def test_a_programme_without_targets_and_tasks_says_so(town: Board, by: Any) -> None:
    shown = page(by, f"/programmes/NQ06/{YEAR}")
    assert "Chưa đặt chỉ tiêu nào của chương trình này cho địa bàn." in section(shown, "targets")
    assert "Chưa giao nhiệm vụ nào của chương trình này." in section(shown, "tasks")
    english = page(by, f"/programmes/NQ06/{YEAR}", "en")
    assert "No target of this programme has been set for the area." in section(english, "targets")
    assert "No task of this programme has been assigned." in section(english, "tasks")


def test_on_a_day_without_the_town_the_page_says_so(town: Board, by: Any) -> None:
    town.town.versions.update(valid_to=date(2023, 6, 30))
    told = words(section(page(by, f"/programmes/GNBV/{YEAR}"), "targets"))
    assert "Ngày 31/12/2023 không có địa bàn này trên bản đồ hành chính." in told


def test_the_targets_of_other_communes_are_not_counted_for_an_officer(town: Board) -> None:
    first, second = town.communes[:2]
    own = person("canbo1", "commune_officer", unit=first)
    other = person("canbo2", "commune_officer", unit=second)
    assert "có 1 chỉ tiêu của các xã" in words(section(page(own, f"/programmes/GNBV/{YEAR}"), "targets"))
    assert "của các xã" not in words(section(page(other, f"/programmes/GNBV/{YEAR}"), "targets"))


def test_a_programme_shows_its_tasks_what_is_open_first(town: Board, by: Any) -> None:
    done = make_task(by, title="Đã báo cáo", programme="GNBV")
    report_result(by=fresh(person("phong", "sector_verifier", office=done.owner)), task_id=done.pk, text="Xong")
    make_task(by, title="Còn hạn", programme="GNBV")
    make_overdue(by, title="Đã quá hạn", programme="GNBV")
    make_task(by, title="Của chương trình khác", programme="NTM")
    make_task(by, title="Việc chung cả năm")
    found = section(page(by, f"/programmes/GNBV/{YEAR}"), "tasks")
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', found) == ["Đã quá hạn", "Còn hạn", "Đã báo cáo"]
    told = words(found)
    assert "2 đang thực hiện, 1 chờ xác nhận, tất cả 3" in told and "1 quá hạn" in told and "Phòng a" in told
    assert "/tasks/?view=list&amp;programme=GNBV" in found and "/tasks/new/?programme=GNBV" in found
    assert "/tasks/new/" not in page(person("lanhdao", "leader"), f"/programmes/GNBV/{YEAR}")


def test_more_tasks_than_a_page_tells_are_counted_and_led_to(town: Board, by: Any) -> None:
    for n in range(10):
        make_task(by, title=f"Việc {n}", programme="GNBV")
    found = section(page(by, f"/programmes/GNBV/{YEAR}"), "tasks")
    assert found.count('<th scope="row">') == 8 and "2 nhiệm vụ nữa" in found


def test_a_task_of_another_commune_is_not_told(town: Board, by: Any) -> None:
    make_task(by, title="Của xã thứ nhất", programme="GNBV", unit=town.communes[0].uid)
    make_overdue(by, title="Của cả địa bàn", programme="GNBV")
    officer = person("canbo2", "commune_officer", unit=town.communes[1])
    found = section(page(officer, f"/programmes/GNBV/{YEAR}"), "tasks")
    assert "Của cả địa bàn" in found and "Của xã thứ nhất" not in found and "tất cả 1" in found
    assert "1 nhiệm vụ đang thực hiện" in words(row(page(officer, f"/programmes/{YEAR}"), "GNBV"))


def test_the_list_says_of_each_programme_how_it_stands(town: Board, by: Any) -> None:
    make_overdue(by, programme="GNBV")
    make_task(by, programme="GNBV")
    make_difficulty(by, programme="NTM")
    shown = page(by, f"/programmes/{YEAR}")
    assert words(row(shown, "GNBV")).count("1 chỉ tiêu: đạt") == 1
    assert "2 nhiệm vụ đang thực hiện 1 quá hạn" in words(row(shown, "GNBV"))
    assert "/programmes/GNBV/?year=2023#targets" in row(shown, "GNBV")
    assert "1 chỉ tiêu: chậm 1 tồn tại chưa giải quyết" in words(row(shown, "NTM"))
    assert "work-facts" not in row(shown, "NQ06")
    english = words(row(page(by, f"/programmes/{YEAR}", "en"), "GNBV"))
    assert "1 target: reached" in english and "2 open tasks 1 overdue" in english


@pytest.mark.parametrize("path", [f"/programmes/{YEAR}", f"/programmes/GNBV/{YEAR}"])
def test_targets_and_tasks_cost_the_same_for_any_number_of_them(town: Board, by: Any, path: str) -> None:
    client = Client()
    client.force_login(by, backend=BACKEND)
    make_task(by, programme="GNBV", unit=town.communes[0].uid)
    make_difficulty(by, programme="GNBV")

    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    cost()
    few = cost()
    for unit in town.communes[1:]:
        town.aim("poverty.near_poor.count", 2024, "0", area=unit)
        make_task(by, programme="GNBV", unit=unit.uid)
        make_difficulty(by, programme="GNBV", unit=unit.uid)
    town.aim("poverty.poor.count", 2024, "0")
    assert cost() == few
    assert few <= 31


def late(town: Board) -> None:
    """What was approved of a commune two minutes ago is not evaluated yet."""
    asked = timezone.now() - timedelta(minutes=2)
    EvaluationRequest.objects.create(unit=town.communes[0], period=town.periods["2023"], requested_at=asked)


def test_a_figure_without_a_target_says_that_it_is_late(town: Board, by: Any) -> None:
    path = f"/programmes/NTM/{YEAR}&as_of=2023-12-31"
    assert 'class="late' not in section(page(by, path), "targets")
    late(town)
    found = section(page(by, path), "targets")
    line = next(one for one in found.split("<li>") if "/measures/ntm.attained.standard/" in one)
    assert 'class="late' in line and "/measures/ocop" not in line
