"""The product's settings, made fast and independent of the machine for the suite."""

import os
import tempfile

from tests import services

# A folder of its own for each run and each parallel worker.
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="desk-tests-")
for name in (
    "CSTAR_API_URL",
    "ALLOWED_HOSTS",
    "FRAME_ANCESTORS",
    "EMBED",
    "EMBED_PORTALS",
    "ENCRYPTION_KEYS",
    "SECRET_KEY",
    "SANDBOX_WEBHOOKS_PRIVATE",
    "METRICS_TOKEN",
    "OIDC_PROVIDERS",
    "SAML_PROVIDERS",
    "LOCAL_PASSWORDS",
    "PROXY_SIGN_IN",
    "TRUSTED_PROXIES",
):
    os.environ.pop(name, None)
if services.in_use():
    os.environ |= services.SECRETS | {"CACHE_URL": services.of_test_process()}

from config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Made of the models: Django would step through every app's migrations for the sandbox's few tables. The migrations run
# wherever a desk is started (tests/browser/server.py), and `make check` holds them against the models.
DATABASES["sandbox"].setdefault("TEST", {})["MIGRATE"] = False  # noqa: F405
STATIC_ROOT.mkdir()  # noqa: F405
