from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "soc_portal.drafts"
