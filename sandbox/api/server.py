"""The service on loopback, over HTTP, for many clients at once.

A request is read whole before a thread of its own answers it, so that slow clients keep nobody
waiting. Each call is one transaction of the store: ended at any moment, it is done or it isn't.
"""

import logging
import os
import signal
import socket
from collections import Counter
from contextlib import suppress
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request as HttpRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from sandbox.api.requests import Request
from sandbox.api.service import Service, most_bytes
from sandbox.cloud import CallerKilledError, LostAnswerError, Store

__all__ = ["application", "listening", "serve"]

HOST: Final = "127.0.0.1"
_METHODS: Final = ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]


class _Broken(Response):
    """A connection that breaks before the answer is there, of which chunks were announced."""

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})


def application(service: Service, store: Store) -> Starlette:
    """The service as an application, and `GET /`, which tells what the account holds."""

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
        )
        if (request.method, request.path, request.action) == ("GET", "/", ""):
            return PlainTextResponse(await run_in_threadpool(_told, store))
        try:
            answered = await run_in_threadpool(service.answer, request)
        except LostAnswerError:
            return _Broken()
        except CallerKilledError:
            os.kill(os.getpid(), signal.SIGKILL)
            raise
        headers = {"x-acs-request-id": answered.request_id}
        return Response(answered.body, answered.status, headers, answered.media_type)

    return Starlette(routes=[Route("/{path:path}", call, methods=_METHODS)])


def _told(store: Store) -> str:
    held = Counter((one.region, one.kind) for one in store.all())
    lines = [f"{region} {kind} {count}" for (region, kind), count in sorted(held.items())]
    return "".join(f"{line}\n" for line in lines or ["nothing yet"])


def listening(port: int) -> socket.socket:
    """A socket that clients can connect to from now on; port 0 takes any that is free.

    Raises:
        OSError: somebody else has the port.
    """
    return socket.create_server((HOST, port), backlog=128)


def serve(made: Starlette, listener: socket.socket) -> None:
    """Answer until an interrupt, or a request to end."""
    # It would tell of every connection that we break on demand.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    config = uvicorn.Config(made, log_config=None, access_log=False, lifespan="off")
    with suppress(KeyboardInterrupt), listener:
        uvicorn.Server(config).run(sockets=[listener])
