"""Other systems that call the API: made with a role and its places, exactly as a person is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_access_token_model, get_application_model
from oauth2_provider.settings import oauth2_settings

from communes.models import Office, Unit
from communes.services.access import assign_role, role_faults
from mongcai_portal.accounts.models import ApiClient, User
from mongcai_portal.accounts.roles import ROLES, Scope
from mongcai_portal.accounts.services.users import create_user
from mongcai_portal.audit.kinds import Kind
from mongcai_portal.audit.services import record
from mongcai_portal.common.errors import Fault, Forbidden, Invalid
from mongcai_portal.common.text import search_key


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A new client, and its secret: this is the only time anyone sees it (a hash is stored)."""

    client: ApiClient
    client_id: str
    client_secret: str


def create_api_client(
    *,
    by: User | None,
    name: str,
    role: str,
    units: Sequence[str] = (),
    offices: Sequence[str] = (),
    scopes: Sequence[str] = ("read",),
) -> ClientCredentials:
    """Make an OAuth client with a service user that holds the role for these units (uids) or offices (codes).

    `by` None is the system itself (a command on the server).

    Raises:
        Forbidden: `by` may not manage users.
        Invalid: no or a taken name, unknown role, unit, office or scope, places that the role is not held for; every
        fault is named and nothing is stored.
    """
    if by is not None and not by.has_perm("users.manage"):
        raise Forbidden(_("Bạn không có quyền tạo kết nối phần mềm."))
    name = name.strip()
    found_units = {u.uid: u for u in Unit.objects.filter(uid__in=units)}
    found_offices = {o.code: o for o in Office.objects.filter(code__in=offices)}
    username = _username(name)
    faults = [
        *_name_faults(name, username),
        *_role_faults(role, units, offices),
        *(
            Fault("/unit", "unknown", _("Không có đơn vị “%(uid)s”.") % {"uid": uid})
            for uid in units
            if uid not in found_units
        ),
        *(
            Fault("/office", "unknown", _("Không có phòng ban “%(code)s”.") % {"code": code})
            for code in offices
            if code not in found_offices
        ),
        *_scope_faults(scopes),
    ]
    if not faults:
        faults = _reach_faults(by, role, list(found_units.values()), list(found_offices.values()))
    if faults:
        raise Invalid(faults)
    secret = generate_client_secret()
    try:
        with transaction.atomic():
            user = create_user(username=username, by=by, full_name=name, is_service=True)
            for unit in found_units.values():
                assign_role(by=by, user=user, role=role, unit=unit)
            for office in found_offices.values():
                assign_role(by=by, user=user, role=role, office=office)
            if not found_units and not found_offices:
                assign_role(by=by, user=user, role=role)
            model = get_application_model()
            application = model.objects.create(
                name=name,
                client_type=model.CLIENT_CONFIDENTIAL,
                authorization_grant_type=model.GRANT_CLIENT_CREDENTIALS,
                client_secret=secret,
            )
            client = ApiClient.objects.create(
                name=name, user=user, application=application, scopes=" ".join(dict.fromkeys(scopes))
            )
            record(
                kind=Kind.API_CLIENT_CREATED,
                by=by,
                obj_type="api_client",
                obj_id=client.pk,
                label=name,
                role=role,
                units=sorted(found_units),
                offices=sorted(found_offices),
                scopes=client.scopes,
            )
    except IntegrityError:
        raise Invalid([_taken(name)]) from None
    return ClientCredentials(client, application.client_id, secret)


