from .login import LoginPage, logout_now
from .passwords import PasswordChange, PasswordReset, PasswordResetConfirm, password_reset_done, password_reset_sent
from .preferences import set_language, set_theme

__all__ = [
    "LoginPage",
    "PasswordChange",
    "PasswordReset",
    "PasswordResetConfirm",
    "logout_now",
    "password_reset_done",
    "password_reset_sent",
    "set_language",
    "set_theme",
]
