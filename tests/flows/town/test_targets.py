"""From a plan over the figures of communes to what the leader reads, on the demonstration as it stands."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from communes.scope import scope_of
from mongcai_portal.accounts.models import User
from programmes.models import ObservedStatistic, Target
from programmes.selectors.measures import explanation_of, measures_for
from programmes.selectors.targets import plan_rows
from programmes.selectors.world import load_world
from programmes.services.demo import load_demo
from tests.factories.windows import LocalWindow

pytestmark = pytest.mark.usefixtures("town")
END_2023, END_2024 = date(2023, 12, 31), date(2024, 12, 31)
WASTE = "environment.waste_collected.share"


def value_of(code: str, day: date, area: str = "mong-cai"):  # type: ignore[no-untyped-def]
    return next(one for one in measures_for(day, area) if one.code == code)


def test_what_the_city_published_is_sourced_and_everything_else_is_marked() -> None:
    marks = {row.measure: row.provenance for row in Target.objects.filter(recorded_by="")}
    assert marks == {"poverty.near_poor.count": "sourced"}
    near_poor = Target.objects.get(measure="poverty.near_poor.count")
    assert (near_poor.baseline_value, near_poor.value, near_poor.year) == (57, 0, 2024)
    assert set(Target.objects.exclude(recorded_by="").values_list("provenance", flat=True)) == {"illustrative"}
    entered = ObservedStatistic.objects.exclude(recorded_by="")
    assert set(entered.values_list("provenance", flat=True)) == {"illustrative", "unverified"}
    assert [row.measure for row in entered.filter(provenance="unverified")] == ["income.commune.per_capita"]


def test_loading_the_demonstration_again_adds_nothing(tmp_path) -> None:  # type: ignore[no-untyped-def]
    before = ObservedStatistic.records.count(), Target.records.count()
    done = load_demo(folder=tmp_path, password="Cong-dieu-hanh-2023!")
    assert (done.figures, done.targets) == (0, 0)
    assert (ObservedStatistic.records.count(), Target.records.count()) == before


def test_a_plan_that_was_revised_shows_both_and_why() -> None:
    old = Target.records.get(ended_at__isnull=False)
    page = LocalWindow("leader").get(f"/targets/{old.replaced_by.pk}/?as_of=2024-12-31").text
    assert "20" in page and old.end_reason in page


def test_the_incomes_that_communes_reported_are_weighted_and_stand_beside_the_published_one() -> None:
    found = explanation_of("income.rural.per_capita", END_2023).value
    assert (found.value, found.source) == (Decimal("76.611"), "mongcai_2024")
    parts = [one.part for one in found.gathered.parts]
    assert len(parts) == 9
    people = sum(one.people for one in parts)
    assert found.gathered.whole.value == sum(one.value * one.people for one in parts) / people
    assert found.gathered.whole.value != sum(one.value for one in parts) / 9
    assert found.gathered.provenance == "illustrative"


def test_a_target_is_followed_from_the_last_commune_to_the_leaders_page() -> None:
    # Given a plan for waste of which two communes have not entered their figures of 2024
    value = value_of(WASTE, END_2024)
    assert (value.value, value.reason, value.status) == (None, "communes_missing", "no_data")
    leader = LocalWindow("leader")
    assert "Còn thiếu hoặc chưa dùng được số của: Vĩnh Thực, Vĩnh Trung." in re.sub(
        r"\u00a0", " ", leader.get(f"/measures/{WASTE}/?as_of=2024-12-31").text
    )

    # When their officers enter them with their source, the second one's slip is named and nothing is lost
    for name, unit, collected, total in (
        ("officer.vinhtrung", "vinh-trung", "400", "460"), ("officer.vinhthuc", "vinh-thuc", "450", "520"),
    ):  # fmt: skip
        window = LocalWindow(name)
        form = window.get(f"/statistics/new/?measure={WASTE}&unit={unit}&as_of=2024-12-31").form("figure")
        typed = form.fields | {"numerator": total, "denominator": collected, "source": "Báo cáo 05/BC-UBND"}
        refused = window.post(form.action, typed)
        assert refused.status == 422 and "Tử số không được lớn hơn mẫu số." in refused.text
        right = refused.form("figure").fields
        assert right["source"] == "Báo cáo 05/BC-UBND"
        answer = window.post(form.action, right | {"numerator": collected, "denominator": total})
        assert "Đã ghi số liệu kèm nguồn." in answer.text

    # Then the area's share is the sum over the sum, and the plan of 2025 is held against it
    value = value_of(WASTE, END_2024)
    collected = 210 + 240 + 1180 + 1050 + 820 + 1500 + 1090 + 400 + 450
    total = 260 + 300 + 1240 + 1120 + 900 + 1540 + 1170 + 460 + 520
    assert (value.numerator, value.denominator) == (collected, total)
    page = leader.get("/targets/?as_of=2024-12-31&programme=NTM").text
    assert "92,4%" in page
    # 93 % to 97 % in two years asks for 95 %: 92.4 % is behind, and the leader is told
    assert value.status == "behind"
    assert "Tỷ lệ rác thải được thu gom: chậm so với chỉ tiêu 2025" in leader.get("/attention/?as_of=2024-12-31").text


def test_a_plan_is_set_revised_and_judged_by_the_window_that_came_first() -> None:
    # Given the coordination office, which plans where the measure stands
    window = LocalWindow("coordinator")
    form = window.get("/targets/new/?measure=ocop.recognised.count&as_of=2023-12-31").form("plan")
    assert (form.fields["baseline_value"], form.fields["baseline_on"]) == ("29", "2023-12-31")

    # When it plans for 2024 and reads the plan in two windows
    answer = window.post(form.action, form.fields | {"year": "2024", "value": "35", "source": "KH 52/KH-UBND"})
    assert "Đã đặt chỉ tiêu." in answer.text
    row = Target.objects.get(measure="ocop.recognised.count")
    other = LocalWindow("coordinator")
    first, second = (one.get(f"/targets/{row.pk}/revise/").form("plan") for one in (window, other))
    window.post(first.action, first.fields | {"value": "33", "reason": "Theo kết luận"})
    late = other.post(second.action, second.fields | {"value": "40", "reason": "Theo tờ trình"})

    # Then the second is told, and 33 stands
    assert "ở cửa sổ khác" in late.text
    assert [one.value for one in Target.objects.filter(measure="ocop.recognised.count")] == [33]

    # And once the year is over with 29, it is late and stays so
    world = load_world(date(2025, 6, 30))
    rows = plan_rows(world, scope_of(User.objects.get(username="leader")))
    assert [one.late for one in rows if one.target.measure == "ocop.recognised.count"] == [True]


def test_an_officer_enters_nothing_elsewhere() -> None:
    window = LocalWindow("officer.vinhtrung")
    form = window.get("/statistics/new/").form("figure")
    assert form.choices["unit"] == ["", "vinh-trung"]
    typed = form.fields | {"measure": WASTE, "unit": "bac-son", "as_of": "2024-12-31", "value": "90", "source": "x"}
    assert window.post(form.action, typed).status == 422
    assert window.get("/targets/new/").status == 403
