"""The report tables as sheets of a workbook: titles, headings, what each figure is of, and why some have none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from communes.models.persons import BirthPrecision, Sex
from communes.models.poverty import PovertyStatus
from communes.presenters.household_imports import word_label
from communes.presenters.poverty_columns import cause_heading, heading_of
from communes.rules.poverty import report_tables as rules
from communes.rules.poverty.report_tables import LISTS, TABLES
from communes.selectors.descriptions import lists_of
from communes.selectors.directory import names_on
from communes.selectors.poverty_tables.deprived import deprivations_of
from communes.selectors.poverty_tables.extent import Cell, Extent, Line, TableData
from communes.selectors.poverty_tables.lists import ListedHousehold, list_rows
from communes.selectors.poverty_tables.tables import table_data
from communes.services.poverty_tables import ReleasedTables
from mongcai_portal.common import exports
from mongcai_portal.common.exports import Table
from mongcai_portal.common.templatetags.portal import date_vi, localname

WITHHELD, NONE = "…", "–"
TITLES = {
    1: gettext_lazy("Tổng hợp hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình"),
    2: gettext_lazy("Tổng hợp diễn biến hộ nghèo"),
    3: gettext_lazy("Tổng hợp diễn biến hộ cận nghèo"),
    4: gettext_lazy("Chỉ số thiếu hụt của hộ nghèo (số lượng)"),
    5: gettext_lazy("Chỉ số thiếu hụt của hộ nghèo (tỷ lệ)"),
    6: gettext_lazy("Chỉ số thiếu hụt của hộ cận nghèo (số lượng)"),
    7: gettext_lazy("Chỉ số thiếu hụt của hộ cận nghèo (tỷ lệ)"),
    8: gettext_lazy("Hộ nghèo, cận nghèo theo nhóm đối tượng"),
    9: gettext_lazy("Hộ nghèo, cận nghèo theo dân tộc"),
    10: gettext_lazy("Hộ nghèo, cận nghèo theo nguyên nhân"),
    11: gettext_lazy("Chỉ tiêu thiếu hụt của trẻ em trong hộ nghèo, cận nghèo"),
    12: gettext_lazy("Tổng hợp hộ nghèo theo chuẩn đa chiều"),
    13: gettext_lazy("Tổng hợp hộ cận nghèo theo chuẩn đa chiều"),
    14: gettext_lazy("Danh sách chi tiết hộ cận nghèo"),
    15: gettext_lazy("Danh sách chi tiết hộ nghèo"),
}
LIST_COLUMNS = (
    "code", "head", "birth", "sex", "ethnicity", "village", "address", "members", "no_labour", "a_score",
    "b_score", "deprived", "causes", "needed", "received", "before", "decision", "since",
)  # fmt: skip


def title_of(number: int) -> str:
    return f"{number}. {TITLES[number]}"


def unit_words(extent: Extent) -> str:
    """Over what the tables count: a unit as a title, or all of them."""
    if extent.unit is None:
        return _("Mọi xã, phường")
    titles = {"commune": _("Xã %(name)s"), "ward": _("Phường %(name)s"), "special_zone": _("Đặc khu %(name)s")}
    return titles.get(extent.unit.kind, "%(name)s") % {"name": localname(extent.unit)}


def write_tables(released: ReleasedTables) -> bytes:
    """Return the workbook: a sheet a table, in their order."""
    return exports.to_xlsx(*(sheet_of(released, number) for number in released.tables))


def sheet_of(released: ReleasedTables, number: int) -> Table:
    """Return a table as a sheet; one without figures says which it lacks, and why, instead of noughts."""
    extent, data = released.extent, table_data(released.scope, released.extent, number)
    lines, name = _lines(released, number), _("Biểu %(n)s") % {"n": f"{number:02d}"}
    title = title_of(number)
    if data.missing:
        lines.append(_("Không có số liệu."))
        return Table(title, [_("Lý do")], [[_missing(data, extent)]], lines=lines, notes=_source(), name=name)
    if number in LISTS:
        heads = [_("STT"), *(_list_heading(column) for column in LIST_COLUMNS)]
        rows = _list_rows(extent, TABLES[number].status)
        return Table(title, heads, rows, lines=lines, notes=[*_list_notes(), *_source()], name=name)
    heads = [_first_heading(extent, number), *_headings(extent, data)]
    rows = (
        [_line_name(line, number), *(_cell(line.cells.get(column)) for column in data.columns)] for line in data.lines
    )
    return Table(title, heads, list(_shown(data, rows)), lines=lines, notes=[*_notes(data), *_source()], name=name)


def _headings(extent: Extent, data: TableData) -> list[str]:
    """The headings of a table's columns: deprivations and causes are named by their form."""
    kind = TABLES[data.number].kind
    if kind in (rules.DEPRIVED, rules.DEPRIVED_SHARE):
        names = {one.code: localname(one) for one in deprivations_of(extent)}
        return [names.get(column) or heading_of(data.number, column) for column in data.columns]
    if kind == rules.CAUSES:
        names = {one.code: localname(one) for one in lists_of(extent.standard.form_id)[0]}
        return [cause_heading(column, names) or heading_of(data.number, column) for column in data.columns]
    return [heading_of(data.number, column) for column in data.columns]


