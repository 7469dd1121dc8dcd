from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from cluster_app.lib import clock, triggers
from members.triggers import TRIGGERS


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Cluster and members")

    def ready(self) -> None:
        from cluster_app.audit import rows  # noqa: PLC0415 - models can be imported only once apps are loaded
        from members import demo_clock, protection  # noqa: PLC0415

        triggers.register(*TRIGGERS)
        clock.use_origin(demo_clock.origin)
        for model, queryset in protection.ROWS.items():
            rows.protect(model, queryset)
