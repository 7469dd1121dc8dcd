from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cluster_app.audit.triggers import TRIGGERS
from cluster_app.lib import triggers


class AuditConfig(AppConfig):
    name = "cluster_app.audit"
    label = "audit"
    verbose_name = _("Audit log")

    def ready(self) -> None:
        triggers.register(*TRIGGERS)
