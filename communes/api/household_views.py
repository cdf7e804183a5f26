"""Households: identified data, for systems that were given the scope `households.identified`."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from communes.api.base import ScopedViewSet
from communes.api.filters import KeyFilter
from communes.api.headings import HOUSEHOLD_HEADINGS
from communes.api.household_serializers import (
    HouseholdDetailSerializer,
    HouseholdSerializer,
    UnmaskedSerializer,
    UnmaskSerializer,
)
from communes.models import Household, PovertyStandard, Unit, Village
from communes.models.poverty import PovertyStatus
from communes.rules.list_reads import FOUND, WHOLE
from communes.selectors.households_of_day import (
    HouseholdOfDay,
    described,
    households_on,
    in_unit,
    in_village,
    of_class,
)
from communes.services.households import ListRead, note_file, note_list, note_view, note_views, units_read, unmask
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.common.api.asked import JSON
from mongcai_portal.common.api.queries import day_asked


class HouseholdFilter(django_filters.FilterSet):
    """By place, code and class of the day; names are no filter, since addresses are kept in logs."""

    unit = KeyFilter(Unit.objects.all(), "uid", method="of_unit", label=_("uid của xã, phường trong ngày xem."))
    village = KeyFilter(Village.objects.all(), method="of_village", label=_("Mã thôn, bản, khu trong ngày xem."))
    code = django_filters.CharFilter(field_name="code", label=_("Mã hộ."))
    standard = KeyFilter(PovertyStandard.objects.all(), method="classified", label=_("Mã chuẩn nghèo."))
    status = django_filters.ChoiceFilter(
        choices=PovertyStatus.choices,
        method="classified",
        label=_("Loại hộ trong ngày xem, theo standard nếu có nêu."),
    )

    @extend_schema_field(OpenApiTypes.STR)
    def of_unit(self, rows: QuerySet[Household], name: str, unit: Unit) -> QuerySet[Household]:
        return in_unit(rows, unit.pk, day_asked(self.request))

    @extend_schema_field(OpenApiTypes.STR)
    def of_village(self, rows: QuerySet[Household], name: str, village: Village) -> QuerySet[Household]:
        return in_village(rows, village.pk, day_asked(self.request))

    def classified(self, rows: QuerySet[Household], name: str, value: Any) -> QuerySet[Household]:
        """Both are one condition: of this class under that standard."""
        data = self.form.cleaned_data
        standard, status = data.get("standard"), data.get("status") or ""
        if name == "status" and standard is not None:
            return rows  # asked with the standard already
        return of_class(
            rows, day_asked(self.request), standard=standard.code if standard is not None else "", status=status
        )


@extend_schema_view(
    list=extend_schema(
        summary=_("Các hộ trong sổ trong một ngày"),
        description=_("Cần phạm vi households.identified. Mỗi lần đọc được ghi vào nhật ký."),
        responses=HouseholdSerializer(many=True),
    ),
    retrieve=extend_schema(
        summary=_("Một hộ và các nhân khẩu trong một ngày"),
        description=_(
            "Cần phạm vi households.identified. Số định danh được che. Lần xem được ghi vào nhật ký của hộ. Hộ không "
            "có trong sổ vào ngày xem thì trả lời 404."
        ),
        responses=HouseholdDetailSerializer,
    ),
)
class HouseholdViewSet(ScopedViewSet):
    """`households/`, `households/{id}/` and `households/{id}/unmask/`."""

    headings = HOUSEHOLD_HEADINGS
    required_permission = Permission.HOUSEHOLDS_VIEW
    required_permissions = {"unmask": Permission.HOUSEHOLDS_UNMASK}
    # Reading people's data is a scope of its own, and no other one is enough; unmasking writes nothing but the log.
    needs_scope = "households.identified"
    confirmed_actions = ("unmask",)
    query_params = {"list": ("as_of",), "retrieve": ("as_of",)}
    queryset = Household.objects.none()
    filterset_class = HouseholdFilter
    page_order = ("pk",)
    orderings = {"id": ("pk",), "code": ("code",)}
    lookup_value_regex = "[0-9]+"
    serializer_class = HouseholdSerializer
    count = 0  # households in the answer
    serializer_classes = {
        "retrieve": HouseholdDetailSerializer,
        "unmask": UnmaskedSerializer,
    }

    def permission_needed(self) -> str:
        """The register as a file is an export, whatever way it takes."""
        if self.lists and self.asked.format != JSON:
            return Permission.HOUSEHOLDS_EXPORT
        return super().permission_needed()

    def list(self, request: Request) -> Response:
        self.found: list[int] = []  # those of a code
        rows = self.filter_queryset(households_on(self.scope, self.as_of))
        answer = self.page(rows, described=self._described)
        self._note()  # before anything of it leaves
        return answer

    def _note(self) -> None:
        """Note the list in the log; a code names its household, which is told of the look itself."""
        by, asked = self.request.user, self.request.query_params
        village = asked.get("village", "")
        of = str(Village.objects.get(code=village).pk) if village else WHOLE
        if self.by_code:
            note_views(by=by, household_ids=self.found)
            of = FOUND
        said: dict[str, Any] = {name: text for name, text in asked.items() if name in LOGGED}
        if "standard" in asked or "status" in asked:
            said["of_class"] = f"{asked.get('standard', '')}:{asked.get('status', '')}"
        said["searched"] = self.by_code
        units = units_read(by, unit=asked.get("unit", ""))
        if self.asked.format != JSON:
            note_file(by=by, read=ListRead(units, said, self.count, of), kind=self.asked.format)
        else:
            said["pages"] = "2+" if "cursor" in asked else "1"
            note_list(by=by, read=ListRead(units, said, self.count, of))

    def retrieve(self, request: Request, pk: str) -> Response:
        row = households_on(self.scope, self.as_of).get(pk=int(pk))
        note_view(by=request.user, household_id=row.pk)
        (one,) = self._described([row])
        return self.one(one, day=self.as_of)

    @extend_schema(
        summary=_("Xem số định danh của các nhân khẩu"),
        description=_(
            "Cần phạm vi households.identified và quyền xem số định danh. Gọi bằng phiên đăng nhập thì mật khẩu phải "
            "vừa được xác nhận trên cổng; nếu không, trả lời 403 với mã confirmation_required. Số chỉ có trong câu trả "
            "lời này; lần xem và mục đích được ghi vào nhật ký."
        ),
        request=UnmaskSerializer,
        responses=UnmaskedSerializer,
    )
    @action(detail=True, methods=["post"], filter_backends=[])
    def unmask(self, request: Request, pk: str) -> JsonResponse:
        # A foreign household is not there, whatever is asked of it.
        Household.objects.visible_to(self.scope).only("pk").get(pk=int(pk))
        body = UnmaskSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        read = unmask(by=request.user, household_id=int(pk), purpose=said["purpose"], person_id=said["person"])
        numbers = [{"person": person, "identity_number": number} for person, number in sorted(read.numbers.items())]
        # No tag: it would be a digest of the numbers.
        answer = JsonResponse({"numbers": numbers})
        answer["Cache-Control"] = "private, no-store"
        return answer

    @property
    def by_code(self) -> bool:
        return bool(self.request.query_params.get("code"))

    def _described(self, rows: Any) -> list[HouseholdOfDay]:
        found = described(rows, self.as_of)
        self.count += len(found)
        if self.lists and self.by_code:
            self.found += [one.household.pk for one in found]
        return found


# Parameters that say nothing of a person.
LOGGED = ("unit", "village", "as_of")
