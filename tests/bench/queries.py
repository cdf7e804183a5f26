"""`python -m tests.bench.queries USER PATH`: print how many queries a page costs the second time it is asked for."""

from __future__ import annotations

import sys


def main() -> None:
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    username, path = sys.argv[1:3]
    client = Client(headers={"host": "127.0.0.1"})
    backend = "mongcai_portal.accounts.backends.PasswordBackend"
    client.force_login(get_user_model().objects.get(username=username), backend=backend)
    client.get(path)
    with CaptureQueriesContext(connection) as counted:
        answer = client.get(path)
    if answer.status_code != 200:
        sys.exit(f"{path}: {answer.status_code}")
    print(len(counted))


if __name__ == "__main__":
    main()
