"""A wire that can be cut: a TCP proxy on loopback between a client and the service it believes to call."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum

_CHUNK = 65_536
_RESET = struct.pack("ii", 1, 0)
"""Linger of no seconds: the kernel closes with a reset instead of an orderly end."""


class Wire(Enum):
    WHOLE = "whole"
    HELD = "held"
    """Nothing passes and nothing is closed; what was sent meanwhile arrives when the wire is whole again."""
    DEAF = "deaf"
    """What the client says arrives, what it is answered does not: it cannot know whether it was heard."""
    CUT = "cut"
    """Open connections are reset and new ones at once."""


class FaultProxy:
    """`host` (`127.0.0.1:port`) stands for `target`. `delay_s` slows every piece of an answer down."""

    def __init__(self, target: str) -> None:
        name, _, port = target.rpartition(":")
        self._target = (name, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.delay_s = 0.0
        self.answers_lost = 0
        """Pieces of answers that never arrived."""
        self._wire = Wire.WHOLE
        self._changed = threading.Condition()
        self.open: set[_Connection] = set()
        self._closed = False
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @contextmanager
    def being(self, wire: Wire) -> Iterator[None]:
        """So for the block, then whole again; who missed an answer is cut off, for its stream has a hole."""
        self.become(wire)
        try:
            yield
        finally:
            self.become(Wire.WHOLE)
            if wire is Wire.DEAF:
                self.reset()

    def become(self, wire: Wire) -> None:
        with self._changed:
            self._wire = wire
            self._changed.notify_all()
        if wire is Wire.CUT:
            self.reset()

    def mend(self) -> None:
        self.delay_s = 0.0
        self.become(Wire.WHOLE)

    def reset(self) -> None:
        """Every connection open now ends with a reset, in the middle of whatever it carries."""
        for connection in self.open.copy():
            connection.reset()

    def close(self) -> None:
        self._closed = True
        self.become(Wire.CUT)
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # or its thread would wait for ever
        self._accepting.join()
        self._listener.close()

    def passes(self, *, is_answer: bool) -> bool:
        """Waits while the wire is held; False for a piece that is to be lost."""
        with self._changed:
            self._changed.wait_for(lambda: self._wire is not Wire.HELD or self._closed)
            is_lost = is_answer and self._wire is Wire.DEAF
            self.answers_lost += is_lost
        if is_answer and self.delay_s:
            time.sleep(self.delay_s)
        return not is_lost

    def forget(self, connection: _Connection) -> None:
        self.open.discard(connection)

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                continue  # closed, or a client that went away before it was let in
            if self._wire is Wire.CUT:
                _end(client)
                continue
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                _end(client)  # nobody is behind the wire: the client is told the same
                continue
            server.settimeout(None)
            connection = _Connection(self, client, server)
            self.open.add(connection)
            connection.start()


class _Connection:
    """Two threads, one a direction. The last to end closes both sockets: closed earlier, their numbers could
    already be another connection's when the other thread reads."""

    def __init__(self, proxy: FaultProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._pumping = 2
        self._lock = threading.Lock()
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def is_open(self) -> bool:
        return self in self._proxy.open

    def start(self) -> None:
        ways = ((self._client, self._server, False), (self._server, self._client, True))
        for source, sink, is_answer in ways:
            threading.Thread(target=self._pump, args=(source, sink, is_answer), daemon=True).start()

    def reset(self) -> None:
        self._proxy.forget(self)
        with self._lock:
            if self._pumping:
                for one in (self._client, self._server):
                    _condemn(one)

    def _pump(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        try:
            while piece := source.recv(_CHUNK):
                if self._proxy.passes(is_answer=is_answer) and self.is_open:
                    sink.sendall(piece)
            if self.is_open:
                sink.shutdown(socket.SHUT_WR)  # an orderly end is handed on as one
        except OSError:
            self.reset()  # either side went away: so does the other
        self._ended()

    def _ended(self) -> None:
        with self._lock:
            self._pumping -= 1
            if not self._pumping:
                self._client.close()
                self._server.close()
        if not self._pumping:
            self._proxy.forget(self)


def _condemn(one: socket.socket) -> None:
    """Whoever reads it wakes, and its close will be a reset; the other side hears nothing yet."""
    with suppress(OSError):  # it may have ended already
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        one.shutdown(socket.SHUT_RD)


def _end(one: socket.socket) -> None:
    _condemn(one)
    one.close()


@contextmanager
def fault_proxy(target: str) -> Iterator[FaultProxy]:
    proxy = FaultProxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
