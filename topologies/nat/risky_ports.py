"""Ports that shouldn't be open to the whole internet by accident.

The list joins what public rule sets for Alibaba Cloud check (remote administration, file sharing,
databases, caches, consoles). A mapping's ports are compared as ranges: 20-30 contains 22.
"""

from collections.abc import Iterator

from stack.ports import PortRange
from topologies.nat.settings import Protocol

_TCP = {
    22: "SSH",
    23: "Telnet",
    135: "RPC",
    139: "NetBIOS",
    445: "SMB",
    1433: "SQL Server",
    1521: "Oracle",
    2375: "Docker",
    2379: "etcd",
    3306: "MySQL",
    3389: "RDP",
    5432: "PostgreSQL",
    5900: "VNC",
    6379: "Redis",
    8080: "HTTP consoles",
    8443: "HTTPS consoles",
    9200: "Elasticsearch",
    11211: "Memcached",
    27017: "MongoDB",
}
_UDP = {161: "SNMP", 389: "LDAP", 1900: "SSDP", 11211: "Memcached"}
_BY_PROTOCOL = {Protocol.TCP: _TCP, Protocol.UDP: _UDP}


def risky(protocol: Protocol, ports: PortRange) -> Iterator[str]:
    """The risky services among some public ports, as "22 (SSH)"."""
    for port, service in risky_services(protocol, ports):
        yield f"{port} ({service})"


def risky_services(protocol: Protocol, ports: PortRange) -> Iterator[tuple[int, str]]:
    """The risky ports among some public ones, with the service that each is known for."""
    for port, service in _BY_PROTOCOL.get(protocol, {}).items():
        if ports.first <= port <= ports.last:
            yield port, service
