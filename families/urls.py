"""Addresses of families, `/families/<family>/...`, and of Family Partners. None holds a name."""

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

partner_urls = [
    path("", views.partner_list, name="partner_list"),
    path("mine/", views.partner_profile, name="partner_profile"),
    path("become/", views.partner_become, name="partner_become"),
    path("name/", views.partner_name, name="partner_name"),
    path("named/<int:naming_id>/end/", views.naming_end, name="naming_end"),
    path("<int:partner_id>/", views.partner_detail, name="partner_detail"),
    path("<int:partner_id>/unlist/", views.partner_unlist, name="partner_unlist"),
]

urlpatterns = [
    path("families/<int:family_id>/", include(family_urls)),
    path("family-partners/", include(partner_urls)),
]
