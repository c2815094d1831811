"""Addresses of groups, counties and the state. None holds a name."""

from django.urls import path

from collaboratives.views import numbers

app_name = "collaboratives"

group_urls: list = []
meeting_urls: list = []
recommendation_urls: list = []
barrier_urls: list = []
number_urls: list = [
    path("state/", numbers.state_overview, name="state_overview"),
    path("state/export/", numbers.numbers_export, name="numbers_export"),
    path("counties/<str:fips>/numbers/", numbers.county_numbers, name="county_numbers"),
]
open_urls: list = []

urlpatterns = [*group_urls, *meeting_urls, *recommendation_urls, *barrier_urls, *number_urls, *open_urls]
