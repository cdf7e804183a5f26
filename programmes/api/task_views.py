"""Tasks: the list and one."""

from __future__ import annotations

from datetime import datetime

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.models import Office, Unit
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.api.queries import day_asked
from programmes.api.headings import TASK_HEADINGS
from programmes.api.task_serializers import TaskDetailSerializer, TaskSerializer
from programmes.models import Programme, Task
from programmes.rules.tasks import DUE_SOON, OVERDUE, UNDATED, last_moment
from programmes.selectors.tasks import TaskFilter, narrowed, standing_q, task_page, tasks_seen


class TaskFilterSet(django_filters.FilterSet):
    """By programme, owner, commune, status, deadline and origin; `q` searches with or without tone marks."""

    programme = KeyFilter(Programme.objects.all(), field_name="programme", label=_("Mã chương trình."))
    office = KeyFilter(Office.objects.all(), field_name="owner", label=_("Mã phòng ban chủ trì."))
    unit = KeyFilter(Unit.objects.all(), "uid", field_name="unit", label=_("uid của xã, phường."))
    status = django_filters.ChoiceFilter(
        choices=Task.Status.choices, field_name="status_then", label=_("Trạng thái, trong ngày xem.")
    )
    origin = django_filters.ChoiceFilter(choices=Task.Origin.choices, label=_("Nguồn gốc."))
    standing = django_filters.ChoiceFilter(
        choices=[(OVERDUE, _("quá hạn")), (DUE_SOON, _("sắp đến hạn")), (UNDATED, _("không có thời hạn"))],
        method="standing_at",
        label=_("So với thời hạn, trong ngày xem; chỉ gồm nhiệm vụ đang thực hiện."),
    )
    q = django_filters.CharFilter(method="searched", label=_("Tìm trong tên, nội dung, văn bản; có dấu hay không dấu."))

    def standing_at(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        today = timezone.localdate()
        return rows.filter(standing_q(value, min(day_asked(self.request), today), "status_then"))

    def searched(self, rows: QuerySet[Task], name: str, value: str) -> QuerySet[Task]:
        return narrowed(rows, TaskFilter(q=value), timezone.localdate())


@extend_schema_view(
    list=extend_schema(
        summary=_("Nhiệm vụ"),
        description=_(
            "Nhiệm vụ của các đơn vị thuộc phạm vi của tài khoản và nhiệm vụ của cả địa bàn. Thời hạn kết thúc lúc "
            "24:00 của ngày, giờ Việt Nam. Có as_of: các nhiệm vụ đã giao đến hết ngày đó, với tình trạng lúc ấy theo "
            "lịch sử; thời hạn là thời hạn hiện nay, bước nay chưa xong thì ngày nào cũng là chưa xong."
        ),
        responses=TaskSerializer(many=True),
    ),
    retrieve=extend_schema(summary=_("Một nhiệm vụ, các bước, lịch sử và minh chứng"), responses=TaskDetailSerializer),
)
class TaskViewSet(ScopedViewSet):
    """`tasks/` and `tasks/{id}/`."""

    headings = TASK_HEADINGS
    required_permission = Permission.TASKS_VIEW
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = Task.objects.none()
    filterset_class = TaskFilterSet
    page_order = ("pk",)
    orderings = {"id": ("pk",), "due_on": ("due_key", "pk"), "assigned_on": ("assigned_on", "pk")}
    lookup_value_regex = "[0-9]+"
    serializer_class = TaskSerializer
    serializer_classes = {"retrieve": TaskDetailSerializer}

    def list(self, request: Request) -> Response:
        return self.page(self.filter_queryset(tasks_seen(self.scope, self.past)), now=self._moment())

    def retrieve(self, request: Request, pk: str) -> Response:
        found = task_page(self.scope, int(pk), self.past)
        found.task.page = found  # type: ignore[attr-defined]
        return self.one(found.task, now=self._moment())

    def _moment(self) -> datetime:
        return last_moment(self.past) if self.past else timezone.now()
