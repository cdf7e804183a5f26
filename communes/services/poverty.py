"""Loading poverty standards and survey forms from their file."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from communes.models import (
    Deprivation,
    IncomeLine,
    PovertyCause,
    PovertyStandard,
    ScoreItem,
    ScoreOption,
    ScoreTable,
    StandardYear,
    SupportKind,
    SurveyForm,
    SurveySheet,
    Unit,
)
from communes.rules.poverty.standards import StandardFault, clashes, standard_faults
from communes.selectors.poverty import form_spec, poverty_standards, standard_spec, survey_forms
from communes.services.poverty_file import FILE, read_poverty
from communes.services.poverty_rows import FormData, PovertyData
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.models import Provenance, Source
from mongcai_portal.common.reference import Changes, sync_rows
from mongcai_portal.common.sources import load_sources

M = TypeVar("M", bound=models.Model)
_ASIDE = 10_000  # beyond the numbers of any list


def load_poverty(*, by: Any, file: Path = FILE) -> Changes:
    """Make the standards and forms that a file names equal to it; `by` None is the system itself.

    What the file marks as missing, or does not name at all (a form, its sheets, deprivations, causes or kinds of
    support, an item table, a standard), leaves what was entered from another file. Loading the portal's own file again,
    as every start does, takes nothing back.

    Raises:
        Invalid: the file has faults, or contradicts itself or what is stored; all are named and nothing is stored.
    """
    with transaction.atomic():
        changes = load_sources()
        data = read_poverty(
            file,
            sources=set(Source.objects.values_list("code", flat=True)),
            areas=set(Unit.objects.values_list("uid", flat=True)),
            forms=set(SurveyForm.objects.values_list("code", flat=True)),
        )
        _refuse(_contradictions(data))
        forms, done = _forms(data)
        changes += done + _standards(data, forms)
        _refuse(_contradictions_as_stored(data))
        if changes:
            record(
                kind=Kind.REFERENCE_LOADED,
                by=by,
                obj_type="reference",
                obj_id="poverty",
                label=file.name,
                created=changes.created,
                changed=changes.changed,
                deleted=changes.deleted,
            )
    return changes


# --- What may not be said ---


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid(faults)


def _contradictions(data: PovertyData) -> list[Fault]:
    """Return what each standard of the file contradicts by itself."""
    known = survey_forms() | {one.row.code: form_spec(one.row.code, one.deprivations) for one in data.forms}
    return [
        _fault(one.pointer, found)
        for one in data.standards
        for found in standard_faults(
            standard_spec(one.row, area=one.area, form=known.get(one.form), lines=one.lines, years=one.years)
        )
    ]


def _contradictions_as_stored(data: PovertyData) -> list[Fault]:
    """Return what contradicts itself together with what was there before, and years that two standards claim."""
    pointers = {one.row.code: one.pointer for one in data.standards}
    stored = poverty_standards()
    faults = [_fault(pointers.get(s.code, "standards"), found) for s in stored for found in standard_faults(s)]
    for code, year in clashes(stored):
        message = _("Năm %(year)s đã có chuẩn nghèo khác của cùng địa bàn.") % {"year": year}
        faults.append(Fault(f"/{pointers.get(code, 'standards')}/years/{year}", "year_in_use", message))
    return faults


def _fault(pointer: str, found: StandardFault) -> Fault:
    message = {
        "more_than_declared": _("Số chỉ số thiếu hụt tối thiểu lớn hơn số chỉ số của chuẩn nghèo."),
        "not_as_declared": _("Mẫu phiếu không có đúng số chỉ số thiếu hụt của chuẩn nghèo."),
        "line_needed": _("Thiếu mức chuẩn thu nhập này."),
        "one_line_only": _("Quy tắc của chuẩn nghèo này chỉ có một mức chuẩn thu nhập."),
        "not_above_the_poor_line": _("Mức này phải cao hơn chuẩn nghèo về thu nhập."),
        "b_limit_needed": _("Đã có mức điểm A thì phải có mức điểm B và mẫu phiếu."),
        "form_needed": _("Đã có mức điểm B thì phải có mẫu phiếu."),
        "not_the_number": _("Mức điểm B khác số chỉ số tối thiểu nhân với điểm của mỗi chỉ số."),
        "year_twice": _("Một năm được ghi hai lần."),
        "round_of_another_year": _("Đợt rà soát phải ở chính năm đó hoặc năm liền trước."),
    }[found.code]
    return Fault(f"/{pointer}/{found.place}", found.code, message)


# --- Storing ---


def _forms(data: PovertyData) -> tuple[dict[str, int], Changes]:
    """Store the forms of the file; returns the ids of all by code."""
    stored, changes = sync_rows(
        SurveyForm.objects.filter(code__in=[one.row.code for one in data.forms]),
        [one.row for one in data.forms],
        key=lambda form: form.code,
        fields=(
            "name_vi", "name_en", "decision", "amended_by", "issued_on", "valid_from", "valid_to", "provenance",
            "sources",
        ),
    )  # fmt: skip
    ids = {form.code: form.pk for form in stored.values()}
    for one in data.forms:
        changes += _parts_of_form(one, ids[one.row.code])
    return dict(SurveyForm.objects.values_list("code", "pk")), changes


def _parts_of_form(data: FormData, form_id: int) -> Changes:
    rows = (*data.sheets, *data.deprivations, *data.causes, *data.supports, *(table.row for table in data.tables))
    for row in rows:
        row.form_id = form_id
    changes = Changes()
    if data.sheets:
        own_sheets = SurveySheet.objects.filter(form=form_id)
        _carry(own_sheets, data.sheets, lambda sheet: sheet.code, "content_provenance")
        _sheets, changes = sync_rows(
            own_sheets,
            data.sheets,
            key=lambda sheet: sheet.code,
            fields=("position", "name_vi", "name_en", "provenance", "content_provenance", "source"),
        )
    changes += _numbered(
        Deprivation.objects.filter(form=form_id),
        data.deprivations,
        "dimension_vi", "dimension_en", "name_vi", "name_en", "threshold_vi", "threshold_en", "points",
        "name_provenance", "threshold_provenance", "source", "note_vi", "note_en",
    )  # fmt: skip
    words = ("name_vi", "name_en", "provenance", "source")
    changes += _numbered(PovertyCause.objects.filter(form=form_id), data.causes, *words)
    changes += _numbered(SupportKind.objects.filter(form=form_id), data.supports, *words)
    tables, done = sync_rows(
        ScoreTable.objects.filter(form=form_id),
        [table.row for table in data.tables],
        key=lambda table: (table.region, table.area_type),
        fields=("provenance", "source"),
        keep=True,
    )
    changes += done
    for table in data.tables:
        table_id = tables[table.row.region, table.row.area_type].pk
        for item in table.items:
            item.row.table_id = table_id
        items, done = sync_rows(
            ScoreItem.objects.filter(table=table_id),
            [item.row for item in table.items],
            key=lambda item: item.code,
            fields=("position", "name_vi", "name_en", "choose"),
        )
        for item in table.items:
            for option in item.options:
                option.item_id = items[item.row.code].pk
        _stored_options, more = sync_rows(
            ScoreOption.objects.filter(item__table=table_id),
            [option for item in table.items for option in item.options],
            key=lambda option: (option.item_id, option.code),
            fields=("position", "name_vi", "name_en", "points"),
        )
        changes += done + more
    return changes


def _numbered(own: models.QuerySet[Any], rows: Sequence[Any], *fields: str) -> Changes:
    """Store a numbered list of a form; a file without it leaves what is there."""
    if not rows:
        return Changes()
    numbers = dict(own.values_list("code", "number"))
    if any(numbers.get(one.code, one.number) != one.number for one in rows):
        # Two that change places would meet on the way: databases hold each row of an update against the others.
        own.update(number=F("number") + _ASIDE)
    _stored, changes = sync_rows(own, rows, key=lambda one: one.code, fields=("number", *fields))
    return changes


def _standards(data: PovertyData, forms: dict[str, int]) -> Changes:
    areas = dict(Unit.objects.filter(uid__in=[one.area for one in data.standards]).values_list("uid", "pk"))
    for one in data.standards:
        one.row.form_id = forms.get(one.form)
        one.row.area_id = areas.get(one.area)
    existing = PovertyStandard.objects.filter(code__in=[one.row.code for one in data.standards])
    rows = [one.row for one in data.standards]
    _carry(existing, rows, _by_code, "list_provenance", "form_id")
    _carry(existing, rows, _by_code, "b_provenance", "b_least")
    stored, changes = sync_rows(
        existing,
        rows,
        key=_by_code,
        fields=(
            "name_vi", "name_en", "decision", "amended_by", "issued_on", "area_id", "shape", "rule_provenance", "least",
            "deprivations_declared", "form_id", "list_provenance", "b_least", "b_provenance", "provenance", "sources",
            "note_vi", "note_en",
        ),
    )  # fmt: skip
    for one in data.standards:
        for row in (*one.lines, *one.years):
            row.standard_id = stored[one.row.code].pk
    ids = [row.pk for row in stored.values()]
    lines = [line for one in data.standards for line in one.lines]
    own_lines = IncomeLine.objects.filter(standard__in=ids)
    _carry(own_lines, lines, _by_place, "a_provenance", "a_most", "a_source")
    _stored, done = sync_rows(
        own_lines,
        lines,
        key=_by_place,
        fields=("amount", "provenance", "source", "a_most", "a_provenance", "a_source"),
    )
    years = [year for one in data.standards for year in one.years]
    own_years = StandardYear.objects.filter(standard__in=ids)
    _carry(own_years, years, _by_year, "round_provenance", "round_held")
    _stored_years, more = sync_rows(
        own_years, years, key=_by_year, fields=("round_held", "provenance", "round_provenance", "source")
    )
    return changes + done + more


def _by_code(row: PovertyStandard) -> Hashable:
    return row.code


def _by_place(row: IncomeLine) -> Hashable:
    return (row.standard_id, row.area_type, row.kind)


def _by_year(row: StandardYear) -> Hashable:
    return (row.standard_id, row.effective_year)


def _carry(
    existing: models.QuerySet[M], wanted: Iterable[M], key: Callable[[M], Hashable], mark: str, *fields: str
) -> None:
    """Let rows that say `missing` keep what the stored row of the same key has."""
    entered = {key(row): row for row in existing if getattr(row, mark) != Provenance.MISSING}
    for row in wanted:
        before = entered.get(key(row))
        if before is not None and getattr(row, mark) == Provenance.MISSING:
            for name in (mark, *fields):
                setattr(row, name, getattr(before, name))
