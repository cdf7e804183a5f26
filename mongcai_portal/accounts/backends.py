"""Login by name and password. Permissions are another backend's matter."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from .models import User


class PasswordBackend(BaseBackend):
    """Checks name (in any case) and password; service accounts and inactive ones cannot log in."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        if not username or password is None:
            return None
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            # The same time for an unknown name as for a wrong password, so that names cannot be told apart.
            User().set_password(password)
            return None
        if user.check_password(password) and user.is_active and not user.is_service:
            return user
        return None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
