"""The errorMapping plugin: a backend's answers that are errors become answers that say so.

API Gateway, "Error code mapping plug-in". It runs on answers, so that its parameters come from the
answer, and `errorCode` names one of them.
"""

from collections.abc import Iterator

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem, choose_from
from topologies.api_gateway.backends.settings import StatusCode
from topologies.api_gateway.plugins.base import (
    Expressions,
    Parameters,
    Phase,
    PluginKind,
    error_status_problems,
    header_name_problems,
    placeholder_problems,
)


class DefaultMapping(Model):
    """The answer that a client gets. `${name}` stands for a parameter's value."""

    status_code: StatusCode = Field(examples=[500])
    """The HTTP status."""

    error_message: str | None = Field(default=None, examples=["Unknown error, ${resultCode}"])
    """The text of the header X-Ca-Error-Message."""

    response_headers: dict[str, str] = Field(
        default_factory=dict[str, str], examples=[{"Content-Type": "application/json"}]
    )
    """Headers of the answer."""

    response_body: str | None = Field(default=None, examples=['{"code": "${resultCode}"}'])
    """The body of the answer."""


class ErrorMapping(DefaultMapping):
    """An answer for one code, or one condition. `${name}` stands for a parameter's value."""

    code: str | None = Field(default=None, examples=["ROLE_NOT_EXISTS"])
    """The value of the parameter that `errorCode` names; or give `condition`."""

    condition: str | None = Field(default=None, examples=["$statusCode = 503"])
    """When this answer is given; or give `code`."""

    status_code: StatusCode = Field(examples=[404])
    """The HTTP status."""


class ErrorMappingSettings(PluginKind):
    """Which answers of a backend are errors, and what clients get instead."""

    parameters: Parameters = Field(
        min_length=1,
        examples=[{"statusCode": "StatusCode", "resultCode": "BodyJsonField:$.result_code"}],
    )
    """Names for use below, each with where its value comes from in the answer."""

    error_condition: str = Field(examples=["$statusCode = 200 and $resultCode <> 'OK'"])
    """When an answer is an error."""

    error_code: str | None = Field(default=None, examples=["resultCode"])
    """The name of the parameter that the `code` of a mapping is compared with."""

    mappings: list[ErrorMapping] = Field(
        min_length=1, examples=[[{"code": "ROLE_NOT_EXISTS", "statusCode": 404}]]
    )
    """Answers in the order in which they are tried."""

    default_mapping: DefaultMapping | None = Field(default=None, examples=[{"statusCode": 500}])
    """The answer where none of the mappings fits; the backend's own unless given."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that an errorMapping plugin may not say."""
        declared = self.parameters
        if self.error_code is not None and self.error_code not in declared:
            rule = "errorCode names one of parameters"
            remedy = choose_from(self.error_code, declared, "parameter")
            yield Problem((*path, "errorCode"), self.error_code, rule, remedy)
        codes: set[str] = set()
        for index, mapping in enumerate(self.mappings):
            where = (*path, "mappings", index)
            yield from _mapping_problems(where, mapping, self)
            if mapping.code is not None and mapping.code in codes:
                rule = "a code is mapped once: the first mapping is taken"
                yield Problem((*where, "code"), mapping.code, rule, "remove one of the two")
            codes |= {mapping.code} if mapping.code is not None else set()
            yield from _answer_problems(where, mapping, declared)
        if self.default_mapping is not None:
            where = (*path, "defaultMapping")
            yield from _answer_problems(where, self.default_mapping, declared)

    def expressions(self, path: KeyPath) -> Expressions:
        """What an errorMapping plugin asks of answers."""
        conditions: list[tuple[KeyPath, str]] = [((*path, "errorCondition"), self.error_condition)]
        conditions += [
            ((*path, "mappings", index, "condition"), mapping.condition)
            for index, mapping in enumerate(self.mappings)
            if mapping.condition is not None
        ]
        return Expressions(self.parameters, conditions, (*path, "parameters"), Phase.ANSWER)


def _mapping_problems(
    path: KeyPath, mapping: ErrorMapping, settings: ErrorMappingSettings
) -> Iterator[Problem]:
    if (mapping.code is None) == (mapping.condition is None):
        rule = "a mapping is for one code, or for one condition"
        yield Problem(path, None, rule, "give one of the two: code or condition")
    if mapping.code is not None and settings.error_code is None:
        rule = "a code is compared with the parameter that errorCode names"
        first = next(iter(settings.parameters), "code")
        remedy = f"add errorCode: {first}, or give a condition instead"
        yield Problem((*path, "code"), mapping.code, rule, remedy)


def _answer_problems(
    path: KeyPath, answer: DefaultMapping, declared: Parameters
) -> Iterator[Problem]:
    yield from error_status_problems((*path, "statusCode"), answer.status_code)
    for key, text in (
        ("errorMessage", answer.error_message),
        ("responseBody", answer.response_body),
        *((f"responseHeaders.{name}", value) for name, value in answer.response_headers.items()),
    ):
        yield from placeholder_problems((*path, *key.split(".", 1)), text, declared)
    yield from header_name_problems((*path, "responseHeaders"), answer.response_headers)
