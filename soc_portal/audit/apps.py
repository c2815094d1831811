from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "soc_portal.audit"
