"""The live product from outside, one request at a time, and in words why it cannot be reached."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from shared.deploy.release_shell import ReleaseError

_WHO = {"User-Agent": "autohaus-c-os-smoke-test", "Accept": "*/*"}
"""A firewall may take a caller without a name for a scanner."""

_SOCKET_HEADERS = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "c21va2UtdGVzdC1zb2NrZQ==",
}


class Unreachable(ReleaseError):
    """No answer; the message says what is missing on the way there."""


@dataclass(frozen=True)
class Answer:
    """`headers` have their names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """None when the body is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Web:
    """`url` is `https://host`; `ca_file` names further certificates to trust. No redirect is followed."""

    url: str
    timeout_s: float = 20.0
    ca_file: str | None = None
    known_as: Mapping[str, str] = field(default_factory=dict)
    """Headers that say who asks, for those questions that say so."""

    @property
    def is_tls(self) -> bool:
        return urlsplit(self.url).scheme == "https"

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, body: Any = None
    ) -> Answer:
        """Raises `Unreachable`. A body is sent as JSON."""
        content = None if body is None else json.dumps(body).encode()
        typed = {} if content is None else {"Content-Type": "application/json"}
        return self._exchange(self._connection(), method, path, {**typed, **(headers or {})}, content)

    def open_socket(self, path: str) -> Answer:
        """The answer to a WebSocket handshake without a credential."""
        return self._exchange(self._connection(), "GET", path, _SOCKET_HEADERS, None)

    def ask_plain(self, path: str, port: int) -> Answer:
        """The same host without TLS."""
        host = urlsplit(self.url).hostname or ""
        connection = http.client.HTTPConnection(host, port, timeout=self.timeout_s)
        return self._exchange(connection, "GET", path, {}, None)

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if not parts.hostname or parts.scheme not in ("http", "https"):
            raise Unreachable(f"[{self.url}] is no address; https://<domain> is wanted")
        if not self.is_tls:
            return http.client.HTTPConnection(parts.hostname, parts.port, timeout=self.timeout_s)
        trusted = ssl.create_default_context(cafile=self.ca_file)
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=self.timeout_s, context=trusted
        )

    def _exchange(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> Answer:
        try:
            connection.request(method, path, body=body, headers={**_WHO, **headers})
            answer = connection.getresponse()
            said = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, said, b"" if answer.status == 101 else answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(_in_words(error, f"{connection.host}:{connection.port}")) from error
        finally:
            connection.close()


def _in_words(error: Exception, where: str) -> str:
    if isinstance(error, socket.gaierror):
        return f"[{where}] has no address yet: the DNS record is missing, or too young to be seen from here"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"[{where}] shows no certificate of its own yet: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"[{where}] does not speak TLS yet ({error.reason}): its certificate takes minutes to appear"
    return f"[{where}] does not answer ({type(error).__name__})"
