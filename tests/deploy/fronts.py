"""Between the smoke test and the local product: alters answers, or adds TLS as a load balancer does."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from shared.testing.http_stub import Reply, Request, serve

Alter = Callable[[Request, Reply], Reply]
HOP = frozenset({"transfer-encoding", "content-length", "date", "server", "connection"})
HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def as_it_is(request: Request, reply: Reply) -> Reply:
    return reply


@contextmanager
def front(product: str, alter: Alter = as_it_is) -> Iterator[str]:
    with serve(lambda request: alter(request, forwarded(product, request))) as url:
        yield url


@dataclass(frozen=True)
class TlsFront:
    url: str
    plain_port: int
    ca_file: str


@contextmanager
def tls_front(
    product: str, folder: Path, alter: Alter = as_it_is, *, redirects: bool = True
) -> Iterator[TlsFront]:
    """HTTPS with a certificate of its own, and plain HTTP that leads there."""
    certificate = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def secured(request: Request) -> Reply:
        reply = forwarded(product, request)
        if request.path.startswith("/local/"):
            reply = Reply(404)  # the load balancer knows only the manifests' paths
        return alter(request, replace(reply, headers={**reply.headers, **HSTS}))

    def plain(request: Request) -> Reply:
        there = {"Location": f"https://127.0.0.1{request.path}"}
        return Reply(308, headers=there) if redirects else forwarded(product, request)

    with serve(secured, context) as url, serve(plain) as other:
        yield TlsFront(url, urlsplit(other).port or 0, str(certificate))


def forwarded(product: str, request: Request) -> Reply:
    parts = urlsplit(product)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        query = f"?{urlencode(request.query)}" if request.query else ""
        headers = {name: value for name, value in request.headers.items() if name not in ("host",)}
        connection.request(request.method, request.path + query, request.body or None, headers)
        answer = connection.getresponse()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in HOP}
        return Reply(answer.status, answer.read(), kept)
    finally:
        connection.close()


def answering(method: str, path: str, reply: Reply) -> Alter:
    """One operation answers otherwise."""

    def alter(request: Request, given: Reply) -> Reply:
        return reply if (request.method, request.path) == (method, path) else given

    return alter


def without_header(name: str) -> Alter:
    def alter(request: Request, given: Reply) -> Reply:
        kept = {key: value for key, value in given.headers.items() if key.lower() != name}
        return Reply(given.status, given.body, kept)

    return alter


def make_certificate(folder: Path) -> Path:
    """A self-signed certificate of 127.0.0.1 with its key, valid for an hour."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path
