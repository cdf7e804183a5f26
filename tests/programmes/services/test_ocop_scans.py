"""The paper of an OCOP recognition: sent with it or later, checked by its content, kept once, told, never swept."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from communes.scope import scope_of
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.files import UNUSED_AFTER, remove_unused
from programmes.models import OcopDecisionScan, OcopRecognition
from programmes.selectors.ocop_pages import product_page, scan_seen
from programmes.services.ocop import Decision, annul, attach_scan, recognise, withdraw
from tests.factories import files
from tests.factories.board import Board, board, person
from tests.factories.files import upload
from tests.factories.ocop import make_assessment, make_certificate, make_product

pytestmark = pytest.mark.django_db

DECIDED = Decision(level="district", decision_number="12/QĐ-UBND", decided_on=date(2024, 6, 3))


@pytest.fixture
def town() -> Board:
    return board(2)


@pytest.fixture
def coordinator(town: Board) -> Any:
    return person("dieu-phoi", "coordinator")


@pytest.fixture
def recognition(town: Board) -> OcopRecognition:
    return make_certificate(make_product(town.communes[0], "Ghẹ lột"), date(2023, 6, 1))


def faults(error: Any) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in error.value.faults]


def test_a_decision_is_recorded_with_its_paper_and_the_event_has_its_digest(town: Board, coordinator: Any) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, date(2024, 5, 6))
    made = recognise(by=coordinator, assessment_id=row.pk, decision=DECIDED, scan=upload("QĐ 12.pdf"))
    scan = OcopDecisionScan.objects.get(recognition=made)
    assert (scan.name, scan.media_type, scan.stored_by) == ("QĐ 12.pdf", "application/pdf", str(coordinator))
    assert scan.file.storage.exists(scan.file.name)
    told = AuditEvent.objects.get(kind="ocop.recognised").details["files"]
    assert told == [{"name": "QĐ 12.pdf", "size": scan.size, "sha256": scan.sha256}]


def test_a_decision_needs_no_paper(town: Board, coordinator: Any) -> None:
    row = make_assessment(make_product(town.communes[0]), 3, date(2024, 5, 6))
    made = recognise(by=coordinator, assessment_id=row.pk, decision=DECIDED)
    assert not OcopDecisionScan.objects.exists()
    page = product_page(scope_of(coordinator), made.product_id, date(2024, 12, 31))
    assert page.recognitions[0].scan is None


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (lambda: upload("12.pdf", files.EXE), "type_mismatch"),
        (lambda: upload("12.docx"), "type_not_allowed"),
        (lambda: upload("12.pdf", files.pdf_bytes(password="x")), "protected"),
        (lambda: upload("12.pdf", b""), "empty"),
    ],
)
def test_a_paper_that_is_refused_is_named_with_everything_else_and_nothing_is_stored(
    town: Board, coordinator: Any, recognition: OcopRecognition, file: Any, code: str
) -> None:
    row = make_assessment(make_product(town.communes[0], "Khoai"), 3, date(2024, 5, 6))
    with pytest.raises(Invalid) as error:
        recognise(by=coordinator, assessment_id=row.pk, decision=Decision(level="district"), scan=file())
    assert {("/scan", code), ("/decided_on", "required"), ("/decision_number", "required")} == set(faults(error))
    with pytest.raises(Invalid) as error:
        attach_scan(by=coordinator, recognition_id=recognition.pk, scan=file())
    assert faults(error) == [("/scan", code)]
    assert OcopRecognition.objects.count() == 1 and not OcopDecisionScan.objects.exists()
    assert not AuditEvent.objects.filter(kind__in=["ocop.recognised", "ocop_scan.added"]).exists()


def test_a_paper_is_added_later_once(coordinator: Any, recognition: OcopRecognition) -> None:
    with pytest.raises(Invalid) as error:
        attach_scan(by=coordinator, recognition_id=recognition.pk, scan=None)
    assert faults(error) == [("/scan", "missing")]
    made = attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("a.pdf"))
    event = AuditEvent.objects.get(kind="ocop_scan.added")
    assert (event.object_type, event.object_id) == ("ocop_product", str(recognition.product_id))
    assert event.details["recognition"] == recognition.pk and event.details["files"][0]["sha256"] == made.sha256
    with pytest.raises(Invalid) as error:
        attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("b.png"))
    assert faults(error) == [("/scan", "there")]
    assert OcopDecisionScan.objects.get() == made and AuditEvent.objects.filter(kind="ocop_scan.added").count() == 1


def test_of_two_windows_the_second_is_told_that_a_paper_is_there(
    coordinator: Any, recognition: OcopRecognition, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("a.pdf"))
    monkeypatch.setattr(type(OcopDecisionScan.objects.all()), "exists", lambda self: False)  # it had looked before
    with pytest.raises(Invalid) as error:
        attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("b.pdf"))
    assert faults(error) == [("/scan", "there")]
    assert OcopDecisionScan.objects.get().name == "a.pdf"


def test_a_withdrawn_recognition_takes_its_paper_and_an_annulled_one_none(
    town: Board, coordinator: Any, recognition: OcopRecognition
) -> None:
    withdraw(
        by=coordinator, recognition_id=recognition.pk, withdrawn_on=date(2024, 1, 2), decision_number="3/QĐ", reason="x"
    )
    assert attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("a.pdf")).pk
    wrong = make_certificate(make_product(town.communes[0], "Khoai"), date(2023, 6, 1))
    annul(by=coordinator, recognition_id=wrong.pk, reason="Gõ nhầm")
    with pytest.raises(Stale):
        attach_scan(by=coordinator, recognition_id=wrong.pk, scan=upload("b.pdf"))


def test_the_paper_of_an_annulled_record_stays_readable_through_the_nightly_sweep(
    coordinator: Any, recognition: OcopRecognition
) -> None:
    scan = attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("a.pdf"))
    annul(by=coordinator, recognition_id=recognition.pk, reason="Gõ nhầm")
    path = Path(settings.VAR_DIR) / "files" / scan.file.name
    before = time.time() - UNUSED_AFTER.total_seconds() - 60
    os.utime(path, (before, before))
    remove_unused()
    assert path.exists() and scan_seen(scope_of(coordinator), recognition.pk) == scan
    page = product_page(scope_of(coordinator), recognition.product_id, date(2024, 12, 31))
    assert [(one.state, one.scan) for one in page.recognitions] == [("annulled", scan)]


@pytest.mark.parametrize("who", ["leader", "administrator", "commune_officer"])
def test_only_who_records_recognitions_adds_a_paper(town: Board, recognition: OcopRecognition, who: str) -> None:
    unit = town.communes[0] if who == "commune_officer" else None
    with pytest.raises(Forbidden):
        attach_scan(by=person("nguoi", who, unit=unit), recognition_id=recognition.pk, scan=upload("a.pdf"))
    assert not OcopDecisionScan.objects.exists()


def test_a_paper_is_seen_by_who_sees_the_product(town: Board, coordinator: Any, recognition: OcopRecognition) -> None:
    scan = attach_scan(by=coordinator, recognition_id=recognition.pk, scan=upload("a.pdf"))
    own, other = (person(f"can-bo-{n}", "commune_officer", unit=town.communes[n]) for n in (0, 1))
    assert scan_seen(scope_of(own), recognition.pk) == scan
    with pytest.raises(OcopDecisionScan.DoesNotExist):
        scan_seen(scope_of(other), recognition.pk)
    with pytest.raises(OcopRecognition.DoesNotExist):
        attach_scan(by=other, recognition_id=recognition.pk, scan=upload("b.pdf"))
