"""The same list sent again while it waits: one list, and its scan is kept."""

from __future__ import annotations

from typing import Any

import pytest

from communes.models import OpeningListContent, OpeningListFile, OpeningListScan
from communes.services.opening_lists import scans, send_list, staging
from mongcai_portal.audit.models import AuditEvent
from tests.factories.files import pdf_bytes, upload
from tests.factories.households import make_household
from tests.factories.opening_lists import file_of, given, make_years
from tests.factories.registers import Registry

pytestmark = pytest.mark.django_db

POOR = ("H1", "Chủ Hộ Một", "Thôn Một", "Hộ nghèo")


@pytest.fixture(autouse=True)
def register(registry: Registry) -> None:
    make_household(registry.village, "H1", "Chủ Hộ Một")
    make_years()


def test_a_scan_that_comes_with_the_same_list_again_is_kept(registry: Registry) -> None:
    file = file_of(POOR).read()

    def send(scan: str | None) -> OpeningListFile:
        paper = None if scan is None else upload("quyet-dinh.pdf", pdf_bytes(scan))
        return send_list(by=registry.officer, given=given(), file=upload("a.xlsx", file), scan=paper)

    row = send(None)
    assert not OpeningListScan.objects.exists()
    for scan, events in (("Trang một", 1), ("Trang một", 1), (None, 1), ("Trang khác", 2)):
        assert send(scan).pk == row.pk
        told = AuditEvent.objects.filter(kind="opening_list.scanned").order_by("pk")
        kept = OpeningListScan.objects.get(owner=row)
        assert told.count() == events and told[events - 1].details["sha256"] == kept.sha256
    assert told[1].details["replaced"] == told[0].details["sha256"] != kept.sha256
    assert kept.file.read() == pdf_bytes("Trang khác")
    assert AuditEvent.objects.filter(kind="opening_list.checked").count() == 1


def test_a_scan_whose_event_cannot_be_told_is_not_kept(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> None:
        raise RuntimeError("the log is full")

    file = file_of(POOR).read()
    send_list(by=registry.officer, given=given(), file=upload("a.xlsx", file))
    monkeypatch.setattr(scans, "tell", fails)
    with pytest.raises(RuntimeError):
        send_list(by=registry.officer, given=given(), file=upload("a.xlsx", file), scan=upload("quyet-dinh.pdf"))
    assert not OpeningListScan.objects.exists()


def test_the_second_press_of_a_double_click_gets_the_list_of_the_first(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(POOR).read()

    def send(scan: str | None = None) -> OpeningListFile:
        paper = upload(scan) if scan else None
        return send_list(by=registry.officer, given=given(), file=upload("a.xlsx", file), scan=paper)

    read = staging.check
    first: list[OpeningListFile] = []

    def slow(*args: Any, **more: Any) -> Any:
        # While this press reads its file, the other one stores the same list.
        monkeypatch.setattr(staging, "check", read)
        first.append(send())
        return read(*args, **more)

    monkeypatch.setattr(staging, "check", slow)
    second = send("quyet-dinh.pdf")
    assert first[0].pk == second.pk == OpeningListFile.objects.get().pk
    assert OpeningListContent.objects.count() == 1 and OpeningListScan.objects.get().owner == second
