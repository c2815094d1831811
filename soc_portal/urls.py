"""Every address of the portal; each app adds its own line."""

from django.urls import include, path

from soc_portal.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("account/", include("allauth.urls")),
]
