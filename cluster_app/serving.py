"""What a server with DEBUG off insists on before it answers anybody."""

import os

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

OWN_KEYS = ("SECRET_KEY", "AUDIT_KEY")


def holds_demo_data() -> bool:
    """Tell whether a cluster of the database is illustrative. An empty database holds none."""
    clusters = apps.get_model("members", "Cluster")
    if clusters._meta.db_table not in connection.introspection.table_names():
        return False
    return clusters.objects.filter(is_illustrative=True).exists()


def holds_real_data() -> bool:
    """Tell whether the database has clusters and none of them is illustrative."""
    clusters = apps.get_model("members", "Cluster")
    if clusters._meta.db_table not in connection.introspection.table_names():
        return False
    return clusters.objects.exists() and not holds_demo_data()


def check_before_serving() -> None:
    """Refuse to serve real work with keys made on the spot, or demo data as if it were real."""
    if settings.DEBUG:
        return
    absent = [name for name in OWN_KEYS if not os.environ.get(name)]
    if absent:
        raise ImproperlyConfigured(
            f"With DEBUG off the server takes {' and '.join(absent)} from the environment. Make one value each, keep "
            'them safe: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    try:
        if holds_demo_data():
            raise ImproperlyConfigured(
                "This database holds demo data, whose passwords are known. Give DATABASE_URL a database of your own, "
                "or look at the demo with: python3 manage.py demo"
            )
    finally:
        connection.close()
