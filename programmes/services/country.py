"""A synthetic province of any size, for measuring: communes, approved reports, results and recognitions in sets.

Everything it makes is marked illustrative and named as made up. The values are those of the demonstration's communes,
each moved a little, so that outcomes differ as they do among real communes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitGroup, UnitGroupMember, UnitVersion, UnitZone
from indicators.models import (
    Attainment,
    Judgement,
    Level,
    Recognition,
    Report,
    ReportedValue,
    ReportRevision,
    Verdict,
)
from indicators.services.evaluation import evaluate
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import Provenance
from mongcai_portal.common.text import search_key, sort_key
from programmes.measures.facts import HOME_AREA
from programmes.measures.ntm import ASSESSED, UPGRADE

PROVINCE = "tinh-gia-lap"
PREFIX = "gl-"
LIMIT = 5000
# Reports written in one transaction: about a tenth of a second on SQLite, so that nobody waits behind it.
CHUNK = 10
PER_ROW = 25
# Of a hundred communes so many hold each level: the shares matter less than that every kind of card has work to do.
RECOGNISED = (("standard", 60, date(2021, 6, 30)), ("advanced", 20, date(2022, 6, 30)), ("model", 5, date(2023, 6, 30)))


@dataclass(frozen=True, slots=True)
class CountrySummary:
    """What was made; all zero when it stood already."""

    communes: int = 0
    reports: int = 0
    recognitions: int = 0
    evaluated: int = 0


def make_country(*, communes: int, by: Any) -> CountrySummary:
    """Make a province with so many communes, and a report for every approved one of the demonstration.

    Asking again for the same number makes what is still missing; a broken run is taken up where it stopped.

    Raises:
        Invalid: the number is out of bounds or smaller than what stands, or the demonstration was not loaded.
    """
    models = _models()
    standing = Unit.objects.filter(uid__startswith=PREFIX).count()
    if not 1 <= communes <= LIMIT:
        fault = _("Số xã phải từ 1 đến %(limit)s.") % {"limit": LIMIT}
        raise Invalid([Fault("/communes", "out_of_bounds", fault)])
    if communes < standing:
        fault = _("Đã có %(count)s xã giả lập; số xã không thể ít hơn.") % {"count": standing}
        raise Invalid([Fault("/communes", "fewer_than_stored", fault)])
    if not models:
        fault = _("Chưa có báo cáo minh họa đã phê duyệt để làm mẫu.")
        raise Invalid([Fault("", "no_demonstration", fault)])
    with transaction.atomic():
        units = _units(communes)
        recognitions = _recognitions(units)
        if len(units) > standing:
            record(
                kind=Kind.REFERENCE_LOADED, by=by, obj_type="reference", obj_id="country", label=PROVINCE,
                created=len(units) - standing,
            )  # fmt: skip
    reports = sum(_reports(units, models, period_id) for period_id in sorted({report.period_id for report in models}))
    judged = Attainment.objects.filter(unit=OuterRef("unit"), period=OuterRef("period"))
    pairs = Report.objects.filter(~Exists(judged), unit__uid__startswith=PREFIX).values_list("unit_id", "period_id")
    evaluated = evaluate(pairs).written
    with connection.cursor() as cursor:
        # Left alone, PostgreSQL counts what came in such sets only after a while, and plans as if it were not there.
        cursor.execute("ANALYZE")
    return CountrySummary(len(units) - standing, reports, recognitions, evaluated)


def _models() -> list[Report]:
    """Return the demonstration's approved reports, in a fixed order."""
    return list(
        Report.objects.approved()
        .filter(illustrative=True)
        .exclude(unit__uid__startswith=PREFIX)
        .select_related("unit", "period")
        .order_by("unit__uid", "period__ends_on")
    )


def _units(communes: int) -> list[Unit]:
    """Return the communes in order, making those that are missing with their names, zones and group memberships."""
    uids = [PROVINCE, *(f"{PREFIX}{n:04d}" for n in range(1, communes + 1))]
    known = set(Unit.objects.filter(uid__in=uids).values_list("uid", flat=True))
    fresh = Unit.objects.bulk_create(Unit(uid=uid) for uid in uids if uid not in known)
    found = {unit.uid: unit for unit in Unit.objects.filter(uid__in=uids)}
    province = found[PROVINCE]
    region = UnitVersion.objects.filter(unit__uid=HOME_AREA).values_list("region", flat=True).first() or ""
    UnitVersion.objects.bulk_create(_version(unit, province, region) for unit in fresh)
    new = [unit for unit in fresh if unit.uid != PROVINCE]
    UnitZone.objects.bulk_create(
        UnitZone(unit=unit, zone="dac_biet_kho_khan", provenance=Provenance.ILLUSTRATIVE)
        for unit in new
        if _number(unit) % 5 == 0
    )
    groups = UnitGroup.objects.filter(code__in=(ASSESSED, UPGRADE))
    UnitGroupMember.objects.bulk_create(
        UnitGroupMember(group=group, unit=unit, valid_from=group.valid_from, valid_to=group.valid_to)
        for group in groups
        for unit in new
    )
    return [found[uid] for uid in uids[1:]]


