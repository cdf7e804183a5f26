"""How tasks are written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mongcai_portal.common.api.fields import Computed, LocalName
from mongcai_portal.common.models import Provenance
from programmes.models import Task, TaskEntry
from programmes.rules.tasks import DUE_SOON, LATE, LATER, OVERDUE, SETTLED, UNDATED, standing

STANDINGS = [
    (OVERDUE, _("quá hạn")),
    (DUE_SOON, _("sắp đến hạn")),
    (LATER, _("còn hạn")),
    (UNDATED, _("không có thời hạn")),
    (LATE, _("báo cáo sau hạn")),
    (SETTLED, _("đã xong, không quá hạn")),
]


class TaskSerializer(serializers.Serializer[Task]):
    """A task as a row."""

    id = serializers.IntegerField()
    title = LocalName("title", help_text=_("Tên trong ngôn ngữ được yêu cầu, nếu có; không thì tiếng Việt."))
    origin = serializers.ChoiceField(Task.Origin.choices)
    document = serializers.CharField(help_text=_("Số, ký hiệu văn bản; trống khi không có."))
    document_on = serializers.DateField(allow_null=True)
    programme = serializers.CharField(
        source="programme.code",
        default=None,
        allow_null=True,
        help_text=_("Mã chương trình; null: việc chung, không thuộc riêng chương trình nào."),
    )
    office = serializers.CharField(source="owner.code", help_text=_("Mã phòng ban chủ trì."))
    unit = serializers.CharField(
        source="unit.uid", default=None, allow_null=True, help_text=_("uid của xã, phường; null: của cả địa bàn.")
    )
    measure = serializers.CharField(help_text=_("Mã con số mà nhiệm vụ xuất phát từ đó; trống khi không phải."))
    criterion = Computed(
        members={"level": serializers.CharField(), "number": serializers.IntegerField()},
        help_text=_("Tiêu chí mà nhiệm vụ xuất phát từ đó; null khi không phải."),
    )
    difficulty = serializers.IntegerField(
        source="difficulty_id", allow_null=True, help_text=_("Số của tồn tại, khó khăn mà nhiệm vụ xuất phát từ đó.")
    )
    assigned_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True, help_text=_("Hết 24:00 của ngày này, giờ Việt Nam."))
    no_deadline = serializers.BooleanField(help_text=_("Văn bản không nêu thời hạn."))
    status = serializers.ChoiceField(Task.Status.choices, source="status_then")
    standing = serializers.SerializerMethodField(help_text=_("So với thời hạn, lúc hỏi hoặc cuối ngày xem."))
    steps_done = serializers.IntegerField()
    steps_total = serializers.IntegerField()
    result = serializers.CharField(source="result_then")
    reported_at = serializers.DateTimeField(allow_null=True, source="reported_then")
    closed_at = serializers.DateTimeField(allow_null=True, source="closed_then")
    text_provenance = serializers.ChoiceField(Provenance.choices)
    text_source = serializers.CharField()
    plan_provenance = serializers.ChoiceField(Provenance.choices)

    @extend_schema_field(
        {
            "type": "object",
            "nullable": True,
            "properties": {"level": {"type": "string"}, "number": {"type": "integer"}},
            "required": ["level", "number"],
        }
    )
    def get_criterion(self, row: Task) -> dict[str, Any] | None:
        return {"level": row.level, "number": row.criterion} if row.criterion else None

    @extend_schema_field(serializers.ChoiceField(STANDINGS))
    def get_standing(self, row: Any) -> str:
        return standing(row.status_then, row.due_on, now=self.context["now"], reported_at=row.reported_then)


class TaskStepSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    done_by = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


class TaskEntrySerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(TaskEntry.Kind.choices)
    text = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class TaskFileSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    stored_by = serializers.CharField()
    stored_at = serializers.DateTimeField()


class TaskDetailSerializer(TaskSerializer):
    """A task with its steps, history and files."""

    text = serializers.CharField()
    assigned_by = serializers.CharField()
    reported_by = serializers.CharField(source="reported_by_then")
    steps = TaskStepSerializer(many=True, source="page.steps")
    entries = TaskEntrySerializer(many=True, source="page.entries", help_text=_("Lịch sử, mới nhất ở trên."))
    files = TaskFileSerializer(
        many=True,
        source="page.files",
        allow_null=True,
        help_text=_("Minh chứng; null khi tài khoản không được xem minh chứng của nhiệm vụ cả địa bàn."),
    )
