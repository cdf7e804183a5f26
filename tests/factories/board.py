"""A town of any size written in sets: levels, groups, approved reports, stored results, recognitions, statistics."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from communes.models import Office, RoleAssignment, Unit, UnitGroup, UnitGroupMember, UnitVersion
from indicators.models import (
    Attainment,
    CriteriaSet,
    Criterion,
    CriterionResult,
    Level,
    Period,
    Recognition,
    Report,
    ReportRevision,
)
from mongcai_portal.accounts.models import User
from mongcai_portal.common.models import Source
from mongcai_portal.common.text import search_key, sort_key
from programmes.models import ObservedStatistic, Target

COMPUTED = datetime(2024, 1, 15, 14, 2, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CRITERIA = ("Quy hoạch", "Giao thông", "Thu nhập")


@dataclass
class Board:
    """Handles to what was made."""

    town: Unit
    communes: list[Unit]
    levels: dict[str, Level]
    sets: dict[str, CriteriaSet]
    groups: dict[str, UnitGroup]
    periods: dict[str, Period]

    def recognise(self, unit: Unit, level: str, decided_on: date, **more: object) -> Recognition:
        fields = {"provenance": "sourced", "decision_number": "1/QĐ-UBND", **more}
        return Recognition.objects.create(unit=unit, level=self.levels[level], decided_on=decided_on, **fields)

    def report(self, units: Iterable[Unit], period: str, outcomes: dict[str, str], **more: object) -> None:
        """Store approved reports with results: `outcomes` by level; a criterion fails where the level is not met."""
        units = list(units)
        at = self.periods[period]
        reports = Report.objects.bulk_create(
            Report(unit=u, period=at, status="approved", approved_revision=1, created_at=COMPUTED, **more)
            for u in units
        )
        ReportRevision.objects.bulk_create(
            ReportRevision(
                report=r,
                number=1,
                opened_by="Cán bộ",
                opened_at=COMPUTED,
                submitted_by="Cán bộ",
                submitted_at=COMPUTED,
                approved_by="Điều phối",
                approved_at=COMPUTED,
            )
            for r in reports
        )
        for level, outcome in outcomes.items():
            criteria = list(Criterion.objects.filter(criteria_set=self.sets[level]))
            met = outcome == "met"
            Attainment.objects.bulk_create(
                Attainment(
                    unit=u,
                    period=at,
                    criteria_set=self.sets[level],
                    outcome=outcome,
                    criteria_met=len(criteria) if met else len(criteria) - 1,
                    criteria_total=len(criteria),
                    indicators_met=3 if met else 2,
                    indicators_total=3,
                    computed_at=COMPUTED,
                    data_up_to=COMPUTED,
                )
                for u in units
            )
            CriterionResult.objects.bulk_create(
                CriterionResult(
                    unit=u, period=at, criterion=c, outcome="met" if met or c.number != len(criteria) else outcome
                )
                for u in units
                for c in criteria
            )

    def observe(self, measure: str, day: date, value: str | tuple[int, int], **more: object) -> ObservedStatistic:
        figure = (
            {"numerator": value[0], "denominator": value[1]} if isinstance(value, tuple) else {"value": Decimal(value)}
        )
        fields = {
            "area": self.town, "provenance": "sourced", "source": "review", "recorded_at": COMPUTED, **figure, **more,
        }  # fmt: skip
        return ObservedStatistic.objects.create(measure=measure, as_of=day, **fields)

    def aim(
        self, measure: str, year: int, value: str, *, start: str = "57", since: date | None = None, **more: object
    ) -> Target:
        """A target that starts at the end of the year before, unless another day is given."""
        fields = {
            "area": self.town, "provenance": "sourced", "source": "review", "baseline_source": "review",
            "recorded_at": COMPUTED, **more,
        }  # fmt: skip
        return Target.objects.create(
            measure=measure,
            year=year,
            value=Decimal(value),
            baseline_value=Decimal(start),
            baseline_on=since or date(year - 1, 12, 31),
            **fields,
        )


def person(username: str, role: str, *, unit: Unit | None = None, office: Office | None = None) -> User:
    """A user with one role."""
    user = User.objects.create_user(username, full_name=username.title())
    RoleAssignment.objects.create(user=user, role=role, unit=unit, office=office)
    return user


def board(communes: int = 5, *, published: Iterable[str] = ("standard",)) -> Board:
    """A town with so many communes, all in both groups, levels standard, advanced and model, periods 2022 and 2023."""
    town = Unit.objects.create(uid="mong-cai")
    units = Unit.objects.bulk_create(Unit(uid=f"xa-{n}") for n in range(1, communes + 1))
    UnitVersion.objects.bulk_create(
        [
            _version(town, "Móng Cái", "city", None),
            *(_version(u, f"Xã {n:03d}", "commune", town, n) for n, u in enumerate(units, start=1)),
        ]
    )
    groups = {}
    for code in ("ntm_assessed", "ntm_upgrade"):
        groups[code] = UnitGroup.objects.create(
            code=code,
            name_vi=f"Nhóm {code}",
            name_en=f"Group {code}",
            provenance="sourced",
            valid_from=date(2021, 1, 1),
            valid_to=date(2025, 6, 30),
        )
        UnitGroupMember.objects.bulk_create(
            UnitGroupMember(
                group=groups[code], unit=u, valid_from=groups[code].valid_from, valid_to=groups[code].valid_to
            )
            for u in units
        )
    levels, sets = {}, {}
    for rank, code in enumerate(("standard", "advanced", "model"), start=1):
        levels[code] = Level.objects.create(
            code=code, phase="2021-2025", rank=rank, name_vi=f"Mức {code}", name_en=f"Level {code}"
        )
        sets[code] = CriteriaSet.objects.create(
            code=code.upper(),
            name_vi=f"Bộ {code}",
            name_en=f"Set {code}",
            level=levels[code],
            decision="318/QĐ-TTg",
            issued_on=date(2022, 3, 8),
            valid_from=date(2022, 3, 8),
            valid_to=date(2025, 12, 31),
            first_year=2021,
            last_year=2025,
            criteria_declared=len(CRITERIA),
            indicators_declared=len(CRITERIA),
            status="published" if code in published else "draft",
        )
        Criterion.objects.bulk_create(
            Criterion(criteria_set=sets[code], number=n, name_vi=name, name_en=f"Criterion {n}")
            for n, name in enumerate(CRITERIA, start=1)
        )
    periods = {
        str(year): Period.objects.create(
            code=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), due_on=date(year + 1, 1, 31)
        )
        for year in (2022, 2023)
    }
    Source.objects.create(code="review", title="Sơ kết 03 năm", url="https://example.org/review")
    return Board(town, units, levels, sets, groups, periods)


def _version(unit: Unit, name: str, kind: str, parent: Unit | None, at: int = 0) -> UnitVersion:
    return UnitVersion(
        unit=unit,
        name_vi=name,
        name_en=name.replace("Xã", "Commune"),
        kind=kind,
        parent=parent,
        search_key=search_key(name),
        sort_key=sort_key(name),
        tile_row=at // 10 + 1 if parent else None,
        tile_column=at % 10 + 1 if parent else None,
    )


def today() -> date:
    return timezone.localdate()
