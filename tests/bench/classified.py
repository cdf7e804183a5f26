"""A yearly round over the whole made-up register: sheets as a survey leaves them, classified and stored.

The sheets are made by the database (incomes to the thousand, every tenth household scored as well, a hundredth not
surveyed to the end), so that the clock counts reading, judging and storing alone. Peak memory is that of the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from tests.bench.pages import percentile

if TYPE_CHECKING:
    from communes.rules.poverty.survey import Survey

SECONDS, MEBIBYTES, COUNT_MS = 60, 600, 100
ASKED = 10
TODAY = date(2025, 6, 30)
READ = 20_000
CODES = (
    "employment", "dependents", "nutrition", "health_insurance", "adult_education", "child_schooling",
    "housing_quality", "housing_area", "water", "toilet", "telecom", "info_assets",
)  # fmt: skip


def make_sheets(households: int) -> None:
    """Make a sheet for every household: incomes from 0.9 to 12.9 million, mostly no deprivation, `deprived` as bits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE UNLOGGED TABLE bench_sheet AS SELECT i AS household,"
            " 900000 + 1000 * floor(12000 * random() ^ 2)::bigint AS income,"
            " CASE WHEN i %% 10 = 0 THEN (100 + floor(random() * 120))::int END AS a_score,"
            " CASE WHEN random() < 0.7 THEN 0 ELSE floor(random() * 4096)::int END AS deprived,"
            " i %% 100 = 0 AS stopped FROM generate_series(1, %s) i",
            [households],
        )
        cursor.execute("ALTER TABLE bench_sheet ADD PRIMARY KEY (household)")
        # One unit in five has one to four poor households and as few near-poor ones: numbers that are not told.
        cursor.execute(
            "WITH placed AS (SELECT h.id, v.unit_id AS unit,"
            " row_number() OVER (PARTITION BY v.unit_id ORDER BY h.id) AS at FROM communes_household h"
            " JOIN communes_villageversion v ON v.village_id = h.village_id"
            " WHERE v.unit_id %% 5 = 0 AND h.id %% 100 > 0)"
            " UPDATE bench_sheet SET a_score = NULL, deprived = CASE WHEN at %% 2 = 0 THEN 4095 ELSE 0 END,"
            " income = CASE WHEN at <= 2 * (1 + unit %% 4) THEN 1000000 ELSE 9000000 END"
            " FROM placed WHERE placed.id = household",
            [],
        )
        cursor.execute("ANALYZE bench_sheet")


def sheets() -> Iterator[tuple[int, Survey]]:
    """Read the sheets in order of the households, a portion at a time."""
    from communes.rules.poverty.survey import Survey

    last, said = 0, {}
    for bits in range(1 << len(CODES)):
        said[bits] = {code: bool(bits >> at & 1) for at, code in enumerate(CODES)}
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT household, income, a_score, deprived, stopped FROM bench_sheet WHERE household > %s"
                " ORDER BY household LIMIT %s",
                [last, READ],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        for household, income, a_score, deprived, stopped in rows:
            if stopped:
                yield household, Survey("tt07_2021", None, None, None, {}, "screened_out", None)
                continue
            yield household, Survey("tt07_2021", income, a_score, None, said[deprived], "survey", None)
        last = rows[-1][0]


def classified(households: int) -> dict[str, list[float]]:
    """Classify every household under the country's standard and the province's for 2024."""
    from communes.models import Classification
    from communes.services.classification import ReviewDecision, classify_many
    from communes.services.poverty import load_poverty
    from communes.services.units import load_units

    load_units(by=None)
    load_poverty(by=None)
    _into_the_province()
    make_sheets(households)
    decision = ReviewDecision(number="1/QĐ-UBND", on=date(2023, 12, 10), round_held=2023, decided_by="Chủ tịch")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    begun = time.perf_counter()
    done = classify_many(by=None, surveys=sheets(), decision=decision)
    took = time.perf_counter() - begun
    peak = _peak("self")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = _peak(cursor.fetchone()[0])
        cursor.execute("VACUUM ANALYZE communes_classification")
    rows = Classification.objects.count()
    print(f"{'classify and store, two standards':40} {took:7.1f} s   {rows} rows, {peak:.0f} MiB: {done}", flush=True)
    print(f"{'the database process beside it':40} {backend:7.0f} MiB, shared buffers among them", flush=True)
    assert rows == 2 * households, "every household has its row under both standards"
    figures = {"classify_s": [round(took, 1), SECONDS], "classify_mib": [round(peak), MEBIBYTES]}
    return figures | counted(households)


