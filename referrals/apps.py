"""The service directory and referrals: the room is kept ready, nothing lives in it yet."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referrals"
