"""Errors of the API as `application/problem+json` (RFC 9457): every fault with its pointer, code and message."""

from __future__ import annotations

import math
from collections.abc import Iterable
from json import JSONDecodeError
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.views import set_rollback

from mongcai_portal.common.errors import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    KeyReused,
    Outdated,
    Stale,
    Unconditional,
    Unconfirmed,
    step,
)
from mongcai_portal.common.views.errors import problem


def refusal(
    status: int, code: str, title: str, detail: str = "", faults: Iterable[Fault] = (), **extra: Any
) -> HttpResponse:
    """Return the answer; `errors` is there exactly when there are faults to name.

    A plain JSON answer: the view's own renderer may write YAML or a page.
    """
    named = [{"pointer": f.pointer, "code": f.code, "detail": str(f.message)} for f in faults]
    return problem(status, code, title, detail, **extra, **({"errors": named} if named else {}))


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Present what a view raised; anything unforeseen stays an exception and becomes the 500 of the portal."""
    answer = _portal_problem(error) or _framework_problem(error, context.get("request"))
    if answer is not None:
        set_rollback()
    return answer


def _portal_problem(error: Exception) -> HttpResponse | None:
    match error:
        case Invalid():
            return refusal(400, "invalid", _("Dữ liệu gửi lên có lỗi"), str(error), error.faults)
        case Unconditional():
            return refusal(428, "precondition_required", _("Thiếu điều kiện ghi"), str(error))
        case Outdated():
            return refusal(412, "precondition_failed", _("Đối tượng đã thay đổi"), str(error))
        case KeyReused():
            return refusal(422, "idempotency_key_reused", _("Mã lời gọi đã dùng"), str(error))
        case Stale():
            return refusal(409, "stale", _("Trạng thái đã thay đổi"), str(error))
        case Conflict():
            return refusal(409, "conflict", _("Số liệu đã được người khác sửa"), str(error), current=error.current)
        case Forbidden():
            return refusal(403, "forbidden", _("Không đủ quyền"), str(error))
        case Unconfirmed():
            return refusal(403, "confirmation_required", _("Cần xác nhận mật khẩu"), str(error))
        case PermissionDenied():
            return refusal(403, "forbidden", _("Không đủ quyền"), _("Tài khoản này không có quyền gọi địa chỉ này."))
        case ObjectDoesNotExist() | Http404():
            return refusal(
                404, "not_found", _("Không tìm thấy"), _("Không có đối tượng này trong phạm vi của tài khoản.")
            )
    return None


def _framework_problem(error: Exception, request: Any) -> HttpResponse | None:
    if not isinstance(error, exceptions.APIException):
        return None
    title, code = _title(error)
    if isinstance(error, exceptions.ValidationError):
        faults = list(_faults(error.detail, error.get_codes(), ""))
        return refusal(400, code, title, "; ".join(f.message for f in faults), faults)
    answer = refusal(error.status_code, code, title, _detail(error, request))
    challenge = getattr(error, "auth_header", None)
    if challenge:
        answer["WWW-Authenticate"] = challenge
    wait = getattr(error, "wait", None)
    if wait is not None:
        answer["Retry-After"] = str(math.ceil(wait))
    return answer


def _title(error: exceptions.APIException) -> tuple[str, str]:
    titles = {
        exceptions.ValidationError: (_("Dữ liệu gửi lên có lỗi"), "invalid"),
        exceptions.ParseError: (_("Không đọc được dữ liệu gửi lên"), "malformed"),
        exceptions.NotAuthenticated: (_("Chưa xác thực"), "unauthenticated"),
        exceptions.AuthenticationFailed: (_("Xác thực không thành công"), "unauthenticated"),
        exceptions.PermissionDenied: (_("Không đủ quyền"), "forbidden"),
        exceptions.NotFound: (_("Không tìm thấy"), "not_found"),
        exceptions.MethodNotAllowed: (_("Phương thức không được phép"), "method_not_allowed"),
        exceptions.NotAcceptable: (_("Không có định dạng được yêu cầu"), "not_acceptable"),
        exceptions.UnsupportedMediaType: (_("Định dạng gửi lên không được hỗ trợ"), "unsupported_media_type"),
        exceptions.Throttled: (_("Gọi quá nhiều lần"), "throttled"),
    }
    return next((titles[kind] for kind in type(error).__mro__ if kind in titles), (str(error.default_detail), "error"))


def _detail(error: exceptions.APIException, request: Any) -> str:
    """What the framework says, in our own words: its catalogue knows little Vietnamese. Our details stay as raised."""
    told = str(error.detail)
    match error:
        case exceptions.NotAuthenticated():
            return _("Lời gọi không kèm danh tính: gửi mã truy cập trong Authorization (Bearer) hoặc đăng nhập trước.")
        case exceptions.MethodNotAllowed():
            return _("Địa chỉ này không nhận phương thức %(method)s.") % {"method": getattr(request, "method", "")}
        case exceptions.UnsupportedMediaType():
            kind = getattr(request, "content_type", "")
            return _("Nội dung phải là application/json, không phải “%(kind)s”.") % {"kind": kind}
        case exceptions.NotAcceptable():
            return _("Địa chỉ này không trả được định dạng nào mà Accept nêu; hãy xin application/json.")
        case exceptions.Throttled():
            return _("Hãy gọi lại sau.")
        case exceptions.ParseError():
            return _unread(error, told)
        case exceptions.PermissionDenied() if told.startswith("CSRF"):
            return _("Lời gọi bằng phiên đăng nhập phải kèm mã CSRF đúng; chương trình khác hãy dùng mã truy cập.")
        case exceptions.PermissionDenied() if told == str(error.default_detail):
            return _("Tài khoản này không có quyền gọi địa chỉ này.")
        case exceptions.NotFound() if told == str(error.default_detail):
            return _("Không có đối tượng này trong phạm vi của tài khoản.")
        case exceptions.AuthenticationFailed() if told == str(error.default_detail):
            return _("Danh tính gửi kèm không đúng.")
    return told


def _unread(error: exceptions.ParseError, told: str) -> str:
    """Where the body stops being JSON; another fault of ours has its own words."""
    match error.__context__:
        case JSONDecodeError(lineno=line, colno=column):
            return _("Không đọc được JSON tại dòng %(line)s, cột %(column)s.") % {"line": line, "column": column}
        case ValueError():
            return _("Nội dung gửi lên không phải JSON hợp lệ viết bằng UTF-8.")
    return _("Không đọc được nội dung gửi lên.") if told == str(error.default_detail) else told


def _faults(detail: Any, codes: Any, pointer: str) -> Iterable[Fault]:
    """Flatten DRF's nested details: a field's errors stand under the field, list items under their index."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            here = pointer if key == "non_field_errors" else f"{pointer}{step(key)}"
            yield from _faults(value, codes[key], here)
    elif isinstance(detail, list):
        for position, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _faults(value, codes[position], f"{pointer}/{position}" if nested else pointer)
    else:
        yield Fault(pointer, str(codes), _field_detail(str(codes), str(detail)))


def _field_detail(code: str, told: str) -> str:
    """What the framework says of a member of the body, in our own words; our own serializers' words stay."""
    whole, text = serializers.IntegerField.default_error_messages, serializers.CharField.default_error_messages
    shape = str(serializers.Serializer.default_error_messages["invalid"]).partition("{")[0]
    by_code = {
        "required": _("Thiếu trường này."),
        "null": _("Trường này không được là null."),
        "blank": _("Trường này không được để trống."),
        "not_a_list": _("Cần một danh sách."),
        "not_a_dict": _("Cần một đối tượng JSON."),
    }
    if code == "invalid" and told.startswith(shape):
        return _("Cần một đối tượng JSON.")
    if code == "invalid":
        return {str(whole["invalid"]): _("Cần một số nguyên."), str(text["invalid"]): _("Cần một chuỗi ký tự.")}.get(
            told, told
        )
    return by_code.get(code, told)
