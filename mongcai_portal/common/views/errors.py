"""Answers to what went wrong: a designed page for readers, a fragment for htmx, problem+json for programs."""

from __future__ import annotations

import errno
import json
import sys
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _

from mongcai_portal.common.uploads import size_text

PROBLEM = "application/problem+json"


def wants_json(request: HttpRequest) -> bool:
    """Whether the caller is a program: the API, or a script of ours that asks for JSON."""
    accept = request.headers.get("Accept", "")
    return request.path_info.startswith(("/api/", "/oauth/")) or ("json" in accept and "text/html" not in accept)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page (a boosted link asks for a whole one)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def wants_page(request: HttpRequest) -> bool:
    """Whether a reader will see the answer as a page of its own."""
    return not wants_json(request) and not is_fragment(request)


def problem(status: int, code: str, title: str, detail: str = "", **extra: Any) -> HttpResponse:
    """An RFC 9457 answer."""
    body = {"type": f"urn:mongcai:problem:{code}", "title": title, "status": status, "detail": detail, **extra}
    text = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False)
    # What was sent is quoted back, and may hold half a surrogate pair, which no encoding can write.
    return HttpResponse(text.encode("utf-8", "replace"), status=status, content_type=PROBLEM)


def answer(
    request: HttpRequest, *, status: int, code: str, title: str, detail: str, template: str, **context: Any
) -> HttpResponse:
    """Say it in the form that the caller reads."""
    if wants_json(request):
        return problem(status, code, title, detail)
    context |= {"status": status, "code": code, "title": title, "detail": detail}
    name = "errors/_fragment.html" if is_fragment(request) else template
    response = HttpResponse(loader.render_to_string(name, context, request), status=status)
    response["X-Portal-Error"] = code
    return response


def session_expired(request: HttpRequest) -> HttpResponse:
    """401: the session ended, or never was, and this is no page to be sent to the login form from."""
    return answer(
        request,
        status=401,
        code="session_expired",
        title=_("Phiên làm việc đã hết"),
        detail=_("Anh/chị cần đăng nhập lại để tiếp tục.")
        if wants_page(request)
        else _("Anh/chị cần đăng nhập lại. Nội dung đang nhập vẫn còn trên trang này và chưa được gửi đi."),
        template="errors/session_expired.html",
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; but a session that could not be written because the database went away is that, and nobody's mistake."""
    if isinstance(exception, SessionInterrupted) and (away := _database_fault_behind(exception)):
        return _failed(request, failure_of(away))
    return answer(
        request,
        status=400,
        code="bad_request",
        title=_("Yêu cầu không hợp lệ"),
        detail=_("Máy chủ không đọc được yêu cầu này. Hãy quay lại trang trước và thử lại."),
        template="errors/400.html",
    )


def _database_fault_behind(error: BaseException | None) -> BaseException | None:
    while error is not None and not isinstance(error, OperationalError | InterfaceError):
        error = error.__cause__ or error.__context__
    return error


def too_large(request: HttpRequest, limit: int) -> HttpResponse:
    """413: more than the portal reads of one form."""
    return answer(
        request,
        status=413,
        code="too_large",
        title=_("Dữ liệu gửi lên quá lớn"),
        detail=_("Mỗi lần gửi không quá %(limit)s. Chưa có gì được lưu; hãy gửi ít tệp hơn hoặc tệp nhỏ hơn.")
        % {"limit": size_text(limit)},
        template="errors/400.html",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but without the permission; the page says whom to ask."""
    return answer(
        request,
        status=403,
        code="forbidden",
        title=_("Tài khoản này không có quyền mở trang"),
        detail=_("Quyền được giao theo vai trò: cán bộ xã, phòng ban thẩm định, văn phòng điều phối, lãnh đạo."),
        template="errors/403.html",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: no such page, or none for this reader."""
    return answer(
        request,
        status=404,
        code="not_found",
        title=_("Không tìm thấy trang"),
        detail=_("Địa chỉ có thể đã đổi, hoặc nội dung không thuộc phạm vi của tài khoản này."),
        template="errors/404.html",
    )


@dataclass(frozen=True, slots=True)
class Failure:
    """What a reader is told of something that failed by itself; `wait` is when to come back, in seconds."""

    status: int
    code: str
    title: str
    detail: str
    wait: int | None = None


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def _disk_is_full(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    return isinstance(error, DatabaseError) and ("disk is full" in str(error) or "No space left" in str(error))


def failure_of(error: BaseException | None) -> Failure:
    """Tell a full disk and a database that is away, which pass and are nobody's mistake, from a fault of ours."""
    if _disk_is_full(error):
        return Failure(
            507,
            "storage_full",
            _("Máy chủ hết chỗ lưu"),
            _("Nội dung vừa gửi chưa được lưu; những gì đã lưu vẫn còn nguyên. Hãy báo quản trị hệ thống rồi gửi lại."),
        )
    if isinstance(error, OperationalError | InterfaceError):
        return Failure(
            503,
            "database_away",
            _("Cơ sở dữ liệu đang tạm ngừng"),
            _(
                "Thường chỉ vài giây, khi máy chủ khởi động lại. Việc vừa làm có thể chưa được lưu: "
                "hãy mở lại trang để xem rồi làm lại nếu cần."
            ),
            wait=5,
        )
    return Failure(
        500,
        "server_error",
        _("Hệ thống gặp lỗi"),
        _("Lỗi đã được ghi lại. Những gì đã lưu vẫn còn nguyên; hãy thử lại sau ít phút."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, 503 or 507: rendered without database, session or context processors: one of these may be what failed."""
    return _failed(request, failure_of(sys.exc_info()[1]))


def _failed(request: HttpRequest, found: Failure) -> HttpResponse:
    request_id = getattr(request, "request_id", "")
    if wants_json(request):
        response = problem(found.status, found.code, found.title, found.detail, request_id=request_id)
    else:
        context = {"title": found.title, "detail": found.detail, "request_id": request_id, "status": found.status}
        name = "errors/_fragment.html" if is_fragment(request) else "errors/500.html"
        response = HttpResponse(loader.render_to_string(name, context), status=found.status)
        response["X-Portal-Error"] = found.code
    if found.wait is not None:
        response["Retry-After"] = str(found.wait)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the form's token is old: usually someone signed in again in another tab."""
    return answer(
        request,
        status=403,
        code="csrf",
        title=_("Trang này đã cũ"),
        detail=_(
            "Mã bảo vệ của biểu mẫu không còn hiệu lực, thường do đã đăng nhập lại ở thẻ khác. Chưa có gì được lưu."
        ),
        template="errors/csrf.html",
    )
