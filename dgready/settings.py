"""Django settings, one file for every environment.

Without any environment variable this is the embedded installation: SQLite, files and keys under `var/`,
and the worker beside the web process. `DGREADY_ENV=production` takes everything from the environment and
refuses to start while something is missing or wrong, naming all of it at once.
"""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from dgready import browser_policy, file_stores, limits, postgresql
from dgready.environment import env, load_or_create_secret, make_private, one_of, production_faults
from dgready.log_output import LOGGING as LOGGING

BASE_DIR = Path(__file__).resolve().parent.parent

# -- environment ----------------------------------------------------------------------------------

ENVIRONMENT = one_of("DGREADY_ENV", env.str("DGREADY_ENV", default="embedded"), "embedded", "production")
PRODUCTION = ENVIRONMENT == "production"
if PRODUCTION and (_faults := production_faults()):
    raise ImproperlyConfigured("dgready cannot start in production:\n  " + "\n  ".join(_faults))

DEBUG = env.bool("DGREADY_DEBUG", default=False) and not PRODUCTION
DEMO = env.bool("DGREADY_DEMO", default=False)  # shows the sample users on the sign-in page

VAR_DIR = Path(env.str("DGREADY_VAR", default=str(BASE_DIR / "var")))
UPLOAD_DIR = VAR_DIR / "tmp"
make_private(VAR_DIR, UPLOAD_DIR)

SECRET_KEY = env.str("SECRET_KEY", default="") or load_or_create_secret(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")  # links in e-mails and papers
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# -- applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "dgready",
    "accounts",
    "survey",
    "evidence",
    "scoring",
    "nation",
    "reports",
    "demo",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "axes",
    "csp",
    "allauth",
    "allauth.account",  # allauth.mfa stands on it; none of its pages is mounted
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]

MIDDLEWARE = [
    "dgready.arrival.keep_arrival",
    "django.middleware.security.SecurityMiddleware",
    "dgready.policy_middleware.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dgready.quick_middleware.ReaderLocale",
    "django.middleware.common.CommonMiddleware",
    "dgready.middleware.plain_paths",
    "dgready.page_owner.PageOwner",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dgready.middleware.SlidingSession",
    "dgready.quick_middleware.LazyMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.DenyByDefault",
    "axes.middleware.AxesMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dgready.store_away.StoreAway",
]

ROOT_URLCONF = "dgready.urls"
WSGI_APPLICATION = "dgready.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATE_LOADERS = ["dgready.template_loading.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dgready.context.page_variables",
                "survey.context.unread_notices",
            ],
            "builtins": ["dgready.templatetags.page_owner"],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# -- limits ---------------------------------------------------------------------------------------
# Of whatever waits or grows; dgready.limits says what each number is and makes options of them.

REDIS_URL = env.str("REDIS_URL", default="")
# Pages are hurried, long work is not. Embedded, both are done by one process. wsgi.py says which it is.
HURRIED = env.str("DGREADY_PROCESS", default="job") == "web" and bool(REDIS_URL)
TASK_SECONDS = env.int("TASK_SECONDS", default=15 * 60)
DATABASE_TIMES = limits.DatabaseTimes(
    connect=env.int("DATABASE_CONNECT_SECONDS", default=5),
    lock=env.int("DATABASE_LOCK_SECONDS", default=20),
    statement=env.int("DATABASE_STATEMENT_SECONDS", default=30) if HURRIED else TASK_SECONDS,
    idle=60 if HURRIED else TASK_SECONDS,
    silence=20,
)
REDIS_TIMES = limits.CallTimes(connect=3, answer=env.int("REDIS_SECONDS", default=5))
CACHE_TIMES = limits.CallTimes(connect=0.25, answer=0.25)  # what a page gives Redis; it can do without
S3_TIMES = limits.CallTimes(connect=5, answer=env.int("S3_SECONDS", default=30), attempts=2)
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")  # of the virus scanner: host:port or /path; none: no scanning
CLAMD_TIMES = limits.CallTimes(connect=5, answer=env.int("CLAMD_SECONDS", default=120))
EMAIL_TIMEOUT = env.int("EMAIL_SECONDS", default=20)
HEALTH_SECONDS = 2  # for the queue to answer /readyz
TIMESTAMP_SECONDS = REVOCATION_SECONDS = 20  # for the authority's whole answer, for all that is asked about revocation

EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=200 * 1024**2)  # one file
JOURNAL_PAPER_EVENTS = env.int("JOURNAL_PAPER_EVENTS", default=10_000)  # of a journal printed as PDF
FORM_FILE_BYTES = 50 * 1024**2  # one file of a plain form; a longer one comes in parts
EVIDENCE_QUOTA_BYTES = env.int("EVIDENCE_QUOTA_BYTES", default=5 * 1024**3)  # all files of one province
_active = env.str("EVIDENCE_ACTIVE_CONTENT", default="refuse")  # of a file with macros, scripts or the like
EVIDENCE_ACTIVE_CONTENT = one_of("EVIDENCE_ACTIVE_CONTENT", _active, "refuse", "flag")
UPLOAD_LIMITS = limits.UploadLimits(  # of what comes in parts (evidence.uploading)
    per_person=env.int("UPLOADS_PER_PERSON", default=30),
    person_bytes=env.int("UPLOADS_PERSON_BYTES", default=4 * 1024**3),
    in_all=env.int("UPLOADS_IN_ALL", default=1000),
    all_bytes=env.int("UPLOADS_MAX_BYTES", default=20 * 1024**3),
    hours=env.int("UPLOAD_HOURS", default=72),
)
JOB_FILE_DAYS = env.int("JOB_FILE_DAYS", default=90)  # files made of drafts; what is approved stays; 0: all stay
UPLOAD_FULL_FILES = 10  # files of FORM_FILE_BYTES that one request may bring
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024**2  # the text fields of the biggest page stay far below
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
CLIENT_LIMITS = limits.ClientLimits(
    head_seconds=10,
    grace_seconds=30,
    rate=2 << 10,
    head_bytes=64 << 10,
    body_bytes=UPLOAD_FULL_FILES * FORM_FILE_BYTES + (16 << 20),
    per_address=env.int("CONNECTIONS_PER_ADDRESS", default=100),
    spooled=env.int("SPOOL_MAX_BYTES", default=2 << 30),
)

READER_LIMITS = limits.ChildLimits(seconds=40, processor_seconds=20, memory=1 << 30, output=32 << 20)
DATA_FILE_LIMITS = limits.ChildLimits(seconds=20, processor_seconds=8, memory=512 << 20, output=1 << 20)  # a YAML file
TEXT_LIMITS = limits.TextLimits(  # of reading what a file says
    pages=3000,
    characters=4_000_000,
    child=limits.ChildLimits(seconds=120, processor_seconds=60, memory=1536 << 20, output=64 << 20),
    pictures=env.int("TEXT_PICTURES", default=200),
    picture_seconds=60,  # of one task; more pages are read in the next
    picture_child=limits.ChildLimits(seconds=60, processor_seconds=40, memory=1536 << 20, output=8 << 20),
)
RENDITION_LIMITS = limits.ChildLimits(  # of LibreOffice, which makes a PDF of an office document
    seconds=env.int("RENDITION_SECONDS", default=120),
    processor_seconds=120,
    memory=3 << 30,
    output=1 << 20,
    file_bytes=200 << 20,
)
HANDOVER_LIMITS = limits.HandoverLimits(  # of the evidence binder
    pages=20_000,
    batch=20,
    prepare=limits.ChildLimits(
        seconds=120, processor_seconds=60, memory=1536 << 20, output=1 << 20, file_bytes=1 << 30
    ),
    bind=limits.ChildLimits(
        seconds=TASK_SECONDS * 2 // 3, processor_seconds=600, memory=2 << 30, output=1 << 20, file_bytes=8 << 30
    ),
)
IMAGE_LIMITS = limits.ImageLimits(side=30_000, pixels=120_000_000)
ZIP_LIMITS = limits.ZipLimits(members=10_000, directory=4 << 20, unpacked=600 << 20, ratio=150, ratio_from=20 << 20)
WORKBOOK_LIMITS = limits.WorkbookLimits(size=2 << 20, unpacked=40 << 20, members=300, rows=5000, columns=20)
API_LIMITS = limits.ApiLimits(
    per_minute=env.int("API_REQUESTS_PER_MINUTE", default=120), refusals=60, page=200, tokens=20, days=366
)

