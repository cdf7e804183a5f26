"""Evidence: attached all or none, repeated without harm, kept by the revision that showed it."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from PIL import Image

from indicators.models import Evidence, Report, Verdict
from indicators.selectors.evidence import evidence_of
from indicators.services import evidence, reports, verification
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.errors import Forbidden, Invalid, Stale
from mongcai_portal.common.files import remove_unused
from tests.factories import files
from tests.factories.files import upload
from tests.factories.world import World, bring_to, fresh, make_report, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def report(world: World) -> Report:
    return make_report(world)


def attach(world: World, report: Report, *sent: Any, who: str = "officer", element: str = "roads") -> evidence.Attached:
    return evidence.attach(
        by=fresh(world.people[who]), report_id=report.pk, element=element, files=sent or (upload("biên bản.pdf"),)
    )


def remove(world: World, report: Report, row: Evidence, who: str = "officer") -> Evidence | None:
    return evidence.remove(by=fresh(world.people[who]), report_id=report.pk, evidence_id=row.pk)


def faults(world: World, report: Report, *sent: Any, element: str = "roads") -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as error:
        evidence.attach(by=world.people["officer"], report_id=report.pk, element=element, files=sent)
    return [(fault.pointer, fault.code) for fault in error.value.faults]


def names(report: Report, revision: int | None = None) -> list[str]:
    report.refresh_from_db()
    found = evidence_of(report, revision or report.revision)
    return [row.name for rows in found.values() for row in rows]


def on_disk() -> set[Path]:
    return {path for path in (Path(settings.VAR_DIR) / "files").rglob("*") if path.is_file()}


def path_of(row: Evidence) -> Path:
    return Path(settings.VAR_DIR) / "files" / str(row.file.name)


def events(kind: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind=kind))


def test_files_are_stored_with_what_they_are(world: World, report: Report) -> None:
    content = files.pdf_bytes("Biên bản")
    found = attach(world, report, upload("Biên bản nghiệm thu.pdf", content), upload("ảnh.jpg"))
    assert [(row.name, row.media_type) for row in found.added] == [
        ("Biên bản nghiệm thu.pdf", "application/pdf"),
        ("ảnh.jpg", "image/jpeg"),
    ]
    row = Evidence.objects.get(media_type="application/pdf")
    assert (row.since, row.until, row.size, row.stored_by) == (1, None, len(content), "officer")
    assert path_of(row).read_bytes() == content
    assert "Biên" not in str(row.file.name)


def test_a_picture_gets_a_small_upright_one_without_what_the_camera_wrote(world: World, report: Report) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned
    exif[0x010F] = "Camera"
    path = Path(settings.VAR_DIR) / "turned.jpg"
    Image.new("RGB", (800, 400), "teal").save(path, exif=exif)
    [row] = attach(world, report, upload("x.jpg", path.read_bytes())).added
    with Image.open(row.thumbnail.open()) as small:
        assert small.format == "WEBP" and small.height > small.width and small.height <= evidence.THUMBNAIL[1]
        assert not small.getexif()
    [other] = attach(world, report, upload("x.pdf")).added
    assert not other.thumbnail


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_pictures_of_every_mode_are_taken(world: World, report: Report, mode: str) -> None:
    stream = BytesIO()
    Image.new(mode, (300, 200)).save(stream, "JPEG" if mode == "CMYK" else "PNG")
    name = "a.jpg" if mode == "CMYK" else "a.png"
    [row] = attach(world, report, upload(name, stream.getvalue())).added
    assert row.thumbnail


def test_sending_the_same_file_again_changes_nothing(world: World, report: Report) -> None:
    first = attach(world, report, upload("a.pdf", files.pdf_bytes("A")))
    disk = on_disk()
    again = attach(world, report, upload("tên khác.pdf", files.pdf_bytes("A")))
    assert (again.added, again.known) == ((), first.added)
    assert names(report) == ["a.pdf"]
    assert on_disk() == disk
    assert len(events("evidence.attached")) == 1


def test_the_same_file_twice_in_one_request_is_stored_once(world: World, report: Report) -> None:
    attach(world, report, upload("a.pdf", files.pdf_bytes("A")), upload("b.pdf", files.pdf_bytes("A")))
    assert names(report) == ["a.pdf"]


def test_the_same_file_may_stand_beside_two_values(world: World, report: Report) -> None:
    for element in ("roads", "plan"):
        attach(world, report, upload("a.pdf", files.pdf_bytes("A")), element=element)
    assert names(report) == ["a.pdf", "a.pdf"]


def test_with_one_bad_file_none_is_stored_and_every_fault_is_named(world: World, report: Report, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 20_000
    disk = on_disk()
    sent = [
        upload("tốt.pdf"),
        upload("giả.pdf", files.EXE),
        upload("trang.png", files.HTML),
        upload("hình.svg", files.SVG),
        upload("đứt.pdf", files.pdf_bytes()[:200]),
        upload("rỗng.pdf", b""),
        upload("nặng.pdf", files.pdf_bytes(pages=400)),
    ]
    assert faults(world, report, *sent) == [
        ("/files/1", "type_mismatch"),
        ("/files/2", "type_mismatch"),
        ("/files/3", "type_not_allowed"),
        ("/files/4", "type_mismatch"),
        ("/files/5", "empty"),
        ("/files/6", "too_large"),
    ]
    assert names(report) == []
    assert on_disk() == disk
    assert events("evidence.attached") == []


def test_a_bomb_is_named_and_nothing_is_stored(world: World, report: Report) -> None:
    assert faults(world, report, upload("bom.docx", files.zip_bomb())) == [("/files/0", "too_large")]
    assert faults(world, report, upload("bom.png", files.picture_bomb())) == [("/files/0", "too_large")]
    assert names(report) == []


def test_nothing_chosen_and_an_unknown_value_are_named(world: World, report: Report) -> None:
    assert faults(world, report) == [("/files", "missing")]
    assert faults(world, report, upload("a.pdf"), element="no_such") == [("/no_such", "unknown_element")]


def test_a_value_has_so_many_files_and_no_more(world: World, report: Report, settings: Any) -> None:
    settings.EVIDENCE_MAX_FILES = 2
    many = [upload(f"{n}.pdf", files.pdf_bytes(str(n))) for n in range(3)]
    assert faults(world, report, *many) == [("/files", "too_many")]
    attach(world, report, *many[:2])
    disk = on_disk()
    assert faults(world, report, many[2]) == [("/files", "too_many")]
    assert (names(report), on_disk()) == (["0.pdf", "1.pdf"], disk)
    assert len(attach(world, report, upload("0.pdf", files.pdf_bytes("0"))).known) == 1  # it has no need of room


def test_others_may_not_attach_or_remove(world: World, report: Report) -> None:
    [row] = attach(world, report).added
    for who, refusal in (("other_officer", Report.DoesNotExist), ("verifier_a", Forbidden), ("coordinator", Forbidden)):
        with pytest.raises(refusal):
            attach(world, report, who=who)
        with pytest.raises(refusal):
            remove(world, report, row, who=who)
    assert names(report) == ["biên bản.pdf"]


@pytest.mark.parametrize("status", ["submitted", "verified", "approved"])
def test_nothing_changes_once_the_report_was_submitted(world: World, report: Report, status: str) -> None:
    [row] = attach(world, report).added
    bring_to(world, status, report=report)
    disk = on_disk()
    for change in (lambda: attach(world, report, upload("b.pdf")), lambda: remove(world, report, row)):
        with pytest.raises(Stale, match="Chưa có gì thay đổi"):
            change()
    assert (names(report), on_disk()) == (["biên bản.pdf"], disk)


def test_removing_deletes_row_and_files_after_the_commit(
    world: World, report: Report, django_capture_on_commit_callbacks: Any
) -> None:
    disk = on_disk()
    [row] = attach(world, report, upload("a.png")).added
    path = path_of(row)
    with django_capture_on_commit_callbacks() as after:
        assert remove(world, report, row) is not None
    assert path.exists()  # the transaction could still fail
    for callback in after:
        callback()
    assert on_disk() == disk
    assert remove(world, report, row) is None  # a second window
    assert [event.details["files"][0]["name"] for event in events("evidence.removed")] == ["a.png"]


def test_a_file_of_another_report_cannot_be_removed_through_ones_own(world: World, report: Report) -> None:
    other = make_report(world, unit=world.communes[1])
    [row] = attach(world, other, who="other_officer").added
    assert remove(world, report, row) is None
    assert names(other) == ["biên bản.pdf"]


def test_a_transaction_that_fails_leaves_no_row_and_its_file_to_the_sweep(world: World, report: Report) -> None:
    remove_unused()
    disk = on_disk()
    with pytest.raises(RuntimeError), transaction.atomic():
        attach(world, report)
        raise RuntimeError
    assert names(report) == []
    [left] = on_disk() - disk
    assert remove_unused() == 0  # it could belong to a transaction that is still open
    os.utime(left, (1, 1))
    assert remove_unused() == 1
    assert on_disk() == disk


def test_the_sweep_keeps_files_and_small_pictures_that_rows_name(world: World, report: Report) -> None:
    [row] = attach(world, report, upload("a.png")).added
    for name in (row.file.name, row.thumbnail.name):
        os.utime(Path(settings.VAR_DIR) / "files" / str(name), (1, 1))
    remove_unused()
    assert row.file.storage.exists(row.file.name) and row.file.storage.exists(row.thumbnail.name)


def reopened(world: World, report: Report) -> Report:
    bring_to(world, "approved", report=report)
    return reports.reopen(by=world.people["coordinator"], report_id=report.pk, reason="Số liệu sai")


def test_a_reopened_report_goes_on_with_the_files_of_the_approved_one(world: World, report: Report) -> None:
    attach(world, report)
    reopened(world, report)
    assert names(report, 2) == names(report, 1) == ["biên bản.pdf"]
    assert Evidence.objects.count() == 1


def test_taking_a_file_from_the_new_revision_leaves_the_approved_one_as_it_was(world: World, report: Report) -> None:
    [row] = attach(world, report).added
    reopened(world, report)
    remove(world, report, row)
    attach(world, report, upload("mới.pdf", files.pdf_bytes("Mới")))
    assert (names(report, 1), names(report, 2)) == (["biên bản.pdf"], ["mới.pdf"])
    assert path_of(row).exists()


def test_a_file_taken_away_and_put_back_in_one_revision_is_the_same_row(world: World, report: Report) -> None:
    [row] = attach(world, report, upload("a.pdf", files.pdf_bytes("A"))).added
    reopened(world, report)
    remove(world, report, row)
    [back] = attach(world, report, upload("a.pdf", files.pdf_bytes("A"))).added
    assert back.pk == row.pk
    assert (names(report, 1), names(report, 2)) == (["a.pdf"], ["a.pdf"])


def test_a_file_put_back_in_a_later_revision_does_not_return_to_the_one_without_it(
    world: World, report: Report
) -> None:
    [row] = attach(world, report, upload("a.pdf", files.pdf_bytes("A"))).added
    reopened(world, report)
    remove(world, report, row)
    report.refresh_from_db()
    reopened(world, report)
    attach(world, report, upload("a.pdf", files.pdf_bytes("A")))
    assert [names(report, n) for n in (1, 2, 3)] == [["a.pdf"], [], ["a.pdf"]]


def test_evidence_of_a_verified_value_that_changes_is_looked_at_again(world: World, report: Report) -> None:
    bring_to(world, "submitted", report=report)
    by = world.people["verifier_all"]
    verification.verify(by=by, report_id=report.pk, elements=["roads"])
    verification.send_back(by=by, report_id=report.pk, returns={"plan": "Thiếu quyết định"})
    attach(world, report, element="plan")
    assert Verdict.objects.get(report=report, element__code="roads").state == "verified"
    [row] = attach(world, report).added
    assert Verdict.objects.get(report=report, element__code="roads").state == "open"
    verification.verify(by=fresh(by), report_id=report.pk, elements=["roads"])
    remove(world, report, row)
    assert Verdict.objects.get(report=report, element__code="roads").state == "open"


def test_the_audit_trail_tells_which_files(world: World, report: Report) -> None:
    attach(world, report, upload("a.pdf"))
    [event] = events("evidence.attached")
    assert (event.object_id, event.unit_uid, event.actor_name) == (str(report.pk), world.commune.uid, "officer")
    assert event.details["element"] == "roads"
    assert [set(file) for file in event.details["files"]] == [{"name", "size", "sha256"}]
