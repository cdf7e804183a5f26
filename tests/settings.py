"""The portal's settings for tests: a folder of their own, plain static files, quick password hashes."""

import os
import tempfile

# Before the portal's settings are read: they make folders and a key where these names say.
os.environ.pop("DEBUG", None)
os.environ["PORTAL_VAR_DIR"] = tempfile.mkdtemp(prefix="portal-test-")
os.environ["PORTAL_STATIC_MANIFEST"] = "0"
os.environ["SECRET_KEY"] = "for-tests-only"
os.environ["PORTAL_API_RATE"] = os.environ["PORTAL_TOKEN_RATE"] = "100000/second"  # tests of limits set their own
os.environ["CELERY_BROKER_URL"] = "filesystem://"
# Playwright's synchronous API runs an event loop in the test's thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from mongcai_portal.settings import *  # noqa: E402, F403
from mongcai_portal.settings import DATABASES, PASSWORD_HASHERS  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0

# Every test client starts the middleware anew, which would read the whole folder of static files each time.
WHITENOISE_AUTOREFRESH = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
