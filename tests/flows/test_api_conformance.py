"""The API against its own committed schema: whatever is sent, no server error, and answers as the schema says.

Every operation is called with what its schema allows and with what it does not, by a client with every right, over
reports in every status. The calls are the same on every run; each one leaves the data as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
import yaml
from django.conf import settings as portal
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from communes.models import RoleAssignment
from indicators.models import Attainment, Recognition, Report
from indicators.services.evaluation import run_requests
from mongcai_portal.accounts.models import ApiClient
from tests.factories.clients import make_caller
from tests.factories.world import bring_to, make_period, make_report, make_world

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 12
DOCUMENT = yaml.safe_load((portal.BASE_DIR / "docs" / "api" / "openapi.yaml").read_text(encoding="utf-8"))
load_all_checks()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = WSGIHandler()
OPERATIONS = {operation.label: operation for operation in (result.ok() for result in SCHEMA.get_all_operations())}


@contextmanager
def undone() -> Iterator[None]:
    """Leave the data as it was. The application is called in this thread: it must not close the test's connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def town(django_db_setup: Any, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A town with reports in every status, made once; `known` are the keys that exist."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world(communes=3)
        reports = [
            bring_to(world, "approved"),
            bring_to(world, "verified", report=make_report(world, period=make_period("2022"))),
            bring_to(world, "submitted", report=make_report(world, period=make_period("2021"))),
            make_report(world, world.communes[1]),
        ]
        run_requests()
        Recognition.objects.create(
            unit=world.commune,
            level_id=world.criteria_set.level_id,
            decision_number="1/QĐ",
            decided_on=world.period.ends_on,
            provenance="sourced",
            recorded_at=reports[0].created_at,
        )
        caller = make_caller("commune_officer", units=["commune-1", "commune-2"])
        user = ApiClient.objects.get().user
        for role in ("coordinator", "leader", "administrator"):
            RoleAssignment.objects.create(user=user, role=role)
        for office in world.offices.values():
            RoleAssignment.objects.create(user=user, role="sector_verifier", office=office)
        known = {
            "id": [str(row.pk) for row in (*Report.objects.all(), *Attainment.objects.all())],
            "uid": ["commune-1", "pho"],
            "code": ["SMALL", "roads", "ntm_assessed", "ntm.recognised.standard"],
            "unit": ["commune-1", "commune-2", "pho"],
            "period": ["2023", "2022", "2021"],
            "set": ["SMALL"],
            "element": ["roads", "insured", "plan", "houses"],
        }
        yield {"headers": {"Authorization": caller.client.defaults["HTTP_AUTHORIZATION"]}, "known": known}
        transaction.set_rollback(True)


def plant(value: Any, known: dict[str, list[str]], draw: Any) -> Any:
    """Put keys that exist where a body or a query names one: otherwise no call would come past the first check."""
    if isinstance(value, list):
        return [plant(one, known, draw) for one in value]
    if isinstance(value, dict):
        return {
            name: draw(st.sampled_from(known[name]))
            if name in known and isinstance(one, str)
            else plant(one, known, draw)
            for name, one in value.items()
        }
    return value


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_answers_as_the_schema_says(town: dict[str, Any], label: str, mode: GenerationMode) -> None:
    operation = OPERATIONS[label]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def call(case: Any, data: Any) -> None:
        known = town["known"]
        if data.draw(st.integers(0, 3)):
            case.path_parameters = plant(dict(case.path_parameters or {}), known, data.draw)
            case.query = plant(dict(case.query or {}), known, data.draw)
            if isinstance(case.body, dict | list):
                case.body = plant(case.body, known, data.draw)
        with undone():
            answer = case.call(headers=town["headers"])
        # Who asks for some fields gets those, and the schema tells the whole.
        partly = [response_schema_conformance] if "fields" in (case.query or {}) else []
        case.validate_response(answer, checks=CHECKS, excluded_checks=partly)

    call()
