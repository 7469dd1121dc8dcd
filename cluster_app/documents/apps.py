from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cluster_app.documents.triggers import TRIGGERS
from cluster_app.lib import triggers


class DocumentsConfig(AppConfig):
    name = "cluster_app.documents"
    label = "documents"
    verbose_name = _("Documents")

    def ready(self) -> None:
        triggers.register(*TRIGGERS)
