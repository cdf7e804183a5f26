"""Accounts of people, as the administrator looks after them: each act asks for the permission and is audited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from communes.models import Office, Unit
from communes.services.access import assign_role, keeping_an_administrator, may_manage, not_oneself, role_faults
from mongcai_portal.accounts import services as accounts
from mongcai_portal.accounts.models import User, normalize_username
from mongcai_portal.accounts.services import Letter
from mongcai_portal.common.errors import Fault, Invalid
from mongcai_portal.common.mail import RESERVED, why_not

BY_LINK, ONCE = "link", "once"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role as it was asked for; `unit` is a uid and `office` a code, empty for none."""

    role: str
    unit: str = ""
    office: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """An account, and how its person gets in: by a letter, or by a password that is shown once."""

    user: User
    letter: Letter | None = None
    password: str = ""


def create_person(
    *,
    by: Any,
    username: str,
    full_name: str,
    email: str = "",
    language: str = "vi",
    grant: Grant | None = None,
    password_by: str = BY_LINK,
) -> Admitted:
    """Make an account with its first role; the person sets a password by a mailed link, or gets one to change at once.

    Raises:
        Forbidden; Invalid: every fault of the account, of the role and of the way in is named, and nothing is stored.
    """
    may_manage(by)
    asked = {"username": username, "full_name": full_name, "email": email, "language": language}
    faults = person_faults(by=by, grant=grant, password_by=password_by, **asked)
    if faults:
        raise Invalid(faults)
    user = _asked_for(**asked)
    places = _places(grant)[0] if grant is not None else {}
    password = accounts.one_time_password() if password_by == ONCE else None
    try:
        with transaction.atomic():
            made = accounts.create_user(
                username=user.username,
                by=by,
                full_name=user.full_name,
                email=user.email,
                language=language,
                password=password,
                must_change_password=password is not None,
            )
            if grant is not None:
                assign_role(
                    by=by, user=made, role=grant.role, valid_from=grant.valid_from, valid_to=grant.valid_to, **places
                )
    except IntegrityError:
        raise Invalid([Fault("/username", "unique", _("Tên đăng nhập này đã có người dùng."))]) from None
    letter = accounts.mail_password_link(user=made, by=by) if password is None else None
    return Admitted(made, letter, password or "")


def person_faults(
    *, by: Any, username: str, full_name: str, email: str, language: str, grant: Grant | None, password_by: str
) -> list[Fault]:
    """Return everything that is wrong with a new account, its first role and the way in."""
    user = _asked_for(username=username, full_name=full_name, email=email, language=language)
    faults = [*accounts.account_faults(user), *_own_faults(user, password_by)]
    if grant is not None:
        places, wrong = _places(grant)
        faults += wrong or role_faults(
            by=by, role=grant.role, valid_from=grant.valid_from, valid_to=grant.valid_to, **places
        )
    return faults


def _asked_for(*, username: str, full_name: str, email: str, language: str) -> User:
    return User(
        username=normalize_username(username),
        full_name=full_name.strip(),
        email=User.objects.normalize_email(email.strip()),
        language=language,
    )


def _own_faults(user: User, password_by: str) -> list[Fault]:
    faults = []
    if not user.full_name:
        faults.append(Fault("/full_name", "required", _("Hãy nhập họ và tên.")))
    if password_by not in (BY_LINK, ONCE):
        faults.append(Fault("/password_by", "invalid", _("Chọn một trong hai cách đặt mật khẩu.")))
    if password_by == BY_LINK and not user.email:
        faults.append(Fault("/email", "required", _("Cần địa chỉ thư để gửi đường dẫn đặt mật khẩu.")))
    elif password_by == BY_LINK and why_not(user.email) == RESERVED:
        faults.append(Fault("/email", "reserved", _("Địa chỉ này thuộc tên miền dành riêng, không gửi thư được.")))
    return faults


