"""Headline measures and what lies behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.models import Unit, UnitGroup
from communes.selectors.poverty_published import seen_by
from mongcai_portal.common.errors import Fault, Invalid
from programmes.api.figure_serializers import PointSerializer
from programmes.api.headings import HEADINGS, SERIES_HEADINGS
from programmes.api.serializers import MeasureExplanationSerializer, MeasureSerializer
from programmes.measures.facts import HOME_AREA, World
from programmes.measures.registry import UnknownMeasure
from programmes.measures.series import points_of, trend_of
from programmes.measures.values import Measure
from programmes.selectors.measures import AreaFigures, area_figures, explain, measure_in
from programmes.selectors.world import load_world, refuse_foreign

ASKED = ("as_of", "unit", "group")


@extend_schema_view(
    list=extend_schema(
        summary=_("Các con số chủ yếu trong một ngày"),
        description=_(
            "Công nhận (văn bản pháp lý) và đạt chuẩn (tính từ số liệu) là hai chỉ số. group: các tỷ lệ được tính "
            "trên nhóm đó, và chỉ những con số của nhóm được trả về."
        ),
        responses=MeasureSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một con số chủ yếu"), responses=MeasureSerializer),
)
class MeasureViewSet(ScopedViewSet):
    """`measures/`, `measures/{code}/` and its explanation."""

    headings = HEADINGS
    required_permission = "measures.view"
    action_headings = {"series": SERIES_HEADINGS}
    list_actions = ("list", "series")
    query_params = {"list": (*ASKED, "code"), "retrieve": ASKED, "explanation": ASKED, "series": ASKED}
    filter_backends = []
    lookup_field = "code"
    lookup_value_regex = r"[a-z0-9_.]+"
    serializer_class = MeasureSerializer
    serializer_classes = {"explanation": MeasureExplanationSerializer, "series": PointSerializer}

    def list(self, request: Request) -> Response:
        found = self._figures()
        asked = request.query_params.get("code")
        codes = None if asked is None else [code.strip() for code in asked.split(",")]
        if codes is not None:
            _refuse_unknown(codes, found.codes)
        values = [value for value in found.values if codes is None or value.code in codes]
        return self.page(values, group_asked=found.group_asked)

    def retrieve(self, request: Request, code: str) -> Response:
        world = self._world()
        measure = self._measure(world, code)
        return self.one(measure.calculate(world, measure), group_asked=world.group_asked)

    @extend_schema(
        summary=_("Vì sao: từng đơn vị của mẫu số"),
        description=_("Mỗi thành viên của nhóm, có được tính không, và quyết định, báo cáo, kết quả làm căn cứ."),
        responses=MeasureExplanationSerializer,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def explanation(self, request: Request, code: str) -> Response:
        world = self._world(trend=True)
        found = explain(world, self._measure(world, code), self.scope)
        return self.one(found, group_asked=world.group_asked)

    @extend_schema(
        summary=_("Một con số qua các năm, kèm chỉ tiêu và dự báo"),
        description=_(
            "known là số đã biết, planned là chỉ tiêu của một năm, projected là đường thẳng kẻ qua các số đã biết đến "
            "cuối giai đoạn: không phải số liệu, và chỉ có khi đủ ba số trở lên."
        ),
        responses=PointSerializer(many=True),
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def series(self, request: Request, code: str) -> Response:
        world = self._world(trend=True)
        measure = self._measure(world, code)
        return self.page(points_of(trend_of(world, measure, measure.calculate(world, measure))))

    def _figures(self) -> AreaFigures:
        query = self.request.query_params
        with self._refusing_unknown():
            found = area_figures(
                self.as_of, query.get("unit", HOME_AREA), group=query.get("group"), seen=seen_by(self.scope)
            )
            refuse_foreign(found.uid, found.in_area, self.scope)
        return found

    def _world(self, *, trend: bool = False) -> World:
        query = self.request.query_params
        with self._refusing_unknown():
            world = load_world(
                self.as_of,
                query.get("unit", HOME_AREA),
                group=query.get("group"),
                seen=seen_by(self.scope),
                trend=trend,
            )
            refuse_foreign(world.area.uid, world.in_area, self.scope)
        return world

    @contextmanager
    def _refusing_unknown(self) -> Iterator[None]:
        unknown = gettext("Không có mã này trong phạm vi của tài khoản.")
        try:
            yield
        except Unit.DoesNotExist:
            raise Invalid([Fault("/unit", "invalid_choice", unknown)]) from None
        except UnitGroup.DoesNotExist:
            raise Invalid([Fault("/group", "invalid_choice", unknown)]) from None

    def _measure(self, world: World, code: str) -> Measure:
        try:
            return measure_in(world, code)
        except UnknownMeasure:
            raise NotFound(gettext("Không có con số này trong ngày xem.")) from None


def _refuse_unknown(codes: list[str], known: frozenset[str]) -> None:
    unknown = [code for code in codes if code not in known]
    if unknown:
        message = gettext("Không có con số “%(code)s” trong ngày xem.")
        raise Invalid(Fault("/code", "invalid_choice", message % {"code": code}) for code in unknown)
