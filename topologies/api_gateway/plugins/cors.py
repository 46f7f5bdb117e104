"""The cors plugin: web pages of other origins that may call an API.

API Gateway, "CORS plug-ins". Origins stand there without a protocol. The gateway names no limit of
`maxAge`; two days is what its documentation shows, and browsers keep an answer for less.
"""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import Data, PluginKind, header_problems, once_problems

LONGEST_AGE = 172_800  # seconds

_ORIGIN = re.compile(r"\*|(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_PROTOCOL = re.compile(r"https?://", re.IGNORECASE)


CorsMethod = Literal["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]


class CorsSettings(PluginKind):
    """What browsers let pages of other origins do."""

    allow_origins: list[str] = Field(
        default_factory=list[str], examples=[["api.example.com", "*.example.com"]]
    )
    """Hosts whose pages may call, without a protocol; `*.` stands for any name in front. Every
    origin unless given."""

    allow_methods: list[CorsMethod] = Field(min_length=1, examples=[["GET", "POST", "PUT"]])
    """Methods that they may use."""

    allow_headers: list[str] = Field(default_factory=list[str], examples=[["X-Ca-RequestId"]])
    """Headers that they may send."""

    expose_headers: list[str] = Field(default_factory=list[str], examples=[["X-Request-Total"]])
    """Headers of the answer that they may read."""

    allow_credentials: bool = False
    """Whether cookies are sent along."""

    max_age: Annotated[int, Field(ge=0, le=LONGEST_AGE, examples=[172800])] | None = None
    """Seconds for which browsers may remember the answer."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a cors plugin may not say."""
        origins = (*path, "allowOrigins")
        for index, origin in enumerate(self.allow_origins):
            if not _ORIGIN.fullmatch(origin):
                bare = _PROTOCOL.sub("", origin).rstrip("/")
                rule = "an origin is a host without protocol and path, * or *. and a domain"
                remedy = f"write {bare}" if _ORIGIN.fullmatch(bare) else "write api.example.com"
                yield Problem((*origins, index), origin, rule, remedy)
        yield from once_problems(origins, self.allow_origins, "an origin")
        if "*" in self.allow_origins and len(self.allow_origins) > 1:
            rule = "* is every origin, so that the others mean nothing"
            yield Problem(origins, None, rule, "remove *, or the others")
        if self.allow_credentials and (not self.allow_origins or "*" in self.allow_origins):
            yield Problem(
                (*path, "allowCredentials"),
                True,  # noqa: FBT003 - the value
                "cookies are never sent along for every origin: any page could act for its visitor",
                "name the origins in allowOrigins, or remove allowCredentials",
            )
        yield from once_problems((*path, "allowMethods"), self.allow_methods, "a method")
        yield from header_problems((*path, "allowHeaders"), self.allow_headers)
        yield from header_problems((*path, "exposeHeaders"), self.expose_headers)

    def written(self) -> Data:
        """A cors plugin as the gateway documents it: its lists are texts with commas."""
        data: Data = {}
        for key, values in (
            ("allowOrigins", self.allow_origins or ["*"]),
            ("allowMethods", list(self.allow_methods)),
            ("allowHeaders", self.allow_headers),
            ("exposeHeaders", self.expose_headers),
        ):
            if values:
                data[key] = ",".join(values)
        data["allowCredentials"] = self.allow_credentials
        if self.max_age is not None:
            data["maxAge"] = self.max_age
        return data
