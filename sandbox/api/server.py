"""The service on loopback, over HTTP and HTTPS on one port, for many clients at once.

The first byte of a connection tells whether it speaks TLS. A request is read whole before a thread
of its own answers it, so that slow clients keep nobody waiting. Each call is one transaction of the
store: ended at any moment, it is done or it isn't.
"""

import asyncio
import logging
import os
import signal
import socket
import ssl
from collections import Counter
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from ssl import SSLContext
from typing import Any, Final

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import request_response
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.api.requests import Request
from sandbox.api.service import Service, most_bytes
from sandbox.cloud import CallerKilledError, LostAnswerError, Store

__all__ = ["application", "listening", "serve"]

_HANDSHAKE: Final = b"\x16"
"""What a client that speaks TLS says first; no method of HTTP begins so."""

_PATIENCE: Final = 20.0
"""Seconds for which a client may say nothing, or be about its handshake."""

_LONGEST = 60.0
"""Seconds for which a client may be about one request, however little it says at a time."""

_FAREWELL: Final = 1.0
"""Seconds for which a client that speaks TLS may take its leave: not all do."""

_PAUSE: Final = 0.1


class _Broken(Response):
    """A connection that breaks before the answer is there, of which chunks were announced."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})


def application(services: Mapping[int, Service], store: Store) -> ASGIApp:
    """An account's services as an application, and `GET /`, which tells what the account holds.

    Args:
        services: the one that each port leads to.
        store: the account's cloud.
    """

    async def call(http: HttpRequest) -> Response:
        path = http.scope["raw_path"].decode("ascii", "replace")
        body, most = bytearray(), most_bytes(path)
        async for part in http.stream():
            body += part
            if len(body) > most:
                break
        request = Request(
            http.method,
            path,
            http.url.query,
            {name.lower(): value for name, value in http.headers.items()},
            bytes(body),
            http.client.host if http.client else "",
            http.url.scheme == "https",
        )
        asked = (request.method, path, request.query_string, "x-acs-action" in request.headers)
        if asked == ("GET", "/", "", False):
            return PlainTextResponse(await run_in_threadpool(_told, store))
        try:
            service = services[http.scope["server"][1]]
            answered = await run_in_threadpool(service.answer, request)
        except LostAnswerError:
            return _Broken()
        except CallerKilledError:
            os.kill(os.getpid(), signal.SIGKILL)
            raise
        headers = {"x-acs-request-id": answered.request_id}
        return Response(answered.body, answered.status, headers, answered.media_type)

    return request_response(call)


def _told(store: Store) -> str:
    held = Counter((one.region, one.kind) for one in store.all())
    lines = [f"{region} {kind} {count}" for (region, kind), count in sorted(held.items())]
    return "".join(f"{line}\n" for line in lines or ["nothing yet"])


def listening(host: str, port: int) -> socket.socket:
    """A socket that clients can connect to from now on; port 0 takes any that is free.

    Raises:
        OSError: somebody else has the port, or the address is another machine's.
    """
    made = socket.create_server((host, port), backlog=128)
    # Connections have it from here. Without it the second half of an answer waits for the client's
    # word that the first has come: 40 ms a call.
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


class _Protocol(H11Protocol):
    """uvicorn's, but for who never ends a request: enough of those would keep all others out."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._watch()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._watched.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        self._watched = self.loop.call_later(_LONGEST, self._look, self.cycle)

    def _look(self, before: object) -> None:
        one = self.cycle
        if one is before and (not before or one.more_body or one.response_complete):
            self.transport.abort()
        else:
            self._watch()


class _Server(uvicorn.Server):
    """uvicorn, but for who waits for connections."""

    def __init__(
        self, config: uvicorn.Config, listeners: Sequence[socket.socket], tls: SSLContext
    ) -> None:
        super().__init__(config)
        self._listeners = listeners
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup([])
        for listener in self._listeners:
            listener.settimeout(0)
            self._start(self._listen(listener))

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._tasks:
            task.cancel()
        await super().shutdown([])

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = await asyncio.get_running_loop().sock_accept(listener)
            except OSError:  # too many are open: some will end
                await asyncio.sleep(_PAUSE)
            else:
                self._start(self._greet(connection))

    async def _greet(self, connection: socket.socket) -> None:
        """Hand a connection on as soon as it says what it speaks; who says nothing is let go."""
        loop = asyncio.get_running_loop()
        tls: dict[str, Any] = {
            "ssl": self._tls,
            "ssl_handshake_timeout": _PATIENCE,
            "ssl_shutdown_timeout": _FAREWELL,
        }
        try:
            async with asyncio.timeout(_PATIENCE):
                first = await _first_byte(connection)
            if first:
                speaks = tls if first == _HANDSHAKE else {}
                await loop.connect_accepted_socket(self._protocol, connection, **speaks)
                return
        except (OSError, TimeoutError):
            pass
        connection.close()

    def _protocol(self) -> asyncio.Protocol:
        return _Protocol(self.config, self.server_state, self.lifespan.state)


async def _first_byte(connection: socket.socket) -> bytes:
    """What comes first, which stays to be read; nothing where the other side has left."""
    loop = asyncio.get_running_loop()
    while True:
        with suppress(BlockingIOError):
            return connection.recv(1, socket.MSG_PEEK)
        is_there = asyncio.Event()
        loop.add_reader(connection, is_there.set)
        try:
            await is_there.wait()
        finally:
            loop.remove_reader(connection)


def serve(made: ASGIApp, listeners: Sequence[socket.socket], own: Path) -> None:
    """Answer until an interrupt, or a request to end.

    Args:
        made: the application.
        listeners: of `listening`.
        own: a certificate and its key.
    """
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(own)
    # It would tell of every connection that we break on demand.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = uvicorn.Config(made, log_config=None, access_log=False, lifespan="off")
    with suppress(KeyboardInterrupt), ExitStack() as open_until_then:
        for listener in listeners:
            open_until_then.enter_context(listener)
        _Server(config, listeners, tls).run()
