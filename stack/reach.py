"""What a topology tells about itself: who is reachable from where, and who leaves by what.

These are facts of the settings, known before anything exists. `make plan` prints them, and the
stack exports them beside the addresses that the cloud gave out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from stack.ports import PortRange, provider_text


@dataclass(frozen=True)
class PublicIp:
    """A public address by its name in the stack file."""

    name: str
    spare: bool
    address: str | None = None
    """The address itself, where the stack file uses one that exists."""


@dataclass(frozen=True)
class Exposure:
    """One way in: what arrives at a public address, and where it goes."""

    mapping: str
    public_ip: str
    protocol: str
    """As the provider takes it: `any`, `tcp`, `udp`."""

    port: PortRange | None
    """None of a whole address: every port."""

    host: str
    host_ip: str
    host_port: PortRange | None

    @property
    def document(self) -> dict[str, str]:
        """As the plan's JSON says it and the stack puts it out: in the provider's words."""
        return {
            "mapping": self.mapping,
            "publicIp": self.public_ip,
            "protocol": self.protocol,
            "port": provider_text(self.port),
            "host": self.host,
            "hostIp": self.host_ip,
            "hostPort": provider_text(self.host_port),
        }


@dataclass(frozen=True)
class Egress:
    """One way out: the addresses that a source (vSwitch or CIDR) leaves by."""

    name: str
    source: str
    public_ips: tuple[str, ...]
    gateway: str
    """The section whose NAT gateway it goes through: sharedBandwidth."""


@dataclass(frozen=True)
class OpenPort:
    """What a security group lets in."""

    name: str
    protocol: str
    port: PortRange
    source: str
    """The range that may come in; 0.0.0.0/0 is everyone."""


@dataclass(frozen=True)
class Server:
    """A server that is reached on its own and leaves with the others."""

    name: str
    host: str
    host_ip: str
    """Its first address, which it leaves by."""

    eni_vswitch: str
    """The name of the vSwitch that its second network interface lies in."""

    eni_ip: str | None
    """That interface's address, which it is reached on; None where the cloud picks it."""

    public_ips: tuple[str, ...]
    """Names of its own public addresses, the first interface address's first."""

    open_ports: tuple[OpenPort, ...]
    security_groups: tuple[str, ...]
    """Ids of security groups that exist and decide instead of `open_ports`."""

    egress: str
    """The name of the egress that it leaves by."""

    egress_ips: tuple[str, ...]
    """Names of the public addresses that it leaves by."""

    ssh_user: str | None
    """Who logs in; None where SSH stays closed."""

    ssh_port: int


@dataclass(frozen=True)
class InsideWay:
    """A way to a host from inside the cloud: a load balancer's, or API Gateway's."""

    host: str
    protocol: str
    port: int
    source: str
    """The range that it comes from."""


@dataclass(frozen=True)
class Branch:
    """Requests of an API that go elsewhere."""

    name: str
    condition: str
    backend: str
    share: str
    """Which part of all users (by weights, of requests) that is, where it can be told: "1/5"; empty
    otherwise."""

    @property
    def told_share(self) -> str:
        """The share in words; a condition that asks for nothing doesn't tell users apart."""
        whom = "users" if "$" in self.condition else "requests"
        return f"{self.share} of {whom}" if self.share else ""


@dataclass(frozen=True)
class ApiRoute:
    """One API: what clients call, and where it goes."""

    name: str
    group: str
    domain: str
    """What is known of the domain: "public", "intranet", or both with a comma."""

    protocol: str
    method: str
    path: str
    auth: str
    apps: tuple[str, ...]
    plugins: tuple[str, ...]
    backend: str
    """Where requests go: a URL, vpc:<access>:<path>, function:<name> or mock."""

    branches: tuple[Branch, ...]
    """Requests that go elsewhere, in the order in which they are asked for."""

    stage: str


@dataclass(frozen=True)
class Authorization:
    """One port inside a VPC that API Gateway may call, and the servers behind it."""

    name: str
    vpc: str | None
    """The id of a VPC that the stack file knows no more of."""

    network: str | None
    """The name of the network; None is the name of the stack's own."""

    target: str
    """What the port is of: "host ecs1", "load balancer ingress", or an id or address."""

    port: int
    servers: tuple[tuple[str, int], ...]
    """Hosts by name, each with the port that it serves on; none where only the cloud knows them."""


@dataclass(frozen=True)
class Hop:
    """What lies on a way inside."""

    text: str
    region: str | None = None
    """Where it lies, if in one region."""


@dataclass(frozen=True)
class PrivatePath:
    """Who reaches an API without the internet."""

    source: str
    """Who asks: "function caller", "networks.beijing", "data centre office"."""

    api: str
    hops: tuple[Hop, ...]
    """What lies between, as far as it goes; the last one is the API's backend."""

    broken: str | None
    """What is in the way; None where nothing is."""

    @property
    def document(self) -> dict[str, object]:
        """As the plan's JSON says it."""
        hops = [hop.text for hop in self.hops]
        return {"source": self.source, "api": self.api, "hops": hops, "broken": self.broken}


@dataclass(frozen=True)
class SupportRequest:
    """What no resource can do: a call that the cloud's support makes, or lets the account make."""

    name: str
    command: str
    """The call, as the cloud's command line takes it; ids that aren't known yet end in "…"."""


@dataclass(frozen=True)
class Reach:
    """Everything that a topology opens, in or out."""

    public_ips: tuple[PublicIp, ...] = ()
    exposure: tuple[Exposure, ...] = ()
    egress: tuple[Egress, ...] = ()
    servers: tuple[Server, ...] = ()
    apis: tuple[ApiRoute, ...] = ()
    inside: tuple[InsideWay, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    paths: tuple[PrivatePath, ...] = ()
    requests: tuple[SupportRequest, ...] = ()

    def standing(self, outputs: Mapping[str, Any]) -> "Reach":
        """The same, with the addresses and ids that a stack which stands puts out."""
        addresses: Mapping[str, str] = outputs.get("publicIps", {})
        commands: Mapping[str, str] = outputs.get("serviceRequests", {})
        return replace(
            self,
            public_ips=tuple(replace(ip, address=addresses.get(ip.name)) for ip in self.public_ips),
            requests=tuple(
                replace(one, command=commands.get(one.name, one.command)) for one in self.requests
            ),
        )

    def __add__(self, other: "Reach") -> "Reach":
        """Both together."""
        return Reach(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(self))
        )