def counted(households: int) -> dict[str, list[float]]:
    """Count every village anew, then ask for counts of five years as the overview does: by unit, standard and year."""
    from communes.models import Household, HouseholdCount, Unit
    from communes.scope import scope_of
    from communes.selectors.poverty_counts import poverty_count, poverty_counts
    from communes.selectors.poverty_published import published_counts
    from communes.services.counts import count_stale
    from mongcai_portal.accounts.models import User
    from tests.factories.world import make_person

    begun = time.perf_counter()
    villages = count_stale()
    took = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE communes_householdcount")
    rows = HouseholdCount.objects.count()
    print(f"{'count anew':40} {took:7.1f} s   {villages} villages, {rows} rows", flush=True)
    unit = Unit.objects.get(uid="don-vi-3").pk
    waited: list[float] = []
    told: list[float] = []
    # Who looks after no household, and who looks after those of one unit.
    readers = [scope_of(make_person("bench-leader", "leader")), scope_of(User.objects.get(username="bench-officer"))]
    hidden = 0
    for standard in ("central_2022_2025", "quang_ninh_2023_2025"):
        for year in range(2020, 2025):
            day = date(year, 12, 31)
            asked: dict[str, Callable[[], object]] = {
                "every unit": lambda d=day, s=standard: poverty_counts(d, s),  # type: ignore[misc]
                "one unit": lambda d=day, s=standard: poverty_count(d, s, units=[unit]),  # type: ignore[misc]
                "ethnic groups": lambda d=day, s=standard: poverty_counts(d, s, by="ethnicity"),  # type: ignore[misc]
                "area types": lambda d=day, s=standard: poverty_counts(d, s, by="area_type"),  # type: ignore[misc]
            }
            for ask in asked.values():
                waited += _asked(ask)
            for reader in readers:
                told += _asked(lambda r=reader, y=year, s=standard: published_counts(r, s, [y], today=TODAY))  # type: ignore[misc]
                for table in published_counts(reader, standard, [year], today=TODAY).values():
                    hidden += sum(1 for number in table.cells.values() if number is None)
    found = poverty_count(date(2023, 12, 31), "central_2022_2025")
    assert found.households == Household.objects.count(), "the counts are those of the register"
    assert found.households - found.unclassified == households, "and of what was classified"
    assert hidden, "some numbers are too small to be told"
    figures = {}
    for key, what, times in (
        ("counts_p95_ms", "counts by unit, standard and year", waited),
        ("published_p95_ms", "the same as readers outside see them", told),
    ):
        p95 = percentile(times, 0.95)
        print(
            f"{what:40} p50 {percentile(times, 0.5):7.1f} ms   p95 {p95:7.1f} ms   max {max(times):7.1f} ms", flush=True
        )
        figures[key] = [round(p95, 1), COUNT_MS]
    return figures


def _asked(ask: Callable[[], object]) -> list[float]:
    """Ask once unmeasured, then return how long it took each time, in milliseconds."""
    ask()
    took = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        ask()
        took.append((time.perf_counter() - begun) * 1000)
    return took


def _into_the_province() -> None:
    """Let the made-up units lie in the province whose standard is the second one."""
    from communes.models import Unit, UnitVersion

    province = Unit.objects.get(uid="quang-ninh")
    UnitVersion.objects.filter(unit__uid__startswith="don-vi-").update(parent=province)


def _peak(process: object) -> float:
    """The most memory that a process has held, in MiB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
