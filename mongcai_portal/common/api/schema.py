"""How the API describes itself (OpenAPI 3): parameters that views read, and the problems that every call can meet."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from mongcai_portal.common.api.asked import FIELDS, FORMAT, FORMATS, JSON, ORDERING
from mongcai_portal.common.api.conditions import conditional_of
from mongcai_portal.common.api.views import PortalViewSet
from mongcai_portal.common.exports import MEDIA_TYPES
from mongcai_portal.common.views.errors import PROBLEM

# Parameters that several resources read from the query string beside paging and filters.
PARAMETERS: dict[str, tuple[dict[str, Any], Any]] = {
    "as_of": (
        {"type": "string", "format": "date", "example": "2023-12-31"},
        _("Ngày xem, dạng NNNN-TT-NN; mặc định là hôm nay (giờ Việt Nam)."),
    ),
    "unit": ({"type": "string", "example": "mong-cai"}, _("uid của đơn vị.")),
    "group": ({"type": "string", "example": "ntm_assessed"}, _("Mã nhóm đơn vị.")),
    "code": (
        {"type": "string", "example": "ntm.recognised.standard"},
        _("Mã, một hoặc nhiều mã cách nhau bằng dấu phẩy."),
    ),
    "set": ({"type": "string", "example": "NTM_XA_2021_2025"}, _("Mã bộ tiêu chí.")),
    "period": ({"type": "string", "example": "2023"}, _("Mã kỳ báo cáo: 2023, 2023-H1, 2023-Q4 hoặc 2023-11.")),
    "standard": ({"type": "string", "example": "central_2022_2025"}, _("Mã chuẩn nghèo.")),
    "year": ({"type": "integer", "example": 2023}, _("Một năm; không có thì mọi năm.")),
    "status": (
        {"type": "string", "enum": ["poor", "near_poor", "others", "total"]},
        _("Chỉ các dòng của loại hộ này."),
    ),
    "from": (
        {"type": "string", "format": "date", "example": "2022-12-31"},
        _("Đầu kỳ: tình trạng vào hết ngày này."),
    ),
    "to": (
        {"type": "string", "format": "date", "example": "2023-12-31"},
        _("Cuối kỳ: tình trạng vào hết ngày này."),
    ),
    "by": (
        {"type": "string", "enum": ["programme", "component", "unit", "source", "year"], "default": "programme"},
        _("Nhóm theo gì."),
    ),
    "programme": ({"type": "string", "example": "NTM"}, _("Mã chương trình.")),
    "revision": (
        {"type": "integer", "minimum": 1},
        _("Lần lập thứ mấy của báo cáo; mặc định là lần hiện hành."),
    ),
    "partial": ({"type": "boolean", "default": False}, _("true: ghi các dòng không lỗi, bỏ qua các dòng lỗi.")),
    "dry_run": ({"type": "boolean", "default": False}, _("true: kiểm tra và trả lời như thật, không ghi gì.")),
}

IF_MATCH, KEY = "If-Match", "Idempotency-Key"
# Headers by which a write says what it rests on.
HEADERS: dict[str, tuple[dict[str, Any], Any]] = {
    IF_MATCH: (
        {"type": "string", "example": '"f2a8c4e61b0d97355e21c0aa.90b1d2c7e4f83a65b0c1d2e3"'},
        _("ETag của lần đọc gần nhất; đã cũ thì trả lời 412, không có thì 428. * là không so với lần đọc nào."),
    ),
    KEY: (
        {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$", "example": "2023-12-31/0001"},
        _(
            "Mã của lần gửi, giữ nguyên khi gửi lại; không có thì trả lời 400, đã dùng cho nội dung khác thì 422. Chỉ "
            "dry_run không cần."
        ),
    ),
}

FIELDS_TEXT = _("Các trường cần trả về, cách nhau bằng dấu phẩy; mặc định là tất cả. Ở csv và xlsx đó là thứ tự cột.")
FORMAT_TEXT = _(
    "csv hoặc xlsx: cả danh sách trong một tệp, không chia trang. Một đối tượng thành mỗi thành phần một cột, danh "
    "sách các từ nối bằng “; ”, danh sách các đối tượng là JSON trong một ô."
)
ORDERING_TEXT = _("Cách sắp xếp; thêm dấu - để đảo thứ tự.")
ETAG_TEXT = _("Nhãn của câu trả lời này.")
KNOWN_TEXT = _("Nhãn (ETag) của câu trả lời đã có; nếu chưa có gì đổi thì trả lời 304.")
UNCHANGED_TEXT = _("Câu trả lời đã có vẫn đúng.")
PROBLEMS: dict[str, Any] = {
    "400": _("Dữ liệu hoặc tham số có lỗi; mọi lỗi được nêu trong errors."),
    "401": _("Chưa xác thực, hoặc mã truy cập không đúng hay đã hết hạn."),
    "403": _("Vai trò hoặc phạm vi của mã truy cập không đủ quyền."),
    "404": _("Không có đối tượng này trong phạm vi của tài khoản."),
    "429": _("Gọi quá nhiều lần; Retry-After nêu số giây cần chờ."),
    "409": _("Trạng thái đã khác: người khác hoặc cửa sổ khác đã xử lý trước."),
    "412": _("Đối tượng đã thay đổi từ lần đọc mà If-Match nêu."),
    "422": _("Idempotency-Key đã dùng cho một lời gọi khác."),
    "428": _("Thiếu If-Match."),
}


class PortalSchema(AutoSchema):
    """Takes descriptions from `extend_schema` only: docstrings speak to programmers of the portal."""

    def get_description(self) -> str:  # type: ignore[override]  # the schema of DRF itself asks for more
        return ""

    def get_override_parameters(self) -> list[Any]:
        asked = getattr(self.view, "query_params", {}).get(getattr(self.view, "action", None) or "", ())
        required = getattr(self.view, "required_params", {}).get(getattr(self.view, "action", None) or "", ())
        known = {**PARAMETERS, **getattr(self.view, "own_params", {})}
        headers = [
            OpenApiParameter(name, schema, OpenApiParameter.HEADER, description=str(text), required=name == IF_MATCH)
            for name in self._headers()
            for schema, text in (HEADERS[name],)
        ]
        named = [
            OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=str(text), required=name in required)
            for name in asked
            for schema, text in (known[name],)
        ]
        return [*headers, *named, *(self._of_every_read() if self.method == "GET" else ())]

    def _of_every_read(self) -> list[OpenApiParameter]:
        """`fields`, and of lists `format` and `ordering`."""
        view = self.view
        if not isinstance(view, PortalViewSet) or view.action in view.file_actions:
            return []
        names = {"type": "array", "items": {"type": "string", "enum": list(view.get_serializer_class()().fields)}}
        found = [
            OpenApiParameter(
                FIELDS, names, OpenApiParameter.QUERY, style="form", explode=False, description=str(FIELDS_TEXT)
            )
        ]
        if view.action not in view.list_actions:
            return found
        kinds = {"type": "string", "enum": list(FORMATS), "default": JSON}
        found.append(OpenApiParameter(FORMAT, kinds, OpenApiParameter.QUERY, description=str(FORMAT_TEXT)))
        if view.orderings:
            orders = {"type": "string", "enum": [sign + name for name in view.orderings for sign in ("", "-")]}
            found.append(OpenApiParameter(ORDERING, orders, OpenApiParameter.QUERY, description=str(ORDERING_TEXT)))
        return found

    def _headers(self) -> tuple[str, ...]:
        if conditional_of(self.view, self.method):
            return (IF_MATCH,)
        return (KEY,) if getattr(self.view, "action", None) in getattr(self.view, "keyed", ()) else ()


def add_problem_answers(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the problem document and the answers 400 to 428 to every operation that can meet them."""
    result.setdefault("components", {}).setdefault("schemas", {}).update(_components())
    for path, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            for status in _statuses(path, method, operation):
                operation["responses"].setdefault(status, _answer(status))
            if method == "get":
                _add_reading(operation)
    return result


