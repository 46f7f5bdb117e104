"""Every component, built in every way that makes a difference to its children."""

import pulumi

import components as c

TAGS = {"team": "shop"}


def network(opts: pulumi.ResourceOptions | None) -> None:
    c.Network(
        "net",
        {
            "vpc": {"vpc_name": "shop", "cidr_block": "10.0.0.0/8"},
            "vswitches": {
                "apps": {"cidr_block": "10.0.1.0/24", "zone_id": "cn-shanghai-a", "was": "old"},
                "doors": {
                    "cidr_block": "10.0.2.0/24",
                    "zone_id": "cn-shanghai-b",
                    "vswitch_name": "shop-doors",
                },
            },
            "tags": TAGS,
        },
        opts,
    )


def existing_network(opts: pulumi.ResourceOptions | None) -> None:
    c.Network(
        "net",
        {
            "vpc": {"vpc_id": "vpc-1"},
            "vswitches": {
                "apps": {
                    "cidr_block": "10.0.1.0/24",
                    "zone_id": "cn-shanghai-a",
                    "vswitch_id": "vsw-1",
                },
                "new": {"cidr_block": "10.0.2.0/24", "zone_id": "cn-shanghai-a"},
            },
            "tags": TAGS,
        },
        opts,
    )


def nat_gateway(opts: pulumi.ResourceOptions | None) -> None:
    c.NatGateway(
        "gw",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "gateway_name": "MyNatGW",
            "description": "My first NAT Gateway",
            "tags": TAGS,
        },
        opts,
    )


def shared_bandwidth(opts: pulumi.ResourceOptions | None) -> None:
    c.SharedBandwidth(
        "shared",
        {
            "nat_gateway_id": "ngw-1",
            "bandwidth": 150,
            "public_ips": {
                "ip1": {"address_name": "shop-ip1", "was": "first"},
                "ip2": {"spare": True},
                "ip3": {"allocation_id": "eip-1", "ip_address": "203.0.113.1"},
            },
            "protect": True,
            "tags": TAGS,
        },
        opts,
    )


def guarded_nat_gateway(opts: pulumi.ResourceOptions | None) -> None:
    """The cloud refuses to delete it, and Pulumi doesn't."""
    c.NatGateway(
        "gw",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "deletion_protection": True,
            "protect": False,
            "force_delete": True,
            "tags": TAGS,
        },
        opts,
    )


def guarded_shared_bandwidth(opts: pulumi.ResourceOptions | None) -> None:
    c.SharedBandwidth(
        "shared",
        {
            "nat_gateway_id": "ngw-1",
            "bandwidth": 20,
            "internet_charge_type": "PayByTraffic",
            "package_name": "shop-package",
            "package_description": "shared by the shop",
            "public_ips": {
                "ip1": {"description": "the shop's door"},
                "ip2": {"allocation_id": "eip-2", "ip_address": "203.0.113.2", "bound": True},
            },
            "deletion_protection": True,
            "force_delete": True,
            "tags": TAGS,
        },
        opts,
    )


def guarded_eip_addresses(opts: pulumi.ResourceOptions | None) -> None:
    c.EipAddresses(
        "ips",
        {
            "addresses": {"egress": {"nat_gateway_id": "ngw-1"}, "idle": {"spare": True}},
            "deletion_protection": True,
            "protect": False,
            "tags": TAGS,
        },
        opts,
    )


def port_mappings(opts: pulumi.ResourceOptions | None) -> None:
    c.PortMappings(
        "map",
        {
            "forward_table_id": "ftb-1",
            "mappings": {
                "web": {
                    "external_ip": "203.0.113.1",
                    "external_port": "80",
                    "internal_ip": "10.0.1.1",
                    "internal_port": "8080",
                    "ip_protocol": "tcp",
                    "entry_name": "shop-web",
                    "was": "legacy",
                },
                "dns": {
                    "external_ip": "203.0.113.1",
                    "external_port": "5300/5310",
                    "internal_ip": "10.0.1.2",
                    "internal_port": "5300/5310",
                    "ip_protocol": "udp",
                    "port_break": True,
                },
            },
        },
        opts,
    )


def snat_egress(opts: pulumi.ResourceOptions | None) -> None:
    c.SnatEgress(
        "out",
        {
            "snat_table_id": "stb-1",
            "lanes": 1,
            "entries": {
                "apps": {"snat_ips": ["203.0.113.1"], "source_vswitch_id": "vsw-1", "was": "old"},
                "office": {
                    "snat_ips": ["203.0.113.1", "203.0.113.2"],
                    "source_cidr": "10.0.2.0/24",
                    "entry_name": "shop-office",
                },
            },
        },
        opts,
    )


def ecs_host(opts: pulumi.ResourceOptions | None) -> None:
    c.EcsHost(
        "host",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "private_ip": "10.0.1.1",
            "instance_type": "ecs.t6-c1m1.large",
            "image_id": "aliyun_3.vhd",
            "instance_name": "shop-host",
            "key_pair_name": "ops",
            "ingress": {"tcp-80": {"ip_protocol": "tcp", "port_range": "80/80"}},
            "tags": TAGS,
        },
        opts,
    )


def ecs_host_with_given_security_groups(opts: pulumi.ResourceOptions | None) -> None:
    c.EcsHost(
        "host",
        {
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "private_ip": "10.0.1.1",
            "instance_type": "ecs.t6-c1m1.large",
            "image_id": "aliyun_3.vhd",
            "security_group_ids": ["sg-1"],
            "system_disk_category": "cloud_auto",
            "tags": TAGS,
        },
        opts,
    )


