"""The accessControl plugin: requests are let through or refused by their parameters.

The gateway tries rules from the first to the last. A rule whose condition holds does what `ifTrue`
says, else what `ifFalse` says; ALLOW and DENY end it, and where a rule says neither, the next one
is tried. API Gateway, "Parameter-based access control plug-ins". Its data sets aren't offered.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from topologies.api_gateway.backends.settings import StatusCode
from topologies.api_gateway.plugins.base import (
    Expressions,
    Parameters,
    PluginKind,
    header_name_problems,
    placeholder_problems,
)

Decision = Literal["ALLOW", "DENY"]


class AccessRule(Model):
    """One rule. In the answer of a refusal, `${name}` stands for a parameter's value."""

    name: str = Field(examples=["admin"])
    """Its name, its own within the plugin."""

    condition: str = Field(examples=["$userType = 'admin'"])
    """What is asked; `$name` is one of `parameters`."""

    if_true: Decision | None = Field(default=None, examples=["ALLOW"])
    """What becomes of requests that fulfil it; the next rule decides unless given."""

    if_false: Decision | None = Field(default=None, examples=["DENY"])
    """What becomes of the others; the next rule decides unless given."""

    status_code: StatusCode | None = Field(default=None, examples=[403])
    """The status of a refusal."""

    error_message: str | None = Field(default=None, examples=["Path not match ${userId}"])
    """Its text, in the header X-Ca-Error-Message."""

    response_headers: dict[str, str] = Field(
        default_factory=dict[str, str], examples=[{"Content-Type": "application/xml"}]
    )
    """Its headers."""

    response_body: str | None = Field(default=None, examples=["<Reason>Not yours</Reason>"])
    """Its body."""

    @property
    def refuses(self) -> bool:
        """Whether it can refuse a request."""
        return "DENY" in (self.if_true, self.if_false)


class AccessControlSettings(PluginKind):
    """Rules that let requests through or refuse them."""

    parameters: Parameters = Field(
        min_length=1, examples=[{"userType": "Token:userType", "userId": "Token:userId"}]
    )
    """Names for use in conditions, each with where its value comes from."""

    rules: list[AccessRule] = Field(
        min_length=1,
        examples=[[{"name": "admin", "condition": "$userType = 'admin'", "ifFalse": "DENY"}]],
    )
    """The rules in the order in which they are tried."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that an accessControl plugin may not say."""
        names: set[str] = set()
        decided: str | None = None
        for index, rule in enumerate(self.rules):
            where = (*path, "rules", index)
            if rule.name in names:
                text = "a rule's name is its own within a plugin"
                yield Problem((*where, "name"), rule.name, text, "rename one of the two")
            names.add(rule.name)
            if decided is not None:
                text = f"this rule is never tried: {decided} before it decides on every request"
                yield Problem(where, None, text, f"move it before {decided}, or remove it")
            yield from _decision_problems(where, rule)
            yield from _answer_problems(where, rule, self.parameters)
            if decided is None and rule.if_true is not None and rule.if_false is not None:
                decided = rule.name

    def warnings(self, path: KeyPath) -> Iterator[Problem]:
        """What an accessControl plugin may say, and hardly means."""
        if not any(rule.refuses for rule in self.rules):
            text = "no rule refuses a request, so that everything gets through"
            yield Problem((*path, "rules"), None, text, "add ifFalse: DENY to the last rule")

    def expressions(self, path: KeyPath) -> Expressions:
        """What an accessControl plugin asks of requests."""
        conditions = [
            ((*path, "rules", index, "condition"), rule.condition)
            for index, rule in enumerate(self.rules)
        ]
        return Expressions(self.parameters, conditions, (*path, "parameters"))


def _decision_problems(path: KeyPath, rule: AccessRule) -> Iterator[Problem]:
    if rule.if_true is None and rule.if_false is None:
        text = "a rule says what becomes of a request"
        yield Problem((*path, "ifTrue"), None, text, "add ifTrue or ifFalse: ALLOW or DENY")
    elif not rule.refuses:
        for key, value in (
            ("statusCode", rule.status_code),
            ("errorMessage", rule.error_message),
            ("responseHeaders", rule.response_headers or None),
            ("responseBody", rule.response_body),
        ):
            if value is not None:
                text = f"{key} belongs to a refusal, and this rule refuses nothing"
                yield Problem((*path, key), value, text, f"remove {key}, or say DENY")


def _answer_problems(path: KeyPath, rule: AccessRule, declared: Parameters) -> Iterator[Problem]:
    yield from placeholder_problems((*path, "errorMessage"), rule.error_message, declared)
    yield from placeholder_problems((*path, "responseBody"), rule.response_body, declared)
    yield from header_name_problems((*path, "responseHeaders"), rule.response_headers)
    for name, value in rule.response_headers.items():
        yield from placeholder_problems((*path, "responseHeaders", name), value, declared)
