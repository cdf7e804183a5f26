from .confirm import ConfirmForm
from .login import LoginForm
from .passwords import ChangePasswordForm, NewPasswordForm, ResetRequestForm

__all__ = ["ChangePasswordForm", "ConfirmForm", "LoginForm", "NewPasswordForm", "ResetRequestForm"]
