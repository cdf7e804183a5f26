"""The API against its own committed schema: whatever is sent, no server error, and answers as the schema says.

Every operation is called with what its schema allows and with what it does not, by a client with every right, in
a town that has one of everything (`api_town`). Conditional writes come with the present tag as well as with others, so
that they do write. The calls are the same on every run; each one leaves the data as it was.
"""

from __future__ import annotations

import copy
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

from tests.flows.api_town import RIGHT, Right, Town, kind_of, make_town

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 8
TEXT = (portal.BASE_DIR / "docs" / "api" / "openapi.yaml").read_text(encoding="utf-8")
DOCUMENT = yaml.load(TEXT, Loader=yaml.CSafeLoader)  # noqa: S506 (the safe one, in C)
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
def town(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Town]:
    """The town, made once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_town()
        transaction.set_rollback(True)


def right_of(label: str) -> Right:
    """Return the right call of an operation; a list answers without a question."""
    return RIGHT.get(label.replace("/api/v1/", ""), Right())


def put_right(case: Any, label: str, town: Town) -> None:
    """Make a case the right call of its operation, with the tag of what was read where one is asked for."""
    right = right_of(label)
    kind = kind_of(case.path)
    number = {"id": town.ids[kind][right.which]} if right.which else {}
    case.path_parameters = {**right.path, **number}
    case.query, case.headers = dict(right.query), dict(right.headers)
    if right.body is not None:
        case.body, case.media_type = copy.deepcopy(right.body), "application/json"
    say_tag(case, town)


def say_tag(case: Any, town: Town) -> None:
    """Say the present tag of the object that a conditional write is of."""
    key = kind_of(case.path), str((case.path_parameters or {}).get("id"))
    if case.operation.headers.get("If-Match") and key in town.tags:
        case.headers = {**(case.headers or {}), "If-Match": town.tags[key]}


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


def mix(right: Any, drawn: Any, draw: Any) -> Any:
    """Put some of what was drawn into what is right, member by member: one wrong member alone shows what it does."""
    if isinstance(right, dict) and isinstance(drawn, dict):
        taken = {name: one for name, one in drawn.items() if not draw(st.integers(0, 2))}
        return {**right, **taken}
    if isinstance(right, list) and isinstance(drawn, list) and right and drawn:
        return [*(mix(right[0], one, draw) for one in drawn[:3]), *right[1:]]
    return right


def test_the_right_calls_are_of_operations_that_exist() -> None:
    assert {label.replace("/api/v1/", "") for label in OPERATIONS} >= set(RIGHT)


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_operation_is_answered_when_it_is_asked_rightly(town: Town, label: str) -> None:
    case = OPERATIONS[label].Case()
    put_right(case, label, town)
    with undone():
        answer = case.call(headers=town.headers)
    assert answer.status_code < 300, answer.text
    case.validate_response(answer, checks=CHECKS)


@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_answers_as_the_schema_says(town: Town, label: str, mode: GenerationMode) -> None:
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
        known, draw = town.known_to(operation.path), data.draw
        how = draw(st.sampled_from(("nearly right", "planted", "planted and seen", "as drawn")))
        if how == "nearly right":
            drawn = dict(case.query or {}), case.body
            put_right(case, label, town)
            case.query = mix(case.query, plant(drawn[0], known, draw), draw)
            if right_of(label).body is not None:
                case.body = mix(case.body, drawn[1], draw)
        elif how != "as drawn":
            case.path_parameters = plant(dict(case.path_parameters or {}), known, draw)
            case.query = plant(dict(case.query or {}), known, draw)
            if isinstance(case.body, dict | list):
                case.body = plant(case.body, known, draw)
        if how == "planted and seen":
            say_tag(case, town)
        with undone():
            answer = case.call(headers=town.headers)
        # Who asks for some fields gets those, and the schema tells the whole.
        partly = [response_schema_conformance] if "fields" in (case.query or {}) else []
        case.validate_response(answer, checks=CHECKS, excluded_checks=partly)

    call()
