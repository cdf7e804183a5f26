"""The database keeps the promise: a list names its decision, is of a known class, and is never before its decision."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from communes.models import OpeningListContent, OpeningListFile, OpeningListScan
from communes.models.opening_lists import TOLD
from mongcai_portal.common.uploads import CheckedUpload
from tests.factories.files import upload
from tests.factories.opening_lists import DECIDED, ON, make_years
from tests.factories.registers import Registry
from tests.indicators.test_constraints import refused

pytestmark = pytest.mark.django_db


def make_list(registry: Registry, **over: Any) -> OpeningListFile:
    now = timezone.now()
    fields = {
        "name": "a.xlsx", "size": 1, "unit": registry.unit, "effective_year": 2023, "on": ON, "decided_on": DECIDED,
        "decision_number": "45/QĐ-UBND", "decided_by": "Chủ tịch Thử", "status": "ready", "sent_by": "x",
        "sent_at": now, "checked_at": now,
    }  # fmt: skip
    standard = over.pop("standard", None) or make_years()
    return OpeningListFile.objects.create(standard=standard, **{**fields, **over})


@pytest.mark.parametrize(
    ("over", "name"),
    [
        ({"name": ""}, "communes_openinglistfile_named"),
        ({"size": 0}, "communes_openinglistfile_named"),
        ({"decision_number": ""}, "communes_openinglistfile_named"),
        ({"decided_by": ""}, "communes_openinglistfile_named"),
        ({"status": "applied"}, "communes_openinglistfile_"),
        ({"whole": "not_poor"}, "communes_openinglistfile_whole_known"),
        ({"decided_on": date(2022, 12, 21)}, "communes_openinglistfile_decided_before"),
        ({"status": "recorded"}, "communes_openinglistfile_ended_has_its_time"),
        ({"ended_at": timezone.now()}, "communes_openinglistfile_ended_has_its_time"),
    ],
)
def test_a_list_that_breaks_the_promise_is_refused_by_name(registry: Registry, over: dict[str, Any], name: str) -> None:
    assert refused(lambda: make_list(registry, **over), name)


def test_the_same_list_waits_once(registry: Registry) -> None:
    row = make_list(registry, sha256="a")
    for status in ("ready", "faulty"):
        assert refused(
            lambda status=status: make_list(registry, sha256="a", standard=row.standard, status=status),
            "communes_openinglistfile_waits_once",
        )
    make_list(registry, sha256="a", standard=row.standard, status="discarded", ended_at=timezone.now())
    make_list(registry, sha256="b", standard=row.standard)


def test_of_lists_that_waited_twice_before_one_stays(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("communes.migrations.0015_opening_list_once")
    # What the database refuses by now is told apart by one field that is not looked at here.
    monkeypatch.setattr(migration, "TOLD", tuple(name for name in TOLD if name != "sha256"))
    first = make_list(registry, sha256="a")
    scanned, newest = (make_list(registry, sha256=name, standard=first.standard) for name in "bc")
    other = make_list(registry, sha256="a", standard=first.standard, decision_number="46/QĐ-UBND")
    checked = CheckedUpload("a.pdf", "pdf", "application/pdf", 1, "x")
    OpeningListScan.of(upload("quyet-dinh.pdf"), checked, by="x", owner=scanned).save()
    for row in (first, scanned, newest):
        OpeningListContent.objects.create(owner=row, key="k", sealed=b"x")
    migration.keep_one(apps, None)
    assert dict(OpeningListFile.objects.values_list("pk", "status")) == {
        first.pk: "discarded", scanned.pk: "ready", newest.pk: "discarded", other.pk: "ready",
    }  # fmt: skip
    assert [one.owner_id for one in OpeningListContent.objects.all()] == [scanned.pk]


def test_a_list_that_keeps_it_is_stored_and_its_content_names_its_key(registry: Registry) -> None:
    row = make_list(registry)
    make_list(registry, standard=row.standard, status="discarded", ended_at=timezone.now(), decided_on=ON)
    assert refused(
        lambda: OpeningListContent.objects.create(owner=row, key="", sealed=b"x"), "communes_openinglistcontent_keyed"
    )
