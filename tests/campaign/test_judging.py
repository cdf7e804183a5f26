"""The campaign's judgement: what it must notice, it notices."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import requests

from tests.bench.figures import conclude
from tests.campaign import judge, servers
from tests.campaign.__main__ import legs
from tests.campaign.injector import TIMES, Injector
from tests.campaign.ledger import Ledger, in_words

CELL = (7, "roads", "")


def answer(status: int, text: str, *, kind: str = "text/html", ours: bool = True) -> requests.Response:
    made = requests.Response()
    made.status_code, made._content, made.encoding = status, text.encode(), "utf-8"
    made.headers["Content-Type"] = kind
    if ours:
        made.headers["X-Request-ID"] = "a" * 32
    return made


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (answer(503, "<h1>Cơ sở dữ liệu đang tạm ngừng</h1>"), True),
        (answer(507, '<div data-error="storage_full">Máy chủ hết chỗ lưu</div>'), True),
        (answer(503, '{"title": "Tạm ngừng", "detail": "…"}', kind="application/problem+json"), True),
        (answer(500, ""), False),
        (answer(500, "<h1>Lỗi</h1>Traceback (most recent call last)"), False),
        (answer(500, "<h1>Internal Server Error</h1>", ours=False), False),
        (answer(500, "{}", kind="application/json"), False),
        (answer(500, "{", kind="application/json"), False),
    ],
)
def test_only_the_portals_own_words_count_as_words(given: requests.Response, words: bool) -> None:
    assert in_words(given) is words


def test_a_cut_line_is_explained_by_a_killed_web_process_only() -> None:
    ledger = Ledger(cut=[(1.0, 2.0, "before"), (4.0, 5.5, "into"), (6.0, 6.5, "within"), (9.0, 9.5, "after")])
    ledger.down = [(5.0, 8.0)]
    assert ledger.unexplained() == ["before", "after"]


class Town:
    """Answers the judge's questions with what the test says is stored."""

    def __init__(self, *, cell: str, history: list[str], trail: list[str]) -> None:
        self.stored = {"indicators_reportedvalue": [cell], "indicators_valuechange": history}
        self.trail = trail

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        if "audit_auditevent" in statement:
            return [
                ("7", json.dumps({"cells": [{"element": "roads", "part": "", "after": text}]})) for text in self.trail
            ]
        table = next(name for name in self.stored if name in statement)
        return [(*CELL, Decimal(text)) for text in self.stored[table]]


@pytest.mark.parametrize(
    ("cell", "history", "trail", "lost", "doubled"),
    [
        ("0.2", ["70", "0.1", "0.2"], ["70", "0.1", "0.20"], False, False),
        ("0.1", ["0.1", "0.2"], ["0.1", "0.2"], True, False),  # an older value came back
        ("0.2", ["0.2"], ["0.1", "0.2"], True, False),  # the history lacks one
        ("0.2", ["0.1", "0.2"], ["0.2"], True, False),  # the audit trail lacks one
        ("0.2", ["0.1", "0.2", "0.2"], ["0.1", "0.2"], False, True),  # written twice
        ("0.2", ["0.1", "0.2"], ["0.1", "0.1", "0.2", "0.2"], False, True),
        ("0.2", ["70", "0.1", "0.1", "0.2"], ["70", "0.1", "0.2"], False, True),  # the first that was told, twice
        ("0.2", ["0.1", "0.2"], ["0.1", "0.1", "0.2"], False, True),
        ("0.2", ["0.2", "0.1"], ["0.1", "0.2"], True, False),  # in another order
    ],
)
def test_a_value_that_is_lost_or_doubled_is_noticed(
    cell: str, history: list[str], trail: list[str], lost: bool, doubled: bool
) -> None:
    ledger = Ledger(typed={CELL: [Decimal("0.10"), Decimal("0.20")]})
    found = judge.values(Town(cell=cell, history=history, trail=trail), ledger)  # type: ignore[arg-type]
    assert (bool(found["values_lost"]), bool(found["values_doubled"])) == (lost, doubled)


def test_a_run_that_did_all_that_was_asked_is_right_and_one_that_left_something_out_is_not() -> None:
    ledger = Ledger(approved={1: "told", 2: "seen"})
    nothing: dict[str, Any] = {"approvals": 2, "legs": [], "kinds": []}
    assert conclude(judge.left_out(ledger, **nothing)) == 0
    found = judge.left_out(ledger, approvals=5, legs=["redis"], kinds=["beat killed", "disk filled"])
    assert found == {"approvals_missing": [3, 0], "legs_not_done": [1, 0], "kinds_of_fault_missing": [2, 0]}
    for asked in ({"approvals": 3}, {"legs": ["redis"]}, {"kinds": ["disk filled"]}):
        assert conclude(judge.left_out(ledger, **nothing | asked)) == 1


def test_a_leg_without_its_server_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr(servers.OwnRabbit, "program", staticmethod(lambda: "/usr/sbin/rabbitmq-server"))
    assert legs("all") == (["folder", "rabbitmq"], ["redis"])
    assert legs("redis") == ([], ["redis"])
    assert legs("folder") == (["folder"], [])


@pytest.mark.parametrize("postgres", [None, Mock()])
def test_a_kind_of_fault_that_never_happened_is_missing(tmp_path: Path, postgres: Any) -> None:
    queue = servers.FolderQueue(tmp_path)
    injector = Injector(Mock(), Ledger(), random.Random(1), queue, Mock(), postgres, TIMES)
    kinds = {*TIMES, "folder emptied", "folder removed"} - {"broker emptied", "broker restarted"}
    assert set(injector.missing()) == (kinds if postgres else kinds - {"database restarted"})
    injector.done.update(kinds - {"disk filled"})
    assert injector.missing() == ["disk filled"]
    injector.done["disk filled"] += 1
    assert injector.missing() == []
