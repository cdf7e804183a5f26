"""Targets as other systems read, plan, revise and withdraw them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.models import Unit
from communes.selectors.poverty_published import seen_by
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.api.conditions import ConditionalWrites
from mongcai_portal.common.errors import Fault, Invalid
from programmes.api.headings import HEADINGS, TARGET_HEADINGS
from programmes.api.target_serializers import (
    PLANNED_STATUSES,
    ReasonBody,
    ReviseBody,
    TargetBody,
    TargetDetailSerializer,
    TargetSerializer,
)
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.money import PROGRAMMES
from programmes.models import Target
from programmes.selectors.targets import STATES, PlanFilter, plan_rows, target_page
from programmes.selectors.world import load_world, refuse_foreign
from programmes.services.target_reading import TargetTyped
from programmes.services.targets import revise_target, set_target, target_version, withdraw_target
from programmes.services.typed import PLAIN

EXAMPLE = {
    "measure": "ntm.recognised.advanced",
    "unit": "mong-cai",
    "year": 2025,
    "value": "60.0",
    "unit_code": "percent",
    "baseline": {"as_of": "2022-12-31", "value": "20.0", "source": "QĐ công nhận của UBND tỉnh"},
    "source": "KH 52/KH-UBND",
}
# Where faults of the service stand in the body that was sent.
_PLACES = {"baseline_value": "/baseline/value", "baseline_on": "/baseline/as_of", "baseline_source": "/baseline/source"}


@extend_schema_view(
    list=extend_schema(
        summary=_("Kế hoạch và thực hiện"),
        description=_(
            "Chỉ tiêu của một địa bàn và của các xã trong đó, với số mới nhất đến ngày xem; chỉ tiêu đã được thay hoặc "
            "bỏ không nằm trong danh sách."
        ),
        responses=TargetSerializer(many=True),
        filters=False,
    ),
    retrieve=extend_schema(summary=_("Một chỉ tiêu và mọi lần điều chỉnh"), responses=TargetDetailSerializer),
    create=extend_schema(
        summary=_("Đặt chỉ tiêu"),
        description=_(
            "Cần điểm xuất phát (giá trị, ngày, nguồn). Mỗi con số một chỉ tiêu cho một năm, một đơn vị hoặc một nhóm. "
            "Gửi lại đúng như cũ thì trả lời chỉ tiêu đang có, với mã 200."
        ),
        request=TargetBody,
        responses={201: TargetDetailSerializer},
        examples=[OpenApiExample("plan", EXAMPLE, request_only=True)],
    ),
)
class TargetViewSet(ConditionalWrites, ScopedViewSet):
    """`targets/` and `targets/{id}/` with revisions."""

    headings = {**HEADINGS, **TARGET_HEADINGS}
    required_permission = Permission.MEASURES_VIEW
    required_permissions = dict.fromkeys(("create", "revise", "withdraw"), Permission.TARGETS_PLAN)
    query_params = {"list": ("as_of", "unit", "programme", "measure", "year", "status")}
    own_params: ClassVar[dict[str, Any]] = {
        "programme": ({"type": "string", "enum": list(PROGRAMMES)}, _("Mã chương trình.")),
        "measure": ({"type": "string", "example": "ntm.recognised.advanced"}, _("Mã con số.")),
        "year": ({"type": "integer", "example": 2025}, _("Năm của chỉ tiêu; không có thì mọi năm.")),
        "status": ({"type": "string", "enum": list(STATES)}, _("Chỉ các chỉ tiêu ở tình trạng này.")),
    }
    conditional = frozenset({"revise", "withdraw"})
    queryset = Target.objects.none()
    filter_backends = []
    lookup_value_regex = r"[0-9]{1,18}"
    serializer_class = TargetSerializer
    serializer_classes = dict.fromkeys(("retrieve", "create", "revise", "withdraw"), TargetDetailSerializer)

    def list(self, request: Request) -> Response:
        wanted = self._wanted()
        return self.page(plan_rows(self._world(), self.scope, wanted))

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._detail(int(pk))

    def create(self, request: Request) -> Response:
        asked = self._body(TargetBody)
        with _placed():
            row, new = set_target(by=request.user, typed=_typed(asked))
        return self._detail(row.pk, status=201 if new else 200)

    @extend_schema(
        summary=_("Điều chỉnh chỉ tiêu"),
        description=_("Chỉ tiêu mới thay chỉ tiêu cũ, kèm lý do; chỉ tiêu cũ vẫn đọc được."),
        request=ReviseBody,
        responses=TargetDetailSerializer,
        examples=[
            OpenApiExample(
                "revision",
                {key: EXAMPLE[key] for key in ("unit_code", "baseline", "source")}
                | {"value": "80.0", "reason": "Điều chỉnh theo kết luận hội nghị"},
                request_only=True,
            )
        ],
    )
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str) -> Response:
        asked = self._body(ReviseBody)
        reason = asked.pop("reason")
        with _placed():
            row = revise_target(
                by=request.user, target_id=int(pk), typed=_typed(asked), reason=reason, seen=self.seen()
            )
        return self._detail(row.pk)

    @extend_schema(
        summary=_("Bỏ chỉ tiêu"),
        description=_("Không con số nào còn được đánh giá theo chỉ tiêu này; chỉ tiêu vẫn đọc được."),
        request=ReasonBody,
        responses=TargetDetailSerializer,
        examples=[OpenApiExample("reason", {"reason": "Ghi nhầm năm"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        asked = self._body(ReasonBody)
        row = withdraw_target(by=request.user, target_id=int(pk), reason=asked["reason"], seen=self.seen())
        return self._detail(row.pk)

    def _detail(self, pk: int, status: int = 200) -> Response:
        found = target_page(self.scope, pk)
        self.version = target_version(found.row)
        return self.one(found, status=status)

    def _body(self, serializer_class: Any) -> dict[str, Any]:
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _wanted(self) -> PlanFilter:
        query, faults = self.request.query_params, []
        for name, allowed in (("programme", PROGRAMMES), ("status", dict(PLANNED_STATUSES))):
            if name in query and query[name] not in allowed:
                faults.append(Fault(f"/{name}", "invalid_choice", gettext("Không có giá trị này.")))
        year = query.get("year", "")
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            faults.append(Fault("/year", "invalid", gettext("Năm gồm bốn chữ số.")))
        if faults:
            raise Invalid(faults)
        return PlanFilter(
            programme=query.get("programme", ""),
            year=int(year) if year else None,
            measure=query.get("measure", ""),
            status=query.get("status", ""),
        )

    def _world(self) -> World:
        try:
            world = load_world(self.as_of, self.request.query_params.get("unit", HOME_AREA), seen=seen_by(self.scope))
            refuse_foreign(world.area.uid, world.in_area, self.scope)
            return world
        except Unit.DoesNotExist:
            unknown = gettext("Không có mã này trong phạm vi của tài khoản.")
            raise Invalid([Fault("/unit", "invalid_choice", unknown)]) from None


def _typed(asked: dict[str, Any]) -> TargetTyped:
    start = asked.get("baseline") or {}
    return TargetTyped(
        measure=asked.get("measure", ""),
        unit=asked.get("unit", ""),
        group=asked.get("group") or "",
        year=str(asked.get("year", "")),
        value=asked["value"],
        unit_code=asked["unit_code"],
        baseline_value=start.get("value", ""),
        baseline_on=start.get("as_of"),
        baseline_source=start.get("source", ""),
        source=asked["source"],
        provenance=asked["provenance"],
        note=asked["note"],
        language=PLAIN,
    )


@contextmanager
def _placed() -> Iterator[None]:
    """Point the faults of the service at the members of the body."""
    try:
        yield
    except Invalid as error:
        raise Invalid(
            Fault(_PLACES.get(one.pointer.lstrip("/"), one.pointer), one.code, one.message) for one in error.faults
        ) from error
