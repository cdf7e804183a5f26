"""Poverty standards and survey forms as the rules read them, and what decides which of them is for a unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from communes.models import (
    Deprivation,
    IncomeLine,
    PovertyStandard,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    StandardYear,
    SurveyForm,
    UnitVersion,
)
from communes.rules.places import area_type
from communes.rules.poverty.scores import ItemSpec, OptionSpec, TableSpec
from communes.rules.poverty.types import (
    DeprivationSpec,
    FormSpec,
    LineSpec,
    StandardSpec,
    YearSpec,
)


def form_spec(code: str, deprivations: Iterable[Deprivation]) -> FormSpec:
    """Return a form as the rules read it, its deprivations in their order."""
    return FormSpec(
        code,
        tuple(
            DeprivationSpec(d.number, d.code, d.points, d.name_provenance, d.threshold_provenance)
            for d in sorted(deprivations, key=lambda d: d.number)
        ),
    )


def standard_spec(
    row: PovertyStandard,
    *,
    area: str,
    form: FormSpec | None,
    lines: Iterable[IncomeLine],
    years: Iterable[StandardYear],
) -> StandardSpec:
    """Return a standard as the rules read it; `area` is the uid of its unit."""
    return StandardSpec(
        code=row.code,
        shape=row.shape,
        least=row.least,
        declared=row.deprivations_declared,
        lines={
            (one.area_type, one.kind): LineSpec(
                one.area_type, one.kind, one.amount, one.provenance, one.a_most, one.a_provenance
            )
            for one in lines
        },
        form=form,
        b_least=row.b_least,
        years=tuple(YearSpec(y.effective_year, y.round_held, y.provenance, y.round_provenance) for y in years),
        area=area,
        rule_provenance=row.rule_provenance,
        b_provenance=row.b_provenance,
        list_provenance=row.list_provenance,
    )


def survey_forms() -> dict[str, FormSpec]:
    """Return every form by its code: two queries."""
    own: dict[int, list[Deprivation]] = defaultdict(list)
    for deprivation in Deprivation.objects.all():
        own[deprivation.form_id].append(deprivation)
    return {
        code: form_spec(code, own[pk]) for pk, code in SurveyForm.objects.order_by("code").values_list("pk", "code")
    }


def poverty_standards() -> tuple[StandardSpec, ...]:
    """Return every standard, the whole country's first, earlier ones first: five queries."""
    forms = survey_forms()
    lines: dict[int, list[IncomeLine]] = defaultdict(list)
    for line in IncomeLine.objects.order_by("pk"):
        lines[line.standard_id].append(line)
    years: dict[int, list[StandardYear]] = defaultdict(list)
    for year in StandardYear.objects.order_by("effective_year"):
        years[year.standard_id].append(year)
    found = [
        standard_spec(
            row,
            area=row.area.uid if row.area else "",
            form=forms[row.form.code] if row.form else None,
            lines=lines[row.pk],
            years=years[row.pk],
        )
        for row in PovertyStandard.objects.select_related("area", "form")
    ]
    return tuple(sorted(found, key=lambda s: (s.area, min((y.effective_year for y in s.years), default=0), s.code)))


def areas_on(day: date) -> dict[int, frozenset[str]]:
    """Return, per unit that exists on the day, its uid and those of all that it lies in: one query."""
    rows = UnitVersion.objects.in_force(day).values_list("unit_id", "unit__uid", "parent_id")
    known = {unit: (uid, parent) for unit, uid, parent in rows}
    found = {}
    for unit in known:
        uids: set[str] = set()
        at: int | None = unit
        while at in known and known[at][0] not in uids:
            uid, at = known[at]
            uids.add(uid)
        found[unit] = frozenset(uids)
    return found


def area_types_on(day: date, unit_ids: Iterable[int]) -> dict[int, str]:
    """Return the area type of units by their kind on the day; a kind that no text assigns is left out: one query."""
    rows = UnitVersion.objects.in_force(day).filter(unit__in=set(unit_ids)).values_list("unit_id", "kind")
    return {unit: found for unit, kind in rows if (found := area_type(kind))}


def score_tables(form: str) -> tuple[TableSpec, ...]:
    """Return the item tables of a form's sheet B1: three queries."""
    options: dict[int, list[OptionSpec]] = defaultdict(list)
    for option in ScoreOption.objects.filter(item__table__form__code=form).order_by("position"):
        options[option.item_id].append(OptionSpec(option.code, option.points))
    items: dict[int, list[ItemSpec]] = defaultdict(list)
    for item in ScoreItem.objects.filter(table__form__code=form).order_by("position"):
        items[item.table_id].append(ItemSpec(item.code, item.choose, tuple(options[item.pk])))
    return tuple(
        TableSpec(form, table.region, table.area_type, tuple(items[table.pk]), table.provenance)
        for table in ScoreTable.objects.filter(form__code=form).order_by("region", "area_type")
    )
