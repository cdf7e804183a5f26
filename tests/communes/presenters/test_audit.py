"""The words of the log."""

from __future__ import annotations

import pytest
from django.utils import translation

from communes.presenters import audit


def test_words_are_those_of_the_readers_language_whoever_read_before() -> None:
    with translation.override("vi"):
        assert (audit.field_label("reason"), audit.object_label("household")) == ("lý do", "hộ")
    with translation.override("en"):
        assert (audit.field_label("reason"), audit.object_label("household")) == ("reason", "household")
        assert (audit.value_label("met"), audit.field_label("no such")) == ("met", "no such")


def test_a_thousand_lines_are_not_translated_word_by_word(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(audit, "_", lambda text: asked.append(text) or text)
    for table in (audit._object_labels, audit._field_labels, audit._value_labels):
        table.cache_clear()
    try:
        lines = [line for _ in range(1000) for line in audit.flat({"reason": "x", "after": {"outcome": "met"}})]
        assert len(lines) == 2000
        assert 0 < len(asked) < 400
    finally:
        for table in (audit._object_labels, audit._field_labels, audit._value_labels):
            table.cache_clear()
