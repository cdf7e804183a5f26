"""`budget-lines/`: the money of programmes, read and written as on the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.models import Unit
from communes.scope import scope_of
from mongcai_portal.common.api.conditions import ConditionalWrites
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.numbers import NumberFault, parse_plain
from programmes.api.headings import MONEY_HEADINGS
from programmes.api.money_serializers import (
    BudgetLineDetailSerializer,
    BudgetLineSerializer,
    BudgetMoveSerializer,
    BudgetTotalSerializer,
    NewBudgetLineSerializer,
)
from programmes.models import BudgetEntry, BudgetLine, FundingSource, Programme
from programmes.presenters.money import worst_mark
from programmes.rules.budget import LineSum, Total, total
from programmes.selectors.budget import line_sums, lines_seen
from programmes.selectors.budget_lines import LineCard, line_cards
from programmes.selectors.versions import line_version
from programmes.services import budget as services
from programmes.services.budget import Move, NewLine
from programmes.services.budget.guard import line_for, may

WHOLE = _("Số tiền là đồng nguyên, chỉ gồm chữ số, ví dụ 1500000000.")
GROUPS = ("programme", "component", "unit", "source", "year")


def _units(request: Any) -> QuerySet[Unit]:
    return Unit.objects.visible_to(scope_of(request.user)) if request is not None else Unit.objects.none()


class BudgetLineFilter(django_filters.FilterSet):
    programme = KeyFilter(
        Programme.objects.all(),
        method="serving",
        label=_("Mã chương trình: dòng vốn của nó và dòng vốn dùng chung cho nó."),
    )
    component = django_filters.NumberFilter(field_name="component__number", label=_("Số của thành phần."))
    unit = KeyFilter(_units, "uid", field_name="unit", label=_("uid của đơn vị."))
    year = django_filters.NumberFilter(field_name="year", label=_("Năm."))
    source = KeyFilter(FundingSource.objects.all(), field_name="source", label=_("Mã nguồn vốn."))

    class Meta:
        model = BudgetLine
        fields = ("programme", "component", "unit", "year", "source")

    @extend_schema_field(OpenApiTypes.STR)
    def serving(self, queryset: Any, name: str, value: Programme) -> Any:
        return queryset.serving(value.code)


@dataclass(frozen=True, slots=True)
class Group:
    """A total with its key."""

    key: str
    planned: int
    carried_over: int
    allocated: int
    disbursed: int
    mobilised_planned: int
    mobilised: int
    shared: int
    lines: int
    provenance: str


def _group(key: str, sums: Total) -> Group:
    return Group(
        key, sums.planned, sums.carried_over, sums.allocated, sums.disbursed, sums.mobilised_planned, sums.mobilised,
        sums.shared, sums.lines, worst_mark(sums.marks) or "sourced",
    )  # fmt: skip


_MOVE = {
    "request": BudgetMoveSerializer,
    "responses": BudgetLineDetailSerializer,
    "examples": [
        OpenApiExample(
            "amount", {"amount": "1500000000", "on": "2023-03-20", "document": "120/QĐ-UBND"}, request_only=True
        )
    ],
}


@extend_schema_view(
    list=extend_schema(
        summary=_("Các dòng vốn"),
        description=_(
            "Mỗi dòng là vốn của một chương trình (và thành phần), một đơn vị, một năm, từ một nguồn; số tiền gồm các "
            "khoản ghi đến hết ngày xem. Một khoản dùng chung cho nhiều chương trình chỉ có một dòng."
        ),
        responses=BudgetLineSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một dòng vốn và các lần ghi"), responses=BudgetLineDetailSerializer),
    create=extend_schema(
        summary=_("Ghi dòng vốn mới"),
        description=_("Mọi lỗi được nêu cùng lúc. Dòng vốn đã có thì ghi thêm vào dòng đó."),
        request=NewBudgetLineSerializer,
        responses={201: BudgetLineDetailSerializer},
        examples=[
            OpenApiExample(
                "planned",
                {
                    "programme": "NTM", "component": 2, "unit": "hai-son", "year": 2023, "source": "province",
                    "shared_with": ["NQ06"], "amount": "6200000000", "on": "2023-01-15", "document": "12/QĐ-UBND",
                },
                request_only=True,
            )
        ],
    ),
)  # fmt: skip
class BudgetLineViewSet(ConditionalWrites, ScopedViewSet):
    """`budget-lines/`, their totals, and what moves a line."""

    headings = MONEY_HEADINGS
    required_permission = "programmes.view"
    query_params = {
        "list": ("as_of",), "retrieve": ("as_of",), "totals": ("as_of", "by", "programme", "unit", "year"),
    }  # fmt: skip
    conditional = frozenset({"plan", "allocate", "disburse", "carry_over"})
    queryset = BudgetLine.objects.none()
    filterset_class = BudgetLineFilter
    page_order = ("pk",)
    orderings = {"id": ("pk",), "year": ("year", "pk")}
    lookup_value_regex = r"[0-9]{1,18}"
    list_actions = ("list", "totals")
    serializer_class = BudgetLineDetailSerializer
    serializer_classes = {"list": BudgetLineSerializer, "totals": BudgetTotalSerializer}

    def list(self, request: Request) -> Response:
        rows = self.filter_queryset(lines_seen(self.scope))
        return self.page(rows, described=partial(line_cards, day=self.as_of))

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._detail(int(pk))

    def create(self, request: Request) -> Response:
        may(request.user)
        asked = self._body(NewBudgetLineSerializer)
        line = NewLine(
            **{name: asked[name] for name in ("programme", "component", "unit", "year", "source", "shared_with")}
        )
        made = services.enter_line(by=request.user, line=line, move=_move(asked, asked["kind"]))
        answer = self._detail(made.pk, status=201)
        answer["Location"] = f"{request.path}{made.pk}/"
        return answer

    @extend_schema(
        summary=_("Tổng của các dòng vốn, mỗi khoản một lần"),
        description=_(
            "by: theo chương trình, thành phần, đơn vị, nguồn vốn hoặc năm. Khi by=programme, một khoản dùng chung có "
            "trong mọi chương trình mà nó phục vụ; dòng total tính mỗi khoản một lần, nên cộng các dòng khác có thể "
            "lớn hơn."
        ),
        responses=BudgetTotalSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["get"], filter_backends=[])
    def totals(self, request: Request) -> Response:
        query = request.query_params
        by = query.get("by", "programme")
        if by not in GROUPS:
            message = _("Không nhóm được theo “%(name)s”. Các cách: %(known)s.")
            known = {"name": by, "known": ", ".join(GROUPS)}
            raise Invalid([Fault("/by", "invalid_choice", message % known)])
        filters = BudgetLineFilter(
            {name: query[name] for name in ("programme", "unit", "year") if name in query},
            lines_seen(self.scope),
            request=request,
        )
        if not filters.is_valid():
            raise Invalid(
                Fault(f"/{name}", "invalid_choice", str(errors[0])) for name, errors in filters.errors.items()
            )
        lines = line_sums(filters.qs, self.as_of)
        return self.page(_groups(lines, by))

    @extend_schema(summary=_("Giao thêm hoặc giảm kế hoạch"), **_MOVE)
    @action(detail=True, methods=["post"], filter_backends=[])
    def plan(self, request: Request, pk: str) -> Response:
        return self._moved(services.plan, int(pk))

    @extend_schema(
        summary=_("Phân bổ"), description=_("Trong phạm vi kế hoạch và vốn kéo dài; vượt thì bị từ chối."), **_MOVE
    )
    @action(detail=True, methods=["post"], filter_backends=[])
    def allocate(self, request: Request, pk: str) -> Response:
        return self._moved(services.allocate, int(pk))

    @extend_schema(
        summary=_("Giải ngân"),
        description=_("Trong phạm vi số đã phân bổ đến ngày đó; với vốn huy động là số đã huy động."),
        **_MOVE,
    )
    @action(detail=True, methods=["post"], filter_backends=[])
    def disburse(self, request: Request, pk: str) -> Response:
        return self._moved(services.disburse, int(pk))

    @extend_schema(summary=_("Kéo dài sang năm sau"), description=_("Trả lời là dòng vốn của năm sau."), **_MOVE)
    @action(detail=True, methods=["post"], url_path="carry-over", filter_backends=[])
    def carry_over(self, request: Request, pk: str) -> Response:
        return self._moved(services.carry_over, int(pk))

    def _moved(self, act: Any, pk: int) -> Response:
        # First who may, then what was sent: a stranger is told nothing of it.
        line_for(by=self.request.user, line_id=pk)
        asked = self._body(BudgetMoveSerializer)
        line = act(by=self.request.user, line_id=pk, move=_move(asked, ""), seen=self.seen())
        return self._detail(line.pk)

    def _detail(self, pk: int, status: int = 200) -> Response:
        self.version = line_version_or_none(pk)
        line = lines_seen(self.scope).get(pk=pk)
        day = self.as_of if self.action == "retrieve" and "as_of" in self.request.query_params else _latest(line)
        (card,) = line_cards([line], day)
        entries = BudgetEntry.objects.filter(line=line, on__lte=day).select_related("rule").order_by("on", "pk")
        return self.one(_WithEntries(card, list(entries)), status=status)

    def _body(self, serializer_class: Any) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class _WithEntries:
    """A line's card with its entries, as the detail is written from."""

    def __init__(self, card: LineCard, entries: list[BudgetEntry]) -> None:
        self.card, self.entries = card, entries

    def __getattr__(self, name: str) -> Any:
        return getattr(self.card, name)


