"""Difficulties and proposals: the list and one."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.models import Office, Unit
from mongcai_portal.accounts.permissions import Permission
from programmes.api.difficulty_serializers import DifficultyDetailSerializer, DifficultySerializer
from programmes.api.headings import DIFFICULTY_HEADINGS
from programmes.models import Difficulty, DifficultyProposal, Programme
from programmes.selectors.difficulties import DifficultyFilter, difficulties_seen, difficulty_page, narrowed


class DifficultyFilterSet(django_filters.FilterSet):
    """By programme, commune, office, kind, status, period and addressee; `q` searches with or without tone marks."""

    programme = KeyFilter(Programme.objects.all(), field_name="programme", label=_("Mã chương trình."))
    unit = KeyFilter(Unit.objects.all(), "uid", field_name="unit", label=_("uid của xã, phường."))
    office = KeyFilter(Office.objects.all(), field_name="office", label=_("Mã phòng ban theo dõi."))
    kind = django_filters.ChoiceFilter(choices=Difficulty.Kind.choices, label=_("Loại nội dung."))
    status = django_filters.ChoiceFilter(
        choices=Difficulty.Status.choices, field_name="status_then", label=_("Trạng thái, trong ngày xem.")
    )
    period = django_filters.CharFilter(label=_("Kỳ báo cáo: 2023, 2023-H1, 2023-Q4 hoặc 2023-11."))
    addressee = django_filters.ChoiceFilter(
        choices=DifficultyProposal.Addressee.choices, method="proposed_to", label=_("Có kiến nghị với cấp này.")
    )
    q = django_filters.CharFilter(
        method="searched", label=_("Tìm trong nội dung, nguyên nhân, kiến nghị; có dấu hay không dấu.")
    )

    def proposed_to(self, rows: QuerySet[Difficulty], name: str, value: str) -> QuerySet[Difficulty]:
        return narrowed(rows, DifficultyFilter(addressee=value))

    def searched(self, rows: QuerySet[Difficulty], name: str, value: str) -> QuerySet[Difficulty]:
        return narrowed(rows, DifficultyFilter(q=value))


@extend_schema_view(
    list=extend_schema(
        summary=_("Tồn tại, khó khăn và kiến nghị"),
        description=_(
            "Tồn tại, khó khăn của các chương trình ở các đơn vị thuộc phạm vi của tài khoản và ở cả địa bàn, với "
            "nguyên nhân và kiến nghị. Có as_of: các nội dung đã ghi đến hết ngày đó hoặc của kỳ đã kết thúc đến ngày "
            "đó, giải quyết hay chưa là tính đến ngày đó; nội dung đã rút thì ngày nào cũng là đã rút, mở lại thì ngày "
            "nào trước đó cũng là chưa giải quyết."
        ),
        responses=DifficultySerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một tồn tại, khó khăn với kiến nghị, nhiệm vụ và lịch sử"), responses=DifficultyDetailSerializer
    ),
)
class DifficultyViewSet(ScopedViewSet):
    """`difficulties/` and `difficulties/{id}/`."""

    headings = DIFFICULTY_HEADINGS
    required_permission = Permission.DIFFICULTIES_VIEW
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = Difficulty.objects.none()
    filterset_class = DifficultyFilterSet
    page_order = ("pk",)
    orderings = {"id": ("pk",), "period": ("ends_on", "pk")}
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = DifficultySerializer
    serializer_classes = {"retrieve": DifficultyDetailSerializer}

    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(difficulties_seen(self.scope, self.past)))

    def retrieve(self, request: Request, pk: str) -> Response:
        found = difficulty_page(self.scope, int(pk), self.past)
        found.difficulty.page = found  # type: ignore[attr-defined]
        return self.one(found.difficulty)
