"""Django settings: everything that differs between installations is read in `config/env.py`."""

from csp.constants import NONE, SELF

from config import embedding, env, sign_in
from core import logs

BASE_DIR = env.BASE_DIR
DATA_DIR = env.data_dir()

SECRET_KEY = env.secret_key(DATA_DIR)
ENCRYPTION_KEYS = env.encryption_keys(DATA_DIR)
DEBUG = False
ALLOWED_HOSTS = env.allowed_hosts()

# --- cStar -----------------------------------------------------------------------------------------------------
# Without an address the desk talks to the cStar server embedded in the project, in this very process.
CSTAR_API_URL = env.cstar_api_url()
SANDBOX = not CSTAR_API_URL
CSTAR_TRANSPORT = "sandbox.transport.SandboxTransport" if SANDBOX else "cstar.http.HTTPTransport"
BUDGET_RESERVE = env.whole_number("BUDGET_RESERVE", 100, least=0, most=300)
SANDBOX_WEBHOOKS_PRIVATE = env.sandbox_webhooks_private()
WORKING_SET_DAYS = env.whole_number("WORKING_SET_DAYS", 90, least=1, most=36_500)
ACTIVITY_DAYS = env.whole_number("ACTIVITY_DAYS", 1_095, least=1, most=36_500)

INSTALLED_APPS = [
    "config",
    "core",
    "teams",
    "sso",
    "activity",
    "budget",
    "replica",
    "outbox",
    "live",
    "administration",
    "members",
    "customers",
    "articles",
    "tickets",
    "transfers",
    "dashboard",
    "sandbox",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, which FORM_RENDERER looks for among ours
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "axes",
    # Its protocols alone: none of its pages has an address here.
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]

MIDDLEWARE = [
    "core.logs.request_lines",
    "core.health.by_any_name",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Django masks the CSRF token and pads its length anew in each answer, which is what makes compression safe.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.security_headers",
    "core.middleware.limited_body",
    "core.embedding.kept_in_addresses",
    "core.cookies.partitioned",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.messages_out_of_band",
    "teams.middleware.persons_language",
    "sso.proxy.trusted_proxy",
    "teams.sessions.limited_sessions",
    "teams.middleware.persons_time_zone",
    "core.middleware.cstar_errors",
    "axes.middleware.AxesMiddleware",
]

METRICS_TOKEN = env.metrics_token()
if METRICS_TOKEN:
    MIDDLEWARE.insert(MIDDLEWARE.index("csp.middleware.CSPMiddleware"), "core.metrics.count_requests")

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "core.loaders.LanguageLoader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "teams.context_processors.desk",
                "replica.context_processors.freshness",
                "live.context_processors.live",
            ],
            "builtins": ["core.templatetags.desk"],
        },
    }
]

# `{% load i18n %}` loads ours in the place of Django's, on purpose.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

# --- data ------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'desk.sqlite3'}"),
    # The sandbox's own database, so that its transactions are never its caller's.
    "sandbox": env.database("SANDBOX_DATABASE_URL", f"sqlite:///{DATA_DIR / 'sandbox.sqlite3'}"),
}
env.keep_apart(DATABASES)
env.share_secrets(DATABASES["default"])
DATABASE_ROUTERS = ["config.routers.SandboxRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache()}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "transfers"]}}
# Files that people upload, and those that exports make.
TRANSFERS_DIR = DATA_DIR / "transfers"
MAX_BODY_BYTES = 55_000_000  # a file of 50 MB, and what a form adds to it

# --- people ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
OIDC_PROVIDERS = sign_in.oidc_providers()
SAML_PROVIDERS = sign_in.saml_providers()
LOCAL_PASSWORDS = sign_in.local_passwords()
PROXY_SIGN_IN = sign_in.proxy_sign_in()
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.1,::1")
PROXIES_LISTED = env.is_set("TRUSTED_PROXIES")
sign_in.check_ways_in(
    passwords=LOCAL_PASSWORDS,
    sandbox=SANDBOX,
    providers=[*OIDC_PROVIDERS, *SAML_PROVIDERS],
    proxy=PROXY_SIGN_IN,
    proxies_listed=PROXIES_LISTED,
)
SOCIALACCOUNT_ADAPTER = "sso.allauth_adapter.ProviderAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": sign_in.openid_apps(OIDC_PROVIDERS)},
    "saml": {"APPS": sign_in.saml_apps(SAML_PROVIDERS)},
}
LOGIN_URL = "sso:sign_in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "sso/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "core.proxies.client_address"

# --- security --------------------------------------------------------------------------------------------------
# Loopback is served over plain http; anything else is taken to stand behind TLS.
HTTPS = not env.served_locally(ALLOWED_HOSTS)
FRAME_ANCESTORS = env.frame_ancestors()
X_FRAME_OPTIONS = "DENY"
if FRAME_ANCESTORS:
    # The old header cannot name origins; the content policy below can, and does for every browser of today.
    MIDDLEWARE.remove("django.middleware.clickjacking.XFrameOptionsMiddleware")
EMBED_PORTALS = embedding.portals(FRAME_ANCESTORS)
CROSS_SITE_FRAMES = embedding.cross_site(FRAME_ANCESTORS, EMBED_PORTALS, https=HTTPS)
SESSION_IDLE_MINUTES = env.whole_number("SESSION_IDLE_MINUTES", 120, least=5, most=43_200)
SESSION_HOURS = env.whole_number("SESSION_HOURS", 12, least=1, most=720)
env.check_session_limits(idle_minutes=SESSION_IDLE_MINUTES, hours=SESSION_HOURS)
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
if CROSS_SITE_FRAMES:
    # Other names: a cookie of the other mode lies in another jar, and would be sent along and outlive a sign-out.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-framed-session", "__Host-framed-csrf"
SECURE_HSTS_SECONDS = 63_072_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # of pages alone (core/middleware.py): a header less on each file
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": FRAME_ANCESTORS or [NONE],
    }
}
# Pages and fragments are small; uploads have their own views.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# --- words, time, files ----------------------------------------------------------------------------------------
# A person's choice, else their browser's (teams/middleware.py); the first is what is spoken if neither says.
LANGUAGES = [("en-gb", "English"), ("en-us", "English (US)"), ("de", "Deutsch")]
LANGUAGE_CODE = "en-gb"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = env.static_dir(DATA_DIR)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Our pages alone use our files; a header less on each of them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "core.forms.DeskFormRenderer"

# Beside other machines' lines, for a program to collect; on one's own machine for people.
LOGGING = logs.configuration(as_json=HTTPS)
