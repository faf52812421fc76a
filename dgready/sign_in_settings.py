"""The settings of signing in, a part of dgready.settings: passwords, lockout, second factor, single sign-on."""

from typing import Any

from dgready.environment import at_least, env

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.Backend"]
_VALIDATION = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": _VALIDATION + "UserAttributeSimilarityValidator"},
    {"NAME": _VALIDATION + "MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": _VALIDATION + "CommonPasswordValidator"},
    {"NAME": "accounts.passwords.DisguisedPasswordValidator"},
    {"NAME": "accounts.passwords.ContextPasswordValidator"},
    {"NAME": _VALIDATION + "NumericPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_RESET_TIMEOUT = 24 * 3600
INVITATION_DAYS = 7

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"  # survives a restart, shared by all processes
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# For which the security log keeps where sign-ins and refusals came from; 90 is what the Computer Crime Act asks for.
LOG_ADDRESS_DAYS = at_least("LOG_ADDRESS_DAYS", env.int("LOG_ADDRESS_DAYS", default=180), 90)
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "username"
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in_out.locked_out"
AXES_CLIENT_IP_CALLABLE = "dgready.http.client_ip"

# django-allauth keeps and checks second factors; its pages are not mounted: accounts.second_factor has our own.
MFA_ADAPTER = "accounts.second_factor.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds that the clock of a telephone may be off, either way
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = ["email"]
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made by an invitation to its address

# Single sign-on by OpenID Connect; without OIDC_ISSUER there is none.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_NAME = env.str("OIDC_NAME", default="SSO")  # on the button of the sign-in page
OIDC_PROVIDER_ID = "sso"  # part of the address that the service sends people back to
SOCIALACCOUNT_ADAPTER = "accounts.single_sign_on.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # accounts.single_sign_on.views says why
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds, of each call to the service
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_ISSUER:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER_ID,
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID"),
                "secret": env.str("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }
