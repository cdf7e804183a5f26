"""Settings of the portal. They start with no environment at all; `env.py` lists what can be set from outside."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Exchange, Queue

from mongcai_portal import env

BASE_DIR = env.BASE_DIR
VAR_DIR = env.VAR_DIR
BUILD_DIR = env.BUILD_DIR
VENDOR_DIR = BUILD_DIR / "vendor"
FONT_DIR = BUILD_DIR / "fonts"  # merged TTFs that vl-convert draws with
for _folder in (VAR_DIR, VAR_DIR / "log", VENDOR_DIR):
    _folder.mkdir(parents=True, exist_ok=True)

DEBUG = env.DEBUG
SECRET_KEY = env.secret_key()
SECRET_KEY_FILE = env.secret_key_file()
# What identity numbers are encrypted with (`common.ciphers`): from outside, or a file that is made when it is needed
# first; behind HTTPS nothing is made.
DATA_KEYS = env.DATA_KEYS
DATA_KEYS_FILE = None if DATA_KEYS else VAR_DIR / "data_keys"
DATA_KEYS_MADE = not env.HTTPS
ALLOWED_HOSTS = env.ALLOWED_HOSTS
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS

INSTALLED_APPS = [
    "programmes",
    "indicators",
    "communes",
    "mongcai_portal.accounts",
    "mongcai_portal.backup",
    "mongcai_portal.audit",
    "mongcai_portal.common",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "mongcai_portal.audit.middleware.AuditOriginMiddleware",
    "mongcai_portal.common.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Before the static files, so that these carry the content policy too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mongcai_portal.common.middleware.CompressPagesMiddleware",
    "mongcai_portal.common.middleware.GuardMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mongcai_portal.accounts.middleware.VietnameseFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "mongcai_portal.common.middleware.RefuseTooLargeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mongcai_portal.accounts.middleware.SessionLifeMiddleware",
    "mongcai_portal.accounts.middleware.UserLanguageMiddleware",
    "mongcai_portal.common.middleware.RefuseNulMiddleware",
    "mongcai_portal.accounts.middleware.PasswordDueMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mongcai_portal.urls"
WSGI_APPLICATION = "mongcai_portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mongcai_portal.common.pages.shell",
            ],
        },
    },
]

DATABASES = {"default": env.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "mongcai_portal.accounts.backends.PasswordBackend",
    "communes.access_backend.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
    {"NAME": "mongcai_portal.accounts.validators.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "mongcai_portal.accounts.validators.GuessValidator"},
    {"NAME": "mongcai_portal.accounts.validators.BreachValidator"},
]
# What was hashed the older way is hashed anew at the next login.
PASSWORD_HASHERS = [
    "mongcai_portal.accounts.hashers.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PORTAL_BREACHED_PASSWORDS = env.BREACHED_PASSWORDS
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
CSRF_FAILURE_VIEW = "mongcai_portal.common.views.errors.csrf_failure"
PASSWORD_RESET_TIMEOUT = 24 * 3600

# An hour without a request ends the session, twelve hours end it anyway, and closing the browser does: offices share
# computers. The two limits are kept by `accounts.middleware`, which writes at most once a minute.
PORTAL_SESSION_IDLE = 3600
PORTAL_SESSION_ABSOLUTE = 12 * 3600
# What opens other doors (accounts, roles, other systems, one's own sessions) asks for the password again after a while.
PORTAL_CONFIRMED_FOR = 15 * 60
SESSION_ENGINE = "mongcai_portal.accounts.sessions"
SESSION_COOKIE_AGE = PORTAL_SESSION_ABSOLUTE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
THEME_COOKIE_NAME, MESSAGES_COOKIE_NAME = "portal_theme", "messages"
MESSAGE_STORAGE = "mongcai_portal.common.notices.Storage"

# Five wrong passwords for one name from one address close that pair for a quarter of an hour; others go on working.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Fifty from one address within that time, whatever the names, close the address: a whole office has fewer.
LOGIN_ADDRESS_LIMIT = 50
# Letters with a link that one account may be sent within an hour.
RESET_LETTERS_AN_HOUR = 3
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that the page names stays true
AXES_USERNAME_CALLABLE = "mongcai_portal.accounts.lockout.username_of"
AXES_LOCKOUT_CALLABLE = "mongcai_portal.accounts.lockout.locked_out"
AXES_VERBOSE = False

# --- Language and time ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

# --- Static files: all of them served by the portal itself ---------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BUILD_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", VENDOR_DIR)]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What people send: apart from what is served as it lies there, and readable by the portal's own user only.
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": VAR_DIR / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not env.STATIC_MANIFEST
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for them
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "gif", "webp", "ico", "gz", "br", "woff", "woff2", "zip", "map"]
MEDIA_ROOT = VAR_DIR / "media"
EVIDENCE_MAX_BYTES = env.EVIDENCE_MAX_MB * 1024 * 1024
EVIDENCE_MAX_FILES = env.EVIDENCE_MAX_FILES
# A body of the API: ten thousand values take two megabytes.
MAX_API_BYTES = 8 * 1024 * 1024
# The largest form: as many files as one value may have, or a decision's scan, and room for the words around them.
MAX_REQUEST_BYTES = max(EVIDENCE_MAX_BYTES * EVIDENCE_MAX_FILES, 20 * 1024 * 1024) + 5 * 1024 * 1024

# --- What a browser may do with a page ------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # Tabler's stylesheet draws its form marks from data: URIs
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# The machines whose X-Forwarded-For is believed; without HTTPS there is no proxy before the portal.
TRUSTED_PROXIES = frozenset(env.TRUSTED_PROXIES) if env.HTTPS else frozenset()
if env.HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    # A browser takes a cookie of such a name from this very host over HTTPS only: no neighbour can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME, THEME_COOKIE_NAME = "__Host-django_language", "__Host-portal_theme"
    MESSAGES_COOKIE_NAME = "__Host-messages"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # People are led to HTTPS; programs are refused (`GuardMiddleware`), or they would go on sending tokens in clear.
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^api/", "^oauth/", "^healthz$", "^readyz$", "^metrics$"]
# The list that browsers carry with them takes whole domains: that is for the owner of quangninh.gov.vn to ask for.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# --- REST API -------------------------------------------------------------------------------------------------------

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "mongcai_portal.common.api.schema.PortalSchema",
    # The token first: a call without any identity is then a 401 with a challenge, not a 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "mongcai_portal.accounts.drf.ClientTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["mongcai_portal.accounts.drf.MayCall"],
    "DEFAULT_THROTTLE_CLASSES": ["mongcai_portal.common.api.throttles.CallerThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["mongcai_portal.common.api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "mongcai_portal.common.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["mongcai_portal.common.api.queries.StrictFilterBackend"],
    "EXCEPTION_HANDLER": "mongcai_portal.common.api.problems.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# (times, seconds): calls of one client; and wrong credentials for one client from one address, at the token endpoint.
API_RATE, TOKEN_RATE = env.API_RATE, env.TOKEN_RATE
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": _("API của cổng điều hành chương trình mục tiêu quốc gia Móng Cái"),
    "DESCRIPTION": _("Đơn vị, tiêu chí, báo cáo, kết quả đạt chuẩn, quyết định công nhận và các con số chủ yếu."),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["mongcai_portal.accounts.drf.MayCall"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "/static/img/mark.svg",
    # Nothing of the pages comes from elsewhere, and nothing about the schema is sent elsewhere.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None, "docExpansion": "list"},
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": True,
    "ENUM_NAME_OVERRIDES": {
        "UnitKind": "communes.models.UnitKind",
        "SuccessionKind": "communes.models.UnitSuccession.Kind",
        "HouseholdSuccessionKind": "communes.models.HouseholdSuccession.Kind",
        "ReasonEnum": "programmes.api.serializers.REASONS",
        "UndeterminedReason": "communes.models.poverty.UndeterminedReason",
        "PovertyStatus": "communes.models.poverty.PovertyStatus",
        "Provenance": "mongcai_portal.common.models.Provenance",
        "Outcome": "indicators.models.Outcome",
        "ReportStatus": "indicators.models.Report.Status",
        "PeriodReportStatus": "programmes.models.PeriodReport.Status",
        "CriteriaSetStatus": "indicators.models.CriteriaSet.Status",
        "VerdictState": "indicators.models.Verdict.State",
        "ElementState": "indicators.api.report_serializers.STATES",
        "CellState": "indicators.api.report_serializers.CELL_STATES",
        "SentState": "indicators.api.report_serializers.SENT_STATES",
        "PartKind": "indicators.models.DataElementPart.Kind",
        "CellKind": "indicators.api.report_serializers.CELL_KINDS",
        "ValueType": "indicators.models.ValueType",
        "MeasureStatus": "programmes.api.serializers.STATUSES",
        "DifficultyKind": "programmes.models.Difficulty.Kind",
        "DifficultyStatus": "programmes.models.Difficulty.Status",
        "DifficultyEntryKind": "programmes.models.DifficultyEntry.Kind",
        "ProposalAddressee": "programmes.models.DifficultyProposal.Addressee",
        "TaskStatus": "programmes.models.Task.Status",
        "TaskOrigin": "programmes.models.Task.Origin",
        "TaskEntryKind": "programmes.models.TaskEntry.Kind",
        "TaskStanding": "programmes.api.task_serializers.STANDINGS",
        "JobState": "mongcai_portal.common.models.Job.State",
        "ProgrammeKind": "programmes.models.Programme.Kind",
        "ProgrammeStatementKind": "programmes.models.ProgrammeStatement.Kind",
        "BudgetEntryKind": "programmes.models.BudgetEntry.Kind",
        "BudgetOpeningKind": "programmes.api.money_serializers.OPENING_KINDS",
        "ChangeSide": "communes.selectors.poverty_changes.SIDES",
        "OcopLevel": "programmes.models.OcopLevel",
        "OcopState": "programmes.api.ocop_serializers.PRODUCT_STATES",
        "OcopRecognitionState": "programmes.api.ocop_serializers.RECOGNITION_STATES",
        "OcopEvent": "programmes.api.ocop_serializers.EVENT_CODES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "mongcai_portal.common.api.schema.add_problem_answers",
        "mongcai_portal.common.api.examples.add_examples",
    ],
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER: dict[str, Any] = {
    "SCOPES": {
        "read": _("Đọc số liệu"),
        "write": _("Ghi số liệu"),
        "households.aggregate": _("Số liệu tổng hợp về hộ"),
        "households.identified": _("Số liệu định danh về hộ"),
    },
    "SCOPES_BACKEND_CLASS": "mongcai_portal.accounts.oauth.ClientScopes",
    # Client credentials and nothing else: there is no consent page and no refresh token.
    "OAUTH2_SERVER_CLASS": "oauthlib.oauth2.BackendApplicationServer",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,  # only digests of tokens are stored
    # The other grants have no address here; should one ever get one, it keeps to RFC 9700.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

# --- Background work: always a real worker and a real beat ----------------------------------------------------------

BROKER_DIR = VAR_DIR / "broker"
CELERY_BROKER_URL = env.BROKER_URL
if CELERY_BROKER_URL.startswith("filesystem:"):
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
        "polling_interval": 0.1,  # the default of 1 s would be felt on the leader's page
    }
# Three queues, so that what people wait for (a figure after its approval) never stands behind a long job or a slow mail
# server. A worker takes all of them unless it is started for some: `celery worker --queues portal.evaluate`.
QUEUE_NAMES = {name: f"{env.QUEUE}.{name}" for name in ("evaluate", "maintenance", "mail")}
CELERY_TASK_QUEUES = [Queue(name, Exchange(name, type="direct"), routing_key=name) for name in QUEUE_NAMES.values()]
CELERY_TASK_DEFAULT_QUEUE = QUEUE_NAMES["maintenance"]
CELERY_TASK_DEFAULT_EXCHANGE = CELERY_TASK_DEFAULT_ROUTING_KEY = CELERY_TASK_DEFAULT_QUEUE
CELERY_TASK_ROUTES: dict[str, Any] = {
    "indicators.tasks.evaluate_request": {"queue": QUEUE_NAMES["evaluate"]},
    "indicators.tasks.sweep_requests": {"queue": QUEUE_NAMES["evaluate"]},
    "indicators.tasks.remind_due": {"queue": QUEUE_NAMES["mail"]},
    "indicators.tasks.send_reminders": {"queue": QUEUE_NAMES["mail"]},
    "programmes.tasks.remind_ocop": {"queue": QUEUE_NAMES["mail"]},
    "programmes.tasks.send_ocop_letters": {"queue": QUEUE_NAMES["mail"]},
    "common.tasks.ask_job": {"queue": QUEUE_NAMES["maintenance"]},
    "common.tasks.run_jobs": {"queue": QUEUE_NAMES["maintenance"]},
    "communes.tasks.sweep_household_imports": {"queue": QUEUE_NAMES["maintenance"]},
    "accounts.tasks.clear_expired": {"queue": QUEUE_NAMES["maintenance"]},
    "audit.tasks.seal": {"queue": QUEUE_NAMES["maintenance"]},
    "audit.tasks.verify": {"queue": QUEUE_NAMES["maintenance"]},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TRACK_STARTED = False
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Seconds a worker holds an evaluation request; a killed worker loses it to the sweep after that.
EVALUATION_LEASE = env.EVALUATION_LEASE
# The same for a job between two steps; and for how many days work that is over stays on the page of jobs.
JOB_LEASE = env.JOB_LEASE
JOBS_KEPT_DAYS = env.JOBS_KEPT_DAYS
# For how many years after they left the register people's data are kept, and which text says so (None: not stated).
HOUSEHOLD_RETENTION_YEARS: int | None = int(env.HOUSEHOLD_RETENTION_YEARS) if env.HOUSEHOLD_RETENTION_YEARS else None
HOUSEHOLD_RETENTION_SOURCE = env.HOUSEHOLD_RETENTION_SOURCE
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "mongcai_portal.common.beat.HeartbeatScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, Any] = {
    # A message that stays unread (no worker) is worth nothing once its successor is sent: hence the expiry.
    "sweep-requests": {"task": "indicators.tasks.sweep_requests", "schedule": 5.0, "options": {"expires": 15}},
    "sweep-jobs": {"task": "common.tasks.run_jobs", "schedule": 10.0, "options": {"expires": 15}},
    "sweep-household-imports": {
        "task": "communes.tasks.sweep_household_imports",
        "schedule": 20.0,
        "options": {"expires": 30},
    },
    "recheck": {"task": "common.tasks.ask_job", "args": ["recheck"], "schedule": crontab(hour=1, minute=30)},
    "recheck-households": {
        "task": "common.tasks.ask_job",
        "args": ["recheck_households"],
        "schedule": crontab(hour=1, minute=50),
    },
    "remove-unused-files": {
        "task": "common.tasks.ask_job",
        "args": ["remove_unused_files"],
        "schedule": crontab(hour=2, minute=10),
    },
    "clear-past-work": {
        "task": "common.tasks.ask_job",
        "args": ["clear_past_work"],
        "schedule": crontab(hour=2, minute=20),
    },
    "clear-expired": {"task": "accounts.tasks.clear_expired", "schedule": crontab(hour=2, minute=40)},
    "seal-audit": {"task": "audit.tasks.seal", "schedule": 60.0, "options": {"expires": 90}},
    "verify-audit": {"task": "audit.tasks.verify", "schedule": crontab(hour=2, minute=50)},
    # Several times a morning: a portal that was off at the first reminds at the next, and nobody is reminded twice.
    "remind-due": {"task": "indicators.tasks.remind_due", "schedule": crontab(hour="7-11", minute=15)},
    "send-reminders": {"task": "indicators.tasks.send_reminders", "schedule": 60.0, "options": {"expires": 90}},
    "remind-ocop": {"task": "programmes.tasks.remind_ocop", "schedule": crontab(hour="7-11", minute=20)},
    "send-ocop-letters": {
        "task": "programmes.tasks.send_ocop_letters",
        "schedule": 60.0,
        "options": {"expires": 90},
    },
    **{
        f"heartbeat-{name}": {
            "task": "common.tasks.worker_heartbeat",
            "args": [name],
            "schedule": 10.0,
            "options": {"queue": queue, "expires": 30},
        }
        for name, queue in QUEUE_NAMES.items()
    },
}

# --- What is said, and where -----------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "mongcai_portal.audit.log_lines.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        # At finer levels these write whole requests, with the tokens and secrets in them.
        "oauthlib": {"level": "WARNING"},
        "oauth2_provider": {"level": "WARNING"},
        "pypdf": {"level": "CRITICAL"},  # it tells of every flaw that it mends in what people send
        "django.utils.autoreload": {"level": "WARNING"},
    },
}

for _name, _value in env.email().items():
    globals()[_name] = _value
DEFAULT_FROM_EMAIL = env.MAIL_FROM
EMAIL_TIMEOUT = 15  # seconds: a mail server that does not answer holds one letter up, not the worker
PORTAL_URL = env.URL  # of links in letters

PORTAL_DEMO_PASSWORD = env.DEMO_PASSWORD
PORTAL_PORT = env.PORT
