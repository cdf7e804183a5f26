"""How events read: who did what to which object, through which door, and what changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from communes.models import UnitVersion
from communes.selectors.audit import Reach, details_told
from mongcai_portal.audit.masking import mask
from mongcai_portal.audit.models import AuditEvent
from mongcai_portal.common.exports import Table
from mongcai_portal.common.templatetags.portal import date_vi, localname

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class EventView:
    """An event as read."""

    pk: int
    at: datetime
    who: str
    actor: str
    what: str
    kind: str
    obj: str
    obj_type: str
    obj_type_label: str
    obj_id: str
    unit: str
    unit_uid: str
    channel: str
    request_id: str
    details: list[tuple[str, str]]


# A file of the log asks for a hundred thousand words: each table is translated once for a language.
@cache
def _object_labels(_language: str | None) -> dict[str, str]:
    return {
        "user": _("tài khoản"),
        "api_client": _("kết nối phần mềm"),
        "report": _("báo cáo"),
        "period": _("kỳ báo cáo"),
        "reminder": _("lời nhắc"),
        "recognition": _("quyết định công nhận"),
        "ocop_product": _("sản phẩm OCOP"),
        "reference": _("dữ liệu danh mục"),
        "unit": _("đơn vị"),
        "village": _("thôn, bản, khu"),
        "household": pgettext("object", "hộ"),
        "households": _("sổ hộ"),
        "household_import": _("tệp sổ hộ"),
        "opening_list": _("danh sách hộ nghèo, cận nghèo đầu kỳ"),
        "household_source": _("nguồn tệp sổ hộ"),
        "household_export": _("tệp xuất sổ hộ"),
        "poverty_tables": _("biểu tổng hợp hộ nghèo"),
        "special_day": _("ngày nghỉ, ngày làm bù"),
        "classification": _("kết quả phân loại hộ"),
        "review_round": _("đợt rà soát"),
        "data_keys": _("khóa mã hóa"),
        "recheck": _("đối chiếu"),
        "household_counts": _("số đếm hộ"),
        "evaluation": _("tính kết quả"),
        "audit": _("nhật ký"),
        "job": _("công việc nền"),
        "letter": _("lời nhắc qua thư"),
        "history_import": _("tệp số liệu các năm trước"),
        "norm": _("mức đạt chuẩn"),
        "budget_line": _("dòng vốn"),
        "budget_import": _("tệp vốn"),
        "conversion_rule": _("mức quy đổi"),
        "task": _("nhiệm vụ"),
        "difficulty": _("tồn tại, khó khăn"),
    }


def object_label(code: str) -> str:
    """What kind of thing was acted on; an unknown one shows its code."""
    return _object_labels(get_language()).get(code, code)


def channel_label(code: str) -> str:
    """Through which door it came."""
    return {"page": _("trang"), "api": _("API"), "command": _("lệnh máy chủ"), "task": _("việc chạy nền")}.get(
        code, code
    )


@cache
def _field_labels(_language: str | None) -> dict[str, str]:
    return {
        "before": _("trước"),
        "after": _("sau"),
        "reason": _("lý do"),
        "role": _("vai trò"),
        "office": _("phòng ban"),
        "offices": _("phòng ban"),
        "units": _("đơn vị"),
        "revision": _("lần lập"),
        "due_on": _("hạn nộp"),
        "full_name": _("họ và tên"),
        "email": _("thư điện tử"),
        "language": _("ngôn ngữ"),
        "valid_from": _("từ ngày"),
        "valid_to": _("đến hết ngày"),
        "scopes": _("phạm vi"),
        "rows": _("số dòng"),
        "asked": _("điều kiện"),
        "unit": _("đơn vị"),
        "state": _("tình trạng"),
        "of_class": _("loại hộ"),
        "as_of": _("ngày xem"),
        "searched": _("có tìm kiếm"),
        "pages": _("trang"),
        "empty": _("không có hộ nào"),
        "elements": _("số liệu"),
        "ip": _("địa chỉ máy"),
        "is_service": _("tài khoản của phần mềm"),
        "level": _("mức công nhận"),
        "value": _("giá trị"),
        "year": _("năm"),
        "region": _("vùng"),
        "group": _("nhóm"),
        "provenance": _("mức tin cậy"),
        "producer": _("chủ thể"),
        "assessment": _("hồ sơ đánh giá số"),
        "recognition": _("bản ghi công nhận số"),
        "council": _("hội đồng"),
        "assessed_on": _("ngày họp chấm"),
        "sheets": _("số phiếu"),
        "total": _("tổng điểm"),
        "stars": _("số sao"),
        "result": _("kết quả"),
        "event": _("lần công nhận"),
        "last_day": _("hiệu lực đến hết ngày"),
        "turn": _("nhắc trước (ngày)"),
        "decision": _("văn bản"),
        "number": _("số văn bản"),
        "decision_number": _("số quyết định"),
        "decided_on": _("ngày quyết định"),
        "withdrawn_on": _("ngày thu hồi"),
        "issued_on": _("ngày ban hành"),
        "issuer": _("cơ quan ban hành"),
        "document": _("dấu SHA-256 của bản quét"),
        "scan": _("dấu SHA-256 của bản quét"),
        "sha256": _("dấu SHA-256"),
        "figures": _("theo số liệu"),
        "difference_reason": _("vì sao vẫn ghi"),
        "replaces": _("thay bản ghi số"),
        "reports": _("báo cáo"),
        "values": _("số liệu"),
        "acts": _("quyết định công nhận"),
        "counts": _("đếm được"),
        "same": _("đã có và giống hệt"),
        "conflicts": _("đã có và khác"),
        "blank": _("ô trống"),
        "ignored": _("bỏ qua"),
        "faults": _("lỗi"),
        "file": _("tệp"),
        "files": _("tệp"),
        "name": _("tên"),
        "element": _("số liệu"),
        "cells": _("ô"),
        "part": _("phần"),
        "comment": _("ý kiến số"),
        "upto": _("đọc đến ý kiến số"),
        "side": _("bên"),
        "reasons": _("lý do"),
        "reminder": _("lần nhắc"),
        "judgements": _("kết luận của phòng ban"),
        "on": _("từ ngày"),
        "because": _("lý do"),
        "purpose": _("mục đích"),
        "order": _("yêu cầu"),
        "years": _("số năm lưu giữ"),
        "source": _("căn cứ"),
        "person": _("nhân khẩu số"),
        "people": _("nhân khẩu số"),
        "members": _("số nhân khẩu"),
        "relation": _("quan hệ với chủ hộ"),
        "village": _("thôn, bản, khu"),
        "from": _("từ hộ"),
        "to": _("sang hộ"),
        "began_as": _("vào sổ"),
        "person_name": _("họ và tên"),
        "birth_date": _("ngày sinh"),
        "birth_precision": _("ngày sinh biết đến"),
        "sex": _("giới tính"),
        "ethnicity": _("dân tộc"),
        "identity_number": _("số định danh"),
        "schooling": _("tình trạng đi học"),
        "education": _("trình độ"),
        "work": _("việc làm"),
        "health_insurance": _("bảo hiểm y tế"),
        "allowance": _("trợ cấp xã hội"),
        "meritorious": _("người có công"),
        "nutrition": _("dinh dưỡng"),
        "address": _("địa chỉ"),
        "no_labour": _("không có khả năng lao động"),
        "farming": _("làm nông, lâm, ngư, diêm nghiệp"),
        "note": _("ghi chú"),
        "round": _("đợt rà soát"),
        "households": _("số hộ"),
        "villages": _("số thôn"),
        "gone": _("số hộ đã ra khỏi sổ hộ"),
        "elsewhere": _("số hộ nay ở xã, phường khác"),
        "late_reason": _("lý do quyết định muộn"),
        "fields": _("các mục"),
        "form": _("mẫu giấy"),
        "paper": _("giấy tờ"),
        "present": _("số người dự họp"),
        "agreeing": _("số người đồng ý"),
        "agreed": _("đủ tỷ lệ đồng ý"),
        "until": _("đến hết ngày"),
        "standard": _("chuẩn nghèo"),
        "tables": _("biểu"),
        "exact": _("số đầy đủ"),
        "works": _("ngày làm bù"),
        "moved": _("hạn được dời"),
        "second": _("lần hai"),
        "outcome": _("kết quả"),
        "steps": _("số bước"),
        "text": _("nội dung"),
        "created": _("thêm mới"),
        "changed": _("thay đổi"),
        "deleted": _("đã xóa"),
    }


def field_label(name: str) -> str:
    """A field of the details; an unknown one shows its name."""
    return _field_labels(get_language()).get(name, name)


@cache
def _value_labels(_language: str | None) -> dict[str, str]:
    return {
        "met": _("đạt"),
        "not_met": _("chưa đạt"),
        "no_data": _("chưa có số liệu"),
        "not_applicable": _("không áp dụng"),
        "undetermined": _("chưa xác định"),
        "sourced": _("đã đối chiếu với văn bản gốc"),
        "unverified": _("chưa đối chiếu"),
        "illustrative": _("minh họa"),
        "standard": _("đạt chuẩn nông thôn mới"),
        "advanced": _("nông thôn mới nâng cao"),
        "model": _("nông thôn mới kiểu mẫu"),
        "review": _("bên thẩm định"),
        "commune": _("bên xã"),
        "overdue": _("quá hạn"),
        "request_01": _("Mẫu 01"),
        "request_04": _("Mẫu 04"),
        "average": _("đề nghị xác định mức sống trung bình"),
    }


def value_label(text: str) -> str:
    """A value that is one of the portal's own words, or a day; any other is shown as it is."""
    day = parse_date(text) if _DAY.fullmatch(text) else None
    return date_vi(day) if day else _value_labels(get_language()).get(text, text)


