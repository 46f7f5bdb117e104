"""The circuitBreaker plugin: a backend in trouble is left alone for a while.

It trips on timeouts (`timeoutThreshold`), or on errors of your own definition (`errorCondition` and
`errorThreshold`), and works on dedicated instances alone. API Gateway, "Circuit breaker plug-ins",
which spells the type of a fixed answer in small letters (`mock`), other than routes do.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field

from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.backends import PluginBackend, backend_data
from topologies.api_gateway.plugins.base import (
    BoundApi,
    Data,
    Expressions,
    Phase,
    PluginKind,
    documented,
)

MOST_TIMEOUTS = 5000

# What a condition knows here without parameters.
_KNOWN: Mapping[str, str] = {
    "StatusCode": "StatusCode",
    "LatencyMilliSeconds": "System:LatencyMilliSeconds",
    "LatencySeconds": "System:LatencySeconds",
}


class CircuitBreakerSettings(PluginKind):
    """When a backend is left alone, for how long, and who answers meanwhile."""

    timeout_threshold: Annotated[int, Field(ge=1, le=MOST_TIMEOUTS)] | None = Field(
        default=None, examples=[15]
    )
    """How many timeouts within the window trip it; or give `errorThreshold`."""

    error_condition: str | None = Field(default=None, examples=["$LatencyMilliSeconds > 500"])
    """With `errorThreshold`, what is an error: by $StatusCode, $LatencyMilliSeconds or
    $LatencySeconds of the backend."""

    error_threshold: Annotated[int, Field(ge=1)] | None = Field(default=None, examples=[10])
    """How many errors within the window trip it; or give `timeoutThreshold`."""

    window_in_seconds: Annotated[int, Field(ge=10, le=90)] = Field(examples=[30])
    """Seconds in which they are counted."""

    open_timeout_seconds: Annotated[int, Field(ge=15, le=300)] = Field(examples=[15])
    """Seconds for which the backend is left alone."""

    downgrade_backend: PluginBackend | None = Field(
        default=None, examples=[{"mock": {"status": 503}}]
    )
    """Who answers meanwhile; unless given the gateway does, with status 503."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a circuitBreaker plugin may not say."""
        by_timeouts = self.timeout_threshold is not None
        by_errors = self.error_threshold is not None or self.error_condition is not None
        if by_timeouts == by_errors:
            rule = "a circuit breaker trips on timeouts, or on errors"
            remedy = "give timeoutThreshold, or errorCondition and errorThreshold"
            yield Problem(path, None, rule, remedy)
        elif by_errors and self.error_threshold is None:
            rule = "errors are counted up to a threshold"
            yield Problem((*path, "errorThreshold"), None, rule, "add errorThreshold: 10")
        elif by_errors and self.error_condition is None:
            rule = "what is an error has to be said"
            remedy = "add errorCondition: $LatencyMilliSeconds > 500"
            yield Problem((*path, "errorCondition"), None, rule, remedy)

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """On the shared instance it does nothing."""
        if api.dedicated is False:
            name = str(path[-2])
            rule = "circuit breakers are heeded on dedicated instances alone"
            yield Problem(at, name, rule, f"remove {name} here, or use a dedicated instance")

    def backends(self, path: KeyPath) -> Iterator[tuple[KeyPath, PluginBackend]]:
        """Who answers while the backend is left alone."""
        if self.downgrade_backend is not None:
            yield (*path, "downgradeBackend"), self.downgrade_backend

    def expressions(self, path: KeyPath) -> Expressions:
        """What a circuitBreaker plugin asks of answers."""
        condition = self.error_condition
        conditions = [((*path, "errorCondition"), condition)] if condition is not None else []
        return Expressions(_KNOWN, conditions, phase=Phase.ANSWER)

    def written(self) -> Data:
        """A circuitBreaker plugin as the gateway documents it."""
        data = documented(self, leave_out=frozenset({"downgrade_backend"}))
        if self.downgrade_backend is not None:
            data["downgradeBackend"] = backend_data(self.downgrade_backend, mock="mock")
        return data
