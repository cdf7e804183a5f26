"""The person (or API client) who signs in. What they may do comes from role assignments only."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mongcai_portal.common.text import search_key


def normalize_username(username: str) -> str:
    """Return the one stored spelling: composed, without outer blanks, in lower case."""
    return unicodedata.normalize("NFKC", username).strip().lower()


class UserManager(BaseUserManager["User"]):
    """Builds users in the one stored spelling; pages and commands call `accounts.services` instead."""

    use_in_migrations = True

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Store a user; without a password nobody can log in as them."""
        email = self.normalize_email(fields.pop("email", ""))
        user = self.model(username=normalize_username(username), email=email, **fields)
        user.index()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by name whatever its case: officers type `Officer.HaiSon` on phones."""
        return self.get(username=normalize_username(username or ""))


class Language(models.TextChoices):
    """Languages of the interface."""

    VI = "vi", "Tiếng Việt"
    EN = "en", "English"


class User(AbstractBaseUser):
    """An account. There are no superusers and no groups: `has_perm` asks the backends for the roles' permissions."""

    username = models.CharField(
        _("tên đăng nhập"),
        max_length=80,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z0-9][a-z0-9._@-]*\Z",
                _("Tên đăng nhập chỉ gồm chữ không dấu, số và các dấu . _ @ -"),
            )
        ],
        error_messages={"unique": _("Tên đăng nhập này đã có người dùng.")},
    )
    full_name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    language = models.CharField(_("ngôn ngữ"), max_length=5, choices=Language, default=Language.VI)
    is_service = models.BooleanField(_("tài khoản của phần mềm"), default=False)
    must_change_password = models.BooleanField(_("phải đổi mật khẩu"), default=False)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    created_at = models.DateTimeField(_("tạo lúc"), default=timezone.now, editable=False)
    # What the list of users is searched by; the services keep it.
    search_key = models.CharField(max_length=500, blank=True, editable=False)
    # Raised by every change of the account; a window names the one it saw.
    lock = models.PositiveIntegerField(default=1, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("người dùng")
        verbose_name_plural = _("người dùng")
        ordering = ["username"]
        constraints = [
            # With `unique` this makes the name unique whatever its case, on both databases.
            models.CheckConstraint(condition=Q(username=Lower(F("username"))), name="accounts_user_username_lower"),
            models.CheckConstraint(condition=~Q(username=""), name="accounts_user_username_not_empty"),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="accounts_user_language_known"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name that pages and the audit log show."""
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def index(self) -> None:
        """Write what the account is found by: name, full name and address, folded."""
        self.search_key = search_key(f"{self.username} {self.full_name} {self.email}")[:500]

    def clean(self) -> None:
        self.username = normalize_username(self.username)
        self.email = type(self).objects.normalize_email(self.email)

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Whether some role of the user holds the permission (see `accounts.permissions`); inactive users hold none."""
        if not self.is_active:
            return False
        for backend in get_backends():
            ask = getattr(backend, "has_perm", None)
            try:
                if ask is not None and ask(self, perm, obj):
                    return True
            except PermissionDenied:
                return False
        return False

    def has_perms(self, perms: Iterable[str], obj: object | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    @property
    def role_labels(self) -> list[str]:
        """Labels of the roles held, as the backend that knows the assignments words them."""
        labels: list[str] = []
        for backend in get_backends():
            ask = getattr(backend, "role_labels", None)
            if ask is not None:
                labels.extend(str(label) for label in ask(self))
        return labels