def flat(details: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """The details as lines `field: text`; empty ones are left out."""
    if isinstance(details, dict):
        for name, value in details.items():
            here = field_label(str(name))
            yield from flat(value, f"{before} › {here}" if before else here)
    elif isinstance(details, list) and not any(isinstance(item, dict | list) for item in details):
        yield from flat(", ".join(value_label(str(item)) for item in details), before)
    elif isinstance(details, list):
        for at, item in enumerate(details, 1):
            yield from flat(item, f"{before} {at}".strip())
    elif isinstance(details, bool):
        yield before, _("có") if details else _("không")
    elif details not in (None, ""):
        yield before, value_label(str(details))


def event_views(events: Iterable[AuditEvent], names: Mapping[str, UnitVersion], reach: Reach) -> list[EventView]:
    """The events as their reader may know them; what is personal is masked again, whatever once was stored."""
    return [
        EventView(
            pk=event.pk,
            at=event.at,
            who=event.actor_name,
            actor=event.actor_id,
            what=event.kind_label,
            kind=event.kind,
            obj="" if reach.hides_object(event) else event.object_label,
            obj_type=event.object_type,
            obj_type_label=object_label(event.object_type),
            obj_id="" if reach.hides_object(event) else event.object_id,
            unit=localname(names[event.unit_uid]) if event.unit_uid in names else event.unit_uid,
            unit_uid=event.unit_uid,
            channel=channel_label(event.channel),
            request_id=event.request_id,
            details=list(flat(mask(details_told(event, reach)))),
        )
        for event in events
    ]


def audit_table(views: Iterable[EventView], lines: list[str], *, cut: bool, longest: int) -> Table:
    """The events as a table of a file."""
    return Table(
        title=_("Nhật ký"),
        lines=lines,
        headings=[
            _("Lúc"),
            _("Ai làm"),
            _("Việc đã làm"),
            _("Đối tượng"),
            _("Tên đối tượng"),
            _("Đơn vị"),
            _("Qua"),
            _("Chi tiết"),
            _("Mã yêu cầu"),
        ],
        rows=[
            [
                view.at,
                view.who,
                view.what,
                view.obj_type_label,
                view.obj,
                view.unit,
                view.channel,
                "; ".join(f"{name}: {text}" for name, text in view.details),
                view.request_id,
            ]
            for view in views
        ],
        notes=[_("Chỉ có %(n)s sự kiện mới nhất; thu hẹp điều kiện để lấy phần còn lại.") % {"n": longest}]
        if cut
        else [],
    )
