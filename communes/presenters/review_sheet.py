"""The survey sheet as the form draws it: sections of fields, each with its state, and the live result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from communes.models import (
    Deprivation,
    HouseholdReview,
    PovertyCause,
    ScoreItem,
    SheetCell,
    SupportKind,
)
from communes.presenters.review_words import result_view
from communes.rules.poverty.survey import SCREENED_OUT, TO_SURVEY
from communes.rules.reviews.sheet import (
    A_SCORE,
    ANSWER,
    CAUSE,
    CHOICE,
    DAY,
    FARMING,
    INCOME,
    ITEM,
    NEED,
    NUMBER,
    OPTION,
    RECEIVED,
    SCREENING,
    SHEET_C,
    SURVEYED_ON,
    SURVEYOR,
    CellSpec,
    field_of,
)
from communes.selectors.reviews.sheets import Live, SheetForm, shown, token_of
from communes.services.survey import message_of
from mongcai_portal.common.templatetags.portal import localname, time_vi

WRONG, CONFLICT, SAVED, EMPTY = "wrong", "conflict", "saved", "empty"


def language() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


@dataclass(frozen=True, slots=True)
class SheetCellView:
    """A field: what stands in it, what a window remembers of it, and what is wrong.

    `status` is saved, empty, wrong or conflict; `choices` are (code, label) of a choice.
    """

    name: str
    id: str
    kind: str
    label: str
    hint: str
    unit: str
    text: str
    token: str
    status: str
    message: str = ""
    saved_at: str = ""
    saved_by: str = ""
    lock: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    unverified: bool = False
    input_mode: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class SheetSection:
    """A part of the sheet: screening, B1, one dimension of B2, a list of C, who surveyed.

    `asked`: whether it says above its fields for which households these are.
    """

    id: str
    title: str
    note: str
    cells: list[SheetCellView]
    unverified: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Overlay:
    """What the reader typed that is not stored: texts, tokens as sent, faults and conflicts by field."""

    typed: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    conflicts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Words:
    """Names of what the sheet asks, loaded at once."""

    deprivations: Mapping[str, Deprivation]
    items: Mapping[str, ScoreItem]
    causes: Mapping[str, PovertyCause]
    supports: Mapping[str, SupportKind]


def sections_of(sheet: SheetForm, cells: Mapping[str, SheetCell], overlay: Overlay) -> list[SheetSection]:
    """Return the sheet's sections with their fields: five queries."""
    words = _words(sheet)
    views = {spec.name: _view(spec, cells.get(spec.name), overlay, words) for spec in sheet.cells}

    def some(*names: str) -> list[SheetCellView]:
        return [views[name] for name in names if name in views]

    b1 = [views[spec.name] for spec in sheet.cells if spec.name.startswith((ITEM, OPTION))]
    found = [
        SheetSection("screening", _("Nhận dạng nhanh (phiếu A)"), "", some(SCREENING, FARMING)),
        SheetSection(
            "income",
            _("Thu nhập (phiếu B1)"),
            ""
            if sheet.table
            else _("Chưa nhập bảng điểm B1 của vùng: ghi tổng điểm A theo phiếu giấy, đính kèm ảnh phiếu."),
            [*some(INCOME), *b1, *some(A_SCORE)],
            unverified=sheet.table is not None and sheet.table.provenance != "sourced",
        ),
    ]
    dimensions: dict[str, list[SheetCellView]] = {}
    for one in sheet.form.deprivations:
        dimensions.setdefault(localname(words.deprivations[one.code], "dimension"), []).append(views[ANSWER + one.code])
    for n, (name, asked) in enumerate(dimensions.items(), start=1):
        found.append(SheetSection(f"b2-{n}", _("Thiếu hụt: %(name)s (phiếu B2)") % {"name": name}, "", asked))
    found += _description_sections(sheet, views, words)
    found.append(SheetSection("surveyor", _("Rà soát viên"), "", some(SURVEYOR, SURVEYED_ON)))
    return found


