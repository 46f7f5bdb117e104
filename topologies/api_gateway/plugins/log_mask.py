"""The logMask plugin: parts of requests and answers are masked in the log, on dedicated instances.

API Gateway, "Log masking plug-ins"; the forms of `policy` and `matchMode` are those that the
provider's own tests try on the cloud.
"""

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from topologies.api_gateway.plugins.base import BoundApi, PluginKind, once_problems

LogLocation = Literal[
    "REQUEST_QUERY", "REQUEST_HEADER", "REQUEST_BODY", "RESPONSE_HEADER", "RESPONSE_BODY"
]

_POLICY = re.compile(r"ALL|KEEP_(?:LEFT|RIGHT):\d+|KEEP_CENTER:\d+,\d+")


class LogMaskRule(Model):
    """What is masked, and how much of it."""

    name: str = Field(examples=["request_query"])
    """Its name, its own within the plugin."""

    location: LogLocation = Field(examples=["REQUEST_QUERY"])
    """Where it stands: REQUEST_QUERY, REQUEST_HEADER, REQUEST_BODY, RESPONSE_HEADER or
    RESPONSE_BODY."""

    parameters: list[str] = Field(default_factory=list[str], examples=[["userid", "name"]])
    """Names of what is masked; not in a body."""

    match_mode: str | None = Field(default=None, examples=["EMAIL"])
    """In a body, what is masked there: `EMAIL`, or `HEX:10` for ten digits, for example."""

    policy: str = Field(examples=["KEEP_LEFT:4"])
    """How: `ALL` of it, or all but some characters: `KEEP_LEFT:4`, `KEEP_RIGHT:7`,
    `KEEP_CENTER:4,5`."""


class LogMaskSettings(PluginKind):
    """Parts of requests and answers are masked in the log."""

    rules: list[LogMaskRule] = Field(
        min_length=1,
        examples=[
            [
                {
                    "name": "request_query",
                    "location": "REQUEST_QUERY",
                    "parameters": ["userid", "name"],
                    "policy": "KEEP_LEFT:4",
                }
            ]
        ],
    )
    """What is masked."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a logMask plugin may not say."""
        names = [rule.name for rule in self.rules]
        yield from once_problems((*path, "rules"), names, "a rule's name")
        for index, rule in enumerate(self.rules):
            where = (*path, "rules", index)
            in_body = rule.location.endswith("BODY")
            for key, value, meant in (
                ("parameters", rule.parameters or None, not in_body),
                ("matchMode", rule.match_mode, in_body),
            ):
                if meant and value is None:
                    rule_ = f"with {rule.location}, {key} says what is masked"
                    example = "[userid]" if key == "parameters" else "EMAIL"
                    yield Problem((*where, key), None, rule_, f"add {key}: {example}")
                elif not meant and value is not None:
                    rule_ = f"{key} means nothing with {rule.location}"
                    yield Problem((*where, key), value, rule_, f"remove {key}")
            if not _POLICY.fullmatch(rule.policy):
                rule_ = "a policy is ALL, KEEP_LEFT:4, KEEP_RIGHT:4 or KEEP_CENTER:4,5"
                yield Problem((*where, "policy"), rule.policy, rule_, "write one of them")

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """On the shared instance, which doesn't log requests, it does nothing."""
        if api.dedicated is False:
            name = str(path[-2])
            rule = "logs are masked on dedicated instances alone"
            yield Problem(at, name, rule, f"add instance, or remove {name} here")
