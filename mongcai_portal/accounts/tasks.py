"""Background tasks about accounts."""

from celery import shared_task
from oauth2_provider.models import clear_expired as clear_expired_tokens

from mongcai_portal.accounts.sessions import SessionStore


@shared_task(name="accounts.tasks.clear_expired")
def clear_expired() -> None:
    """Delete sessions and access tokens that open nothing any more."""
    SessionStore.clear_expired()
    clear_expired_tokens()
