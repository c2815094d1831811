"""Every address of the portal; each app adds its own line."""

from django.urls import include, path

from soc_portal.health import healthz
from teams.views.home import home

handler400 = "soc_portal.pages.unread"

urlpatterns = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("", include("soc_portal.accounts.urls")),
    path("account/", include("soc_portal.accounts.entry_urls")),  # before allauth: takes the place of some of its pages
    path("account/", include("allauth.urls")),
    path("drafts/", include("soc_portal.drafts.urls")),
    path("", include("soc_portal.pages")),
    path("", include("collaboratives.urls")),
    path("", include("families.urls")),
    path("", include("referrals.urls")),
    path("", include("teams.urls")),
]
