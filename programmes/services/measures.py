"""Loading published figures and planned targets of measures that no calculator computes yet."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from communes.models import Unit, UnitGroup
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Invalid
from mongcai_portal.common.fields import FieldReader
from mongcai_portal.common.models import Provenance, Source
from mongcai_portal.common.reference import Changes, read_yaml, sync_rows
from programmes.models import ObservedStatistic, Target

DATA = Path(__file__).parent.parent / "data"
FILE = "headline_2023"
# Ratios of communes are computed from reports and recognitions, never loaded.
COMPUTED = "ntm."
# A count of poor households always names its standard; this one says that its source does not.
STANDARD_CODES = {"not stated by the source": "not_stated"}


class _Reader(FieldReader):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.raw = read_yaml(folder / f"{FILE}.yaml")
        self.groups = dict(UnitGroup.objects.values_list("code", "pk"))
        self.area = Unit.objects.filter(uid=self.raw.get("area")).first()
        if self.area is None:
            name = {"name": self.raw.get("area")}
            self.fault(f"{FILE}/area", "unknown_unit", _("Không có đơn vị “%(name)s”.") % name)
        self.source = self.text(self.raw, "source", FILE)
        if not Source.objects.filter(code=self.source).exists():
            self.fault(f"{FILE}/source", "unknown_source", _("Không có nguồn “%(code)s”.") % {"code": self.source})
        self.statistics: list[ObservedStatistic] = []
        self.targets: list[Target] = []

    def decimal(self, row: dict[str, Any], key: str, pointer: str) -> Decimal | None:
        value = self.need(row, key, pointer)
        if value is None:
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.fault(f"{pointer}/{key}", "not_a_number", _("“%(value)s” không phải là số.") % {"value": value})
            return None

    def read(self) -> None:
        seen: set[str] = set()
        day = self.day(self.raw, "as_of", FILE)
        for at, row in enumerate(self.raw["figures"]):
            pointer = f"{FILE}/figures/{at}"
            measure = self.text(row, "measure", pointer)
            self.once(seen, measure, f"{pointer}/measure")
            if measure.startswith(COMPUTED):
                continue
            figure = self.statistic(row, measure, day, pointer)
            if row.get("baseline"):
                base = {**row, **row["baseline"], "printed_vi": ""}
                self.statistic(base, measure, self.day(row["baseline"], "as_of", f"{pointer}/baseline"), pointer)
            if row.get("target"):
                self.target(row["target"], measure, day, figure.value, f"{pointer}/target")

    def statistic(self, row: dict[str, Any], measure: str, day: Any, pointer: str) -> ObservedStatistic:
        group = row.get("unit_group")
        if group and group not in self.groups:
            code = {"code": group}
            self.fault(f"{pointer}/unit_group", "unknown_group", _("Không có nhóm đơn vị “%(code)s”.") % code)
        ratio = "numerator" in row or "denominator" in row
        standard = row.get("poverty_standard") or ""
        made = ObservedStatistic(
            measure=measure,
            area=self.area,
            group_id=self.groups.get(group),
            as_of=day,
            numerator=self.need(row, "numerator", pointer) if ratio else None,
            denominator=self.need(row, "denominator", pointer) if ratio else None,
            value=None if ratio else self.decimal(row, "value", pointer),
            printed_vi=row.get("printed_vi") or "",
            poverty_standard=STANDARD_CODES.get(standard, standard),
            provenance=Provenance.SOURCED,
            source=self.source,
            recorded_at=timezone.now(),
        )
        self.statistics.append(made)
        return made

    def target(self, row: dict[str, Any], measure: str, day: Any, start: Decimal | None, pointer: str) -> None:
        """Read a target; it starts from the figure that its source prints it with."""
        year, value = self.need(row, "year", pointer), self.decimal(row, "value", pointer)
        if start is None and row is not None and not self.faults:
            message = _("Chỉ tiêu phải có điểm xuất phát: một số, ngày và nguồn của nó.")
            self.fault(pointer, "no_baseline", message)
        elif year is not None and value is not None:
            self.targets.append(
                Target(
                    measure=measure,
                    area=self.area,
                    year=year,
                    value=value,
                    baseline_value=start,
                    baseline_on=day,
                    baseline_source=self.source,
                    provenance=Provenance.SOURCED,
                    source=self.source,
                    recorded_at=timezone.now(),
                )
            )


def _taken(model: type[ObservedStatistic] | type[Target], where: dict[str, Any], *key: str) -> set[tuple[Any, ...]]:
    """Return what people have put in the file's place: a row of theirs, or one of the file's that they ended."""
    theirs = Q(ended_at__isnull=True) & ~Q(recorded_by="") | Q(ended_at__isnull=False, recorded_by="")
    return set(model.records.filter(theirs, **where).values_list(*key))


def load_measures(*, by: Any, folder: Path = DATA) -> Changes:
    """Make the observed statistics and targets of the source equal to the file; `by` None is the system itself.

    Raises:
        Invalid: the file has faults; all are named and nothing is stored.
    """
    with transaction.atomic():
        reader = _Reader(folder)
        reader.read()
        if reader.faults:
            raise Invalid(reader.faults)
        mine = {"area": reader.area, "source": reader.source}
        taken = _taken(ObservedStatistic, mine, "measure", "as_of")
        _, changes = sync_rows(
            ObservedStatistic.objects.filter(**mine, recorded_by=""),
            [row for row in reader.statistics if (row.measure, row.as_of) not in taken],
            key=lambda row: (row.measure, row.as_of),
            fields=(
                "group_id", "numerator", "denominator", "value", "printed_vi", "poverty_standard", "provenance",
            ),
        )  # fmt: skip
        taken = _taken(Target, {"area": reader.area, "group__isnull": True}, "measure", "year")
        _, done = sync_rows(
            Target.objects.filter(**mine, recorded_by=""),
            [row for row in reader.targets if (row.measure, row.year) not in taken],
            key=lambda row: (row.measure, row.year),
            fields=("value", "baseline_value", "baseline_on", "baseline_source", "provenance"),
        )
        changes += done
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="measures",
                label=FILE,
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes
