"""The application for ASGI servers: any that is pointed at `cluster_app.asgi:application`."""

import os
from concurrent.futures import ThreadPoolExecutor

from django.core.asgi import get_asgi_application

from cluster_app.serving import check_before_serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_app.settings")

application = get_asgi_application()
# Some servers import this module inside their event loop, where Django refuses queries; a thread of its own has none.
with ThreadPoolExecutor(max_workers=1) as pool:
    pool.submit(check_before_serving).result()
