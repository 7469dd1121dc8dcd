"""The project's settings with fixed keys and nothing of this machine but its database address."""

import os

os.environ.update(
    SECRET_KEY="a fixed key for tests, known to everybody, guards nothing",
    AUDIT_KEY="a fixed key for tests, known to everybody, seals nothing",
    DEBUG="0",
    HTTPS="0",
    BEHIND_PROXY="0",
    ALLOWED_HOSTS="127.0.0.1,localhost,[::1],testserver",
    CSRF_TRUSTED_ORIGINS="",
    DEMO_NOW="",
    DEMO_PASSWORD="",
)

from cluster_app.settings import *

# The test client logs in without a request, which axes refuses; its own tests turn it on.
AXES_ENABLED = False
# One round instead of a million: the tests make many accounts and prove nothing about hashing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files straight from their sources, as with DEBUG: nothing is collected for tests.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # No test outlives a power cut: nobody waits for the disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