def _latest(line: BudgetLine) -> date:
    """Everything that was entered of a line."""
    return max(timezone.localdate(), date(line.year + 1, 12, 31))


def line_version_or_none(pk: int) -> str:
    """Return the version of a line, or "" when there is none; what is read after it says so."""
    try:
        return line_version(pk)
    except BudgetLine.DoesNotExist:
        return ""


def _move(asked: dict[str, Any], kind: str) -> Move:
    """Return what was sent as the services take it: amounts of the API are plain digits.

    Raises:
        Invalid: the amount is not a plain number.
    """
    text = asked["amount"].strip()
    amount: Any = text
    if text.lstrip("-").isascii() and text.lstrip("-").isdigit() and len(text) < 20:
        amount = int(text)
    else:
        try:
            amount = parse_plain(text)
        except NumberFault as fault:
            raise Invalid([Fault("/amount", fault.code, str(WHOLE))]) from None
    return Move(kind, amount, asked["on"], asked["document"], asked["reason"])


def _groups(lines: list[LineSum], by: str) -> list[Group]:
    """Totals by a key, then the total of all."""
    parts: dict[str, list[LineSum]] = {}
    names = _names(lines, by)
    for line in lines:
        for key in line.serves if by == "programme" else (names(line),):
            parts.setdefault(key, []).append(line)
    return [*(_group(key, total(parts[key])) for key in sorted(parts)), _group("total", total(lines))]


def _names(lines: list[LineSum], by: str) -> Any:
    if by == "unit":
        uids = dict(Unit.objects.filter(pk__in={line.unit for line in lines}).values_list("pk", "uid"))
        return lambda line: uids[line.unit]
    if by == "source":
        codes = dict(FundingSource.objects.values_list("pk", "code"))
        return lambda line: codes[line.source]
    if by == "component":
        rows = Programme.objects.exclude(components=None).values_list("components", "code", "components__number")
        named = {pk: f"{code}.{number}" for pk, code, number in rows}
        return lambda line: named.get(line.component, line.serves[0])
    return lambda line: str(line.year)
