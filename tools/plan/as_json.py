"""The plan as one JSON document, for pipelines. Its keys are a promise: add, never rename."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from stack.problems import Problem, dotted
from stack.reach import ApiRoute, Egress, PrivatePath, Server
from tools.plan.plan import Plan


def plan_json(plan: Plan) -> str:
    """The whole document, indented, ending in a new line."""
    return json.dumps(plan_document(plan), indent=2, allow_nan=False) + "\n"


def plan_document(plan: Plan) -> dict[str, Any]:
    """The document as data."""
    return {
        "stack": plan.stack,
        "topologies": list(plan.topologies),
        "publicIps": [{"name": ip.name, "spare": ip.spare} for ip in plan.reach.public_ips],
        "exposure": [way.document for way in plan.reach.exposure],
        "egress": [_egress(way) for way in plan.reach.egress],
        "servers": [_server(server) for server in plan.reach.servers],
        "apis": [_api(route) for route in plan.reach.apis],
        "paths": [_path(path) for path in plan.reach.paths],
        "requests": [
            {"name": request.name, "command": request.command} for request in plan.reach.requests
        ],
        "resources": [
            {"type": one.type, "name": one.name, "parent": one.parent, "inputs": dict(one.inputs)}
            for one in plan.resources
        ],
        "problems": [problem_document(problem) for problem in plan.problems],
        "warnings": [problem_document(warning) for warning in plan.warnings],
    }


def _path(path: PrivatePath) -> dict[str, Any]:
    return {
        "source": path.source,
        "api": path.api,
        "hops": list(path.hops),
        "broken": path.broken,
    }


def _egress(way: Egress) -> dict[str, Any]:
    return {
        "name": way.name,
        "source": way.source,
        "publicIps": list(way.public_ips),
        "gateway": way.gateway,
    }


def _server(server: Server) -> dict[str, Any]:
    return {
        "name": server.name,
        "host": server.host,
        "hostIp": server.host_ip,
        "eniIp": server.eni_ip,
        "publicIps": list(server.public_ips),
        "openPorts": [
            {
                "name": port.name,
                "protocol": port.protocol,
                "port": port.port.text,
                "source": port.source,
            }
            for port in server.open_ports
        ],
        "securityGroups": list(server.security_groups),
        "egress": server.egress,
        "egressIps": list(server.egress_ips),
    }


def _api(route: ApiRoute) -> dict[str, Any]:
    return {
        "name": route.name,
        "group": route.group,
        "domain": route.domain,
        "protocol": route.protocol,
        "method": route.method,
        "path": route.path,
        "auth": route.auth,
        "apps": list(route.apps),
        "plugins": list(route.plugins),
        "backend": route.backend,
        "branches": [
            {"name": b.name, "condition": b.condition, "backend": b.backend, "share": b.share}
            for b in route.branches
        ],
        "stage": route.stage,
    }


def problem_document(problem: Problem) -> dict[str, Any]:
    """One problem or warning as data."""
    return {
        "path": dotted(problem.path),
        "line": problem.line,
        "value": _plain(problem.value),
        "rule": problem.rule,
        "remedy": problem.remedy,
    }


def _plain(value: object) -> object:
    """A value from a stack file as JSON can hold it."""
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return {str(key): _plain(item) for key, item in items}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
