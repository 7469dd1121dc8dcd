"""The application for WSGI servers: `gunicorn cluster_app.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from cluster_app.serving import check_before_serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_app.settings")

application = get_wsgi_application()
check_before_serving()
