"""Scans of decisions: checked, kept between the two steps, and cleared when nobody entered a norm from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from indicators.models import NormDocument
from indicators.services import norm_documents
from indicators.services.norm_documents import keep_scan, usable_document
from mongcai_portal.common.errors import Forbidden, Invalid
from mongcai_portal.common.files import discard
from tests.factories.files import EXE, HTML, pdf_bytes, upload
from tests.factories.norms import coordinator, enter, scan
from tests.factories.world import World, fresh, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("qd.exe", EXE, "type_not_allowed"),
        ("qd.docx", None, "type_not_allowed"),
        ("qd.pdf", EXE, "type_mismatch"),
        ("qd.png", HTML, "type_mismatch"),
        ("qd.pdf", pdf_bytes()[:-200], "type_mismatch"),
        ("qd.pdf", b"", "empty"),
    ],
)
def test_only_a_real_pdf_or_picture_is_kept(world: World, name: str, content: bytes | None, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        keep_scan(by=coordinator(world), file=upload(name, content))
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/scan", code)]
    assert not NormDocument.objects.exists()


@pytest.mark.parametrize("name", ["qd.pdf", "qd.png", "qd.jpg", "qd.webp"])
def test_pdf_and_pictures_are_kept_with_who_sent_them(world: World, name: str) -> None:
    kept = keep_scan(by=coordinator(world), file=upload(name))
    assert (kept.name, kept.stored_by, kept.stored_by_id) == (name, "coordinator", world.people["coordinator"].pk)


def test_nobody_else_may_send_one(world: World) -> None:
    with pytest.raises(Forbidden):
        keep_scan(by=fresh(world.people["leader"]), file=upload("qd.pdf"))


def test_the_same_scan_of_the_same_person_is_kept_once(world: World) -> None:
    content = pdf_bytes("QĐ 12")
    first, again = (keep_scan(by=coordinator(world), file=upload("qd.pdf", content)) for _time in range(2))
    assert first.pk == again.pk
    other = make_person("second", "coordinator")
    assert keep_scan(by=other, file=upload("qd.pdf", content)).pk != first.pk


def test_a_scan_that_was_left_behind_is_cleared_with_the_next_one(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    used, left = enter(world, "1.2").entry.document, keep_scan(by=coordinator(world), file=upload("cu.png"))
    path = left.file.path
    NormDocument.objects.update(stored_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        new = keep_scan(by=coordinator(world), file=upload("moi.jpg"))
    assert set(NormDocument.objects.values_list("pk", flat=True)) == {used.pk, new.pk}
    assert not left.file.storage.exists(path)


@pytest.mark.parametrize("error", [None, IntegrityError])
def test_a_scan_that_a_norm_is_entered_from_while_it_is_cleared_stays(
    world: World, monkeypatch: pytest.MonkeyPatch, error: type[Exception] | None
) -> None:
    left = keep_scan(by=coordinator(world), file=upload("cu.png"))
    NormDocument.objects.update(stored_at=timezone.now() - timedelta(days=2))

    def enter_first(stored: NormDocument) -> None:
        enter(world, "1.2", document=stored.pk)
        if error:
            raise error  # as PostgreSQL does when the other window commits between the look and the deletion
        discard(stored)

    monkeypatch.setattr(norm_documents, "discard", enter_first)
    new = keep_scan(by=coordinator(world), file=upload("moi.jpg"))
    assert set(NormDocument.objects.values_list("pk", flat=True)) == {left.pk, new.pk}
    assert left.file.storage.exists(left.file.name)


def test_a_scan_in_use_is_for_all_coordinators_and_an_unused_one_for_its_sender(world: World) -> None:
    other = make_person("second", "coordinator")
    kept = scan(world)
    assert usable_document(by=coordinator(world), document_id=kept.pk) == kept
    assert usable_document(by=other, document_id=kept.pk) is None
    enter(world, "1.2", document=kept.pk)
    assert usable_document(by=other, document_id=kept.pk) == kept
    assert usable_document(by=other, document_id=None) is usable_document(by=other, document_id=404404) is None
