"""The caching plugin: answers of GET requests are kept by the gateway.

API Gateway, "Caching plug-ins". An account has 1 MB for it in each region, and a backend's
Cache-Control goes over `duration`.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.plugins.base import BoundApi, PluginKind, header_problems, once_problems

LONGEST_DURATION = 172_800  # seconds; the gateway takes more for that


ClientMode = Literal["off", "all", "app"]


class ClientCacheControl(Model):
    """Clients that may decide for themselves whether they get a kept answer."""

    mode: ClientMode = Field(examples=["app"])
    """off: none; all: each one; app: those in `apps`."""

    apps: list[int] = Field(default_factory=list[int], examples=[[1992323]])
    """With app: the ids of the apps (not their AppKeys)."""


class CachingSettings(PluginKind):
    """Which answers are kept, and for how long."""

    vary_by_app: bool = False
    """Keep an answer for each app."""

    vary_by_parameters: list[str] = Field(default_factory=list[str], examples=[["userId"]])
    """Keep an answer for each value of these parameters, by their names towards the backend."""

    vary_by_headers: list[str] = Field(default_factory=list[str], examples=[["Accept"]])
    """Keep an answer for each value of these headers."""

    client_cache_control: ClientCacheControl | None = Field(
        default=None, examples=[{"mode": "app", "apps": [1992323]}]
    )
    """Clients whose Cache-Control is heeded; none unless given."""

    cacheable_headers: list[str] = Field(default_factory=list[str], examples=[["X-Customer-Token"]])
    """Headers of the answer that are kept, beside Content-Type, -Encoding and -Language."""

    duration: Annotated[int, Field(ge=1, le=LONGEST_DURATION)] = Field(examples=[3600])
    """Seconds for which an answer is kept, where the backend doesn't say."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a caching plugin may not say."""
        parameters = (*path, "varyByParameters")
        yield from once_problems(parameters, self.vary_by_parameters, "a parameter")
        yield from header_problems((*path, "varyByHeaders"), self.vary_by_headers)
        yield from header_problems((*path, "cacheableHeaders"), self.cacheable_headers)
        clients = self.client_cache_control
        if clients is None:
            return
        apps = (*path, "clientCacheControl", "apps")
        yield from once_problems(apps, clients.apps, "an app")
        if clients.mode == "app" and not clients.apps:
            rule = "mode: app is for the apps that are listed"
            yield Problem(apps, None, rule, "add apps: [1992323], or say mode: off")
        elif clients.mode != "app" and clients.apps:
            rule = f"apps belongs to mode: app; this is mode: {clients.mode}"
            yield Problem(apps, clients.apps, rule, "remove apps, or say mode: app")

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """On an API that isn't asked with GET it does nothing."""
        if api.method not in {Method.GET, Method.ANY}:
            name = str(path[-2])
            rule = f"answers to GET alone are kept, and this API takes {api.method}"
            yield Problem(at, name, rule, f"remove {name} here")
