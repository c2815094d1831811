"""Addresses of the service directory, its HSDS interface, and referrals. None holds a name."""

from django.urls import path

from referrals.views import links, referrals

app_name = "referrals"

directory_urls: list = []
hsds_urls: list = []
referral_urls: list = [
    path("referrals/", referrals.referral_list, name="referral_list"),
    path("referrals/<int:referral_id>/", referrals.referral_detail, name="referral_detail"),
    path("referrals/<int:referral_id>/answer/", referrals.referral_answer, name="referral_answer"),
    path("r/<str:token>/", links.referral_link, name="referral_link"),
]

urlpatterns = [*directory_urls, *hsds_urls, *referral_urls]
