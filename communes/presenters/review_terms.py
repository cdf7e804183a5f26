"""What a procedure says, as read: its windows and terms, by when results are reported, and what it leaves unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from communes.models import ReviewRound
from communes.presenters.reviews import due_words
from communes.rules.reviews import procedure as rules
from communes.rules.reviews import reports
from communes.rules.reviews.procedure import ProcedureSpec
from mongcai_portal.common.templatetags.portal import date_vi


@dataclass(frozen=True, slots=True)
class TermView:
    """A window or term of the procedure, as read."""

    name: str
    text: str
    provenance: str
    source: str


def terms_of(spec: ProcedureSpec) -> list[TermView]:
    """Return the terms of a procedure with how far each may be trusted."""
    names = {
        rules.YEARLY_FROM: _("Rà soát định kỳ từ"),
        rules.YEARLY_TO: _("Rà soát định kỳ đến hết"),
        rules.MONTHLY_FROM: _("Rà soát thường xuyên từ ngày"),
        rules.MONTHLY_DECISION: _("Quyết định của đợt thường xuyên trong"),
        rules.AVERAGE_FROM: _("Xét hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình từ ngày"),
        rules.AGREEMENT: _("Tỷ lệ đồng ý tối thiểu ở họp dân"),
        rules.POSTING: _("Niêm yết"),
        rules.RECHECK: _("Phúc tra khiếu nại trong"),
        rules.SECOND_POSTING: _("Niêm yết lần hai"),
        rules.DISTRICT: _("Xin ý kiến Chủ tịch UBND cấp huyện (khi còn cấp huyện) trong"),
        rules.REPORT_DAY: _("Báo cáo kết quả rà soát thường xuyên lên cấp trên vào ngày"),
        rules.REPORT_FIRST: _("Báo cáo hằng tháng bắt đầu từ"),
        rules.REPORT_LAST: _("Báo cáo hằng tháng đến hết"),
        rules.REPORT_BEFORE: _("Báo cáo sơ bộ kết quả rà soát định kỳ trước ngày"),
        rules.REPORT_FINAL: _("Báo cáo chính thức kết quả rà soát định kỳ đến hết"),
        rules.ANNOUNCED: _("Bộ công bố kết quả cả nước vào"),
    }
    units = {
        rules.DAYS: _("%(n)s ngày"),
        rules.WORKING_DAYS: _("%(n)s ngày làm việc"),
        rules.PERCENT: _("%(n)s%%"),
        rules.DAY_OF_MONTH: _("ngày %(n)s hằng tháng"),
        rules.MONTH: _("tháng %(n)s"),
        rules.NEXT_YEAR: _("tháng %(n)s năm sau"),
    }
    found = []
    for code, unit in rules.TERMS.items():
        term = spec.terms[code]
        text = f"{term.day:02d}/{term.month:02d}" if unit == rules.MONTH_DAY else units[unit] % {"n": term.number}
        found.append(TermView(names[code], text, term.provenance, term.source))
    return found


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report of a round's results: which one and by whom, by when, and how far that may be trusted.

    Of a day that is past nothing is said: whether a report was sent is not recorded.
    """

    name: str
    day: str
    due_text: str
    pressing: str
    provenance: str
    source: str


def reports_of(round_: ReviewRound, spec: ProcedureSpec, today: date) -> list[ReportView]:
    """Return the reports of a round upwards, in their order; none where the procedure states none."""
    names = {
        reports.OF_MONTH: _("Chủ tịch UBND xã báo cáo kết quả rà soát thường xuyên, nếu có"),
        reports.PRELIMINARY: _("UBND xã báo cáo sơ bộ kết quả rà soát định kỳ"),
        reports.FINAL: _("UBND xã báo cáo chính thức kết quả rà soát định kỳ"),
    }
    found = []
    for one in reports.reports_due(spec, round_.kind, round_.held_in, round_.month):
        text, pressing = due_words(one.due, today) if one.due >= today else ("", "")
        day = date_vi(one.due)
        words = _("trong ngày %(day)s") if one.code == reports.OF_MONTH else _("đến hết ngày %(day)s")
        found.append(ReportView(names[one.code], words % {"day": day}, text, pressing, one.provenance, one.source))
    return found


def next_report(round_: ReviewRound, spec: ProcedureSpec, today: date) -> ReportView | None:
    """Return the report that is due next, today included; None when none is to come."""
    return next((one for one in reports_of(round_, spec, today) if one.due_text), None)


def average_note(spec: ProcedureSpec) -> str:
    """What is known of requests of average living standard, and what the texts at hand do not say."""
    return _(
        "Đề nghị xác định hộ nông, lâm, ngư, diêm nghiệp có mức sống trung bình được xét ở đợt thường xuyên, từ ngày "
        "%(day)s hằng tháng, theo mức thu nhập của chuẩn nghèo. Văn bản đã thu thập không nêu số mẫu giấy đề nghị, các "
        "bước và thời hạn riêng, mẫu giấy chứng nhận: đề nghị đi theo các bước và thời hạn của đợt, kết quả ghi trong "
        "quyết định, không in giấy chứng nhận."
    ) % {"day": spec.number(rules.AVERAGE_FROM)}
