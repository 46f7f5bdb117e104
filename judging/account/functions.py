"""The functions of an account, and what calls them from outside beside API Gateway.

Source: Function Compute 3.0, the pages of the actions below, "GetFunctionCode", "HTTP triggers" and
"Custom domains".
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from judging.account.reading import Listing, Pages, Reader, text_of
from judging.preview import entries_of, items_of

__all__ = ["FUNCTIONS", "LISTINGS", "Door", "Function", "functions_of", "where_code_is"]

_ROOT: Final = "/2023-03-30"
FUNCTIONS: Final = Listing(
    "fc", "ListFunctions", ("functions",), Pages.CHAINED, f"{_ROOT}/functions"
)
_TRIGGERS: Final = Listing(
    "fc",
    "ListTriggers",
    ("triggers",),
    Pages.CHAINED,
    f"{_ROOT}/functions/{{functionName}}/triggers",
    of="functionName",
)
_DOMAINS: Final = Listing(
    "fc", "ListCustomDomains", ("customDomains",), Pages.CHAINED, f"{_ROOT}/custom-domains"
)
_CODE: Final = Listing(
    "fc",
    "GetFunctionCode",
    (),
    Pages.ONE,
    f"{_ROOT}/functions/{{functionName}}/code",
    of="functionName",
)
LISTINGS: Final = (FUNCTIONS, _TRIGGERS, _DOMAINS)
"""All that is asked for, but for code: whoever sees what an account opens needn't see that."""

_NOBODY: Final = "anonymous"
"""What a trigger calls it when it asks nobody who they are; a domain leaves it out."""


@dataclass(frozen=True)
class Door:
    """An address on the internet by which a function is called."""

    address: str
    by: str
    """The trigger's name, or the domain."""

    asks: bool
    """Whether it asks who calls. A domain that doesn't leads to the trigger, which may."""


@dataclass(frozen=True)
class Function:
    """A function."""

    id: str
    """Its resource name: there are others of its name in other regions."""

    region: str
    name: str
    runtime: str
    vpc: str
    """The network that it reaches; empty of none."""

    doors: tuple[Door, ...]


def functions_of(reader: Reader, region: str, vpc: str = "") -> tuple[Function, ...]:
    """The functions of a region, or of one network in it.

    Raises:
        UnreadError: they couldn't be read to their end.
    """
    told = reader.listed(FUNCTIONS, region)
    domains = reader.listed(_DOMAINS, region) if told else []
    every = (_function(reader, region, one, domains) for one in told if vpc in {"", _network(one)})
    return tuple(every)


def where_code_is(reader: Reader, region: str, function: str) -> str:
    """The address that a function's code can be had from for a while, as a ZIP file.

    Empty, and a gap, where the right to it is missing.

    Raises:
        UnreadError: the cloud didn't say.
    """
    return text_of(reader.told(_CODE, region, functionName=function), "url")


def _network(answer: Mapping[str, Any]) -> str:
    return text_of(entries_of(answer.get("vpcConfig")), "vpcId")


def _function(
    reader: Reader, region: str, answer: Mapping[str, Any], domains: list[Mapping[str, Any]]
) -> Function:
    name = text_of(answer, "functionName")
    triggers = reader.listed(_TRIGGERS, region, functionName=name)
    return Function(
        id=text_of(answer, "functionArn"),
        region=region,
        name=name,
        runtime=text_of(answer, "runtime"),
        vpc=_network(answer),
        doors=(*_by_trigger(triggers), *_by_domain(name, domains)),
    )


def _by_trigger(triggers: list[Mapping[str, Any]]) -> Iterator[Door]:
    for trigger in triggers:
        address = text_of(entries_of(trigger.get("httpTrigger")), "urlInternet")
        config = _config(text_of(trigger, "triggerConfig"))
        if address and config.get("disableURLInternet") is not True:
            asks = text_of(config, "authType") != _NOBODY
            yield Door(address, text_of(trigger, "triggerName"), asks)


def _config(text: str) -> Mapping[str, Any]:
    """What a trigger says of itself, which it tells as a text of JSON."""
    try:
        return entries_of(json.loads(text or "{}"))
    except ValueError:
        return {}


def _by_domain(function: str, domains: list[Mapping[str, Any]]) -> Iterator[Door]:
    for domain in domains:
        name = text_of(domain, "domainName")
        asks = text_of(entries_of(domain.get("authConfig")), "authType") not in {"", _NOBODY}
        for route in map(entries_of, items_of(entries_of(domain.get("routeConfig")).get("routes"))):
            if text_of(route, "functionName") == function:
                yield Door(f"{name}{text_of(route, 'path')}", name, asks)
