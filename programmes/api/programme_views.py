"""`programmes/`: what programmes are and what they rest on."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from mongcai_portal.common.models import DatedQuerySet
from programmes.api.headings import PROGRAMME_HEADINGS
from programmes.api.money_serializers import ProgrammeDetailSerializer, ProgrammeSerializer
from programmes.models import LegalBasis, Programme, ProgrammeSuccession


@extend_schema_view(
    list=extend_schema(
        summary=_("Các chương trình"),
        description=_(
            "Ba chương trình 2021-2025, Nghị quyết 06-NQ/TU và chương trình chung 2026-2035. Không có as_of: mọi "
            "chương trình; có as_of: các chương trình trong thời gian thực hiện vào ngày đó."
        ),
        responses=ProgrammeSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một chương trình và căn cứ của nó"), responses=ProgrammeDetailSerializer),
)
class ProgrammeViewSet(ScopedViewSet):
    """`programmes/` and `programmes/{code}/`."""

    headings = PROGRAMME_HEADINGS
    required_permission = "programmes.view"
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = Programme.objects.none()
    filter_backends = []
    page_order = ("position", "pk")
    lookup_field = "code"
    lookup_value_regex = r"[-A-Za-z0-9_.]+"
    serializer_class = ProgrammeSerializer
    serializer_classes = {"retrieve": ProgrammeDetailSerializer}

    def list(self, request: Request) -> Response:
        return self.page(self._asked().prefetch_related("components"))

    def retrieve(self, request: Request, code: str) -> Response:
        rows = self._asked().prefetch_related("components", "phases", "legal", "thematic", "statements")
        programme: Any = rows.get(code=code)
        programme.common_legal = list(LegalBasis.objects.filter(programme__isnull=True))
        steps = list(ProgrammeSuccession.objects.select_related("predecessor", "successor").order_by("pk"))
        programme.steps_before = [_step(one, one.predecessor) for one in steps if one.successor_id == programme.pk]
        programme.steps_after = [_step(one, one.successor) for one in steps if one.predecessor_id == programme.pk]
        return self.one(programme)

    def _asked(self) -> DatedQuerySet:
        """As with the criteria sets: all of them, or those in force on the day that is asked for."""
        rows = Programme.objects.all()
        return rows.in_force(self.as_of) if "as_of" in self.request.query_params else rows


def _step(step: ProgrammeSuccession, other: Programme) -> dict[str, Any]:
    return {
        "programme": other.code, "effective_on": step.effective_on, "legal_basis": step.legal_basis,
        "provenance": step.provenance, "source": step.source,
    }  # fmt: skip
