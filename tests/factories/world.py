"""A small town: communes, two offices, one published set of four criteria, and a person for each role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password

from communes.models import Office, RoleAssignment, Unit, UnitGroup, UnitGroupMember, UnitVersion
from indicators.models import (
    CriteriaSet,
    Criterion,
    DataElement,
    DataElementPart,
    Indicator,
    IndicatorVersion,
    Level,
    Norm,
    Period,
    Report,
    VersionPart,
)
from indicators.services import reports, values, verification
from mongcai_portal.accounts.models import User
from mongcai_portal.common.text import search_key, sort_key

PASSWORD = "Mật-khẩu-thử-2024"
SCALE = ["mức độ 1", "mức độ 2", "mức độ 3"]
REGION = "dong_bang_song_hong"

# What makes every criterion of the small set met: (element, part) → raw value as the API writes it.
GOOD: dict[tuple[str, str], object] = {
    ("plan", ""): True,
    ("roads", ""): "88.5",
    ("insured", "male"): "95",
    ("insured", "female"): "96.4",
    ("houses", ""): "0",
    ("water", ""): "70",
    ("water", "17.1.a"): "20",
    ("schooling", "14.1.a"): "99",
    ("schooling", "14.1.c"): "mức độ 2",
}


@dataclass
class World:
    """Handles to what was made; `people` by name (officer, other_officer, verifier_a, verifier_b, …)."""

    town: Unit
    communes: list[Unit]
    offices: dict[str, Office]
    criteria_set: CriteriaSet
    period: Period
    group: UnitGroup
    people: dict[str, User] = field(default_factory=dict)

    @property
    def commune(self) -> Unit:
        return self.communes[0]


def make_unit(uid: str, name: str, kind: str, parent: Unit | None, code: str = "", **extra: Any) -> Unit:
    unit = Unit.objects.create(uid=uid)
    UnitVersion.objects.create(
        unit=unit,
        name_vi=name,
        name_en=name,
        kind=kind,
        official_code=code,
        parent=parent,
        region=REGION,
        search_key=search_key(name),
        sort_key=sort_key(name),
        **extra,
    )
    return unit


@cache
def _hashed() -> str:
    """The password of everybody, hashed once: hashing is slow on purpose."""
    return make_password(PASSWORD)


def make_person(username: str, role: str, *, unit: Unit | None = None, offices: Iterable[Office] = ()) -> User:
    user = User.objects.create(username=username, password=_hashed(), full_name=username)
    for office in offices:
        RoleAssignment.objects.create(user=user, role=role, office=office)
    if not list(offices):
        RoleAssignment.objects.create(user=user, role=role, unit=unit)
    return user


def make_communes(town: Unit, count: int, start: int = 1) -> list[Unit]:
    """Make communes in sets: two queries however many."""
    units = Unit.objects.bulk_create(Unit(uid=f"commune-{n}") for n in range(start, start + count))
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit=unit,
            name_vi=f"Xã Thử {n}",
            name_en=f"Test {n}",
            kind="commune",
            official_code=f"9{n:04d}",
            parent=town,
            region=REGION,
            search_key=f"thu {n}",
            sort_key=f"thu {n:04d}",
        )
        for n, unit in enumerate(units, start)
    )
    return units


def _indicator(
    criterion: Criterion,
    code: str,
    element: DataElement,
    comparison: str,
    norm: dict[str, Any] | None,
    parts: Iterable[tuple[DataElementPart, str]] = (),
) -> IndicatorVersion:
    indicator = Indicator.objects.create(
        criterion=criterion, code=code, position=1, office=element.office, level_set_by="prime_minister"
    )
    version = IndicatorVersion.objects.create(
        indicator=indicator,
        valid_from=date(2021, 1, 1),
        decision="318/QĐ-TTg",
        name_vi=element.name_vi,
        name_en=element.name_en,
        name_provenance="sourced",
        element=element,
        value_type=element.value_type,
        unit=element.unit,
        comparison=comparison,
        scale=element.scale,
    )
    if norm is not None:
        Norm.objects.create(version=version, decision="318/QĐ-TTg", **norm)
    for part, part_comparison in parts:
        VersionPart.objects.create(version=version, part=part, comparison=part_comparison)
    return version


def _element(code: str, office: Office, value_type: str, unit: str, scale: Iterable[str] = ()) -> DataElement:
    return DataElement.objects.create(
        code=code,
        name_vi=f"Số liệu {code}",
        name_en=f"Element {code}",
        value_type=value_type,
        unit=unit,
        scale=list(scale),
        office=office,
    )


def _part(element: DataElement, code: str, kind: str, value_type: str, scale: Iterable[str] = ()) -> DataElementPart:
    return DataElementPart.objects.create(
        element=element,
        code=code,
        kind=kind,
        name_vi=code,
        name_en=code,
        value_type=value_type,
        unit=element.unit,
        scale=list(scale),
        position=element.parts.count() + 1,
    )


def make_set(offices: dict[str, Office]) -> CriteriaSet:
    """Four criteria with every shape of the law: yes/no, no norm, two sexes, zero, nested level, conjunction."""
    for rank, code in enumerate(("standard", "advanced", "model"), 1):
        Level.objects.create(code=code, phase="2021-2025", rank=rank, name_vi=code, name_en=code)
    criteria_set = CriteriaSet.objects.create(
        code="SMALL",
        name_vi="Bộ nhỏ",
        name_en="Small set",
        level=Level.objects.get(code="standard"),
        decision="318/QĐ-TTg",
        issued_on=date(2022, 3, 8),
        valid_from=date(2022, 3, 8),
        valid_to=date(2025, 12, 31),
        first_year=2021,
        last_year=2025,
        default_region=REGION,
        criteria_declared=4,
        indicators_declared=6,
        status="published",
    )
    one, two, three, four = (
        Criterion.objects.create(criteria_set=criteria_set, number=n, name_vi=f"Tiêu chí {n}", name_en=f"Criterion {n}")
        for n in (1, 2, 3, 4)
    )
    a, b = offices["a"], offices["b"]
    _indicator(
        one,
        "1.1",
        _element("plan", a, "boolean", "đạt/chưa đạt"),
        "is_true",
        {"boolean": True, "provenance": "sourced"},
    )
    _indicator(one, "1.2", _element("roads", b, "percent", "%"), ">=", None)
    insured = _element("insured", b, "percent", "%")
    _indicator(
        two,
        "2.1",
        insured,
        ">=",
        {"number": Decimal(90), "region": REGION, "provenance": "unverified"},
        [(_part(insured, s, "sex", "percent"), ">=") for s in ("male", "female")],
    )
    _indicator(
        two, "2.2", _element("houses", a, "number", "nhà"), "==", {"number": Decimal(0), "provenance": "sourced"}
    )
    water = _element("water", a, "percent", "%")
    central = _part(water, "17.1.a", "component", "percent")
    version = _indicator(three, "3.1", water, ">=", {"number": Decimal(65), "provenance": "sourced"}, [(central, ">=")])
    Norm.objects.create(version=version, part="17.1.a", number=Decimal(15), provenance="sourced", decision="211/QĐ-TTg")
    schooling = _element("schooling", b, "boolean", "đạt/chưa đạt")
    grade_one = _part(schooling, "14.1.a", "component", "percent")
    grade = _part(schooling, "14.1.c", "component", "choice", SCALE)
    version = _indicator(
        four,
        "4.1",
        schooling,
        "is_true",
        {"boolean": True, "provenance": "sourced"},
        [(grade_one, ">="), (grade, ">=")],
    )
    Norm.objects.create(version=version, part="14.1.a", number=Decimal(98), provenance="sourced", decision="x")
    Norm.objects.create(version=version, part="14.1.c", choice="mức độ 2", provenance="sourced", decision="x")
    return criteria_set


def make_world(communes: int = 2) -> World:
    """Build the town; passwords of all people are `Mật-khẩu-thử-2024`."""
    province = make_unit("tinh", "Tỉnh Thử", "province", None, "22")
    town = make_unit("pho", "Phố Thử", "city", province, "194")
    units = make_communes(town, communes)
    group = UnitGroup.objects.create(
        code="ntm_assessed", name_vi="Xã thuộc diện đánh giá", name_en="Assessed communes", provenance="unverified"
    )
    UnitGroupMember.objects.bulk_create(UnitGroupMember(group=group, unit=u) for u in units)
    offices = {
        code: Office.objects.create(code=code, name_vi=f"Phòng {code}", name_en=f"Office {code}", sort_key=code)
        for code in ("a", "b")
    }
    world = World(
        town=town,
        communes=units,
        offices=offices,
        criteria_set=make_set(offices),
        period=Period.objects.create(
            code="2023", starts_on=date(2023, 1, 1), ends_on=date(2023, 12, 31), due_on=date(2024, 1, 15)
        ),
        group=group,
    )
    world.people = {
        "officer": make_person("officer", "commune_officer", unit=units[0]),
        "other_officer": make_person("other_officer", "commune_officer", unit=units[-1]),
        "verifier_a": make_person("verifier_a", "sector_verifier", offices=[offices["a"]]),
        "verifier_b": make_person("verifier_b", "sector_verifier", offices=[offices["b"]]),
        "verifier_all": make_person("verifier_all", "sector_verifier", offices=list(offices.values())),
        "coordinator": make_person("coordinator", "coordinator"),
        "leader": make_person("leader", "leader"),
        "administrator": make_person("administrator", "administrator"),
    }
    return world


def make_period(year: str) -> Period:
    """Open a whole year."""
    n = int(year)
    return Period.objects.create(code=year, starts_on=date(n, 1, 1), ends_on=date(n, 12, 31), due_on=date(n + 1, 1, 15))


def fresh(user: User) -> User:
    """Return the user as a new request sees them (scopes are kept on the object)."""
    return User.objects.get(pk=user.pk)


def cells(changes: dict[tuple[str, str], object] | None = None) -> list[values.CellInput]:
    """Return a whole good report as plain cells, with some values changed (None leaves a cell out)."""
    merged = {**GOOD, **(changes or {})}
    return [
        values.CellInput(element=element, part=part, raw=raw, language="plain")
        for (element, part), raw in merged.items()
        if raw is not None
    ]


def make_report(world: World, unit: Unit | None = None, period: Period | None = None) -> Report:
    """Open a draft report of a commune (the first one, in 2023)."""
    return reports.open_report(
        by=world.people["coordinator"], unit=unit or world.commune, period=period or world.period
    )


def bring_to(
    world: World,
    status: str,
    *,
    report: Report | None = None,
    changes: dict[tuple[str, str], object] | None = None,
    officer: User | None = None,
) -> Report:
    """Take a report through the services up to a status: draft, submitted, verified or approved."""
    report = report or make_report(world)
    officer = officer or world.people["officer"]
    values.save_values(by=officer, report_id=report.pk, cells=cells(changes), all_or_none=True)
    if status == "draft":
        return report
    report = reports.submit(by=officer, report_id=report.pk)
    if status == "submitted":
        return report
    report = verification.verify(by=world.people["verifier_all"], report_id=report.pk, judgements={"roads": "met"})
    if status == "verified":
        return report
    return reports.approve(by=world.people["coordinator"], report_id=report.pk)
