from django.urls import path

from soc_portal.drafts import views

app_name = "drafts"
urlpatterns = [
    path("", views.keep, name="keep"),
    path("drop/", views.drop, name="drop"),
]
