"""Rows that are numbered and made ready beforehand are stored as they are, and refused as any others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mongcai_portal.common.copying import copy_in, numbered, prepared
from mongcai_portal.common.models import Job, Source

pytestmark = pytest.mark.django_db
ODD = "tab\t, line\n, \\N and \\ and “ngoặc” \r."


def source(code: str, **over: Any) -> Source:
    return Source(**{"code": code, "title": ODD, "url": "", **over})


def test_rows_are_stored_as_they_were_made() -> None:
    rows = numbered([source("a"), source("b", title="")])
    assert not Source.objects.exists()
    with transaction.atomic():
        copy_in(prepared(Source, rows))
    assert [(row.pk, row.code, row.title, row.url) for row in Source.objects.order_by("code")] == [
        (rows[0].pk, "a", ODD, ""), (rows[1].pk, "b", "", ""),
    ]  # fmt: skip


def test_numbers_are_given_once_and_the_next_row_gets_another() -> None:
    first = [row.pk for row in numbered([source("a"), source("b")])]
    second = [row.pk for row in numbered([source("c")])]
    later = Source.objects.create(code="d", title="x")
    assert len({*first, *second, later.pk}) == 4
    copy_in(prepared(Source, numbered([source("e")])))
    assert Source.objects.create(code="f", title="x").pk not in {*first, *second, later.pk}


def test_every_kind_of_column_is_kept() -> None:
    now = timezone.now()
    job = Job(kind="x", asked_at=now, not_before=now, result={"n": [1, "hai\t\\", None]}, cancel_asked=True, total=None)
    copy_in(prepared(Job, numbered([job])))
    kept = Job.objects.get()
    assert (kept.asked_at, kept.result, kept.cancel_asked, kept.total) == (now, {"n": [1, "hai\t\\", None]}, True, None)


def test_rows_without_numbers_get_theirs_from_the_database() -> None:
    copy_in(prepared(Source, [source("a"), source("b")]))
    assert len(set(Source.objects.values_list("pk", flat=True))) == 2


def test_a_row_that_breaks_a_promise_stores_none() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_in(prepared(Source, numbered([source("a"), source("a")])))
    assert not Source.objects.exists()


def test_nothing_is_stored_of_nothing() -> None:
    copy_in(prepared(Source, numbered([])))
    assert not Source.objects.exists()
