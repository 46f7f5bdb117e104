"""Where a plugin's parameters come from: `userId: "Token:userId"` under `parameters`.

A plugin declares them once for all its routes, so they are judged apart from conditions.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stack.problems import did_you_mean
from topologies.api_gateway.conditions.syntax import DeclarationProblem, Severity


class Location(StrEnum):
    """Where a value is read."""

    METHOD = "Method"
    PATH = "Path"
    HEADER = "Header"
    QUERY = "Query"
    FORM = "Form"
    HOST = "Host"
    PARAMETER = "Parameter"
    SYSTEM = "System"
    TOKEN = "Token"  # noqa: S105 a place of a request, no password
    XFF = "XFF"
    STATUS_CODE = "StatusCode"
    ERROR_CODE = "ErrorCode"
    BODY_JSON = "BodyJson"


SYSTEM_PARAMETERS = frozenset(
    {
        "CaApiName",
        "CaAppExtendInfo",
        "CaAppId",
        "CaAppKey",
        "CaClientIp",
        "CaClientUa",
        "CaCloudMarketInstanceId",
        "CaDomain",
        "CaHttpSchema",
        "CaInstanceId",
        "CaProxy",
        "CaRequestHandleTime",
        "CaRequestId",
        "CaSourceVpcId",
        "CaStage",
    }
)
"""What the gateway knows of every request; conditions read these without declaring them."""

AFTER_THE_BACKEND = frozenset({Location.STATUS_CODE, Location.ERROR_CODE, Location.BODY_JSON})
NAMELESS = frozenset({Location.METHOD, Location.PATH, Location.STATUS_CODE, Location.ERROR_CODE})
NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9]+")
_INDEX = re.compile(r"-?[0-9]{1,4}")
_BY_FOLD = {location.value.casefold(): location for location in Location}
_BY_FOLD["bodyjsonfield"] = Location.BODY_JSON  # what the documentation calls it in its table


@dataclass(frozen=True, slots=True)
class Source:
    """A location, and the name looked for there; empty where the location has no names."""

    location: Location
    name: str


def source_of(text: str) -> Source | None:
    """The source that a declaration such as "Query:target" names; None for an unknown location."""
    location, _, name = text.partition(":")
    known = _BY_FOLD.get(location.strip().casefold())
    return None if known is None else Source(known, name.strip())


def token_parameters(declared: Mapping[str, str]) -> frozenset[str]:
    """The parameters that are read from a token: they need a jwtAuth plugin on the same API."""
    sources = {name: source_of(text) for name, text in declared.items()}
    return frozenset(
        name for name, source in sources.items() if source and source.location is Location.TOKEN
    )


def check_declarations(declared: Mapping[str, str]) -> Iterator[DeclarationProblem]:
    """Everything that is wrong with a plugin's parameters."""
    for name, text in declared.items():
        if not NAME.fullmatch(name):
            rule = "a parameter's name is a letter or _, then at least one letter or digit"
            letters = re.sub(r"[^a-zA-Z0-9]", "", name)
            remedy = f"call it {letters}" if NAME.fullmatch(letters) else "call it userId, say"
            yield DeclarationProblem(name, rule, remedy)
        if name in SYSTEM_PARAMETERS and source_of(text) != Source(Location.SYSTEM, name):
            rule = f"{name} is the name of a system parameter, which this declaration hides"
            yield DeclarationProblem(name, rule, "choose another name", Severity.WARNING)
        yield from _check_source(name, text)


def _check_source(name: str, text: str) -> Iterator[DeclarationProblem]:
    source = source_of(text)
    written = text.partition(":")[0].strip()
    if source is None:
        usable = [location.value for location in Location if location not in AFTER_THE_BACKEND]
        near = did_you_mean(written, usable)
        remedy = f"did you mean {near}?" if near else f"use one of {', '.join(usable)}"
        if written.casefold() == "cookie":
            remedy = "read Header:Cookie, and look for the cookie with like '%name=value%'"
        yield DeclarationProblem(name, f"{written or 'nothing'} is no location", remedy)
    elif source.location in AFTER_THE_BACKEND:
        rule = f"{source.location} is known once the backend has answered; routes are chosen before"
        yield DeclarationProblem(name, rule, "route by something of the request, such as a header")
    else:
        if written != source.location:
            rule = f"the documentation writes {source.location}"
            remedy = f"write {text.replace(written, source.location, 1).strip()}"
            yield DeclarationProblem(name, rule, remedy, Severity.WARNING)
        yield from _check_name(name, source)


def _check_name(parameter: str, source: Source) -> Iterator[DeclarationProblem]:
    location, name = source.location, source.name
    if location is Location.PATH and name:
        # The documentation's own example for another plugin has it ("path:userId").
        rule = "Path is the whole path; a parameter of the path is read from Parameter"
        remedy = f"write Parameter:{name}"
        yield DeclarationProblem(parameter, rule, remedy, Severity.WARNING)
    elif location in NAMELESS and name:
        yield DeclarationProblem(parameter, f"{location} has no names", f"write {location}")
    elif location is Location.XFF and not _INDEX.fullmatch(name):
        rule = "XFF takes the index of an address in X-Forwarded-For, from 0; -1 is the last"
        yield DeclarationProblem(parameter, rule, "write XFF:0 or XFF:-1")
    elif location not in NAMELESS and not name:
        rule = f"{location} needs the name of what is read there"
        yield DeclarationProblem(parameter, rule, f"write {location}:{parameter}")
    elif location is Location.SYSTEM and name not in SYSTEM_PARAMETERS:
        near = did_you_mean(name, SYSTEM_PARAMETERS)
        remedy = f"did you mean System:{near}?" if near else "check its name in the documentation"
        rule = f"{name} is no system parameter that we know of"
        yield DeclarationProblem(parameter, rule, remedy, Severity.WARNING)
