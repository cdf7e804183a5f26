"""A town with figures that a period report is made of, who writes reports and who reads them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from programmes.models import PeriodReport
from programmes.services.documents import Asked, draft, publish
from tests.factories.board import Board, board, person
from tests.factories.documents import SINCE, UNTIL

BACKEND = "mongcai_portal.accounts.backends.PasswordBackend"
WHOLE = Asked("mong-cai", SINCE, UNTIL)


@pytest.fixture
def document_town(db: None) -> Board:
    """Five communes, all with figures of 2023, three of them recognised."""
    town = board()
    town.report(town.communes[:4], "2023", {"standard": "met"})
    town.report(town.communes[4:], "2023", {"standard": "not_met"})
    for unit in town.communes[:3]:
        town.recognise(unit, "standard", date(2022, 5, 1))
    town.observe("income.rural.per_capita", UNTIL, "76.611", source="review")
    return town


@pytest.fixture
def document_writer(document_town: Board) -> Any:
    return person("dieuphoi", "coordinator")


@pytest.fixture
def draft_report(document_writer: Any) -> PeriodReport:
    return draft(by=document_writer, asked=WHOLE)


@pytest.fixture
def published_report(document_writer: Any, draft_report: PeriodReport) -> PeriodReport:
    return publish(by=document_writer, report_id=draft_report.pk, lock=1)


@pytest.fixture
def window(client: Client, document_writer: Any) -> Client:
    """The writer's."""
    client.force_login(document_writer, backend=BACKEND)
    return client


@pytest.fixture
def document_reader(document_town: Board) -> Client:
    """The window of a leader."""
    client = Client()
    client.force_login(person("lanhdao", "leader"), backend=BACKEND)
    return client
