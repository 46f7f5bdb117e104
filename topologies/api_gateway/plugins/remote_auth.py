"""The remoteAuth plugin: a service of yours says which requests get through.

API Gateway, "Third-party authentication plug-in", which writes the parameters of its condition in
braces. Of a service inside a VPC it shows no address, so only public ones are taken. Answers are
kept by the API and the values of `authParameters`: whatever else the service goes by is not looked
at again until an answer has aged.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from stack.model import Model
from stack.problems import KeyPath, Problem
from topologies.api_gateway.backends.settings import BODILESS, StatusCode
from topologies.api_gateway.conditions.parser import in_braces
from topologies.api_gateway.plugins.backends import address_problems, path_problems
from topologies.api_gateway.plugins.base import (
    Data,
    Expressions,
    Parameters,
    Phase,
    PluginKind,
    documented,
    error_status_problems,
    header_problems,
)

LONGEST_AUTH_TIMEOUT = 10_000  # milliseconds
LONGEST_KEPT = 600  # seconds

_AUTHORIZATION = "authorization"
_IN_A_VPC = (
    "how the address of a service in a VPC is written isn't documented; what is known can be "
    "written as it is, in other: {type: remoteAuth, data: …}"
)

AuthUriType = Literal["HTTP", "HTTP-VPC"]


AuthMethod = Literal["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]


AuthLocation = Literal["header", "query", "form"]


class AuthUri(Model):
    """Where the service is asked."""

    not_offered = _IN_A_VPC

    address: str = Field(examples=["https://auth.example.com:8443"])
    """Protocol, host and port, without a path."""

    path: str = Field(examples=["/auth"])
    """The path."""

    timeout: Annotated[int, Field(ge=1, le=LONGEST_AUTH_TIMEOUT, examples=[7000])]
    """Milliseconds that it may take; at most 10,000."""

    method: AuthMethod = Field(examples=["POST"])
    """The method that it is asked with."""


class AuthParameter(Model):
    """Something of the request that the service is told."""

    target_parameter_name: str = Field(min_length=1, examples=["x-userId"])
    """Its name towards the service."""

    source_parameter_name: str = Field(min_length=1, examples=["userId"])
    """Its name in the request."""

    target_location: AuthLocation = Field(examples=["form"])
    """Its place towards the service: header, query or form."""

    source_location: AuthLocation = Field(examples=["query"])
    """Its place in the request: header, query or form."""


class RemoteAuthSettings(PluginKind):
    """Which service is asked, what it is told, and which of its answers let a request through."""

    parameters: Parameters = Field(min_length=1, examples=[{"statusCode": "StatusCode"}])
    """Names for use in the condition, each with where its value comes from in the answer."""

    auth_uri_type: AuthUriType = "HTTP"
    """HTTP: the service has a public address. One in a VPC is written in `other`."""

    auth_uri: AuthUri = Field(
        examples=[
            {
                "address": "https://auth.example.com:8443",
                "path": "/auth",
                "timeout": 7000,
                "method": "POST",
            }
        ]
    )
    """Where the service is asked."""

    pass_through_body: bool = False
    """Whether it gets the body of the request."""

    pass_through_path: bool = False
    """Whether it gets the path of the request, in the header X-Ca-Remote-Auth-Raw-Path."""

    cached_time_by_second: Annotated[int, Field(ge=1, le=LONGEST_KEPT, examples=[10])] | None = None
    """Seconds for which an answer is kept, for requests to the same API whose `authParameters` have
    the same values; at most 600. None is kept unless given."""

    trim_authorization_header_prefix: bool = False
    """Of a header `Authorization: bearer x`, whether the service gets `x` alone."""

    auth_parameters: list[AuthParameter] = Field(
        default_factory=list[AuthParameter],
        examples=[
            [
                {
                    "targetParameterName": "x-userId",
                    "sourceParameterName": "userId",
                    "targetLocation": "form",
                    "sourceLocation": "query",
                }
            ]
        ],
    )
    """What of the request it is told."""

    success_condition: str = Field(examples=["${statusCode} = 200"])
    """Which answers let a request through; `${name}`, or `$name`, is one of `parameters`."""

    error_message: str | None = Field(default=None, examples=["auth failed"])
    """The text of a refusal, in the header X-Ca-Error-Message."""

    error_status_code: StatusCode | None = Field(default=None, examples=[401])
    """The HTTP status of a refusal."""

    error_pass_through_header_list: list[str] = Field(
        default_factory=list[str], examples=[["WWW-Authenticate"]]
    )
    """Headers of the service's answer that a refusal has, too."""

    def problems(self, path: KeyPath) -> Iterator[Problem]:
        """Everything that a remoteAuth plugin may not say."""
        if self.auth_uri_type != "HTTP":
            rule = "a service that is asked has a public address here"
            yield Problem((*path, "authUriType"), self.auth_uri_type, rule, _IN_A_VPC)
        yield from address_problems((*path, "authUri", "address"), self.auth_uri.address)
        yield from path_problems((*path, "authUri", "path"), self.auth_uri.path)
        if self.cached_time_by_second is not None and not self.auth_parameters:
            rule = (
                "answers are kept by the values of authParameters: without any, what one caller "
                "is answered holds for all of them"
            )
            remedy = "name in authParameters what tells callers apart, or remove cachedTimeBySecond"
            where = (*path, "cachedTimeBySecond")
            yield Problem(where, self.cached_time_by_second, rule, remedy)
        yield from _parameter_problems((*path, "authParameters"), self.auth_parameters)
        yield from error_status_problems((*path, "errorStatusCode"), self.error_status_code)
        headers = (*path, "errorPassThroughHeaderList")
        yield from header_problems(headers, self.error_pass_through_header_list)

    def warnings(self, path: KeyPath) -> Iterator[Problem]:
        """What a remoteAuth plugin may say, and opens doors, or does nothing."""
        address, method = self.auth_uri.address, self.auth_uri.method
        if address.lower().startswith("http://"):
            rule = "over http, what callers prove themselves with can be read on its way"
            remedy = f"write https://{address[len('http://') :]}, with the port that it has there"
            yield Problem((*path, "authUri", "address"), address, rule, remedy)
        if not self.auth_parameters and not self.pass_through_body:
            rule = "the service learns nothing of who calls"
            remedy = "name in authParameters what callers prove themselves with"
            yield Problem((*path, "authParameters"), None, rule, remedy)
        for key, on, what in (
            ("passThroughBody", self.pass_through_body, "body"),
            ("passThroughPath", self.pass_through_path, "path"),
        ):
            if on and self.cached_time_by_second is not None:
                rule = f"an answer that is kept lets a request through whatever its {what}"
                remedy = f"remove cachedTimeBySecond, if the service goes by the {what}"
                yield Problem((*path, key), True, rule, remedy)  # noqa: FBT003 - the value
        in_form = any(one.target_location == "form" for one in self.auth_parameters)
        if method in BODILESS and (in_form or self.pass_through_body):
            rule = f"a request with {method} has no body for what the service is told"
            yield Problem((*path, "authUri", "method"), method, rule, "write POST")
        if self.trim_authorization_header_prefix and not any(
            one.source_location == "header" and one.source_parameter_name.lower() == _AUTHORIZATION
            for one in self.auth_parameters
        ):
            rule = "the header Authorization isn't among authParameters, so that nothing is trimmed"
            remedy = "add it there, or remove trimAuthorizationHeaderPrefix"
            where = (*path, "trimAuthorizationHeaderPrefix")
            yield Problem(where, True, rule, remedy)  # noqa: FBT003 - the value

    def expressions(self, path: KeyPath) -> Expressions:
        """What a remoteAuth plugin asks of the service's answer."""
        conditions = [((*path, "successCondition"), self.success_condition)]
        where = (*path, "parameters")
        return Expressions(self.parameters, conditions, where, Phase.ANSWER, braces=True)

    def written(self) -> Data:
        """A remoteAuth plugin as the gateway documents it: its list of headers is a text."""
        data = documented(self)
        data["successCondition"] = in_braces(self.success_condition)
        if self.error_pass_through_header_list:
            data["errorPassThroughHeaderList"] = ",".join(self.error_pass_through_header_list)
        return data


def _parameter_problems(path: KeyPath, parameters: list[AuthParameter]) -> Iterator[Problem]:
    taken: dict[tuple[AuthLocation, str], str] = {}
    for index, one in enumerate(parameters):
        for key, location, name in (
            ("sourceParameterName", one.source_location, one.source_parameter_name),
            ("targetParameterName", one.target_location, one.target_parameter_name),
        ):
            for problem in header_problems((), [name] if location == "header" else ()):
                yield Problem((*path, index, key), name, problem.rule, "write it as X-User-Id")
        name, location = one.target_parameter_name, one.target_location
        place = (location, name.casefold() if location == "header" else name)
        if place in taken:
            rule = f"a parameter has one value; {taken[place]} is put there already"
            yield Problem(
                (*path, index, "targetParameterName"), name, rule, "rename one of the two"
            )
        taken.setdefault(place, one.source_parameter_name)
