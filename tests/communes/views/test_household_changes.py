"""The forms of what happens to a household: written once, every fault at its field, nothing typed lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Household, HouseholdMember, Person
from communes.services.households import MemberEntry, correct_household, correct_person, register_household
from tests.factories.registers import NUMBER, Registry, entry, family, someone
from tests.factories.windows import Answer, Form, LocalWindow, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def household(registry: Registry) -> Household:
    """A head of 42, a child of 12, a wife."""
    members = (*family(), MemberEntry(relation="spouse", person=someone("Vợ Thử", date(1982, 3, 4), sex="female")))
    return register_household(by=registry.officer, entry=entry(members=members))


@pytest.fixture
def window(household: Household) -> LocalWindow:
    return LocalWindow("can-bo")


def number_of(household: Household, name: str) -> int:
    return int(household.members.filter(person__name=name).latest("pk").person_id)


def opened(window: LocalWindow, household: Household, what: str) -> Form:
    page = window.get(f"/households/{household.pk}/{what}")
    assert page.status == 200, page.text
    return page.form("change")


def wrong_fields(page: Answer) -> list[str]:
    """The labels of the fields that say a fault, in their order."""
    found = []
    for part in page.html.split('class="field field-wrong"')[1:]:
        found.append(part.split('for="id_')[1].split('"')[0])
    return found


def new_form(window: LocalWindow, **typed: str) -> Form:
    form = window.get("/households/new/").form("household")
    form.fields |= {
        "code": "N1", "village": "thon-1", "on": "2022-01-01", "address": "Số 2", "members-0-name": "Chủ Hộ Mới",
        "members-0-birth": "1975", "members-1-relation": "child", "members-1-name": "Con Mới",
        "members-1-birth": "05/2010", **typed,
    }  # fmt: skip
    return form


# --- A new household -------------------------------------------------------------------------------------------------


def test_a_household_is_written_with_its_people_and_twice_sent_once(window: LocalWindow) -> None:
    form = new_form(window, **{"members-1-identity_number": "022 210 000 777"})
    page = send(window, form, action="save")
    made = Household.objects.get(code="N1")
    assert page.path == f"/households/{made.pk}/" and "Đã ghi hộ N1 vào sổ" in page.text
    assert (made.head_name, made.size, made.address) == ("Chủ Hộ Mới", 2, "Số 2")
    child = made.members.get(relation="child").person
    assert (child.birth_date, child.birth_precision) == (date(2010, 5, 1), "month")
    assert send(window, form, action="save").path == f"/households/{made.pk}/"
    assert Household.objects.filter(code="N1").count() == 1
    assert "022210000777" not in page.html


FUTURE = f"{timezone.localdate() + timedelta(days=40):%d/%m/%Y}"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"code": ""}, ["code"]),
        ({"code": "H1"}, ["code"]),
        ({"code": NUMBER}, ["code"]),
        ({"address": f"Tổ 5, {NUMBER}", "note": NUMBER}, ["address", "note"]),
        ({"village": ""}, ["village"]),
        ({"on": "2999-01-01"}, ["on"]),
        ({"on": "hôm qua"}, ["on"]),
        ({"members-1-birth": FUTURE}, ["members-1-birth"]),
        ({"members-1-birth": "32/13/2010"}, ["members-1-birth"]),
        ({"members-1-birth": "1970"}, ["members-1-birth"]),
        ({"members-1-relation": "parent"}, ["members-1-birth"]),
        ({"members-1-relation": "head"}, ["members-1-relation"]),
        ({"members-1-relation": ""}, ["members-1-relation"]),
        ({"members-1-name": ""}, ["members-1-name"]),
        ({"members-1-identity_number": "12345"}, ["members-1-identity_number"]),
        ({"members-1-identity_number": NUMBER}, ["members-1-identity_number"]),
        ({"code": "", "on": "x", "members-1-birth": FUTURE}, ["code", "on", "members-1-birth"]),
    ],
)
def test_every_fault_stands_at_its_field_and_what_was_typed_stays(
    window: LocalWindow, typed: dict[str, str], fields: list[str]
) -> None:
    page = send(window, new_form(window, **typed), action="save")
    assert (page.status, wrong_fields(page)) == (422, fields)
    kept = page.form("household").fields
    assert {name: kept[name] for name in typed} == typed and kept["members-0-name"] == "Chủ Hộ Mới"
    assert not Household.objects.filter(code="N1").exists()


def test_a_household_without_a_head_or_people_is_told_so_above_the_form(window: LocalWindow) -> None:
    page = send(window, new_form(window, **{"members-0-relation": "spouse"}), action="save")
    assert page.status == 422 and "Hộ phải có một chủ hộ" in page.text
    blank = dict.fromkeys(("members-0-name", "members-0-birth", "members-1-name", "members-1-birth"), "")
    page = send(window, new_form(window, **blank), action="save")
    assert page.status == 422 and "Hộ phải có một chủ hộ" in page.text


def test_more_lines_come_without_a_word_about_what_is_missing(window: LocalWindow) -> None:
    form = new_form(window, code="")
    page = send(window, form, action="more")
    assert page.status == 200 and wrong_fields(page) == []
    grown = page.form("household")
    assert int(grown.fields["members-TOTAL_FORMS"]) == int(form.fields["members-TOTAL_FORMS"]) + 2
    assert grown.fields["members-1-name"] == "Con Mới"
    typed = {"code": "N2", "members-5-relation": "child", "members-5-name": "Con Út", "members-5-birth": "2015"}
    send(window, Form(grown.id, grown.action, grown.fields | typed), action="save")
    assert Household.objects.get(code="N2").size == 3


def test_an_officer_writes_into_the_own_communes_villages_only(window: LocalWindow) -> None:
    assert "thon-tra-co" not in window.get("/households/new/").form("household").choices["village"]
    page = send(window, new_form(window, village="thon-tra-co"), action="save")
    assert (page.status, wrong_fields(page)) == (422, ["village"])
    assert LocalWindow("dieu-phoi").get("/households/new/").status == 403


# --- People ----------------------------------------------------------------------------------------------------------


def test_a_birth_joins_the_household(window: LocalWindow, household: Household) -> None:
    form = opened(window, household, "people/new/")
    typed = {"on": "2023-05-01", "relation": "child", "name": "Bé Mới", "birth": "01/05/2023", "sex": "female"}
    page = send(window, form, **typed)
    assert "Đã thêm nhân khẩu" in page.text and "Bé Mới" in page.text
    row = household.members.get(person__name="Bé Mới")
    assert (row.began_as, row.valid_from) == ("born", date(2023, 5, 1))
    send(window, form, **typed)
    assert household.members.filter(person__name="Bé Mới").count() == 1


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"birth": FUTURE}, ["birth"]),
        ({"birth": "hôm qua"}, ["birth"]),
        ({"relation": "head"}, ["relation"]),
        ({"relation": ""}, ["relation"]),
        ({"on": ""}, ["on"]),
        ({"on": "2021-01-01"}, ["on"]),
        ({"identity_number": NUMBER}, ["identity_number"]),
        ({"birth": "1975", "on": "2023-05-01"}, ["birth"]),
    ],
)
def test_who_cannot_join_so_is_told_at_the_field(
    window: LocalWindow, household: Household, typed: dict[str, str], fields: list[str]
) -> None:
    form = opened(window, household, "people/new/")
    said = {"on": "2023-05-01", "relation": "child", "name": "Bé Mới", "birth": "01/05/2020", "because": "moved_in"}
    page = send(window, form, **(said | typed))
    assert (page.status, wrong_fields(page)) == (422, fields), page.text
    assert page.form("change").fields["name"] == (said | typed)["name"]


def test_someone_who_left_comes_back_as_the_same_person(window: LocalWindow, household: Household) -> None:
    wife = number_of(household, "Vợ Thử")
    send(window, opened(window, household, f"people/{wife}/leave/"), because="moved_out", on="2023-02-01")
    form = opened(window, household, "people/new/")
    assert form.choices["person"] == ["", str(wife)]
    send(window, form, because="moved_in", on="2023-08-01", relation="spouse", person=str(wife))
    assert household.members.filter(person=wife).count() == 2 and Person.objects.filter(name="Vợ Thử").count() == 1


def test_a_death_is_written_with_its_day(window: LocalWindow, household: Household) -> None:
    wife = number_of(household, "Vợ Thử")
    form = opened(window, household, f"people/{wife}/leave/")
    send(window, form, because="died", on="2023-02-01")
    assert Person.objects.get(pk=wife).died_on == date(2023, 2, 1)
    send(window, form, because="died", on="2023-02-01")
    household.refresh_from_db()
    assert household.size == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"because": ""}, "Chọn một"),
        ({"on": ""}, "Ghi ngày"),
        ({"on": "2999-01-01"}, "Ngày này chưa tới"),
        ({"on": "2022-01-01"}, "Ngày phải sau ngày người này vào hộ"),
        ({"because": "transfer", "to": ""}, "Ghi mã của hộ đó"),
        ({"because": "transfer", "to": "TC1", "relation": "other_relative"}, "Không có hộ mã này"),
    ],
)
def test_a_leaving_that_cannot_be_is_named(
    window: LocalWindow, household: Household, registry: Registry, typed: dict[str, str], told: str
) -> None:
    register_household(
        by=registry.stranger, entry=entry(code="TC1", village="thon-tra-co", members=family(number="022280001236"))
    )
    wife = number_of(household, "Vợ Thử")
    form = opened(window, household, f"people/{wife}/leave/")
    page = send(window, form, **{"because": "moved_out", "on": "2023-02-01", **typed})
    assert page.status == 422 and told in page.text
    assert household.members.filter(valid_to__isnull=True).count() == 3


def test_the_head_is_sent_to_where_a_head_leaves(window: LocalWindow, household: Household) -> None:
    head = number_of(household, "Chủ Hộ Thử")
    page = window.get(f"/households/{household.pk}/people/{head}/leave/")
    assert f"/households/{household.pk}/head/" in page.html
    page = send(window, page.form("change"), because="died", on="2023-02-01")
    assert page.status == 422 and "đổi chủ hộ trước" in page.text


def test_a_member_goes_to_another_household_once_it_was_shown(
    window: LocalWindow, household: Household, registry: Registry
) -> None:
    other = register_household(
        by=registry.officer, entry=entry(code="H2", village="thon-2", members=family(number="022280001235"))
    )
    child = number_of(household, "Con Thử")
    typed = {"because": "transfer", "on": "2023-02-01", "to": "H2", "relation": "grandchild"}
    form = opened(window, household, f"people/{child}/leave/")
    shown = send(window, form, **{**typed, "relation": "other_relative"})
    assert shown.status == 200 and "Hộ H2: chủ hộ Chủ Hộ Thử" in shown.text
    assert household.members.filter(valid_to__isnull=True).count() == 3
    done = send(window, shown.form("change"))
    assert done.path == f"/households/{household.pk}/"
    assert other.members.get(person=child).relation == "other_relative"


def test_a_member_is_put_right_and_the_number_never_shown(window: LocalWindow, household: Household) -> None:
    head = number_of(household, "Chủ Hộ Thử")
    page = window.get(f"/households/{household.pk}/people/{head}/")
    form = page.form("change")
    assert NUMBER not in page.html and form.fields["identity_number"] == ""
    before = Person.objects.get(pk=head)
    send(window, form, name="Chủ Hộ Sửa", birth="1979", health_insurance="no", schooling="none")
    after = Person.objects.get(pk=head)
    assert (after.name, after.birth_precision, after.health_insurance) == ("Chủ Hộ Sửa", "year", False)
    assert after.identity_index == before.identity_index
    form = window.get(f"/households/{household.pk}/people/{head}/").form("change")
    send(window, form, drop_identity="on")
    assert Person.objects.get(pk=head).identity_index == ""


def test_a_second_window_is_told_and_its_typing_kept(window: LocalWindow, household: Household) -> None:
    head = number_of(household, "Chủ Hộ Thử")
    form = opened(window, household, f"people/{head}/")
    correct_person(by=None, household_id=household.pk, person_id=head, changes={"name": "Tên Khác"})
    page = send(window, form, name="Tên Của Tôi")
    assert page.status == 409 and "cửa sổ khác" in page.text
    assert Person.objects.get(pk=head).name == "Tên Khác"
    kept = page.form("change")
    assert kept.fields["name"] == "Tên Của Tôi"
    send(window, kept)
    assert Person.objects.get(pk=head).name == "Tên Của Tôi"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"name": " "}, ["name"]),
        ({"birth": FUTURE}, ["birth"]),
        ({"birth": "2005"}, ["birth"]),
        ({"identity_number": "0222"}, ["identity_number"]),
        ({"nutrition": "stunted"}, ["nutrition"]),
        ({"schooling": "kindergarten"}, ["schooling"]),
    ],
)
def test_what_cannot_be_of_a_person_is_named(
    window: LocalWindow, household: Household, typed: dict[str, str], fields: list[str]
) -> None:
    head = number_of(household, "Chủ Hộ Thử")
    page = send(window, opened(window, household, f"people/{head}/"), **typed)
    if "birth" in typed and typed["birth"] == "2005":
        assert page.status == 422 and "kém chủ hộ" in page.text
    else:
        assert (page.status, wrong_fields(page)) == (422, fields)


# --- The household as a whole ----------------------------------------------------------------------------------------


def test_a_new_head_where_all_follows_and_where_it_does_not(window: LocalWindow, household: Household) -> None:
    wife, child = number_of(household, "Vợ Thử"), number_of(household, "Con Thử")
    page = send(window, opened(window, household, "head/"), person=str(wife), on="2023-03-01")
    assert page.status == 422 and wrong_fields(page) == [] and "Ghi quan hệ với chủ hộ mới" in page.text
    form = page.form("change")
    assert form.fields["person"] == str(wife)
    done = send(window, form, **{f"relation-{child}": "child"})
    assert done.path == f"/households/{household.pk}/"
    household.refresh_from_db()
    assert household.head_name == "Vợ Thử"
    relations = dict(household.members.filter(valid_to__isnull=True).values_list("person__name", "relation"))
    assert relations == {"Vợ Thử": "head", "Chủ Hộ Thử": "spouse", "Con Thử": "child"}
    assert send(window, form, **{f"relation-{child}": "child"}).path == f"/households/{household.pk}/"
    assert household.members.count() == 5


def test_no_new_head_chosen_is_named(window: LocalWindow, household: Household) -> None:
    page = send(window, opened(window, household, "head/"), on="2023-03-01")
    assert page.status == 422 and "person" in wrong_fields(page)


def test_a_head_who_died_is_succeeded_in_one_step(window: LocalWindow, household: Household) -> None:
    wife, child = number_of(household, "Vợ Thử"), number_of(household, "Con Thử")
    form = opened(window, household, "head/")
    send(window, form, person=str(wife), on="2023-03-01", old_head_leaves="died", **{f"relation-{child}": "child"})
    household.refresh_from_db()
    assert (household.head_name, household.size) == ("Vợ Thử", 2)


def test_a_move_to_another_commune_takes_the_household_along(window: LocalWindow, household: Household) -> None:
    form = opened(window, household, "move/")
    assert "thon-tra-co" in form.choices["village"]
    page = send(window, form, village="thon-tra-co", on="2023-03-01", address="Số 9")
    # From now on the other commune looks after it, and the officer's page of it is gone.
    assert page.status == 404
    assert LocalWindow("nguoi-khac").get(f"/households/{household.pk}/").status == 200


@pytest.mark.parametrize(
    ("typed", "fields"),
    [({"village": ""}, ["village"]), ({"on": "2021-12-31"}, ["on"]), ({"address": "x" * 301}, ["address"])],
)
def test_a_move_that_cannot_be_is_named(
    window: LocalWindow, household: Household, typed: dict[str, str], fields: list[str]
) -> None:
    page = send(window, opened(window, household, "move/"), **{"village": "thon-2", "on": "2023-03-01", **typed})
    assert (page.status, wrong_fields(page)) == (422, fields)


def test_what_is_recorded_of_the_household_is_put_right(window: LocalWindow, household: Household) -> None:
    send(window, opened(window, household, "edit/"), address="Số 7", farming="yes", note="Đã xác minh")
    household.refresh_from_db()
    assert (household.address, household.farming, household.note) == ("Số 7", True, "Đã xác minh")


def test_a_household_changed_elsewhere_is_not_written_over_unseen(window: LocalWindow, household: Household) -> None:
    form = opened(window, household, "edit/")
    correct_household(by=None, household_id=household.pk, changes={"address": "Số 8"})
    page = send(window, form, address="Số 7")
    assert page.status == 409 and page.form("change").fields["address"] == "Số 7"
    household.refresh_from_db()
    assert household.address == "Số 8"
    send(window, page.form("change"))
    household.refresh_from_db()
    assert household.address == "Số 7"


def test_a_household_ends_with_its_cause_and_takes_no_more_changes(window: LocalWindow, household: Household) -> None:
    form = opened(window, household, "end/")
    assert send(window, form, on="2023-03-01").status == 422
    page = send(window, form, because="dissolved", on="2023-03-01", note="Về ở cùng con")
    household.refresh_from_db()
    assert (household.ended_as, household.valid_to) == ("dissolved", date(2023, 2, 28))
    assert "Về ở cùng con" in page.text
    again = send(window, form, because="dissolved", on="2023-03-01")
    assert "không ghi thay đổi được nữa" in again.text


def test_a_split_leads_to_the_new_household(window: LocalWindow, household: Household) -> None:
    wife = number_of(household, "Vợ Thử")
    form = opened(window, household, "split/")
    typed = {"on": "2023-03-01", "code": "H1A", "village": "thon-2", f"goes-{wife}": "head"}
    page = send(window, form, **typed)
    made = Household.objects.get(code="H1A")
    assert page.path == f"/households/{made.pk}/" and made.head_name == "Vợ Thử"
    assert send(window, form, **typed).path == page.path


def test_every_fault_of_a_split_is_named(window: LocalWindow, household: Household) -> None:
    head, wife = number_of(household, "Chủ Hộ Thử"), number_of(household, "Vợ Thử")
    page = send(window, opened(window, household, "split/"), on="2023-03-01", code="H1", village="")
    assert page.status == 422 and {"code", "village"} <= set(wrong_fields(page))
    assert "Chọn người sang hộ mới" in page.text
    typed: dict[str, Any] = {"on": "2023-03-01", "code": "H1A", "village": "thon-2", f"goes-{head}": "head"}
    page = send(window, opened(window, household, "split/"), **typed, **{f"goes-{wife}": "head"})
    assert page.status == 422 and "Hộ chỉ có một chủ hộ" in page.text and "head" in wrong_fields(page)
    assert not Household.objects.filter(code="H1A").exists()


def test_a_merge_shows_the_other_household_before_it_is_written(
    window: LocalWindow, household: Household, registry: Registry
) -> None:
    small = register_household(
        by=registry.officer, entry=entry(code="H2", village="thon-2", members=family(number="022280001235")[:1])
    )
    alone = number_of(small, "Chủ Hộ Thử")
    form = opened(window, small, "merge/")
    typed = {"into": "H1", "on": "2023-03-01", f"relation-{alone}": "sibling"}
    shown = send(window, form, **typed)
    assert shown.status == 200 and "Hộ H1: chủ hộ Chủ Hộ Thử, 3 nhân khẩu" in shown.text
    assert not HouseholdMember.objects.filter(household=household, person=alone).exists()
    # What another window does to it meanwhile is shown first.
    correct_household(by=None, household_id=household.pk, changes={"address": "Số 8"})
    shown = send(window, shown.form("change"))
    assert shown.status == 200 and "Số 8" in shown.text
    done = send(window, shown.form("change"))
    assert done.path == f"/households/{household.pk}/" and "Đã nhập hộ" in done.text
    small.refresh_from_db()
    assert small.ended_as == "merged"


@pytest.mark.parametrize(("into", "told"), [("", "Ghi mã của hộ đó"), ("TC1", "Không có hộ mã này"), ("H1", "khác")])
def test_a_merge_into_nothing_a_foreign_household_or_itself_is_named(
    window: LocalWindow, household: Household, registry: Registry, into: str, told: str
) -> None:
    register_household(
        by=registry.stranger, entry=entry(code="TC1", village="thon-tra-co", members=family(number="022280001236"))
    )
    page = send(window, opened(window, household, "merge/"), into=into, on="2023-03-01")
    if page.status == 200:
        page = send(window, page.form("change"))
    assert page.status == 422 and told in page.text


CHANGES = ("edit/", "move/", "end/", "head/", "split/", "merge/", "people/new/")


@pytest.mark.parametrize("what", CHANGES)
def test_only_who_writes_the_household_finds_its_forms(household: Household, what: str) -> None:
    path = f"/households/{household.pk}/{what}"
    assert LocalWindow("nguoi-khac").get(path).status == 404
    assert LocalWindow("dieu-phoi").get(path).status == 403
    assert LocalWindow("lanh-dao").get(path).status == 403
    assert "Ghi thay đổi" not in LocalWindow("dieu-phoi").get(f"/households/{household.pk}/").text