BACKUP_KEEP = limits.BackupKeeping(
    days=env.int("BACKUP_KEEP_DAYS", default=14), weeks=env.int("BACKUP_KEEP_WEEKS", default=12)
)
BACKUP_SECONDS = env.int("BACKUP_SECONDS", default=4 * 3600)
BACKUP_LIMITS = limits.ChildLimits(
    seconds=BACKUP_SECONDS,
    processor_seconds=BACKUP_SECONDS,
    memory=4 << 30,
    output=256 << 20,
    file_bytes=env.int("BACKUP_MAX_BYTES", default=100 * 1024**3),
)
BACKUP_MIN_FREE_BYTES = 200 * 1024**2  # what a backup leaves free on the disk of its target

# -- data -----------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": postgresql.with_own_engine(env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}"))
}
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["OPTIONS"] = limits.database_options(DATABASES["default"], DATABASE_TIMES)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] |= {
        # A writer takes its lock at BEGIN: two saves queue up instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-16000;",
    }

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "dgready.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "dgready",
        "OPTIONS": limits.redis_options(CACHE_TIMES),
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
}


def file_storage(name: str, *, once: bool = False) -> dict[str, Any]:
    """Storage settings for private files: a folder under `var/`, or a prefix of the bucket. `once`: never rewritten."""
    if not env.str("S3_BUCKET", default=""):
        return file_stores.folder_store(VAR_DIR / name, once=once)
    return file_stores.bucket_store(
        name,
        once=once,
        bucket_name=env.str("S3_BUCKET"),
        endpoint_url=env.str("S3_ENDPOINT"),
        access_key=env.str("S3_ACCESS_KEY"),
        secret_key=env.str("S3_SECRET_KEY"),
        region_name=env.str("S3_REGION", default="us-east-1"),
    )


# Who hands out a stored file once it is checked: this process, the proxy, or a bucket at an address browsers reach.
DOWNLOADS = one_of("DOWNLOADS", env.str("DOWNLOADS", default="stream"), "stream", "proxy", "address")
S3_PUBLIC_ENDPOINT = env.str("S3_PUBLIC_ENDPOINT", default="")

# Where backups go each night: folders, or s3://bucket/prefix of the store that the three variables name.
BACKUP_TARGETS = env.list("BACKUP_TARGETS", default=[] if PRODUCTION else [str(VAR_DIR / "backup")])
BACKUP_HOUR = env.int("BACKUP_HOUR", default=2)
BACKUP_STORE = {
    "endpoint_url": env.str("BACKUP_S3_ENDPOINT", default="") or env.str("S3_ENDPOINT", default="") or None,
    "aws_access_key_id": env.str("BACKUP_S3_ACCESS_KEY", default="") or env.str("S3_ACCESS_KEY", default=""),
    "aws_secret_access_key": env.str("BACKUP_S3_SECRET_KEY", default="") or env.str("S3_SECRET_KEY", default=""),
    "region_name": env.str("BACKUP_S3_REGION", default="") or env.str("S3_REGION", default="us-east-1"),
}

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static", ("guides", BASE_DIR / "docs" / "img")]  # pictures of the guides
STORAGES = {
    "default": file_storage("files"),  # papers and workbooks made for download
    "evidence": file_storage("evidence"),
    "anchors": file_storage("anchors", once=True),  # the heads of all chains, night by night
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "dgready.static.HashedStaticStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our own pages need no such word

SCHEME_DIRS = env.list("SCHEME_DIRS", default=[])  # folders of scoring schemes beside fixtures/schemes
LINK_DIRS = env.list("LINK_DIRS", default=[])  # folders of links between years beside fixtures/links

# To disk only, and no further than the limits above.
FILE_UPLOAD_HANDLERS = ["evidence.files.uploads.LimitedUploadHandler"]
FILE_UPLOAD_TEMP_DIR = str(UPLOAD_DIR)

# -- people ---------------------------------------------------------------------------------------

from dgready.sign_in_settings import *  # noqa: E402, F403 - passwords, second factor, lockout; no name is another's

# Of administrators and approvers. Elsewhere than in production people are tried with a password alone.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=PRODUCTION)
MFA_EVERYONE = env.bool("MFA_EVERYONE", default=False)  # coordinators, secretariats and committees too
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)  # ours, between here and the client

