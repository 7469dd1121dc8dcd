from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = _("Pledges, campaigns and commendations")

    def ready(self) -> None:
        from awards import protection  # noqa: PLC0415 - models can be imported only once apps are loaded
        from cluster_app.audit import rows  # noqa: PLC0415

        for model, queryset in protection.ROWS.items():
            rows.protect(model, queryset)
