from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate, pre_migrate

from cluster_app.lib import triggers


class ClusterAppConfig(AppConfig):
    name = "cluster_app"

    def ready(self) -> None:
        pre_migrate.connect(triggers.drop_before_migrate, dispatch_uid="drop_triggers")
        post_migrate.connect(triggers.install_after_migrate, dispatch_uid="install_triggers")


class ClusterAdminConfig(AdminConfig):
    """The Django admin with our own site, which admits people by their relation to the cluster."""

    default_site = "members.scoped_admin.ClusterAdminSite"
