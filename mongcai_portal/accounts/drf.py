"""Who calls the REST API, and whether they may: the client token first, then the browser session.

The token is asked first so that a call without any identity is told how to get one (401 with a challenge), not 403.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from oauth2_provider.models import get_access_token_model
from oauth2_provider.settings import oauth2_settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from mongcai_portal.accounts.models import ApiClient, User
from mongcai_portal.accounts.sessions import lately_confirmed
from mongcai_portal.common.errors import Forbidden, Unconfirmed

REALM = 'Bearer realm="api"'


class ClientTokenAuthentication(BaseAuthentication):
    """OAuth 2 bearer tokens of API clients. Such a token carries no user: the client's service user acts."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed(_("Phần Authorization phải là “Bearer” và một mã truy cập."))
        checksum = hashlib.sha256(words[1]).hexdigest()
        tokens = get_access_token_model().objects.select_related("application__client__user")
        # Every call asks this; of the token's and the application's thirty columns three are looked at.
        needed = tokens.only("expires", "scope", "application__client__user")
        token = next(iter(needed.filter(token_checksum=checksum)), None)
        if token is None or not token.is_valid():
            raise AuthenticationFailed(_("Mã truy cập không đúng hoặc đã hết hạn; hãy xin mã mới."))
        client: ApiClient | None = getattr(token.application, "client", None)
        if client is None or not client.user.is_active:
            raise AuthenticationFailed(_("Phần mềm này không còn được kết nối."))
        request._request.api_user = client.user  # type: ignore[attr-defined]  # for the log's line
        return client.user, token

    def authenticate_header(self, request: Request) -> str:
        return REALM


def scope_needed(view: Any, method: str | None) -> str:
    """Return the scope that a token needs for a method of a view."""
    own: str = getattr(view, "needs_scope", "")
    return own or ("read" if method in SAFE_METHODS else "write")


class MayCall(BasePermission):
    """The role must hold the view's permission, and a token must have been given the scope of the action.

    A view names `permission_needed()`; one that does not needs an identity only. Scopes: `read` for safe methods,
    `write` for all others, or the one that the view names as its `needs_scope`. Of a session, the view's
    `confirmed_actions` ask for the password as pages do (`decorators.confirmed`); a token has no password to give.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        needed = scope_needed(view, request.method)
        if request.auth is not None and needed not in request.auth.scope.split():
            raise Forbidden(_("Mã truy cập không có phạm vi “%(scope)s”.") % {"scope": needed})
        ask = getattr(view, "permission_needed", None)
        permission = ask() if ask is not None else ""
        if permission and not request.user.has_perm(permission):
            raise Forbidden(_("Vai trò của tài khoản này không được gọi địa chỉ này."))
        asked = getattr(view, "action", "") in getattr(view, "confirmed_actions", ())
        if asked and request.auth is None and not lately_confirmed(request._request.session):
            raise Unconfirmed(_("Hãy xác nhận lại mật khẩu trên cổng rồi gọi lại."))
        return True


class ClientTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the client token."""

    target_class = ClientTokenAuthentication
    name = "oauth2"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        scopes = {name: str(text) for name, text in oauth2_settings.SCOPES.items()}
        return {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token/", "scopes": scopes}}}

    def get_security_requirement(self, auto_schema: Any) -> dict[str, list[str]]:
        return {self.name: [scope_needed(auto_schema.view, auto_schema.method)]}
