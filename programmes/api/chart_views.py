"""`charts/{name}`, a code with `.svg`, `.png` or `.json`: a measure over time, as its page draws it."""

from __future__ import annotations

import json
from typing import ClassVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from mongcai_portal.common.api.etags import tag_of
from mongcai_portal.common.charts import MEDIA, SCHEMA, drawn
from programmes.api.views import ASKED, MeasureViewSet
from programmes.measures.trend_chart import measure_chart
from programmes.selectors.measures import explain

SPECIFICATION = "application/json"


class ChartViewSet(MeasureViewSet):
    """Charts of measures. What they show are the points of `measures/{code}/series/`."""

    query_params: ClassVar = {"picture": ASKED}
    list_actions = ()
    file_actions = ("picture",)

    @extend_schema(
        operation_id="charts_retrieve",
        summary=_("Biểu đồ của một con số qua các năm"),
        description=_(
            "name là mã của con số kèm đuôi .svg, .png hoặc .json. svg và png là hình vẽ sẵn, chữ theo ngôn ngữ của "
            "người gọi; json là đặc tả Vega-Lite của chính hình đó. Con số chưa có đủ số liệu để vẽ thì không có "
            "biểu đồ (404)."
        ),
        responses={
            (200, "image/svg+xml"): OpenApiResponse(OpenApiTypes.BINARY),
            (200, "image/png"): OpenApiResponse(OpenApiTypes.BINARY),
            (200, SPECIFICATION): OpenApiResponse(OpenApiTypes.OBJECT),
        },
        examples=[
            OpenApiExample(
                "Vega-Lite",
                {
                    "$schema": SCHEMA,
                    "title": {"text": "Thu nhập bình quân đầu người khu vực nông thôn"},
                    "data": {"values": [{"day": "2023-12-31", "value": 76.611, "kind": "số đã biết"}]},
                    "encoding": {"x": {"field": "day", "type": "temporal"}},
                },
                response_only=True,
                media_type=SPECIFICATION,
            )
        ],
    )
    def picture(self, request: Request, name: str) -> HttpResponseBase:
        """Answer with the chart; the same one again is 304 for a reader who has it."""
        code, _dot, kind = name.rpartition(".")
        if kind not in ("json", *MEDIA):
            raise NotFound(gettext("Biểu đồ có ba dạng: .svg, .png và .json."))
        world = self._world(trend=True)
        specification = measure_chart(explain(world, self._measure(world, code), self.scope), world)
        if specification is None:
            raise NotFound(gettext("Con số này chưa có đủ số liệu để vẽ biểu đồ."))
        if kind == "json":
            content, media = json.dumps(specification, ensure_ascii=False).encode(), SPECIFICATION
        else:
            content, media = drawn(specification, kind), MEDIA[kind]
        answer = HttpResponse(content, content_type=media)
        answer["Content-Disposition"] = content_disposition_header(False, f"{code}-{world.as_of:%Y-%m-%d}.{kind}")
        answer["X-Content-Type-Options"] = "nosniff"
        return self._known_by(tag_of(content, ""), answer)
