"""How often one caller may call the API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from mongcai_portal.common.limits import Rate, take


class CallerThrottle(BaseThrottle):
    """`API_RATE` for each client, and for each person at a browser; asked after who it is and whether they may."""

    waits = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        self.waits = take("api", str(request.user.pk), Rate(*settings.API_RATE))
        return not self.waits

    def wait(self) -> float:
        return self.waits
