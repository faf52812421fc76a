"""The settings of cookies, a part of dgready.settings: names, lifetime, and who may read them.

In production every name begins with __Host-: browsers then take the cookie from this host only, over https, for all
its paths, so that no other host of the domain can plant or read one.
"""

from dgready.environment import in_production

COOKIE_PREFIX = "__Host-" if in_production() else ""

SESSION_ENGINE = "dgready.cached_sessions"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
SESSION_COOKIE_AGE = 8 * 3600  # sliding: see dgready.middleware.SlidingSession
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the page script sends it back as a header
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = in_production()
MESSAGE_STORAGE = "dgready.message_cookie.MessageStorage"
