"""OCOP: what may be registered, assessed, approved, recognised and withdrawn, by whom, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from communes.models import Office, Unit, UnitSuccession, UnitVersion
from mongcai_portal.accounts.models import User
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from programmes.models import OcopAssessment, OcopProducer, OcopProduct, OcopRecognition
from programmes.services import ocop
from programmes.services.ocop import Decision, ProducerEntry, ProductEntry, SheetTyped
from tests.factories.board import Board, board, person
from tests.factories.ocop import make_assessment, make_certificate, make_draft, make_product, ocop_law

pytestmark = pytest.mark.django_db

MET = date(2024, 5, 6)
TYPED = ProductEntry(name="Ruốc  ghẹ", group="food", protected_name="Ghẹ Trà Cổ", description="Ruốc từ ghẹ.")
MAKER = ProducerEntry(name="Hợp tác xã Biển", form="cooperative", address="Thôn 1")
# 89,99 / 90 and the rest come from the rules' own tests; these are plain three and four stars.
THREE = [SheetTyped("Ông Một", "25", "15", "20"), SheetTyped("Bà Hai", "26,5", "15", "20,25")]
FOUR = [SheetTyped("Ông Một", "33", "20", "25")]


@pytest.fixture
def town() -> Board:
    ocop_law()
    return board(2)


@pytest.fixture
def people(town: Board) -> dict[str, User]:
    first, second = town.communes
    office = Office.objects.create(code="nn", name_vi="Phòng Kinh tế", name_en="Economy", sort_key="kinh te")
    return {
        "officer": person("can-bo", "commune_officer", unit=first),
        "other": person("can-bo-khac", "commune_officer", unit=second),
        "verifier": person("tham-dinh", "sector_verifier", office=office),
        "coordinator": person("dieu-phoi", "coordinator"),
        "leader": person("lanh-dao", "leader"),
    }


def codes(error: Any) -> set[tuple[str, str]]:
    return {(fault.pointer, fault.code) for fault in error.value.faults}


def registered(people: dict[str, User], town: Board, **over: Any) -> OcopProduct:
    fields: dict[str, Any] = {"unit": town.communes[0], "product": TYPED, "producer": MAKER, **over}
    return ocop.register_product(by=people["officer"], **fields)


# --- Registering ---


def test_an_officer_registers_a_product_with_a_new_producer(town: Board, people: dict[str, User]) -> None:
    row = registered(people, town)
    assert (row.name, row.producer.name, row.unit) == ("Ruốc ghẹ", "Hợp tác xã Biển", town.communes[0])
    assert "ruoc ghe" in row.search_key and "hop tac xa bien" in row.search_key
    event = AuditEvent.objects.get(kind="ocop_product.recorded")
    assert (event.object_id, event.unit_uid, event.details["producer"]) == (str(row.pk), "xa-1", "Hợp tác xã Biển")


def test_a_second_product_takes_the_producer_of_the_list(town: Board, people: dict[str, User]) -> None:
    first = registered(people, town)
    second = registered(people, town, product=replace(TYPED, name="Ghẹ lột"), producer=first.producer_id)
    assert second.producer == first.producer and OcopProducer.objects.count() == 1


def test_everything_that_is_missing_is_named_at_once(town: Board, people: dict[str, User]) -> None:
    with pytest.raises(Invalid) as error:
        ocop.register_product(by=people["officer"], unit=None, product=ProductEntry(), producer=ProducerEntry())
    assert codes(error) == {
        ("/unit", "required"), ("/name", "required"), ("/group", "required"), ("/producer_name", "required"),
        ("/producer_form", "required"),
    }  # fmt: skip
    assert not OcopProducer.objects.exists()


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"product": replace(TYPED, group="food_2019")}, ("/group", "unknown")),
        ({"product": replace(TYPED, name="x" * 201)}, ("/name", "too_long")),
        ({"producer": 404}, ("/producer", "unknown")),
        ({"producer": None}, ("/producer", "unknown")),
    ],
)
def test_what_is_wrong_with_a_product_is_named(
    town: Board, people: dict[str, User], over: dict[str, Any], fault: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as error:
        registered(people, town, **over)
    assert fault in codes(error)


def test_registering_again_is_a_duplicate_and_changes_nothing(town: Board, people: dict[str, User]) -> None:
    first = registered(people, town)
    with pytest.raises(Invalid) as error:
        registered(people, town, producer=first.producer_id)
    assert codes(error) == {("/name", "duplicate")}
    with pytest.raises(Invalid) as error:
        registered(people, town)
    assert codes(error) == {("/producer_name", "duplicate")}
    assert OcopProduct.objects.count() == 1


def test_nobody_registers_for_another_commune_nor_without_the_permission(town: Board, people: dict[str, User]) -> None:
    with pytest.raises(Invalid) as error:
        registered(people, town, unit=town.communes[1])
    assert codes(error) == {("/unit", "unknown")}
    for who in ("verifier", "coordinator", "leader"):
        with pytest.raises(Forbidden):
            ocop.register_product(by=people[who], unit=town.communes[0], product=TYPED, producer=MAKER)


def test_a_correction_is_stored_once_and_a_second_window_is_told(town: Board, people: dict[str, User]) -> None:
    row = registered(people, town)
    changed = replace(TYPED, description="Khác")
    ocop.correct_product(by=people["officer"], product_id=row.pk, product=changed, lock=row.lock)
    events = AuditEvent.objects.filter(kind="ocop_product.changed")
    assert events.get().details["fields"] == ["description"]
    ocop.correct_product(by=people["officer"], product_id=row.pk, product=changed, lock=1)  # the same again
    assert events.count() == 1
    with pytest.raises(Stale):
        ocop.correct_product(by=people["officer"], product_id=row.pk, product=TYPED, lock=1)
    with pytest.raises(OcopProduct.DoesNotExist):
        ocop.correct_product(by=people["other"], product_id=row.pk, product=TYPED)


def test_a_producers_new_name_finds_its_products(town: Board, people: dict[str, User]) -> None:
    row = registered(people, town)
    ocop.correct_producer(
        by=people["officer"], product_id=row.pk, producer=replace(MAKER, name="Công ty Sóng"), lock=row.producer.lock
    )
    row.refresh_from_db()
    assert "cong ty song" in row.search_key and "bien" not in row.search_key


def test_who_looks_after_a_merged_commune_looks_after_its_products(town: Board, people: dict[str, User]) -> None:
    row = registered(people, town)
    heir = Unit.objects.create(uid="xa-moi")
    UnitSuccession.objects.create(
        predecessor=town.communes[0], successor=heir, effective_on=date(2025, 7, 1), kind="merge", provenance="sourced"
    )
    later = person("can-bo-moi", "commune_officer", unit=heir)
    changed = ocop.correct_product(by=later, product_id=row.pk, product=replace(TYPED, description="Mới"))
    assert changed.description == "Mới"
    UnitVersion.objects.create(
        unit=heir, name_vi="Xã Mới", name_en="New", kind="commune", parent=town.town, search_key="moi", sort_key="moi"
    )
    more = replace(TYPED, name="Ghẹ lột")
    made = ocop.register_product(by=later, unit=heir, product=more, producer=row.producer_id)
    assert (made.unit, made.producer) == (heir, row.producer)
    # One part of a split commune is not all of it.
    UnitSuccession.objects.create(
        predecessor=town.communes[0], successor=town.communes[1], effective_on=date(2025, 7, 1), kind="split",
        provenance="sourced",
    )  # fmt: skip
    with pytest.raises(OcopProduct.DoesNotExist):
        ocop.correct_product(by=User.objects.get(pk=later.pk), product_id=row.pk, product=TYPED)


# --- Assessing ---


def scored(
    people: dict[str, User], product: OcopProduct, sheets: Any = None, council: str = "district"
) -> OcopAssessment:
    row = ocop.open_assessment(by=people["officer"], product_id=product.pk, purpose="first")
    ocop.submit(by=people["officer"], assessment_id=row.pk)
    ocop.save_sheets(
        by=people["verifier"], assessment_id=row.pk, council=council, assessed_on=MET, sheets=sheets or THREE
    )
    return ocop.verify(by=people["verifier"], assessment_id=row.pk)


def test_an_assessment_goes_through_the_common_workflow(town: Board, people: dict[str, User]) -> None:
    row = scored(people, registered(people, town))
    assert (row.status, row.total, row.stars, row.result) == ("verified", Decimal("60.8750"), 3, "awarded")
    assert (row.points_a, row.scale.code) == (Decimal("25.7500"), "qd_148_2023")
    done = ocop.approve(by=people["coordinator"], assessment_id=row.pk)
    assert done.status == "approved" and done.approved_at is not None
    kinds = list(AuditEvent.objects.filter(object_type="ocop_product").order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "ocop_product.recorded", "ocop_assessment.opened", "ocop_assessment.submitted", "ocop_sheets.saved",
        "ocop_assessment.verified", "ocop_assessment.approved",
    ]  # fmt: skip


def test_a_product_has_one_open_assessment(town: Board, people: dict[str, User]) -> None:
    product = registered(people, town)
    ocop.open_assessment(by=people["officer"], product_id=product.pk, purpose="first")
    with pytest.raises(Invalid) as error:
        ocop.open_assessment(by=people["officer"], product_id=product.pk, purpose="first")
    assert codes(error) == {("/purpose", "open_already")}


@pytest.mark.parametrize(
    ("recognised", "purpose", "fault"),
    [
        (None, "", "required"),
        (None, "renewal", "never_recognised"),
        (None, "upgrade", "never_recognised"),
        (date(2019, 12, 1), "upgrade", "not_live"),
        (date(2019, 12, 1), "first", "recognised_already"),
    ],
)
def test_the_purpose_fits_what_the_product_has(
    town: Board, people: dict[str, User], recognised: date | None, purpose: str, fault: str
) -> None:
    product = make_product(town.communes[0])
    if recognised:
        make_certificate(product, recognised)
    with pytest.raises(Invalid) as error:
        ocop.open_assessment(by=people["officer"], product_id=product.pk, purpose=purpose)
    assert codes(error) == {("/purpose", fault)}


def submitted(town: Board) -> OcopAssessment:
    return make_draft(make_product(town.communes[0]), status="submitted")


def test_every_fault_of_every_sheet_is_named_and_nothing_is_stored(town: Board, people: dict[str, User]) -> None:
    row = submitted(town)
    sheets = [
        SheetTyped("Ông Một", "40,5", "25", "35"),
        SheetTyped(),  # an empty row is no sheet
        SheetTyped("", "abc", "-1", ""),
        SheetTyped("ÔNG MỘT", "1,234", "20", "30.5"),
    ]
    with pytest.raises(Invalid) as error:
        ocop.save_sheets(by=people["verifier"], assessment_id=row.pk, council="", assessed_on=None, sheets=sheets)
    assert {("/council", "required"), ("/assessed_on", "required"), ("/sheets/2/member", "required"),
            ("/sheets/2/a", "not_a_number"), ("/sheets/2/c", "required"), ("/sheets/3/member", "twice"),
            ("/sheets/3/a", "too_fine"), ("/sheets/3/c", "wrong_format")} <= codes(error)  # fmt: skip
    with pytest.raises(Invalid) as error:
        ocop.save_sheets(
            by=people["verifier"], assessment_id=row.pk, council="district", assessed_on=MET, sheets=sheets
        )
    assert {("/sheets/0/a", "above_limit"), ("/sheets/2/b", "negative")} <= codes(error)
    assert not row.sheets.exists()


def test_the_points_are_held_against_the_scale_of_the_session(town: Board, people: dict[str, User]) -> None:
    row = submitted(town)
    given = {"by": people["verifier"], "assessment_id": row.pk, "council": "district"}
    sheets = [SheetTyped("Ông Một", "40", "25", "35")]
    with pytest.raises(Invalid) as error:
        ocop.save_sheets(**given, assessed_on=date(2023, 2, 23), sheets=sheets)
    assert codes(error) == {("/sheets/0/a", "above_limit")}
    assert "35" in error.value.faults[0].message
    assert ocop.save_sheets(**given, assessed_on=date(2023, 2, 24), sheets=sheets).scale.code == "qd_148_2023"


@pytest.mark.parametrize(
    ("day", "fault"),
    [(date(2019, 1, 1), "no_scale"), (timezone.localdate() + timedelta(days=1), "in_future")],
)
def test_a_session_has_a_day_with_a_scale(town: Board, people: dict[str, User], day: date, fault: str) -> None:
    row = submitted(town)
    with pytest.raises(Invalid) as error:
        ocop.save_sheets(by=people["verifier"], assessment_id=row.pk, council="district", assessed_on=day, sheets=THREE)
    assert ("/assessed_on", fault) in codes(error)


def test_sheets_take_the_place_of_those_before_and_a_second_window_is_told(
    town: Board, people: dict[str, User]
) -> None:
    row = submitted(town)
    given: dict[str, Any] = {
        "by": people["verifier"],
        "assessment_id": row.pk,
        "council": "district",
        "assessed_on": MET,
    }
    ocop.save_sheets(**given, sheets=THREE, lock=row.lock)
    with pytest.raises(Stale):
        ocop.save_sheets(**given, sheets=FOUR, lock=row.lock)
    assert [one.member for one in row.sheets.all()] == ["Ông Một", "Bà Hai"]
    ocop.save_sheets(**given, sheets=FOUR)
    assert [one.points_a for one in row.sheets.all()] == [33]


def test_there_are_no_stars_without_a_sheet(town: Board, people: dict[str, User]) -> None:
    row = submitted(town)
    with pytest.raises(Invalid) as error:
        ocop.verify(by=people["verifier"], assessment_id=row.pk)
    assert codes(error) == {("/sheets", "required")}
    row.refresh_from_db()
    assert (row.status, row.stars) == ("submitted", None)


def test_a_requirement_besides_points_leaves_a_product_without_stars(town: Board, people: dict[str, User]) -> None:
    row = submitted(town)
    ocop.save_sheets(by=people["verifier"], assessment_id=row.pk, council="district", assessed_on=MET, sheets=THREE)
    done = ocop.verify(by=people["verifier"], assessment_id=row.pk, disqualified_because="Không có hồ sơ ATTP.")
    assert (done.result, done.stars, done.total) == ("disqualified", None, Decimal("60.8750"))


def test_ninety_points_of_the_province_are_potential_five_stars(town: Board, people: dict[str, User]) -> None:
    row = scored(people, registered(people, town), [SheetTyped("Ông Một", "35", "22", "33")], council="province")
    assert (row.stars, row.result) == (5, "potential")
    ocop.approve(by=people["coordinator"], assessment_id=row.pk)
    with pytest.raises(Invalid) as error:
        ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=DECIDED)
    assert ("/stars", "not_assessed") in codes(error)


def test_a_dossier_sent_back_loses_its_result_and_keeps_its_sheets(town: Board, people: dict[str, User]) -> None:
    row = scored(people, registered(people, town))
    with pytest.raises(Invalid) as error:
        ocop.send_back(by=people["coordinator"], assessment_id=row.pk, reason=" ")
    assert codes(error) == {("/reason", "required")}
    back = ocop.send_back(by=people["coordinator"], assessment_id=row.pk, reason="Thiếu hồ sơ")
    assert (back.status, back.stars, back.total, back.result) == ("returned", None, None, "")
    assert back.sheets.count() == 2
    assert ocop.submit(by=people["officer"], assessment_id=row.pk).returned_because == ""


def test_nobody_approves_what_they_handed_in_or_settled(town: Board, people: dict[str, User]) -> None:
    row = scored(people, registered(people, town))
    for who in ("officer", "verifier", "leader"):
        with pytest.raises(Forbidden):
            ocop.approve(by=people[who], assessment_id=row.pk)
    OcopAssessment.objects.filter(pk=row.pk).update(verified_by=people["coordinator"])
    with pytest.raises(Forbidden):
        ocop.approve(by=people["coordinator"], assessment_id=row.pk)
    assert OcopAssessment.objects.get(pk=row.pk).status == "verified"


def test_a_move_that_comes_second_is_told_the_present_status(town: Board, people: dict[str, User]) -> None:
    row = scored(people, registered(people, town))
    ocop.approve(by=people["coordinator"], assessment_id=row.pk, lock=row.lock)
    with pytest.raises(Stale, match="đã phê duyệt"):
        ocop.approve(by=people["coordinator"], assessment_id=row.pk)
    for again in (ocop.verify, ocop.submit):
        with pytest.raises((Stale, Forbidden)):
            again(by=people["verifier"], assessment_id=row.pk)
    with pytest.raises(Stale):
        ocop.save_sheets(by=people["verifier"], assessment_id=row.pk, council="district", assessed_on=MET, sheets=FOUR)


# --- Recognising ---

DECIDED = Decision(level="district", decision_number="12/QĐ-UBND", decided_on=date(2024, 6, 3), signer="Chủ tịch")


def test_a_decision_is_recorded_with_its_term(town: Board, people: dict[str, User]) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, MET)
    made = ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=DECIDED)
    assert (made.stars, made.expires_on, made.last_day) == (3, date(2027, 6, 4), date(2027, 6, 3))
    event = AuditEvent.objects.get(kind="ocop.recognised")
    assert (event.details["event"], event.details["last_day"]) == ("first", "2027-06-03")


def test_stars_without_an_assessment_are_refused(town: Board, people: dict[str, User]) -> None:
    draft = make_draft(make_product(town.communes[0]))
    with pytest.raises(Invalid) as error:
        ocop.recognise(by=people["coordinator"], assessment_id=draft.pk, decision=replace(DECIDED, stars=4))
    assert codes(error) == {("/stars", "not_assessed")}
    assert not OcopRecognition.records.exists()


def test_a_certificate_without_a_date_is_refused_with_everything_else_that_is_missing(
    town: Board, people: dict[str, User]
) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, MET)
    with pytest.raises(Invalid) as error:
        ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=Decision())
    assert codes(error) == {("/decided_on", "required"), ("/level", "required"), ("/decision_number", "required")}


@pytest.mark.parametrize(
    ("over", "fault"),
    [
        ({"stars": 4}, ("/stars", "other_stars")),
        ({"level": "province"}, ("/level", "not_competent")),
        ({"decided_on": date(2025, 7, 6)}, ("/level", "not_competent")),
        ({"decided_on": date(2024, 5, 5)}, ("/decided_on", "before_assessment")),
        ({"decided_on": timezone.localdate() + timedelta(days=1)}, ("/decided_on", "in_future")),
        ({"decision_number": "x" * 61}, ("/decision_number", "too_long")),
    ],
)
def test_what_the_law_does_not_allow_is_named(
    town: Board, people: dict[str, User], over: dict[str, Any], fault: tuple[str, str]
) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, MET)
    with pytest.raises(Invalid) as error:
        ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=replace(DECIDED, **over))
    assert fault in codes(error)


def test_recording_a_decision_again_is_a_duplicate(town: Board, people: dict[str, User]) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, MET)
    ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=DECIDED)
    with pytest.raises(Invalid) as error:
        ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=DECIDED)
    assert codes(error) == {("/decided_on", "duplicate")}
    assert OcopRecognition.objects.count() == 1


@pytest.mark.parametrize(("stars", "event"), [(3, "renewal"), (4, "upgrade")])
def test_a_second_decision_is_a_renewal_or_an_upgrade(
    town: Board, people: dict[str, User], stars: int, event: str
) -> None:
    product = make_product(town.communes[0])
    make_certificate(product, date(2021, 6, 1), 3)
    row = make_assessment(product, stars, MET)
    level = {3: "district", 4: "province"}[stars]
    ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=replace(DECIDED, level=level))
    assert AuditEvent.objects.get(kind="ocop.recognised").details["event"] == event


def test_a_withdrawal_names_day_number_and_reason(town: Board, people: dict[str, User]) -> None:
    row = make_certificate(make_product(town.communes[0]), date(2024, 6, 3))
    with pytest.raises(Invalid) as error:
        ocop.withdraw(by=people["coordinator"], recognition_id=row.pk, withdrawn_on=None, decision_number="", reason="")
    assert codes(error) == {("/withdrawn_on", "required"), ("/decision_number", "required"), ("/reason", "required")}
    done = ocop.withdraw(
        by=people["coordinator"], recognition_id=row.pk, withdrawn_on=date(2025, 1, 2), decision_number="3/QĐ",
        reason="Ngừng sản xuất",
    )  # fmt: skip
    assert not done.certificate.holds_on(date(2025, 1, 2)) and done.certificate.holds_on(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("decided", "day", "fault"),
    [
        (date(2024, 6, 3), date(2024, 6, 2), "before_decision"),
        (date(2021, 6, 3), date(2024, 6, 4), "expired"),
        (date(2024, 6, 3), timezone.localdate() + timedelta(days=1), "in_future"),
    ],
)
def test_the_day_of_a_withdrawal_lies_within_the_term(
    town: Board, people: dict[str, User], decided: date, day: date, fault: str
) -> None:
    row = make_certificate(make_product(town.communes[0]), decided)
    with pytest.raises(Invalid) as error:
        ocop.withdraw(
            by=people["coordinator"], recognition_id=row.pk, withdrawn_on=day, decision_number="3/QĐ", reason="x"
        )
    assert codes(error) == {("/withdrawn_on", fault)}


def test_a_wrong_record_is_annulled_with_its_reason_and_can_be_recorded_anew(
    town: Board, people: dict[str, User]
) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, MET)
    wrong = ocop.recognise(by=people["coordinator"], assessment_id=row.pk, decision=DECIDED)
    with pytest.raises(Invalid) as error:
        ocop.annul(by=people["coordinator"], recognition_id=wrong.pk, reason="")
    assert codes(error) == {("/reason", "required")}
    ocop.annul(by=people["coordinator"], recognition_id=wrong.pk, reason="Gõ sai ngày")
    assert not OcopRecognition.objects.exists() and OcopRecognition.records.count() == 1
    with pytest.raises(Stale):
        ocop.annul(by=people["coordinator"], recognition_id=wrong.pk, reason="Lần nữa")
    again = ocop.recognise(
        by=people["coordinator"], assessment_id=row.pk, decision=replace(DECIDED, decided_on=date(2024, 6, 10))
    )
    assert again.pk != wrong.pk


def test_only_who_records_recognitions_does(town: Board, people: dict[str, User]) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, MET)
    for who in ("officer", "verifier", "leader"):
        with pytest.raises(Forbidden):
            ocop.recognise(by=people[who], assessment_id=row.pk, decision=DECIDED)
    with pytest.raises(OcopAssessment.DoesNotExist):
        ocop.recognise(by=people["other"], assessment_id=row.pk, decision=DECIDED)
