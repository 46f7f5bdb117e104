"""Words that the plan's forms for people share: the tables and the flowchart."""

from stack.reach import OpenPort, Server
from topologies.unified_egress.settings import EVERYONE


def open_ports(server: Server, before_source: str = " ") -> list[str]:
    """What a server lets in, an entry each: `tcp 443`, `tcp 22 from 203.0.113.0/24`.

    Args:
        server: the server.
        before_source: what stands between `from` and the range, such as a line break.
    """
    if server.security_groups:
        *others, last = server.security_groups
        if not others:
            return [f"as {last} says"]
        return [f"as {others[0]}", *others[1:], f"and {last} say"]
    return [_open_port(port, before_source) for port in server.open_ports] or ["none"]


def lets_in(server: Server) -> bool:
    """Whether anything may come in; security groups that exist can't be looked into here."""
    return bool(server.open_ports or server.security_groups)


def _open_port(port: OpenPort, before_source: str) -> str:
    what = f"{port.protocol} {port.port}"
    return what if port.source == EVERYONE else f"{what} from{before_source}{port.source}"
