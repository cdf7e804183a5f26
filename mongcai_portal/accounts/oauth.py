"""OAuth 2 for other systems: client credentials only, and no token with a scope that its client was not given."""

from __future__ import annotations

import json
import math
from base64 import b64decode
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_plus

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from oauth2_provider.scopes import BaseScopes
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.views import TokenView

from mongcai_portal.accounts.models import ApiClient
from mongcai_portal.common.limits import Rate, take, wait
from mongcai_portal.common.views.errors import problem


class ClientScopes(BaseScopes):
    """Scopes as each client was given them; a request that names none gets all of its client's."""

    def get_all_scopes(self) -> dict[str, str]:
        return dict(oauth2_settings.SCOPES)

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        if application is None:
            return list(self.get_all_scopes())
        given = ApiClient.objects.filter(application=application.pk).values_list("scopes", flat=True).first()
        return (given or "").split()

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return [] if application is None else self.get_available_scopes(application)


class ClientTokenView(TokenView):
    """`POST /oauth/token/`: errors as RFC 6749 words them, with the members of a problem beside `error`.

    Wrong credentials are counted, by client and address and by address, and too many of them are refused before the
    secret is looked at: each look costs a slow hash. A client that does it right is never counted.
    """

    is_public = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        guessed = self._guessed(request)
        if waits := max(wait("token", caller, rate) for caller, rate in guessed):
            told = _("Mã bí mật đã sai quá nhiều lần. Hãy gọi lại sau.")
            answer = problem(429, "throttled", _("Gọi quá nhiều lần"), told, error="slow_down")
            answer["Retry-After"] = str(math.ceil(waits))
            return answer
        response = self.authorization_flow_token_response(request)
        if response.status_code == 401:
            for caller, rate in guessed:
                take("token", caller, rate)
        if response.status_code < 400:
            response["Content-Type"] = "application/json"
            return response
        return _explained(response)

    @staticmethod
    def _guessed(request: HttpRequest) -> list[tuple[str, Rate]]:
        """Under which names a wrong answer is counted, and how many of each are too many."""
        address, rate = str(get_client_ip_address(request)), Rate(*settings.TOKEN_RATE)
        pairs = [(f"{address} {client}", rate) for client in sorted(_clients_named(request))]
        return [*pairs, (address, rate.times_over(10))]


def _clients_named(request: HttpRequest) -> set[str]:
    """The client ids of a request for a token, in its form and in Basic credentials: either may be looked at."""
    named = {str(request.POST.get("client_id", ""))}
    method, _sep, credentials = request.headers.get("Authorization", "").partition(" ")
    if method.lower() == "basic":
        try:
            named.add(unquote_plus(b64decode(credentials).decode().partition(":")[0]))
        except ValueError:
            named.add("")
    return named - {""}


def _explained(response: HttpResponse) -> HttpResponse:
    body = json.loads(response.content)
    error = str(body.get("error", "invalid_request"))
    details = {
        "invalid_client": _("Mã định danh hoặc mã bí mật của phần mềm không đúng."),
        "unsupported_grant_type": _("Chỉ dùng grant_type=client_credentials."),
        "invalid_scope": _("Phần mềm này không được cấp phạm vi đã xin."),
        "unauthorized_client": _("Phần mềm này không được xin mã theo cách này."),
    }
    answer = JsonResponse(
        {
            "type": f"urn:mongcai:problem:{error}",
            "title": _("Không cấp được mã truy cập"),
            "status": response.status_code,
            "detail": details.get(error, _("Yêu cầu xin mã truy cập không đúng dạng.")),
            **body,
        },
        status=response.status_code,
        json_dumps_params={"ensure_ascii": False},
    )
    for name in _kept(response):
        answer[name] = response[name]
    return answer


def _kept(response: HttpResponse) -> Iterable[str]:
    return (name for name in ("WWW-Authenticate", "Cache-Control", "Pragma") if name in response)
