"""`documents/`: what other systems read of period reports."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from programmes.models import PeriodReport
from tests.factories.board import Board, person
from tests.factories.clients import make_caller
from tests.factories.documents import make_period_report
from tests.programmes.conftest import BACKEND
from tests.programmes.views.test_documents import content_of

pytestmark = pytest.mark.django_db
PATH = "/api/v1/documents/"


def test_the_list_has_published_reports_with_the_digest_of_their_file(
    document_reader: Client,
    published_report: PeriodReport,
    document_town: Board,
) -> None:
    make_period_report(document_town.town)
    rows = document_reader.get(PATH).json()["results"]
    assert [(row["id"], row["status"], row["area"], row["sha256"]) for row in rows] == [
        (published_report.pk, "published", "mong-cai", published_report.document.sha256)
    ]
    assert rows[0]["file_url"] == f"{PATH}{published_report.pk}/file/" and rows[0]["since"] == "2021-01-01"


def test_one_report_states_its_figures_as_they_were_published(
    document_reader: Client,
    published_report: PeriodReport,
    document_town: Board,
) -> None:
    document_town.recognise(document_town.communes[3], "standard", date(2023, 6, 1))
    answer = document_reader.get(f"{PATH}{published_report.pk}/")
    found = {row["key"]: row["text"] for row in answer.json()["figures"]}
    assert found["ntm.recognised.standard"] == "03/05 xã (đạt 60,0%)"
    other = make_caller("leader").client
    english = other.get(f"{PATH}{published_report.pk}/", headers={"Accept-Language": "en"}).json()["figures"]
    assert {row["key"]: row["text"] for row in english}["ntm.recognised.standard"] == "03/05 communes (60.0%)"
    assert (
        document_reader.get(f"{PATH}{published_report.pk}/", headers={"If-None-Match": answer["ETag"]}).status_code
        == 304
    )


def test_the_file_is_the_one_that_was_kept(document_reader: Client, published_report: PeriodReport) -> None:
    published_report.document.file.open()
    assert (
        content_of(document_reader.get(f"{PATH}{published_report.pk}/file/")) == published_report.document.file.read()
    )


def test_filters_narrow_and_an_unknown_one_is_named(
    document_reader: Client,
    published_report: PeriodReport,
    document_town: Board,
) -> None:
    make_period_report(document_town.communes[0], "published")
    assert len(document_reader.get(PATH).json()["results"]) == 2
    assert [row["area"] for row in document_reader.get(f"{PATH}?area=xa-1").json()["results"]] == ["xa-1"]
    assert document_reader.get(f"{PATH}?area=nowhere").status_code == 400
    assert document_reader.get(f"{PATH}?colour=red").status_code == 400


def test_a_report_of_another_area_and_a_draft_do_not_exist(document_town: Board) -> None:
    client = Client()
    client.force_login(person("canbo", "commune_officer", unit=document_town.communes[0]), backend=BACKEND)
    own = make_period_report(document_town.communes[0], "published")
    hidden = [
        make_period_report(document_town.town, "published"),
        make_period_report(document_town.communes[0]),
        make_period_report(document_town.communes[1], "published"),
        make_period_report(document_town.communes[0], "withdrawn"),
    ]
    assert [row["id"] for row in client.get(PATH).json()["results"]] == [own.pk]
    for one in hidden:
        assert client.get(f"{PATH}{one.pk}/").status_code == 404
        assert client.get(f"{PATH}{one.pk}/file/").status_code == 404