def _places(grant: Grant) -> tuple[dict[str, Any], list[Fault]]:
    unit = Unit.objects.filter(uid=grant.unit).first() if grant.unit else None
    office = Office.objects.filter(code=grant.office).first() if grant.office else None
    faults = []
    if grant.unit and unit is None:
        faults.append(Fault("/unit", "unknown", _("Không có đơn vị “%(uid)s”.") % {"uid": grant.unit}))
    if grant.office and office is None:
        faults.append(Fault("/office", "unknown", _("Không có phòng ban “%(code)s”.") % {"code": grant.office}))
    return {"unit": unit, "office": office}, faults


def give_role(*, by: Any, user_id: int, grant: Grant) -> None:
    """Give a person one role more.

    Raises:
        Forbidden; User.DoesNotExist; Invalid: as `access.assign_role`, and unknown places.
    """
    may_manage(by)
    user = _person(user_id)
    not_oneself(by, user)
    places, faults = _places(grant)
    if faults:
        raise Invalid(faults)
    assign_role(by=by, user=user, role=grant.role, valid_from=grant.valid_from, valid_to=grant.valid_to, **places)


def change_person(*, by: Any, user_id: int, lock: int | None, full_name: str, email: str, language: str) -> None:
    """Change name, address and language.

    Raises:
        Forbidden; User.DoesNotExist; Stale: the account was changed since the window showed it; Invalid.
    """
    may_manage(by)
    user = _person(user_id)
    if not full_name.strip():
        faults = [Fault("/full_name", "required", _("Hãy nhập họ và tên."))]
        user.email, user.language = email.strip(), language
        raise Invalid([*faults, *accounts.account_faults(user)])
    accounts.change_user(
        user=user,
        by=by,
        lock=lock,
        full_name=full_name.strip(),
        email=User.objects.normalize_email(email.strip()),
        language=language,
    )


def close_person(*, by: Any, user_id: int, reason: str) -> None:
    """Close an account: its sessions end at once, its roles stay for the day it is opened again.

    Raises:
        Forbidden: also one's own; User.DoesNotExist; Invalid: no reason, or the last administrator.
    """
    may_manage(by)
    user = _person(user_id)
    not_oneself(by, user)
    if not reason.strip():
        raise Invalid([Fault("/reason", "required", _("Ghi lý do ngừng tài khoản."))])
    with keeping_an_administrator():
        accounts.deactivate_user(user=user, by=by, reason=reason.strip())


def reopen_person(*, by: Any, user_id: int) -> None:
    """Open a closed account again.

    Raises:
        Forbidden: also one's own; User.DoesNotExist.
    """
    may_manage(by)
    user = _person(user_id)
    not_oneself(by, user)
    accounts.activate_user(user=user, by=by)


def send_password_link(*, by: Any, user_id: int) -> Letter:
    """Mail the link to a new password.

    Raises:
        Forbidden; User.DoesNotExist; Invalid: the account is closed.
    """
    may_manage(by)
    return accounts.mail_password_link(user=_open_person(user_id), by=by)


def give_password(*, by: Any, user_id: int) -> str:
    """Give a password that has to be changed at the next login, and return it: the only time anyone sees it.

    Raises:
        Forbidden: also one's own; User.DoesNotExist; Invalid: the account is closed.
    """
    may_manage(by)
    user = _open_person(user_id)
    not_oneself(by, user)
    password = accounts.one_time_password()
    accounts.set_password(user=user, password=password, by=by, must_change=True)
    return password


def end_sessions(*, by: Any, user_id: int) -> int:
    """Sign someone out everywhere; the password stays. Return how many sessions there were.

    Raises:
        Forbidden: also one's own (their page is for that); User.DoesNotExist.
    """
    may_manage(by)
    user = _person(user_id)
    not_oneself(by, user)
    return accounts.end_sessions(user=user, by=by)


def unlock_person(*, by: Any, user_id: int) -> bool:
    """Open a name that wrong passwords have closed; return whether there was anything to open.

    Raises:
        Forbidden; User.DoesNotExist.
    """
    may_manage(by)
    return accounts.unlock_user(user=_person(user_id), by=by)


def _person(user_id: int) -> User:
    return User.objects.get(pk=user_id, is_service=False)


def _open_person(user_id: int) -> User:
    user = _person(user_id)
    if not user.is_active:
        raise Invalid([Fault("/user", "inactive", _("Tài khoản đã ngừng; hãy mở lại trước."))])
    return user
