from .login import LoginPage, logout_now
from .passwords import PasswordChange, PasswordReset, PasswordResetConfirm, password_reset_done, password_reset_sent
from .preferences import set_language, set_theme
from .sessions import password_confirm, sessions

__all__ = [
    "LoginPage",
    "PasswordChange",
    "PasswordReset",
    "PasswordResetConfirm",
    "logout_now",
    "password_confirm",
    "password_reset_done",
    "password_reset_sent",
    "sessions",
    "set_language",
    "set_theme",
]