from dgready.cookie_settings import *  # noqa: E402, F403 - names, lifetime, who may read them

CSRF_FAILURE_VIEW = "dgready.views.csrf_failure"
MESSAGE_TAGS = {10: "secondary", 40: "danger"}  # debug and error, by the names Bootstrap has for them

# -- what the browser may do ----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = browser_policy.CONTENT_SECURITY_POLICY
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Asked from inside, without the proxy; and by programs, which reports.api.gate refuses what they send in the clear.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$", r"^api/"]
    # How long browsers come by https only, under which names; 0: they are told nothing.
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading binds a whole domain for years: its owner decides

# -- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Bangkok"

# -- mail -----------------------------------------------------------------------------------------

_mail = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail["EMAIL_HOST"] or ""
EMAIL_PORT = _mail["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = bool(_mail.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_SSL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("EMAIL_FROM", default="dgready@example.org")

# -- approval certificates and proof --------------------------------------------------------------

SIGNING_KEY = env.str("SIGNING_KEY", default="")  # PEM file or pkcs11: address; without it certificates are unsigned
SIGNING_CERT = env.str("SIGNING_CERT", default="")  # the certificate, then those that issued it
SIGNING_PASSWORD = env.str("SIGNING_PASSWORD", default="")
if bool(SIGNING_KEY) != bool(SIGNING_CERT):
    raise ImproperlyConfigured("SIGNING_KEY and SIGNING_CERT belong together: set both or neither")
SIGNING_LEVEL = env.str("SIGNING_LEVEL", default="B-B", choices=("B-B", "B-T", "B-LT"))  # of certificates (PAdES)
SIGNING_STRICT = env.bool("SIGNING_STRICT", default=False)  # no certificate rather than one of a lower level
SIGNING_TRUST = env.str("SIGNING_TRUST", default="")  # PEM file: the authorities of the time stamp
SIGNING_CRLS = env.list("SIGNING_CRLS", default=[])  # files or folders of revocation lists
SIGNING_FETCH = env.list("SIGNING_FETCH", default=[])  # hosts that may be asked about revocation
ANCHOR_MAIL = env.list("ANCHOR_MAIL", default=[])  # who gets each night's anchor by mail
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")  # an authority (RFC 3161) that stamps anchors and certificates
VERIFY_MINUTES = env.int("VERIFY_MINUTES", default=180)  # of each night, for reading stored files again
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # without one /metrics answers only from inside

# -- background tasks -----------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
EMBEDDED_WORKER = not REDIS_URL  # the worker is a thread of the one web process
CELERY_BROKER_TRANSPORT_OPTIONS = limits.broker_options(
    REDIS_URL, CACHE_TIMES if HURRIED else REDIS_TIMES, TASK_SECONDS, hurried=HURRIED
)
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True  # progress and outcome live in the Job row
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = TASK_SECONDS
CELERY_TASK_SOFT_TIME_LIMIT = TASK_SECONDS * 14 // 15
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "dgready"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
