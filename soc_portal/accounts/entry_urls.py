"""The way in. These stand before `allauth.urls` and take the place of its pages of the same name and path."""

from django.urls import path
from django.views.generic import RedirectView

from soc_portal.accounts import entry, views

urlpatterns = [
    path("login/", entry.sign_in, name="account_login"),
    path("login/code/", entry.sign_in, name="account_request_login_code"),
    path("login/code/confirm/", entry.confirm_code, name="account_confirm_login_code"),
    path("login/password/", entry.sign_in_with_password, name="password_sign_in"),
    path("signup/", entry.sign_up, name="account_signup"),
    path("confirm-email/", entry.confirm_email, name="account_email_verification_sent"),
    path("password/reset/confirm/", entry.confirm_reset, name="account_confirm_password_reset_code"),
    path("2fa/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_index"),
    path("sessions/", views.sessions, name="usersessions_list"),
]
