"""The transformer plugin: requests and answers are changed on their way, on dedicated instances.

API Gateway, "Transformer plug-ins". What a request gets may be a secret.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from stack.secrets import TextOrSecret
from topologies.api_gateway.backends.settings import StatusCode
from topologies.api_gateway.plugins.base import (
    BoundApi,
    Data,
    DataValue,
    PluginKind,
    SecretRef,
    documented,
)

ChangedLocation = Literal["header", "query", "form"]


class RequestParameter(Model):
    """A parameter of requests."""

    name: str = Field(examples=["userId"])
    """Its name."""

    location: ChangedLocation = Field(examples=["query"])
    """header, query or form."""


class SetParameter(RequestParameter):
    """A parameter of requests, with a value."""

    value: TextOrSecret = Field(examples=["123456"])
    """Its value; a secret, where the backend takes it for a key."""


class ResponseHeader(Model):
    """A header of answers."""

    name: str = Field(examples=["phone"])
    """Its name."""


class SetHeader(ResponseHeader):
    """A header of answers, with a value."""

    value: str = Field(examples=["public"])
    """Its value."""


class TransformerSettings(PluginKind):
    """Requests and answers are changed on their way."""

    add_request_parameter_if_absent: list[SetParameter] = Field(
        default_factory=list[SetParameter],
        examples=[[{"name": "userId", "location": "query", "value": "123456"}]],
    )
    """What requests get that don't have it."""

    put_request_parameter: list[SetParameter] = Field(
        default_factory=list[SetParameter],
        examples=[[{"name": "x-door", "location": "header", "value": "public"}]],
    )
    """What all requests get, whatever they have."""

    remove_request_parameter: list[RequestParameter] = Field(
        default_factory=list[RequestParameter],
        examples=[[{"name": "address", "location": "form"}]],
    )
    """What is taken from requests."""

    set_response_status_code: StatusCode | None = Field(default=None, examples=[200])
    """The status of every answer."""

    add_response_header_if_absent: list[SetHeader] = Field(
        default_factory=list[SetHeader], examples=[[{"name": "age", "value": "18"}]]
    )
    """Headers that answers get that don't have them."""

    put_response_header: list[SetHeader] = Field(
        default_factory=list[SetHeader], examples=[[{"name": "x-door", "value": "public"}]]
    )
    """Headers that all answers get, whatever they have."""

    remove_response_header: list[ResponseHeader] = Field(
        default_factory=list[ResponseHeader], examples=[[{"name": "phone"}]]
    )
    """Headers that are taken from answers."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a transformer plugin may not say."""
        if not documented(self):
            rule = "a transformer changes something"
            remedy = "add putRequestParameter: [{name: x-door, location: header, value: public}]"
            yield Problem(path, None, rule, remedy)

    def binding_warnings(self, path: KeyPath, at: KeyPath, api: BoundApi) -> Iterator[Problem]:
        """On the shared instance it does nothing."""
        if api.dedicated is False:
            name = str(path[-2])
            rule = "requests and answers are changed on dedicated instances alone"
            yield Problem(at, name, rule, f"add instance, or remove {name} here")

    def written(self) -> Data:
        """A transformer plugin as the gateway documents it; its secrets as references."""
        data = documented(self)
        for key, parameters in (
            ("addRequestParameterIfAbsent", self.add_request_parameter_if_absent),
            ("putRequestParameter", self.put_request_parameter),
        ):
            if parameters:
                data[key] = _with_values(key, parameters)
        return data


def _with_values(key: str, parameters: Sequence[SetParameter]) -> list[DataValue]:
    return [
        {
            "name": one.name,
            "value": one.value if isinstance(one.value, str) else SecretRef((key, index, "value")),
            "location": one.location,
        }
        for index, one in enumerate(parameters)
    ]