def _description_sections(sheet: SheetForm, views: Mapping[str, SheetCellView], words: _Words) -> list[SheetSection]:
    """Sheet C: causes, needs, support received; none where the form lists nothing."""
    titles = (
        (CAUSE, "causes", _("Nguyên nhân nghèo (phiếu C)"), words.causes),
        (NEED, "needs", _("Nhu cầu hỗ trợ (phiếu C)"), words.supports),
        (RECEIVED, "received", _("Hỗ trợ đã nhận (phiếu C)"), words.supports),
    )
    found = []
    for part, name, title, rows in titles:
        asked = [views[spec.name] for spec in sheet.cells if spec.name.startswith(part)]
        if asked:
            unsure = any(one.provenance != "sourced" for one in rows.values())
            found.append(SheetSection(name, title, "", asked, unverified=unsure, asked=not found))
    return found


def cell_views(sheet: SheetForm, cells: Mapping[str, SheetCell], overlay: Overlay) -> dict[str, SheetCellView]:
    """Return the fields by name, for an answer to a script: five queries."""
    words = _words(sheet)
    return {spec.name: _view(spec, cells.get(spec.name), overlay, words) for spec in sheet.cells}


def _words(sheet: SheetForm) -> _Words:
    deprivations = {one.code: one for one in Deprivation.objects.filter(form__code=sheet.form.code)}
    items: dict[str, ScoreItem] = {}
    if sheet.table is not None:
        rows = ScoreItem.objects.filter(
            table__form__code=sheet.form.code, table__region=sheet.table.region, table__area_type=sheet.table.area_type
        )
        items = {one.code: one for one in rows.prefetch_related("options")}
    causes = {one.code: one for one in PovertyCause.objects.filter(form__code=sheet.form.code)}
    supports = {one.code: one for one in SupportKind.objects.filter(form__code=sheet.form.code)}
    return _Words(deprivations, items, causes, supports)


def _view(spec: CellSpec, cell: SheetCell | None, overlay: Overlay, words: _Words) -> SheetCellView:
    stored = shown(cell, spec.kind, language())
    lock = cell.lock if cell else 0
    text, token, status, message = stored, token_of(lock, stored), SAVED if stored else EMPTY, ""
    by, at = (cell.entered_by, time_vi(cell.entered_at)) if cell and cell.value else ("", "")
    if spec.name in overlay.faults or spec.name in overlay.conflicts:
        text = overlay.typed.get(spec.name, stored)
        token = overlay.tokens.get(spec.name, token)
        status = WRONG if spec.name in overlay.faults else CONFLICT
        message = overlay.faults.get(spec.name, "")
        if status == CONFLICT:
            found = overlay.conflicts[spec.name]
            now = shown(cell, spec.kind, language()) or _("để trống")
            message = _("Ô này vừa được %(name)s sửa thành %(value)s.") % {
                "name": found.by,
                "value": _word_of(spec, now, words),
            }
            at = time_vi(found.at)
    label, hint, unit, choices, unsure, source = _said_of(spec, words)
    return SheetCellView(
        name=spec.name,
        id="c-" + spec.name.replace(":", "-").replace("~", "--"),
        kind=spec.kind,
        label=label,
        hint=hint,
        unit=unit,
        text=text,
        token=token,
        status=status,
        message=message,
        saved_at=at,
        saved_by=by,
        lock=lock,
        choices=choices,
        unverified=unsure,
        input_mode={NUMBER: "numeric", DAY: "numeric"}.get(spec.kind, "text"),
        source=source,
    )