def rotate_api_client(*, by: User | None, name: str) -> ClientCredentials:
    """Give a client a new secret, which is shown this once; the old one and its tokens stop working at once.

    Raises:
        Forbidden: `by` may not manage users.
        ApiClient.DoesNotExist: there is no such client.
        Invalid: the client is revoked.
    """
    if by is not None and not by.has_perm("users.manage"):
        raise Forbidden(_("Bạn không có quyền đổi mã bí mật của kết nối phần mềm."))
    client = ApiClient.objects.select_related("user", "application").get(name=name)
    if not client.user.is_active:
        raise Invalid([Fault("/name", "revoked", _("Kết nối này đã bị thu hồi."))])
    secret = generate_client_secret()
    with transaction.atomic():
        client.application.client_secret = secret
        client.application.save(update_fields=["client_secret", "updated"])
        get_access_token_model().objects.filter(application=client.application).delete()
        record(kind=Kind.API_CLIENT_ROTATED, by=by, obj_type="api_client", obj_id=client.pk, label=client.name)
    return ClientCredentials(client, client.application.client_id, secret)


def revoke_api_client(*, by: User | None, name: str, reason: str = "") -> None:
    """Close a client: its tokens stop working at once; its name and its trace stay.

    Raises:
        Forbidden: `by` may not manage users.
        ApiClient.DoesNotExist: there is no such client.
    """
    if by is not None and not by.has_perm("users.manage"):
        raise Forbidden(_("Bạn không có quyền thu hồi kết nối phần mềm."))
    with transaction.atomic():
        client = ApiClient.objects.select_related("user").get(name=name)
        if User.objects.filter(pk=client.user_id, is_active=True).update(is_active=False):
            record(
                kind=Kind.API_CLIENT_REVOKED,
                by=by,
                obj_type="api_client",
                obj_id=client.pk,
                label=client.name,
                reason=reason,
            )


def _username(name: str) -> str:
    return "api." + search_key(name).replace(" ", "-")[:70].strip(".-")


def _taken(name: str) -> Fault:
    return Fault("/name", "duplicate", _("Đã có kết nối phần mềm tên “%(name)s”.") % {"name": name})


def _name_faults(name: str, username: str) -> list[Fault]:
    if username == "api." or len(name) > 100:
        message = _("Tên kết nối gồm từ 1 đến 100 ký tự và có ít nhất một chữ cái hoặc chữ số.")
        return [Fault("/name", "invalid", message)]
    exists = ApiClient.objects.filter(name=name).exists() or User.objects.filter(username=username).exists()
    return [_taken(name)] if exists else []


def _role_faults(role: str, units: Sequence[str], offices: Sequence[str]) -> list[Fault]:
    if role not in ROLES:
        message = _("Không có vai trò “%(role)s”; các vai trò: %(roles)s.") % {"role": role, "roles": ", ".join(ROLES)}
        return [Fault("/role", "unknown_role", message)]
    scope = ROLES[role].scope
    faults = []
    if scope == Scope.UNIT and not units:
        faults.append(Fault("/unit", "missing", _("Vai trò này phải gắn với một xã.")))
    if scope == Scope.OFFICE and not offices:
        faults.append(Fault("/office", "missing", _("Vai trò này phải gắn với một phòng ban.")))
    if scope != Scope.UNIT and units:
        faults.append(Fault("/unit", "not_allowed", _("Vai trò này không gắn với xã.")))
    if scope != Scope.OFFICE and offices:
        faults.append(Fault("/office", "not_allowed", _("Vai trò này không gắn với phòng ban.")))
    return faults


def _reach_faults(by: User | None, role: str, units: list[Unit], offices: list[Office]) -> list[Fault]:
    """What lies beyond the reach of whoever makes the client."""
    places: list[dict[str, Any]] = [{"unit": unit, "office": None} for unit in units]
    places += [{"unit": None, "office": office} for office in offices]
    return [
        fault
        for place in places or [{"unit": None, "office": None}]
        for fault in role_faults(by=by, role=role, **place)
    ]


def _scope_faults(scopes: Sequence[str]) -> list[Fault]:
    known = oauth2_settings.SCOPES
    if not scopes:
        return [Fault("/scope", "missing", _("Cần ít nhất một phạm vi, ví dụ read."))]
    return [
        Fault(
            "/scope",
            "unknown",
            _("Không có phạm vi “%(scope)s”; các phạm vi: %(known)s.") % {"scope": scope, "known": ", ".join(known)},
        )
        for scope in scopes
        if scope not in known
    ]
