"""What a topology tells about itself: who is reachable from where, and who leaves by what.

These are facts of the settings, known before anything exists. `make plan` prints them, and the
stack exports them beside the addresses that the cloud gave out.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class PublicIp:
    """A public address by its name in the stack file."""

    name: str
    spare: bool
    address: str | None = None
    """The address itself, where the stack file uses one that exists."""


@dataclass(frozen=True)
class Exposure:
    """One way in: what arrives at a public address, and where it goes.

    Protocol and ports are as the provider takes them: `any`, `tcp`, `80`, `9000/9010`.
    """

    mapping: str
    public_ip: str
    protocol: str
    port: str
    host: str
    host_ip: str
    host_port: str


@dataclass(frozen=True)
class Egress:
    """One way out: the addresses that a source (vSwitch or CIDR) leaves by."""

    name: str
    source: str
    public_ips: tuple[str, ...]


@dataclass(frozen=True)
class Reach:
    """Everything that a topology opens, in or out."""

    public_ips: tuple[PublicIp, ...] = ()
    exposure: tuple[Exposure, ...] = ()
    egress: tuple[Egress, ...] = ()
