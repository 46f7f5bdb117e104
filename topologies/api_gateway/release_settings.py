"""Settings of a release: a new backend that some requests get, and samples that prove it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from stack.model import Model
from topologies.api_gateway.plugins.backends import PluginBackend

DEFAULT_ROUTE = "default"
"""How samples call the API's own backend."""


class Traffic(StrEnum):
    """Who gets the new backend. Promoting and rolling back are an edit of this one word."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


class UsersSettings(Model):
    """A share of users, told by the last digits of an id."""

    source: str = Field(alias="from", examples=["Token:userId"])
    """Where the id comes from: Token:<claim> (with a jwtAuth plugin), Header:…, Query:…"""

    percent: Annotated[int, Field(ge=1, le=100, examples=[20])]
    """How many of 100. Whoever is among 20 is among 30 too."""


class OlderSettings(Model):
    """Clients of an older version."""

    source: str = Field(alias="from", examples=["Query:clientVersion"])
    """Where the version comes from."""

    version: str = Field(examples=["2.0.5"], pattern=r"^[0-9A-Za-z.]+$")
    """The first version that isn't meant. The gateway compares character by character."""


class WhoSettings(Model):
    """Who is meant: everybody of whom one of these is true."""

    app_ids: list[Annotated[str, Field(pattern=r"^[0-9]+$")]] = Field(
        default_factory=list[str], examples=[["4534463"]]
    )
    """Apps, by their ids (stack output `apiApps`)."""

    sources: list[str] = Field(default_factory=list[str], examples=[["106.11.31.0/24"]])
    """Ranges that requests come from."""

    users: UsersSettings | None = None
    """A share of users."""

    older_than: OlderSettings | None = None
    """Clients that are too old."""


class ReleaseSettings(Model):
    """A new version behind the same API. The API's own backend is the old one."""

    traffic: Traffic = Field(strict=False, examples=["some"])
    """none, some (those of `who`) or all."""

    who: WhoSettings = WhoSettings()
    """Who gets the new backend with `traffic: some`."""

    to: PluginBackend = Field(
        examples=[{"http": {"address": "https://example-test.alicloudapi.com"}}]
    )
    """The new backend; or an answer, such as 400 for clients that are too old."""


class SampleSettings(Model):
    """A request, and the route that it must take: checked whenever the stack file is judged."""

    reaches: str = Field(examples=["release"])
    """The name of a route; `release` for the release's, `default` for the API's own backend."""

    query: dict[str, str] = Field(
        default_factory=dict[str, str], examples=[{"clientVersion": "1.9"}]
    )
    """Its query."""

    headers: dict[str, str] = Field(default_factory=dict[str, str], examples=[{"X-User": "120"}])
    """Its headers."""

    form: dict[str, str] = Field(default_factory=dict[str, str], examples=[{"size": "7"}])
    """Its form."""

    claims: dict[str, str] = Field(default_factory=dict[str, str], examples=[{"userId": "120"}])
    """What its token says."""

    client_ip: str | None = Field(default=None, examples=["106.11.31.7"])
    """Where it comes from."""

    app_id: str | None = Field(default=None, examples=["4534463"])
    """The app that sends it."""
