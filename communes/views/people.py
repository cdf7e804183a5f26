"""`/users/`: accounts of people, their roles and scopes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from communes.forms.people import NewPersonForm, PeopleFilterForm, PersonForm, RoleDaysForm, RoleForm
from communes.models import RoleAssignment
from communes.presenters.people import letter_text, person_view, person_views, place_choices
from communes.scope import scope_of
from communes.selectors.people import PeopleFilter, people, person_of, places, with_roles
from communes.services import people as services
from communes.services.access import date_role, revoke_role
from mongcai_portal.accounts.decorators import confirmed, require
from mongcai_portal.accounts.models import User
from mongcai_portal.accounts.permissions import Permission
from mongcai_portal.accounts.roles import ROLE_CHOICES
from mongcai_portal.common.errors import Invalid, Stale
from mongcai_portal.common.views.doors import at_fields, refusing

LINES = 40
refusals = refusing(User.DoesNotExist, RoleAssignment.DoesNotExist)


@require(Permission.USERS_MANAGE)
@never_cache
@require_GET
def people_list(request: HttpRequest) -> HttpResponse:
    """List the accounts of people, found by name, address, role or state."""
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    wanted = PeopleFilter(**{name: form.cleaned_data.get(name, "") for name in ("q", "role", "state")})
    page = Paginator(people(wanted, scope_of(request.user)), LINES).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "people": person_views(with_roles(list(page.object_list))),
        "wanted": wanted,
        "roles": ROLE_CHOICES,
        "states": [
            ("open", _("đang dùng")),
            ("closed", _("đã ngừng")),
            ("without_role", _("chưa có vai trò")),
        ],
    }
    return render(request, "communes/people.html", context)


def _choices(request: HttpRequest) -> dict[str, list[tuple[str, str]]]:
    return place_choices(*places(scope_of(request.user)))


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def person_new(request: HttpRequest) -> HttpResponse:
    """Make an account with its first role."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, **_choices(request))
    if request.method == "POST":
        good = form.is_valid()
        data = form.cleaned_data
        asked = {name: data.get(name, "") for name in ("username", "full_name", "email", "language", "password_by")}
        try:
            if not good:
                # What the form itself cannot read is named together with what the services find.
                raise Invalid(services.person_faults(by=request.user, grant=form.grant(), **asked))
            made = services.create_person(by=request.user, grant=form.grant(), **asked)
        except Invalid as error:
            at_fields(form, error)
        else:
            messages.success(request, _("Đã tạo tài khoản %(name)s.") % {"name": made.user.username})
            if made.letter is not None:
                _say_letter(request, made.letter)
                return redirect("person", user_id=made.user.pk)
            return _page(request, made.user.pk, password=made.password)
    return render(request, "communes/person_new.html", {"form": form}, status=422 if form.errors else 200)


def _say_letter(request: HttpRequest, letter: services.Letter) -> None:
    if letter.sent:
        messages.success(request, _("Đã gửi thư có đường dẫn đặt mật khẩu."))
    else:
        messages.warning(request, letter_text(letter.reason))


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
@refusals
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show an account, and change its name, address and language."""
    if request.method == "GET":
        return _page(request, user_id)
    person_of(user_id, scope_of(request.user))
    form = PersonForm(request.POST)
    status = 422
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.change_person(
                by=request.user,
                user_id=user_id,
                lock=data["lock"],
                full_name=data["full_name"],
                email=data["email"],
                language=data["language"],
            )
        except Invalid as error:
            at_fields(form, error)
        except Stale as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Đã lưu."))
            return redirect("person", user_id=user_id)
    return _page(request, user_id, form=form, status=status)


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_POST
@refusals
def person_account(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close, open, unlock an account, or give it a way in: `action` says which."""
    person_of(user_id, scope_of(request.user))
    action, by = request.POST.get("action", ""), request.user
    try:
        if action == "close":
            services.close_person(by=by, user_id=user_id, reason=request.POST.get("reason", ""))
            messages.success(request, _("Đã ngừng tài khoản; các phiên đang mở kết thúc ngay."))
        elif action == "reopen":
            services.reopen_person(by=by, user_id=user_id)
            messages.success(request, _("Đã mở lại tài khoản."))
        elif action == "unlock":
            services.unlock_person(by=by, user_id=user_id)
            messages.success(request, _("Đã mở khóa đăng nhập."))
        elif action == "sessions":
            services.end_sessions(by=by, user_id=user_id)
            messages.success(request, _("Đã kết thúc mọi phiên làm việc của người này."))
        elif action == "link":
            _say_letter(request, services.send_password_link(by=by, user_id=user_id))
        elif action == "once":
            return _page(request, user_id, password=services.give_password(by=by, user_id=user_id))
        else:
            raise Http404
    except Invalid as error:
        return _page(request, user_id, account_faults=[fault.message for fault in error.faults], status=422)
    return redirect("person", user_id=user_id)


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_POST
@refusals
def role_add(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give one role more."""
    person_of(user_id, scope_of(request.user))
    form = RoleForm(request.POST, **_choices(request))
    if form.is_valid():
        grant = form.grant() or services.Grant("")
        try:
            services.give_role(by=request.user, user_id=user_id, grant=grant)
        except Invalid as error:
            at_fields(form, error)
        else:
            messages.success(request, _("Đã giao vai trò."))
            return redirect("person", user_id=user_id)
    return _page(request, user_id, role_form=form, status=422)


@require(Permission.USERS_MANAGE)
@confirmed
@never_cache
@require_POST
@refusals
def role_change(request: HttpRequest, user_id: int, assignment_id: int) -> HttpResponse:
    """Take a role away, or change its days."""
    held = person_of(user_id, scope_of(request.user)).held
    if assignment_id not in {one.assignment.pk for one in held}:
        raise Http404
    faults: list[str] = []
    status = 422
    try:
        if request.POST.get("action") == "end":
            revoke_role(by=request.user, assignment_id=assignment_id)
            messages.success(request, _("Đã thôi giao vai trò."))
        else:
            form = RoleDaysForm(request.POST)
            if form.is_valid():
                data = form.cleaned_data
                date_role(
                    by=request.user,
                    assignment_id=assignment_id,
                    valid_from=data["valid_from"],
                    valid_to=data["valid_to"],
                    seen=(data["seen_from"], data["seen_to"]),
                )
                messages.success(request, _("Đã đổi thời hạn vai trò."))
            faults = [message for rows in form.errors.values() for message in rows]
    except Invalid as error:
        faults = [fault.message for fault in error.faults]
    except Stale as error:
        faults, status = [str(error)], 409
    if faults:
        return _page(request, user_id, role_faults=faults, status=status)
    return redirect("person", user_id=user_id)


def _page(
    request: HttpRequest,
    user_id: int,
    *,
    form: PersonForm | None = None,
    role_form: RoleForm | None = None,
    password: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    found = person_of(user_id, scope_of(request.user))
    user = found.user
    stored = {"full_name": user.full_name, "email": user.email, "language": user.language, "lock": user.lock}
    if form is not None and status == 409:
        # The next try starts from what the reader has now been told.
        form.data = form.data.copy()
        form.data["lock"] = user.lock
    context = {
        "person": person_view(found),
        "form": form or PersonForm(initial=stored),
        "stored": user if status == 409 else None,
        "role_form": role_form or RoleForm(**_choices(request)),
        "oneself": user.pk == request.user.pk,
        "password": password,
        **more,
    }
    return render(request, "communes/person.html", context, status=status)
