"""What unified egress opens, and what it puts out."""

from stack.ids import (
    ADDRESS,
    EIP,
    NAT_GATEWAY,
    OTHER,
    PACKAGE,
    SECURITY_GROUP,
    SNAT_TABLE,
    OutputKinds,
)
from stack.network_rules import parse_address
from stack.reach import Egress, OpenPort, PublicIp, Reach, Server
from stack.settings import CommonSettings, Sections, StackSettings
from topologies.nat.rules import egress_of
from topologies.unified_egress.gateway import gateway_egress, gateway_section
from topologies.unified_egress.settings import ServerSettings, UnifiedEgressSettings


def unified_egress_reach(settings: StackSettings, section: UnifiedEgressSettings) -> Reach:
    """Everything that the section opens, sorted by name."""
    common, sections = settings.common, settings.sections
    return Reach(
        public_ips=tuple(
            PublicIp(name, address.spare, address.address)
            for name, address in sorted(section.public_ips.items())
        ),
        egress=tuple(
            Egress(
                name,
                egress.vswitch or egress.cidr or "",
                tuple(sorted(egress.public_ips)),
                gateway_section(section),
            )
            for name, egress in sorted(section.egress.items())
        ),
        servers=tuple(
            _server(common, section, sections, name, server)
            for name, server in sorted(section.servers.items())
        ),
    )


def _server(
    common: CommonSettings,
    section: UnifiedEgressSettings,
    sections: Sections,
    name: str,
    server: ServerSettings,
) -> Server:
    host = common.network.hosts[server.host]
    address = parse_address(host.ip)
    entry = egress_of(common, address, gateway_egress(section, sections)) if address else None
    if entry is None:
        message = f"the rules let no server pass without egress: {name}"
        raise AssertionError(message)
    path, egress = entry
    return Server(
        name=name,
        host=server.host,
        host_ip=host.ip,
        eni_vswitch=server.eni.vswitch,
        eni_ip=server.eni.ip,
        public_ips=server.all_public_ips,
        open_ports=tuple(
            OpenPort(key, opened.protocol.value, opened.port, opened.source)
            for key, opened in sorted(server.reachable.items())
        ),
        security_groups=tuple(server.eni.security_groups or ()),
        egress=str(path[-1]),
        egress_ips=tuple(sorted(egress.public_ips)),
        ssh_user=None if server.ssh.closed else server.ssh.user,
        ssh_port=server.ssh.port,
    )


def unified_egress_outputs(settings: StackSettings, section: UnifiedEgressSettings) -> OutputKinds:
    """The outputs that `build` makes."""
    del settings
    found: OutputKinds = {
        "publicIps": dict.fromkeys(section.public_ips, ADDRESS),
        "publicIpIds": dict.fromkeys(section.public_ips, EIP),
        "egress": dict.fromkeys(section.egress, OTHER),
        "servers": dict.fromkeys(section.servers, OTHER),
    }
    groups = [name for name, one in section.servers.items() if one.eni.security_groups is None]
    if groups:
        found["serverSecurityGroupIds"] = dict.fromkeys(groups, SECURITY_GROUP)
    gateway = section.nat_gateway
    if gateway is not None:
        found["unifiedEgressNatGatewayId"] = NAT_GATEWAY
        if gateway.id is None or gateway.snat_table_id:
            found["unifiedEgressSnatTableId"] = SNAT_TABLE
        if section.packed:
            found["unifiedEgressBandwidthPackageId"] = PACKAGE
    return found