def _lines(released: ReleasedTables, number: int) -> list[str]:
    extent = released.extent
    standard = extent.standard
    found = [
        unit_words(extent),
        _("Chuẩn nghèo: %(name)s (%(decision)s)") % {"name": localname(standard), "decision": standard.decision},
        _("Năm %(year)s, tính đến hết ngày %(day)s") % {"year": extent.year, "day": date_vi(extent.closing)},
    ]
    if TABLES[number].kind == rules.CHANGES:
        told = {"opening": date_vi(extent.opening), "closing": date_vi(extent.closing)}
        found[2] = _("Từ hết ngày %(opening)s đến hết ngày %(closing)s") % told
    if number in LISTS:
        found.append(_("Tệp có dữ liệu cá nhân: giữ và xóa theo quy định về bảo vệ dữ liệu cá nhân."))
    elif not released.exact:
        found.append(_("Số được phép công bố: số từ 1 đến 4, và số cho phép tính ngược ra nó, được thay bằng “…”."))
    rests_on_counts = number not in LISTS and (TABLES[number].kind in rules.COUNTED or not released.exact)
    if released.outdated_since and rests_on_counts:
        since = timezone.localtime(released.outdated_since)
        found.append(
            _("Số đếm chưa gồm thay đổi trong sổ hộ từ %(time)s; cổng đang đếm lại.")
            % {"time": f"{since:%H:%M} {date_vi(since)}"}
        )
    return found


def _source() -> list[str]:
    return [
        _("Nguồn: sổ hộ nghèo, cận nghèo của cổng; số đếm và kết quả phân loại ghi theo quyết định."),
        _("Tên và thứ tự biểu theo phần mềm quản lý hộ nghèo của một tỉnh khác; chưa đối chiếu với phụ lục Thông tư "
          "07/2021/TT-BLĐTBXH."),
    ]  # fmt: skip


def _missing(data: TableData, extent: Extent) -> str:
    """Which data a table lacks, and why."""
    told = {"day": date_vi(extent.closing), "n": data.facts.get("households", "")}
    return {
        rules.NO_CAUSES: _("Mẫu phiếu của chuẩn nghèo này chưa có danh mục nguyên nhân nghèo (phiếu C)."),
        rules.NOT_RECORDED: _(
            "Cả %(n)s hộ nghèo, hộ cận nghèo vào ngày %(day)s chưa ghi nguyên nhân nghèo: hộ ghi theo danh sách không "
            "có phiếu C, hoặc phiếu chưa ghi nguyên nhân nào."
        ),
        rules.NO_AVERAGE_LINE: _("Chuẩn nghèo này không có mức thu nhập của hộ có mức sống trung bình."),
        rules.NO_FORM: _("Danh mục chỉ số thiếu hụt của chuẩn nghèo này chưa được nhập."),
        rules.NO_SHEETS: _(
            "Cả %(n)s hộ thuộc loại này vào ngày %(day)s được ghi theo danh sách, không kèm phiếu: sổ không có chỉ số "
            "thiếu hụt của từng hộ."
        ),
        rules.NOBODY: _("Đến hết ngày %(day)s chưa có hộ nào được phân loại thuộc loại này theo chuẩn nghèo này."),
        rules.NOT_PUBLISHED: _(
            "Không công bố với tài khoản này: từ các số của biểu có thể tính ra số hộ rất nhỏ. Người phụ trách hộ của "
            "đơn vị xem được đủ."
        ),
    }[data.missing] % told


