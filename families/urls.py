"""Addresses of families: `/families/<family>/...`. None holds a name."""

from django.urls import include, path

from families import views

app_name = "families"

family_urls = [
    path("", views.family_detail, name="family_detail"),
    path("edit/", views.family_edit, name="family_edit"),
    path("people/add/", views.person_add, name="person_add"),
    path("people/<int:person_id>/edit/", views.person_edit, name="person_edit"),
    path("people/<int:person_id>/end/", views.person_end, name="person_end"),
    path("homes/add/", views.household_add, name="household_add"),
    path("homes/<int:household_id>/edit/", views.household_edit, name="household_edit"),
    path("homes/<int:household_id>/sharing/", views.household_sharing, name="household_sharing"),
    path("homes/shares/<int:share_id>/end/", views.household_share_end, name="household_share_end"),
]

urlpatterns = [path("families/<int:family_id>/", include(family_urls))]
