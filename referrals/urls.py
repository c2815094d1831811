"""Addresses of the service directory, its HSDS interface, and referrals. None holds a name."""

from django.urls import path

from referrals.views import directory, hsds, links, referrals

app_name = "referrals"

directory_urls = [
    path("directory/", directory.service_list, name="service_list"),
    path("directory/export/", directory.directory_export, name="directory_export"),
    path("directory/<int:service_id>/", directory.service_detail, name="service_detail"),
    path("directory/<int:service_id>/edit/", directory.service_edit, name="service_edit"),
]
hsds_urls = [
    path("hsds/", hsds.hsds_root, name="hsds_root"),
    path("hsds/openapi.json", hsds.hsds_openapi, name="hsds_openapi"),
    path("hsds/services", hsds.hsds_services, name="hsds_services"),
    path("hsds/services/<str:hsds_id>", hsds.hsds_service, name="hsds_service"),
]
referral_urls = [
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<int:referral_id>/", referrals.referral_detail, name="referral_detail"),
    path("referrals/<int:referral_id>/answer/", referrals.referral_answer, name="referral_answer"),
    path("r/<str:token>/", links.referral_link, name="referral_link"),
]

urlpatterns = [*directory_urls, *hsds_urls, *referral_urls]