def _first_heading(extent: Extent, number: int) -> str:
    if TABLES[number].kind == rules.ETHNIC_GROUPS:
        return _("Dân tộc của chủ hộ")
    return _("Xã, phường") if extent.unit is None else _("Thôn, bản, khu")


def _line_name(line: Line, number: int) -> str:
    if line.name is None:
        return _("Tổng cộng")
    if TABLES[number].kind == rules.ETHNIC_GROUPS:
        return word_label("ethnicity", line.name) if line.name else _("chưa ghi")
    return localname(line.name) if line.name else _("Đơn vị, thôn không còn vào ngày cuối kỳ")


def _cell(value: Cell) -> Cell:
    return NONE if value is None else value


def _shown(data: TableData, rows: Iterator[list[Cell]]) -> Iterator[list[Cell]]:
    """Tell a number that is left out from a share of nothing: of a published table both are None."""
    for line, row in zip(data.lines, rows, strict=True):
        if data.withheld:
            hidden = any(line.cells.get(c) is None for c in data.columns if not c.endswith("rate"))
            row = [WITHHELD if value == NONE and (hidden or not data.columns[at - 1].endswith("rate")) else value
                   for at, value in enumerate(row)]  # fmt: skip
        yield row


def _notes(data: TableData) -> list[str]:
    kind, found = TABLES[data.number].kind, []
    if kind == rules.CHANGES:
        found.append(
            _("Đầu kỳ − tổng giảm + tổng tăng = cuối kỳ. Hộ chuyển giữa các dòng có ở cả cột giảm và cột tăng.")
            if "left" in data.columns
            else _("Đầu kỳ − hộ chuyển sang loại khác + hộ từ loại khác chuyển đến = cuối kỳ.")
        )
    if kind in (rules.DEPRIVED, rules.DEPRIVED_SHARE):
        found.append(_("Chỉ số lấy từ phiếu của quyết định đang có hiệu lực; hộ ghi theo danh sách không có phiếu."))
        if kind == rules.DEPRIVED_SHARE:
            found.append(_("Tỷ lệ (%) tính trên số hộ có phiếu."))
        if data.facts.get("open"):
            told = {"n": data.facts["open"]}
            found.append(_("%(n)s câu trả lời còn bỏ ngỏ trên phiếu không được tính là thiếu hụt.") % told)
    if kind in (rules.GROUPS, rules.AVERAGE):
        found.append(
            _("Cột “chưa ghi”: sổ chưa nói hộ có thuộc nhóm hay không. Khả năng lao động, nghề và người có công theo "
              "điều sổ ghi sau cùng, không theo ngày.")
        )  # fmt: skip
    if kind == rules.CAUSES:
        found.append(
            _("Nguyên nhân lấy từ phiếu C của quyết định đang có hiệu lực. Một hộ có thể có nhiều nguyên nhân, nên các "
              "cột cộng lại có thể lớn hơn số hộ. Danh mục nguyên nhân theo sổ của một tỉnh khác; chưa đối chiếu với "
              "mẫu phiếu C.")
        )  # fmt: skip
    if kind == rules.CHILDREN:
        found.append(
            _("Trẻ em dưới 16 tuổi vào ngày tính, đã ghi ngày sinh. Bảo hiểm, dinh dưỡng và trường lớp theo điều sổ "
              "ghi sau cùng. Đúng cấp học: 3 đến dưới 6 tuổi mầm non, dưới 12 tiểu học, dưới 16 trung học cơ sở.")
        )  # fmt: skip
    if kind in (rules.SUMMARY, rules.ETHNIC_GROUPS):
        found.append(_("Tỷ lệ (%) tính trên mọi hộ của sổ. Dân tộc của hộ là dân tộc của chủ hộ."))
    return found


# --- Lists -----------------------------------------------------------------------------------------------------------