def _add_reading(operation: dict[str, Any]) -> None:
    """Add what every read has: its tag, the 304 for who knows it, and the files of a list."""
    found = operation["responses"]["200"]
    found["headers"] = {"ETag": {"schema": {"type": "string"}, "description": str(ETAG_TEXT)}}
    operation["responses"]["304"] = {"description": str(UNCHANGED_TEXT)}
    parameters = operation.setdefault("parameters", [])
    parameters.append(
        {"in": "header", "name": "If-None-Match", "schema": {"type": "string"}, "description": str(KNOWN_TEXT)}
    )
    if any(one["name"] == FORMAT for one in parameters):
        found["content"] |= {
            media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for media in MEDIA_TYPES.values()
        }


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    found = ["400", "401", "403", "429"]
    if "{" in path:
        found.append("404")
    if method in ("post", "put", "patch", "delete"):
        found.append("409")
    headers = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
    if IF_MATCH in headers:
        found += ["412", "428"]
    if KEY in headers:
        found.append("422")
    return found


def _answer(status: str) -> dict[str, Any]:
    return {
        "description": str(PROBLEMS[status]),
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _components() -> dict[str, Any]:
    fault = {
        "type": "object",
        "required": ["pointer", "code", "detail"],
        "properties": {
            "pointer": {"type": "string", "example": "/0/value"},
            "code": {"type": "string", "example": "over_100"},
            "detail": {"type": "string", "example": "Tỷ lệ không vượt quá 100%."},
        },
    }
    problem = {
        "type": "object",
        "description": "RFC 9457",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri", "example": "urn:mongcai:problem:invalid"},
            "title": {"type": "string"},
            "status": {"type": "integer", "example": 400},
            "detail": {"type": "string"},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        },
    }
    return {"Fault": fault, "Problem": problem}
