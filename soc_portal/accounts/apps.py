from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "soc_portal.accounts"