def _list_heading(column: str) -> str:
    return {
        "code": _("Mã hộ"),
        "head": _("Chủ hộ"),
        "birth": _("Ngày sinh"),
        "sex": _("Giới tính"),
        "ethnicity": _("Dân tộc"),
        "village": _("Thôn, bản, khu"),
        "address": _("Địa chỉ"),
        "members": _("Nhân khẩu"),
        "no_labour": _("Không có khả năng lao động"),
        "a_score": _("Điểm A (B1)"),
        "b_score": _("Điểm B (B2)"),
        "deprived": _("Chỉ số thiếu hụt"),
        "causes": _("Nguyên nhân nghèo"),
        "needed": _("Nhu cầu hỗ trợ"),
        "received": _("Hỗ trợ đã nhận"),
        "before": _("Phân loại đầu kỳ"),
        "decision": _("Quyết định, danh sách"),
        "since": _("Từ ngày"),
    }[column]


def _list_notes() -> list[str]:
    return [
        _("Danh sách không có số định danh. Điểm và chỉ số thiếu hụt để trống: sổ nhận hộ theo danh sách."),
        _("Nguyên nhân nghèo, nhu cầu hỗ trợ và hỗ trợ đã nhận để trống: phiếu C chưa ghi."),
    ]


def _list_rows(extent: Extent, status: str) -> Iterator[list[Cell]]:
    names = {one.code: localname(one) for one in deprivations_of(extent)}
    causes, supports = ({one.code: localname(one) for one in some} for some in lists_of(extent.standard.form_id))
    units = (
        {} if extent.unit else {pk: localname(one) for pk, one in names_on(extent.closing, dict(extent.lines)).items()}
    )
    yes_no = {True: _("có"), False: _("không"), None: None}
    for at, one in enumerate(list_rows(extent, status), start=1):
        unit = units.get(one.unit_id or 0, "")
        yield [
            at, one.code, one.head, _birth(one), str(Sex(one.sex).label) if one.sex else None,
            word_label("ethnicity", one.ethnicity) if one.ethnicity else None,
            f"{one.village}, {unit}" if unit else one.village, one.address or None, one.members, yes_no[one.no_labour],
            one.a_score, one.b_score, _deprived(one, names), _answered(one.description.causes, causes),
            _answered(one.description.needed, supports), _answered(one.description.received, supports), _before(one),
            one.decision, one.since,
        ]  # fmt: skip


def _deprived(one: ListedHousehold, names: Mapping[str, str]) -> str | None:
    if one.deprived is None:
        return None
    return "; ".join(names.get(code, code) for code in one.deprived) or pgettext("deprivations", "không")


def _answered(said: Mapping[str, bool], names: Mapping[str, str]) -> str | None:
    """What was answered with yes; "no" where all that was answered is no, and nothing where nothing was."""
    if not said:
        return None
    return "; ".join(names.get(code, code) for code, yes in said.items() if yes) or pgettext("answers", "không")


def _before(one: ListedHousehold) -> str:
    return str(PovertyStatus(one.before).label) if one.before else _("chưa phân loại")


def _birth(one: ListedHousehold) -> Cell:
    if one.birth_date is None or one.birth_precision == BirthPrecision.DAY:
        return one.birth_date
    if one.birth_precision == BirthPrecision.MONTH:
        return f"{one.birth_date:%m/%Y}"
    return str(one.birth_date.year)


def told_of(number: int) -> str:
    """What a table shows, in a line: for whoever chooses."""
    return {
        1: _("hộ làm nông, lâm, ngư, diêm nghiệp; hộ có mức sống trung bình"),
        2: _("đầu kỳ, giảm và tăng theo từng nguyên nhân, cuối kỳ"),
        3: _("đầu kỳ, giảm và tăng theo từng nguyên nhân, cuối kỳ"),
        4: _("số hộ theo từng chỉ số trên phiếu"),
        5: _("phần trăm số hộ có phiếu"),
        6: _("số hộ theo từng chỉ số trên phiếu"),
        7: _("phần trăm số hộ có phiếu"),
        8: _("dân tộc thiểu số, không có khả năng lao động, người có công"),
        9: _("theo dân tộc của chủ hộ"),
        10: _("số hộ theo từng nguyên nhân ghi ở phiếu C"),
        11: _("bảo hiểm y tế, dinh dưỡng, đi học đúng cấp"),
        12: _("số hộ, tỷ lệ, nhân khẩu, dân tộc thiểu số"),
        13: _("số hộ, tỷ lệ, nhân khẩu, dân tộc thiểu số"),
        14: _("từng hộ, không có số định danh"),
        15: _("từng hộ, không có số định danh"),
    }[number]
