"""How often somebody may do something, counted by all processes together."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from mongcai_portal.common import limits
from mongcai_portal.common.limits import Rate, take, wait


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1_700_000_000.0

    monkeypatch.setattr(limits.time, "time", lambda: Clock.now)
    return Clock


RATE = Rate(3, 60)


def test_so_many_calls_are_let_through_and_the_next_is_told_how_long_to_wait(clock):
    assert [take("api", "a", RATE) for _ in range(3)] == [0, 0, 0]
    assert take("api", "a", RATE) == pytest.approx(20)
    clock.now += 19
    assert take("api", "a", RATE) == pytest.approx(1)
    clock.now += 1
    assert take("api", "a", RATE) == 0
    assert take("api", "a", RATE) == pytest.approx(20)


def test_who_is_refused_is_not_counted_again(clock):
    for _ in range(50):
        take("api", "a", RATE)
    clock.now += 60
    assert [take("api", "a", RATE) for _ in range(4)] == [0, 0, 0, pytest.approx(20)]


def test_callers_and_limits_do_not_know_one_another(clock):
    for _ in range(4):
        take("api", "a", RATE)
    assert take("api", "b", RATE) == 0
    assert take("token", "a", RATE) == 0


def test_who_shares_a_slot_cannot_be_worked_out_without_the_key(settings):
    def places() -> list[int]:
        return [limits._place("api", str(n)) for n in range(9)]

    before = places()
    assert places() == before, "all processes of a portal count together"
    settings.SECRET_KEY = "another"
    assert places() != before


def test_asking_how_long_counts_nothing(clock):
    assert [wait("api", "a", RATE) for _ in range(9)] == [0] * 9
    assert [take("api", "a", RATE) for _ in range(3)] == [0, 0, 0]
    assert wait("api", "a", RATE) == pytest.approx(20)


def test_a_clock_put_back_closes_nobody_out_for_longer_than_a_period(clock):
    for _ in range(3):
        take("api", "a", RATE)
    clock.now -= 1_000_000
    assert 0 < take("api", "a", RATE) <= 60


def test_threads_and_processes_together_get_no_more_than_one_would():
    rate = Rate(40, 3600)
    with multiprocessing.get_context("fork").Pool(2) as pool, ThreadPoolExecutor(4) as threads:
        others = pool.starmap_async(take, [("api", "a", rate)] * 60)
        own = list(threads.map(lambda _: take("api", "a", rate), range(60)))
        answers = own + others.get(30)
    assert answers.count(0.0) == 40


def test_what_cannot_be_counted_is_let_through_and_told(settings, tmp_path, caplog):
    settings.VAR_DIR = tmp_path / "gone"
    assert take("api", "a", RATE) == 0
    assert "not counted" in caplog.text


def test_the_file_is_small_and_its_owners_only(tmp_path):
    for caller in range(50):
        take("api", str(caller), RATE)
    state = os.stat(tmp_path / "limits")
    assert state.st_size <= limits.SLOTS * 8
    assert state.st_mode & 0o777 == 0o600
