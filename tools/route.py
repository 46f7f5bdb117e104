"""`make route`: which backend a request would reach, without sending it.

Judges the stack file first. The answer is the gateway's decision as its documents describe it.
Exit codes: 0 answered, 2 the stack file was refused, 1 anything else.
"""

import argparse
import sys
from urllib.parse import parse_qsl, urlsplit

from stack.command_line import DONE, ROOT, add_stack_options, command
from stack.problems import NotDoneError, choose_from
from stack.stack_file import StackFile
from stack.target import Target, target
from topologies import TOPOLOGIES
from topologies.api_gateway.apis.rules import route_of, routing_of
from topologies.api_gateway.apis.settings import ApiSettings, app_in_condition, path_values
from topologies.api_gateway.backends.settings import Method
from topologies.api_gateway.conditions.evaluation import Request
from topologies.api_gateway.settings import ApiGatewaySettings
from topologies.api_gateway.views import backend_text, branch_backend

TOPOLOGY = "api-gateway"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("url", help="path and query: /web/page?clientVersion=1.9")
    add_stack_options(parser)
    parser.add_argument("--method", default="GET", help="GET unless given")
    parser.add_argument("--header", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--claim", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--ip", help="where it comes from")
    parser.add_argument("--app", help="the id of the app that sends it")


@command("route", __doc__, _options)
def main(options: argparse.Namespace) -> int:
    """Answer for the request of the command line; returns the exit code."""
    section = _section(target(options.stack, options.config, ROOT))
    print(answer(section, options))
    return DONE


def _section(wanted: Target) -> ApiGatewaySettings:
    settings = StackFile(wanted.file, wanted.stack, TOPOLOGIES).settings
    section = settings.sections.get(TOPOLOGY)
    if not isinstance(section, ApiGatewaySettings):
        raise NotDoneError(f"{wanted.file} doesn't choose the topology {TOPOLOGY}")
    return section


def answer(section: ApiGatewaySettings, options: argparse.Namespace) -> str:
    """What the request of a command line reaches, in one line.

    Raises:
        NotDoneError: no API takes it, or it isn't a request.
    """
    url: str = options.url
    app: str = options.app
    parts = urlsplit(url)
    name, api, parameters = _api(section, options.method, parts.path)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    request = Request(
        method=options.method,
        path=parts.path,
        query=query,
        headers=dict(_pair(text) for text in options.header),
        parameters=parameters | {key: one for key, one in query.items() if key in api.parameters},
        claims=dict(_pair(text) for text in options.claim),
        client_ip=options.ip or None,
        app_id=app_in_condition(app) if app in section.apps else app or None,
    )
    route = route_of(section, api, request)
    if route is None:
        return f"{name}: default → {backend_text(api.backend)}"
    routing = routing_of(section, api)
    reached = routing.sharing(route) if routing is not None else [route]
    told = (f"{one.name} → {branch_backend(one.backend)}" for one in reached)
    return f"{name}: {' or '.join(told)}"


def _api(
    section: ApiGatewaySettings, method: str, path: str
) -> tuple[str, ApiSettings, dict[str, str]]:
    """The API that takes a request, and what its path says."""
    for name, api in section.apis.items():
        values = path_values(section.path_of(api), path)
        if values is not None and api.method.value in {method, Method.ANY.value}:
            return name, api, values
    known = [f"{api.method.value} {section.path_of(api)}" for api in section.apis.values()]
    message = f"no API takes {method} {path}: " + choose_from(f"{method} {path}", known, "request")
    raise NotDoneError(message)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise NotDoneError(f"{text} isn't a name and a value: write it as userId=120")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