def eip_addresses(opts: pulumi.ResourceOptions | None) -> None:
    c.EipAddresses(
        "ips",
        {
            "addresses": {
                "egress": {"address_name": "shop-egress", "nat_gateway_id": "ngw-1", "was": "out"},
                "web": {"description": "the shop's door", "bandwidth": 20, "was": "www"},
                "old": {"allocation_id": "eip-1", "ip_address": "203.0.113.1"},
            },
            "tags": TAGS,
        },
        opts,
    )


def eip_addresses_in_a_package(opts: pulumi.ResourceOptions | None) -> None:
    c.EipAddresses(
        "ips",
        {
            "addresses": {
                "egress": {"nat_gateway_id": "ngw-1", "was": "out"},
                "web": {"bandwidth": 20},
                "old": {
                    "allocation_id": "eip-1",
                    "ip_address": "203.0.113.1",
                    "nat_gateway_id": "ngw-1",
                },
            },
            "bandwidth_package_id": "cbwp-1",
            "tags": TAGS,
        },
        opts,
    )


def eni_attachment(opts: pulumi.ResourceOptions | None) -> None:
    c.EniAttachment(
        "web",
        {
            "instance_id": "i-1",
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "private_ip": "10.0.1.11",
            "secondary_private_ips": ["10.0.1.12", "10.0.1.13"],
            "eni_name": "shop-web",
            "ingress": {
                "https": {"ip_protocol": "tcp", "port_range": "443/443"},
                "ssh": {
                    "ip_protocol": "tcp",
                    "port_range": "22/22",
                    "cidr_ip": "203.0.113.0/24",
                    "description": "ssh",
                },
            },
            "tags": TAGS,
        },
        opts,
    )


def eni_attachment_with_given_security_groups(opts: pulumi.ResourceOptions | None) -> None:
    c.EniAttachment(
        "web",
        {
            "instance_id": "i-1",
            "vpc_id": "vpc-1",
            "vswitch_id": "vsw-1",
            "private_ip": "10.0.1.11",
            "security_group_ids": ["sg-1", "sg-2"],
            "ingress": {"https": {"ip_protocol": "tcp", "port_range": "443/443"}},
            "tags": TAGS,
        },
        opts,
    )


def eni_public_ips(opts: pulumi.ResourceOptions | None) -> None:
    c.EniPublicIps(
        "doors",
        {
            "eni_id": "eni-1",
            "mode": "NAT",
            "places": {
                "primary": {"allocation_id": "eip-1", "ip_address": "203.0.113.1"},
                "10.0.1.12": {
                    "allocation_id": "eip-2",
                    "ip_address": "203.0.113.2",
                    "private_ip_address": "10.0.1.12",
                },
            },
        },
        opts,
    )


def eni_routing(opts: pulumi.ResourceOptions | None) -> None:
    c.EniRouting(
        "routes",
        {
            "instance_id": "i-1",
            "mac_address": "00:16:3e:12:34:56",
            "addresses": ["10.0.1.11", "203.0.113.1"],
            "vswitch_cidr": "10.0.1.0/24",
            "route_table": 102,
            "command_name": "shop-web-routing",
        },
        opts,
    )


def plain_eni_routing(opts: pulumi.ResourceOptions | None) -> None:
    c.EniRouting(
        "routes",
        {
            "instance_id": "i-1",
            "mac_address": "00:16:3e:12:34:56",
            "addresses": ["10.0.1.11"],
            "vswitch_cidr": "10.0.1.8/29",
        },
        opts,
    )


def alarm(opts: pulumi.ResourceOptions | None) -> None:
    c.Alarm(
        "busy",
        {
            "alarm_name": "shop-busy",
            "namespace": "acs_nat_gateway",
            "metric": "SessionActiveConnection",
            "statistics": "Value",
            "resources": [{"instanceId": "ngw-1"}, {"instanceId": "ngw-2"}],
            "comparison": ">",
            "threshold": "1500000",
            "contact_groups": ["ops"],
            "tags": TAGS,
        },
        opts,
    )


def critical_alarm(opts: pulumi.ResourceOptions | None) -> None:
    c.Alarm(
        "slow",
        {
            "alarm_name": "shop-slow",
            "namespace": "acs_apigateway_dashboard",
            "metric": "Latency_stage",
            "statistics": "Average",
            "resources": [{"region": "cn-shanghai", "apiUid": "api-1", "apiStageName": "RELEASE"}],
            "comparison": "<",
            "threshold": "0.5",
            "contact_groups": ["ops", "on-call"],
            "period": 300,
            "times": 1,
            "silence": 3600,
            "level": "critical",
            "tags": TAGS,
        },
        opts,
    )


def flow_log(opts: pulumi.ResourceOptions | None) -> None:
    c.FlowLog(
        "flows",
        {
            "resource_type": "VSwitch",
            "resource_id": "vsw-1",
            "sls_project": "shop-logs",
            "sls_log_store": "flows",
            "log_name": "shop-flows",
            "traffic": "Drop",
            "interval": 1,
            "tags": TAGS,
        },
        opts,
    )


def plain_flow_log(opts: pulumi.ResourceOptions | None) -> None:
    c.FlowLog(
        "flows",
        {
            "resource_type": "VPC",
            "resource_id": "vpc-1",
            "sls_project": "shop-logs",
            "sls_log_store": "flows",
            "tags": TAGS,
        },
        opts,
    )
