"""How passwords are stretched."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the second recommended option of RFC 9106, section 4: three passes over 64 MiB in four lanes.

    Django's own numbers need 100 MiB for each sign-in: felt on a small server when an office comes in at eight.
    """

    time_cost = 3
    memory_cost = 64 * 1024  # KiB
    parallelism = 4
