"""Answers are kept for who repeats a write, and forgotten when nobody will."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from mongcai_portal.common import idempotency
from mongcai_portal.common.errors import KeyReused
from mongcai_portal.common.idempotency import answer_kept, answer_of, claim, fingerprint, forget, keep
from mongcai_portal.common.jobs import ask, run_next
from mongcai_portal.common.models import KeptAnswer

pytestmark = pytest.mark.django_db
CALL = {"by": SimpleNamespace(pk=7), "operation": "x", "key": "k", "request": fingerprint([1])}


def test_an_answer_that_is_kept_is_given_again():
    assert answer_kept(**CALL) is None
    keep(claim(**CALL), {"created": 1})
    assert answer_kept(**CALL) == answer_of(claim(**CALL)) == {"created": 1}
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("quoted", ["\x00", "\ud800", "“"])
def test_an_answer_may_quote_whatever_was_sent(quoted):
    keep(claim(**CALL), {"pointer": quoted})
    assert answer_kept(**CALL) == {"pointer": quoted}


@pytest.mark.parametrize("ask", [answer_kept, claim])
def test_a_key_of_another_request_is_refused(ask):
    keep(claim(**CALL), {})
    with pytest.raises(KeyReused):
        ask(**CALL | {"request": fingerprint([2])})


@pytest.mark.parametrize("other", [{"by": SimpleNamespace(pk=8)}, {"operation": "y"}, {"key": "K"}])
def test_callers_operations_and_keys_are_apart(other):
    keep(claim(**CALL), {})
    assert answer_kept(**CALL | other) is None


def test_a_request_is_known_by_what_it_says_not_by_how_it_is_written():
    assert fingerprint([{"a": 1, "b": "\ud800"}]) == fingerprint([{"b": "\ud800", "a": 1}])
    assert len({fingerprint(one) for one in ([1, 2], [2, 1], ["1", 2], [True, 2])}) == 4


def test_the_night_forgets_old_answers_and_no_younger_ones():
    for key, age in (("old", idempotency.KEPT_FOR + timedelta(hours=1)), ("young", timedelta(days=6))):
        keep(claim(**CALL | {"key": key}), {})
        KeptAnswer.objects.filter(key=key).update(kept_at=timezone.now() - age)
    ask(kind="remove_unused_files")
    assert run_next()
    assert [row.key for row in KeptAnswer.objects.all()] == ["young"]
    assert forget() == 0
