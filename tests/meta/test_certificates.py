"""What the portal connects to over TLS must show a trusted certificate of its name, or is not spoken to."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import environ
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.mail import get_connection
from kombu import Connection

from mongcai_portal.env import certain


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[int]:
    """The port of a server on this machine whose certificate nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = tmp_path / "stranger.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    listening = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                caller, _address = listening.accept()
            except OSError:
                return  # the test is over
            try:
                with context.wrap_socket(caller, server_side=True) as spoken:
                    spoken.recv(1)
            except OSError:
                caller.close()

    threading.Thread(target=answer, daemon=True).start()
    yield listening.getsockname()[1]
    listening.close()


def ask_broker(scheme: str) -> Callable[[int], Any]:
    def ask(port: int) -> None:
        with Connection(certain(f"{scheme}://a:b@localhost:{port}/0"), connect_timeout=2) as broker:
            broker.connect()
            broker.default_channel.queue_declare("a")

    return ask


def ask_mail(port: int) -> None:
    backend = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host="localhost", port=port, use_ssl=True, timeout=2
    )
    backend.open()


@pytest.mark.parametrize("ask", [ask_broker("amqps"), ask_broker("rediss"), ask_mail], ids=["amqps", "rediss", "smtps"])
def test_a_certificate_that_nobody_vouches_for_ends_the_connection(stranger: int, ask: Callable[[int], Any]) -> None:
    with pytest.raises(Exception, match="CERTIFICATE_VERIFY_FAILED"):
        ask(stranger)


def test_an_operator_may_say_otherwise_of_the_broker_and_other_addresses_stay_as_they_are() -> None:
    for url in ("rediss://a@b/0?ssl_cert_reqs=none", "amqps://a:b@c//", "redis://a/0", "filesystem://"):
        assert certain(url) == url
    both = certain("rediss://a/0;rediss://b/0?ssl_cert_reqs=none")
    assert both == "rediss://a/0?ssl_cert_reqs=required&ssl_check_hostname=true;rediss://b/0?ssl_cert_reqs=none"
    assert certain("rediss://a@b/0?x=1") == "rediss://a@b/0?x=1&ssl_cert_reqs=required&ssl_check_hostname=true"


def test_letters_that_begin_in_clear_are_sent_to_a_server_with_a_trusted_certificate_of_its_name() -> None:
    backend: Any = get_connection("django.core.mail.backends.smtp.EmailBackend", use_tls=True)
    assert (backend.ssl_context.verify_mode, backend.ssl_context.check_hostname) == (ssl.CERT_REQUIRED, True)


def test_what_the_address_of_the_database_asks_of_certificates_reaches_its_library() -> None:
    config = environ.Env.db_url_config("postgres://portal:x@db.example/portal?sslmode=verify-full&sslrootcert=/ca.pem")
    assert config["OPTIONS"] == {"sslmode": "verify-full", "sslrootcert": "/ca.pem"}
