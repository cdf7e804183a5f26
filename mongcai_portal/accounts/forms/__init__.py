from .login import LoginForm
from .passwords import ChangePasswordForm, NewPasswordForm, ResetRequestForm

__all__ = ["ChangePasswordForm", "LoginForm", "NewPasswordForm", "ResetRequestForm"]
