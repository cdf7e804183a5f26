"""Login, password and preferences."""

from django.urls import path

from . import views

urlpatterns = [
    path("login/", views.LoginPage.as_view(), name="login"),
    path("logout/", views.logout_now, name="logout"),
    path("password/change/", views.PasswordChange.as_view(), name="password_change"),
    path("password/confirm/", views.password_confirm, name="password_confirm"),
    path("sessions/", views.sessions, name="sessions"),
    path("password/reset/", views.PasswordReset.as_view(), name="password_reset"),
    path("password/reset/sent/", views.password_reset_sent, name="password_reset_sent"),
    path("password/reset/done/", views.password_reset_done, name="password_reset_done"),
    path("password/reset/<uidb64>/<token>/", views.PasswordResetConfirm.as_view(), name="password_reset_confirm"),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
]
