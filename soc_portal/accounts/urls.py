"""A person's own pages, and the small addresses that a session needs."""

from django.urls import path

from soc_portal.accounts import entry, views

app_name = "accounts"
urlpatterns = [
    path("me/", views.profile_edit, name="profile_edit"),
    path("me/sign-in/", views.security, name="security"),
    path("me/sign-in/devices/<int:session_id>/end/", views.session_end, name="session_end"),
    path("stay/", entry.stay, name="session_stay"),
    path("signed-out/", entry.signed_out, name="signed_out"),
    path("demo/sign-in/", entry.demo_sign_in, name="demo_sign_in"),
]
