"""How difficulties and proposals are written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from mongcai_portal.common.api.fields import LocalName
from mongcai_portal.common.models import Provenance
from programmes.models import Difficulty, DifficultyEntry, DifficultyProposal, Task


class ProposalSerializer(serializers.Serializer[DifficultyProposal]):
    """What is proposed, and to which level."""

    number = serializers.IntegerField()
    addressee = serializers.ChoiceField(DifficultyProposal.Addressee.choices, help_text=_("Cấp được kiến nghị."))
    text = serializers.CharField()


class DifficultySerializer(serializers.Serializer[Difficulty]):
    """An entry as a row; texts are as they were written, in Vietnamese."""

    id = serializers.IntegerField()
    programme = serializers.CharField(source="programme.code", help_text=_("Mã chương trình."))
    unit = serializers.CharField(
        source="unit.uid", default=None, allow_null=True, help_text=_("uid của xã, phường; null: của cả địa bàn.")
    )
    office = serializers.CharField(source="office.code", help_text=_("Mã phòng ban theo dõi."))
    period = serializers.CharField(help_text=_("Kỳ báo cáo: 2023, 2023-H1, 2023-Q4 hoặc 2023-11."))
    kind = serializers.ChoiceField(Difficulty.Kind.choices)
    text = serializers.CharField()
    cause_objective = serializers.CharField(help_text=_("Nguyên nhân khách quan; trống khi chưa nêu."))
    cause_subjective = serializers.CharField(help_text=_("Nguyên nhân chủ quan; trống khi chưa nêu."))
    proposals = ProposalSerializer(many=True, source="proposals.all")
    status = serializers.ChoiceField(Difficulty.Status.choices, source="status_then")
    resolution = serializers.CharField(
        source="resolution_then", help_text=_("Đã giải quyết thế nào; trống khi chưa giải quyết.")
    )
    resolved_on = serializers.DateField(source="resolved_then", allow_null=True, help_text=_("Ngày giải quyết xong."))
    written_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True, source="closed_then")
    provenance = serializers.ChoiceField(Provenance.choices)
    source = serializers.CharField()


class DifficultyEntrySerializer(serializers.Serializer[DifficultyEntry]):
    kind = serializers.ChoiceField(DifficultyEntry.Kind.choices)
    text = serializers.CharField()
    before = serializers.DictField(help_text=_("Những gì lần sửa này đã thay, theo tên trường; trống khi không phải."))
    by = serializers.CharField()
    at = serializers.DateTimeField()


class DifficultyTaskSerializer(serializers.Serializer[Task]):
    """A task that came of it."""

    id = serializers.IntegerField()
    title = LocalName("title", help_text=_("Tên trong ngôn ngữ được yêu cầu, nếu có; không thì tiếng Việt."))
    status = serializers.ChoiceField(Task.Status.choices, source="status_then")
    due_on = serializers.DateField(allow_null=True)


class DifficultyDetailSerializer(DifficultySerializer):
    """An entry with its history and the tasks that came of it."""

    written_by = serializers.CharField()
    entries = DifficultyEntrySerializer(many=True, source="page.entries", help_text=_("Lịch sử, mới nhất ở trên."))
    tasks = DifficultyTaskSerializer(many=True, source="page.tasks", help_text=_("Nhiệm vụ đã giao từ nội dung này."))