def _number(unit: Unit) -> int:
    return int(unit.uid.removeprefix(PREFIX))


def _version(unit: Unit, province: Unit, region: str) -> UnitVersion:
    if unit.uid == PROVINCE:
        name, english, kind, parent, tile = "Tỉnh Giả Lập", "Synthetic province", "province", None, (None, None)
    else:
        n = _number(unit)
        name, english, kind, parent = f"Xã Giả Lập {n:04d}", f"Synthetic commune {n:04d}", "commune", province
        tile = ((n - 1) // PER_ROW + 1, (n - 1) % PER_ROW + 1)
    return UnitVersion(
        unit=unit,
        name_vi=name,
        name_en=english,
        kind=kind,
        parent=parent,
        region=region,
        search_key=search_key(name),
        sort_key=sort_key(name),
        tile_row=tile[0],
        tile_column=tile[1],
        provenance=Provenance.ILLUSTRATIVE,
    )


def _recognitions(units: Sequence[Unit]) -> int:
    levels = {level.code: level for level in Level.objects.filter(phase="2021-2025")}
    held = set(Recognition.objects.filter(unit__in=units).values_list("unit_id", "level__code"))
    return len(
        Recognition.objects.bulk_create(
            Recognition(
                unit=unit,
                level=levels[code],
                decided_on=day,
                decision_number=f"GL-{_number(unit):04d}/{code[0].upper()}",
                provenance=Provenance.ILLUSTRATIVE,
                note="Xã giả lập để đo tốc độ.",
            )
            for unit in units
            for code, share, day in RECOGNISED
            if _number(unit) % 100 < share and (unit.pk, code) not in held
        )
    )


def _reports(units: Sequence[Unit], models: Sequence[Report], period_id: int) -> int:
    """Write the missing reports of a period, a few in each transaction; return how many."""
    samples = [report for report in models if report.period_id == period_id]
    cells = _of(ReportedValue, samples)
    verdicts = _of(Verdict, samples)
    judgements = _of(Judgement, samples)
    reported = set(Report.objects.filter(period=period_id).values_list("unit_id", flat=True))
    waiting = [unit for unit in units if unit.pk not in reported]
    for start in range(0, len(waiting), CHUNK):
        some = [(unit, samples[_number(unit) % len(samples)]) for unit in waiting[start : start + CHUNK]]
        with transaction.atomic():
            made = Report.objects.bulk_create(
                Report(
                    unit=unit, period_id=period_id, status="approved", approved_revision=1, illustrative=True,
                    created_at=sample.created_at,
                )
                for unit, sample in some
            )  # fmt: skip
            moment, name = timezone.now(), "Dữ liệu giả lập"
            ReportRevision.objects.bulk_create(
                ReportRevision(
                    report=report, number=1, opened_by=name, opened_at=moment, submitted_by=name, submitted_at=moment,
                    approved_by=name, approved_at=moment,
                )
                for report in made
            )  # fmt: skip
            pairs = [(report, unit, sample) for report, (unit, sample) in zip(made, some, strict=True)]
            ReportedValue.objects.bulk_create(
                _moved(row, report, unit) for report, unit, sample in pairs for row in cells.get(sample.pk, ())
            )
            for model, rows in ((Verdict, verdicts), (Judgement, judgements)):
                model.objects.bulk_create(
                    _copied(row, report) for report, _unit, sample in pairs for row in rows.get(sample.pk, ())
                )
    return len(waiting)


def _of(model: Any, samples: Sequence[Report]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    rows = model.objects.filter(report__in=samples, revision=F("report__approved_revision"))
    for row in rows.select_related("element"):
        found.setdefault(row.report_id, []).append(row)
    return found


def _copied(row: Any, report: Report) -> Any:
    columns = {field.attname: getattr(row, field.attname) for field in _columns(row)}
    return type(row)(**{**columns, "report_id": report.pk, "revision": 1})


def _columns(row: Any) -> Iterator[Any]:
    return (field for field in row._meta.concrete_fields if not field.primary_key)


def _moved(row: ReportedValue, report: Report, unit: Unit) -> ReportedValue:
    """Return the cell for this commune: a number moves by up to a twentieth, always in the same way."""
    copy: ReportedValue = _copied(row, report)
    if copy.number:
        step = zlib.crc32(f"{unit.uid}:{row.element.code}:{row.part}".encode()) % 11 - 5
        moved = (copy.number * (100 + step) / 100).quantize(Decimal("0.1"))
        copy.number = min(moved, Decimal(100)) if row.element.value_type == "percent" else moved
    return copy
