import pytest

from mongcai_portal.accounts import services

PASSWORD = "bien-gioi-2023"


@pytest.fixture
def person(db):
    """Somebody with a password and no role."""
    return services.create_user(
        username="officer.haison", by=None, full_name="Nguyễn Thị Hà", email="ha@mongcai.gov.vn", password=PASSWORD
    )


@pytest.fixture
def sign_in(client):
    """Sign in through the page, as people do."""

    def sign_in(username="officer.haison", password=PASSWORD, **fields):
        return client.post("/login/", {"username": username, "password": password, **fields})

    return sign_in