def _said_of(spec: CellSpec, words: _Words) -> tuple[str, str, str, tuple[tuple[str, str], ...], bool, str]:
    """Return label, hint, unit, choices, whether the text is unverified, and its source."""
    name = spec.name
    if name.startswith(ANSWER):
        one = words.deprivations[name.removeprefix(ANSWER)]
        unsure = one.threshold_provenance != "sourced"
        return f"{one.number}. {localname(one)}", localname(one, "threshold"), "", (), unsure, one.source
    if name.startswith(SHEET_C):
        code = name.partition(":")[2]
        return localname(words.causes[code] if name.startswith(CAUSE) else words.supports[code]), "", "", (), False, ""
    if name.startswith(ITEM):
        item = words.items[name.removeprefix(ITEM)]
        choices = tuple(
            (option.code, localname(option)) for option in sorted(item.options.all(), key=lambda o: o.position)
        )
        return localname(item), "", "", choices, False, ""
    if name.startswith(OPTION):
        code, _sep, option_code = name.removeprefix(OPTION).partition("~")
        item = words.items[code]
        option = next(option for option in item.options.all() if option.code == option_code)
        return f"{localname(item)}: {localname(option)}", "", "", (), False, ""
    screening = (
        (TO_SURVEY, _("cần điều tra bằng phiếu B")),
        (SCREENED_OUT, _("dừng ở bước nhận dạng nhanh")),
    )
    said: dict[str, tuple[str, str, str, tuple[tuple[str, str], ...]]] = {
        SCREENING: (_("Kết quả nhận dạng nhanh"), "", "", screening),
        FARMING: (_("Hộ làm nông, lâm, ngư, diêm nghiệp"), _("Để trống: lấy theo sổ hộ."), "", ()),
        INCOME: (_("Thu nhập bình quân"), "", _("đồng/người/tháng"), ()),
        A_SCORE: (_("Điểm A (tổng điểm phiếu B1)"), "", _("điểm"), ()),
        SURVEYOR: (_("Họ tên rà soát viên"), "", "", ()),
        SURVEYED_ON: (_("Ngày rà soát"), _("Dạng 31/12/2025."), "", ()),
    }
    label, hint, unit, choices = said[name]
    return label, hint, unit, choices, False, ""


def _word_of(spec: CellSpec, text: str, words: _Words) -> str:
    """A stored value as it is read aloud."""
    if spec.kind == CHOICE:
        return dict(_said_of(spec, words)[3]).get(text, text)
    if text in ("true", "false"):
        return pgettext("answer", "có") if text == "true" else pgettext("answer", "không")
    return text


# --- The live result -------------------------------------------------------------------------------------------------


def live_context(live: Live, sheet: SheetForm) -> dict[str, Any]:
    """What `_review_result.html` shows."""
    low, high = live.deprived.points
    return {
        "results": [result_view(standard, said) for standard, said in live.results],
        "b_low": low,
        "b_high": high,
        "b_open": len(live.deprived.unanswered),
        "b_number": len(live.deprived.counted),
        "a_points": live.a_points,
        "a_open": live.a_open,
        "wrong": [(field_of(one.about), message_of(one, "vi")) for one in live.wrong],
        "has_table": sheet.table is not None,
        "entered": live.entered,
        "total": live.total,
        "described": live.described,
        "described_unknown": all(said.status == "undetermined" for _standard, said in live.results),
        "description_typed": bool(live.description),
        "causes": len(live.description.applying),
    }


def fault_lines(faults: Mapping[str, str], sections: list[SheetSection]) -> list[tuple[SheetCellView | None, str]]:
    """Return what is wrong with the field it is at, in the order of the sheet."""
    views = [cell for section in sections for cell in section.cells]
    known = {cell.name for cell in views}
    lines: list[tuple[SheetCellView | None, str]] = [(cell, faults[cell.name]) for cell in views if cell.name in faults]
    return lines + [(None, message) for name, message in faults.items() if name not in known]


def review_state(review: HouseholdReview) -> tuple[str, str, str]:
    """Where a household's sheet stands: class, icon and word."""
    if hasattr(review, "refusal"):
        return "none", "ban", _("đã từ chối bằng văn bản")
    if absence := getattr(review, "absence", review.fell_out):
        return "none", "logout", str(HouseholdReview.FellOut(absence).label)
    if review.finished_at is None:
        return "part", "pencil", _("chưa xong phiếu")
    return "met", "check", _("đã xong phiếu")
