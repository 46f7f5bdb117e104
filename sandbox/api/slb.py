"""Classic Load Balancer, version 2014-05-15: load balancers, listeners, servers behind them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from typing_extensions import override

from sandbox.api.actions import (
    ID,
    REGION,
    Action,
    Call,
    Create,
    Delete,
    Describe,
    Field,
    Get,
    Joined,
    Modify,
    Own,
    Product,
    Subject,
    flag,
    if_set,
    is_tagged,
    listed,
    number,
    tags,
    told_of,
)
from sandbox.api.places import told_regions, zones_of
from sandbox.api.refusals import invalid
from sandbox.api.requests import Said
from sandbox.api.tagging import tag_actions
from sandbox.cloud import KINDS, Attributes, CloudError, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.core.name_checks import is_number

__all__ = ["PRODUCT"]

_BALANCER = Subject(
    "slb_load_balancer",
    ("LoadBalancerId",),
    {"AddressIPVersion": "address_ip_version", "LoadBalancerStatus": "status"},
)
_GROUP = Subject("slb_server_group", ("VServerGroupId",), {"VServerGroupName": "name"})
_SERVER = "slb_server_group_server_attachment"
_ON, _OFF = "on", "off"


# --- what is called otherwise there ---------------------------------------------------------------

_PAYMENTS: Final[Mapping[str, str]] = {"PayOnDemand": "PayAsYouGo", "PrePay": "Subscription"}
_CHARGES: Final[Mapping[str, str]] = {
    "paybybandwidth": "PayByBandwidth",
    "paybytraffic": "PayByTraffic",
}
_MONTHS: Final[Mapping[str, int]] = {"month": 1, "year": 12}


def _word(attribute: str, known: Mapping[str, str]) -> Callable[[Resource], object]:
    """What is said there of an attribute."""
    words = {meant: word for word, meant in known.items()}
    return lambda resource: words.get(resource.text(attribute), "")


def _paid(said: Said) -> Attributes:
    """How a load balancer and its traffic are paid, and where it is."""
    found: Attributes = {}
    if said.text("PayType"):
        found["payment_type"] = said.choice("PayType", _PAYMENTS)
    if said.text("InternetChargeType"):
        found["internet_charge_type"] = said.choice("InternetChargeType", _CHARGES)
    if said.text("Duration"):
        months = said.choice("PricingCycle", _MONTHS) if said.text("PricingCycle") else 1
        found["period"] = said.number("Duration", 1, 9) * months
    if said.text("VpcId"):
        found["vpc_id"] = said.text("VpcId")
    return found


def _switch(attribute: str) -> Callable[[Resource], object]:
    return lambda one: _ON if one[attribute] else _OFF


# --- listeners ------------------------------------------------------------------------------------

_PROTOCOLS: Final = ("tcp", "udp", "http", "https")
_FORWARDED: Final[Mapping[str, str]] = {
    "XForwardedFor": "retrive_client_ip",
    "XForwardedFor_SLBID": "retrive_slb_id",
    "XForwardedFor_SLBIP": "retrive_slb_ip",
    "XForwardedFor_proto": "retrive_slb_proto",
}


@dataclass(frozen=True)
class _Listener(Subject):
    """Its id is made of the load balancer, the protocol, which the action says, and the port."""

    protocol: str = ""

    @override
    def named(self, said: Said) -> str:
        return f"{said.text('LoadBalancerId')}:{self.protocol}:{said.text('ListenerPort')}"

    @override
    def need(self, session: Session, identity: str) -> Resource:
        if found := self.found(session, identity):
            return found
        # In the cloud's own words, by which callers know it.
        raise CloudError(KINDS[self.kind].not_found, "The specified resource does not exist.")


def _listener(protocol: str) -> _Listener:
    return _Listener(
        "slb_listener",
        ("LoadBalancerId", "ListenerPort"),
        {
            "BackendServerPort": "backend_port",
            "CACertificateId": "ca_certificate_id",
            "EnableHttp2": "enable_http2",
            "HealthCheckConnectTimeout": "health_check_timeout",
            "HealthCheckSwitch": "health_check",
            "HealthCheckURI": "health_check_uri",
            "ListenerPort": "frontend_port",
            "ProxyProtocolV2Enabled": "proxy_protocol_v2_enabled",
            "TLSCipherPolicy": "tls_cipher_policy",
            "VServerGroupId": "server_group_id",
            "healthCheckInterval": "health_check_interval",
        },
        protocol=protocol,
    )


def _xff(name: str) -> Callable[[Resource], object]:
    def tell(one: Resource) -> object:
        held: Attributes = one["x_forwarded_for"] or {}
        return _ON if held.get(_FORWARDED[name]) else _OFF

    return tell


_LISTENER_FIELDS: Mapping[str, Field] = {
    "ListenerPort": number("frontend_port"),
    "LoadBalancerId": "load_balancer_id",
    "AclId": if_set("acl_id"),
    "AclIds": listed("AclId", "acl_ids"),
    "AclStatus": "acl_status",
    "AclType": if_set("acl_type"),
    "BackendServerPort": if_set("backend_port", int),
    "Bandwidth": number("bandwidth"),
    "Description": if_set("description"),
    "Scheduler": "scheduler",
    "Status": "status",
    "VServerGroupId": if_set("server_group_id"),
}
_CHECKED: Mapping[str, Field] = {
    "HealthCheck": "health_check",
    "HealthCheckConnectPort": number("health_check_connect_port"),
    "HealthCheckInterval": number("health_check_interval"),
    "HealthyThreshold": number("healthy_threshold"),
    "UnhealthyThreshold": number("unhealthy_threshold"),
}
_ASKED: Mapping[str, Field] = {
    "HealthCheckDomain": if_set("health_check_domain"),
    "HealthCheckHttpCode": "health_check_http_code",
    "HealthCheckURI": "health_check_uri",
}
_HTTP: Mapping[str, Field] = {
    **_CHECKED,
    **_ASKED,
    "Cookie": if_set("cookie"),
    "CookieTimeout": if_set("cookie_timeout", int),
    "Gzip": _switch("gzip"),
    "HealthCheckMethod": "health_check_method",
    "HealthCheckTimeout": number("health_check_timeout"),
    "IdleTimeout": number("idle_timeout"),
    "RequestTimeout": number("request_timeout"),
    "StickySession": "sticky_session",
    "StickySessionType": if_set("sticky_session_type"),
    **{name: _xff(name) for name in _FORWARDED},
}
_UDP: Mapping[str, Field] = {
    **_CHECKED,
    "HealthCheckConnectTimeout": number("health_check_timeout"),
    "ProxyProtocolV2Enabled": flag("proxy_protocol_v2_enabled"),
}
_OF_PROTOCOL: Mapping[str, Mapping[str, Field]] = {
    "tcp": {
        **_UDP,
        **_ASKED,
        "EstablishedTimeout": number("established_timeout"),
        "HealthCheckType": "health_check_type",
        "PersistenceTimeout": number("persistence_timeout"),
    },
    "udp": _UDP,
    "http": {
        **_HTTP,
        "ForwardPort": if_set("forward_port", int),
        "ListenerForward": "listener_forward",
    },
    "https": {
        **_HTTP,
        "CACertificateId": if_set("ca_certificate_id"),
        "EnableHttp2": "enable_http2",
        "ServerCertificateId": if_set("server_certificate_id"),
        "TLSCipherPolicy": "tls_cipher_policy",
    },
}
"""What a listener has of its protocol. Numbers stay numbers: the provider takes them as such."""

_EVERY_PARAMETER: Final = frozenset(
    name for fields in _OF_PROTOCOL.values() for name in (*_LISTENER_FIELDS, *fields)
)
_READ: Final = ("AclId", "Gzip", *_FORWARDED)


def _listening(said: Said) -> Attributes:
    """What is a list, or on and off, there alone."""
    found: Attributes = {}
    if given := said.text("AclId"):
        found["acl_ids"] = given.split(",")
        found["acl_id"] = found["acl_ids"][0]
    words = {_ON: True, _OFF: False}
    if said.text("Gzip"):
        found["gzip"] = said.choice("Gzip", words)
    if forwarded := {
        here: said.choice(there, words) for there, here in _FORWARDED.items() if said.text(there)
    }:
        found["x_forwarded_for"] = forwarded
    if said.text("VServerGroup") == _OFF:
        found["server_group_id"] = None
    return found


@dataclass(frozen=True, kw_only=True)
class _SetListener(Modify):
    """What isn't said of the headers that it adds stays."""

    @override
    def act(self, call: Call) -> dict[str, Any]:
        changes = self.subject.stated(call.said, self.takes) | self.reads(call.said)

        def merged(one: Resource) -> Attributes:
            if forwarded := changes.get("x_forwarded_for"):
                held: Attributes = one["x_forwarded_for"] or {}
                return {**changes, "x_forwarded_for": held | forwarded}
            return changes

        found = call.store.ask(
            self.subject.kind,
            lambda session: self.subject.need(session, self.identity(call.said)),
            region=call.region,
        )
        call.store.update(found.kind, found.id, merged, region=call.region)
        return {}


def _of_protocol(protocol: str) -> Iterator[Action]:
    """The three actions that each protocol has of its own."""
    listener, word, fields = _listener(protocol), protocol.upper(), _OF_PROTOCOL[protocol]
    for_web = protocol in {"http", "https"}
    switch = () if for_web else ("HealthCheckSwitch",)
    # A protocol's checks are told by names that differ from those they are set by.
    settable = {*_LISTENER_FIELDS, *fields} - {"AclIds", "ListenerPort", "LoadBalancerId", "Status"}
    plain = sorted(settable - {*_READ} - ({"HealthCheck"} if switch else set()))
    read = tuple(name for name in _READ if name in settable)
    # On creation alone these two have another first letter, of all parameters.
    made = [
        *(
            one if for_web or one != "HealthCheckInterval" else "healthCheckInterval"
            for one in plain
        )
    ]
    fixed = {"HealthCheckMethod"} if protocol == "tcp" else set[str]()
    yield Create(
        name=f"CreateLoadBalancer{word}Listener",
        subject=listener,
        needs=("LoadBalancerId", "ListenerPort"),
        takes=tuple(one for one in (*made, *switch) if one not in fixed),
        reads=_listening,
        also=read,
        passes_over=_EVERY_PARAMETER,
        unless_stated={"protocol": protocol, "status": "stopped"},
    )
    yield Get(
        name=f"DescribeLoadBalancer{word}ListenerAttribute",
        subject=listener,
        needs=("LoadBalancerId", "ListenerPort"),
        fields={**_LISTENER_FIELDS, **fields},
    )
    once = {"BackendServerPort", "ForwardPort", "ListenerForward"}
    yield _SetListener(
        name=f"SetLoadBalancer{word}ListenerAttribute",
        subject=listener,
        needs=("LoadBalancerId", "ListenerPort"),
        takes=tuple(one for one in (*plain, *switch) if one not in once),
        reads=_listening,
        also=(*read, "VServerGroup"),
        passes_over=_EVERY_PARAMETER,
    )


def _on_listener(do: Callable[[Call, Resource], object]) -> Callable[[Call], dict[str, Any]]:
    """Do something with a listener whose protocol need not be said where one has the port."""

    def act(call: Call) -> dict[str, Any]:
        said = call.said
        balancer, protocol = said.text("LoadBalancerId"), said.text("ListenerProtocol").lower()

        def look(session: Session) -> Resource:
            session.need("slb_load_balancer", balancer)
            for one in session.find("slb_listener", load_balancer_id=balancer):
                if str(one["frontend_port"]) == said.text("ListenerPort") and protocol in {
                    "",
                    one["protocol"],
                }:
                    return one
            raise CloudError(
                KINDS["slb_listener"].not_found, "The specified resource does not exist."
            )

        do(call, call.store.ask("slb_listener", look, region=call.region))
        return {}

    return act


def _with_status(status: str) -> Callable[[Call, Resource], object]:
    return lambda call, one: call.store.update(
        one.kind, one.id, {"status": status}, region=call.region
    )


def _gone(call: Call, listener: Resource) -> None:
    call.store.delete(listener.kind, listener.id, region=call.region)


def _list_listeners(call: Call) -> dict[str, Any]:
    said = call.said
    part = said.part("MaxResults", 20, 100)
    balancers = said.values("LoadBalancerId")
    plain = {name: what for name, what in _LISTENER_FIELDS.items() if name != "AclIds"}

    def row(session: Session, one: Resource) -> dict[str, Any]:
        protocol = one.text("protocol")
        own = dict(_OF_PROTOCOL[protocol])
        if "ProxyProtocolV2Enabled" in own:
            own["ProxyProtocolV2Enabled"] = lambda it: str(
                bool(it["proxy_protocol_v2_enabled"])
            ).lower()
        return {
            **told_of(session, one, plain),
            "AclIds": one["acl_ids"] or [],
            "ListenerProtocol": protocol,
            f"{protocol.upper()}ListenerConfig": told_of(session, one, own),
        }

    def look(session: Session) -> list[dict[str, Any]]:
        return [
            row(session, one)
            for one in session.find("slb_listener")
            if (not balancers or one["load_balancer_id"] in balancers)
            and said.text("ListenerProtocol").lower() in {"", one["protocol"]}
            and said.text("ListenerPort") in {"", str(one["frontend_port"])}
        ]

    rows = call.store.ask("slb_listener", look, region=call.region)
    told, more = part.of(rows)
    return {"Listeners": told, "TotalCount": len(rows), **more}


# --- servers --------------------------------------------------------------------------------------

_SERVER_NAMES: Final[Mapping[str, str]] = {
    "ServerId": "server_id",
    "Port": "port",
    "Weight": "weight",
    "Type": "type",
    "Description": "description",
    "ServerIp": "server_ip",
}
_NUMBERS: Final = {"Port": range(1, 65536), "Weight": range(101)}
_MOST_SERVERS: Final = 20


def _servers(said: Said) -> list[Attributes]:
    """The servers that a text of JSON names; the provider writes it with single quotes."""
    text = said.text("BackendServers")
    found: object = None
    for form in (text or "[]", text.replace("'", '"')):
        try:
            found = json.loads(form)
            break
        except (ValueError, RecursionError):
            continue
    rows = cast("list[object]", found) if isinstance(found, list) else None
    if rows is None or not all(isinstance(one, dict) for one in rows):
        raise _wrong_servers("it isn't a list of servers in JSON")
    if len(rows) > _MOST_SERVERS:
        raise _wrong_servers(f"it has {len(rows)} servers; {_MOST_SERVERS} go into one call")
    return [_server(cast("dict[str, object]", one)) for one in rows]


def _server(said: Mapping[str, object]) -> Attributes:
    found: Attributes = {}
    for name, value in said.items():
        if name not in _SERVER_NAMES or isinstance(value, dict | list):
            raise _wrong_servers(f"{name} isn't one of {', '.join(_SERVER_NAMES)}")
        text = str(value)
        if text and name in _NUMBERS:
            if not is_number(text) or int(text) not in _NUMBERS[name]:
                raise _wrong_servers(f"{text!r} is no {name.lower()}")
            found[_SERVER_NAMES[name]] = int(text)
        elif text:
            found[_SERVER_NAMES[name]] = text
    if "server_id" not in found:
        raise _wrong_servers("a server needs its ServerId")
    return found


def _wrong_servers(why: str) -> CloudError:
    return invalid("BackendServers", why)


def _behind(session: Session, group: Resource) -> list[dict[str, Any]]:
    """A group's servers: those put into it one by one, and those that it was made with."""
    described = {
        (one["server_id"], one["port"]): one.text("description")
        for one in session.find(_SERVER, server_group_id=group.id)
    }
    return [
        {
            "ServerId": server,
            "Port": of["port"],
            "Weight": of.get("weight", 100),
            "Type": of.get("type", "ecs"),
            "Description": described.get((server, of["port"]), ""),
        }
        for of in group["servers"] or ()
        for server in of["server_ids"]
    ]


def _group_after(call: Call, identity: str) -> dict[str, Any]:
    def look(session: Session) -> dict[str, Any]:
        group = session.need("slb_server_group", identity)
        return {
            "VServerGroupId": group.id,
            "BackendServers": {"BackendServer": _behind(session, group)},
        }

    return call.store.ask("slb_server_group", look, region=call.region)


def _put(call: Call, group: str) -> None:
    for one in _servers(call.said):
        if "port" not in one:
            raise _wrong_servers("a server in a group needs its Port")
        wanted = {"server_group_id": group, **one}
        call.store.create(_SERVER, wanted, region=call.region)


def _make_group(call: Call) -> dict[str, Any]:
    _servers(call.said)  # nothing is made for nonsense
    stating = ["LoadBalancerId", "VServerGroupName", "Tag"]
    made = call.store.create(
        "slb_server_group", _GROUP.stated(call.said, stating), region=call.region
    )
    _put(call, made.id)
    return _group_after(call, made.id)


def _add_to_group(call: Call) -> dict[str, Any]:
    _put(call, _need_group(call))
    return _group_after(call, call.said.text("VServerGroupId"))


def _need_group(call: Call) -> str:
    identity = call.said.text("VServerGroupId")
    return call.store.ask(
        "slb_server_group", lambda it: it.need("slb_server_group", identity), region=call.region
    ).id


def _take_from_group(call: Call) -> dict[str, Any]:
    """Take servers out of a group; those that aren't in it are passed over, as in the cloud."""
    group = _need_group(call)
    for one in _servers(call.said):
        identity, port = one["server_id"], one.get("port")

        def look(
            session: Session, identity: str = identity, port: int | None = port
        ) -> list[Resource]:
            found = session.find(_SERVER, server_group_id=group, server_id=identity)
            return [it for it in found if port in {None, it["port"]}]

        for put in call.store.ask(_SERVER, look, region=call.region):
            call.store.delete(_SERVER, put.id, region=call.region)
        call.store.update(
            "slb_server_group",
            group,
            lambda it, identity=identity, port=port: {"servers": _less(it, identity, port)},
            region=call.region,
        )
    told = _group_after(call, group)
    for row in told["BackendServers"]["BackendServer"]:
        del row["Description"]  # of this action's answer alone it isn't part
    return told


def _less(group: Resource, identity: str, port: int | None) -> list[Attributes]:
    left = [
        {**of, "server_ids": [one for one in of["server_ids"] if one != identity]}
        if port in {None, of["port"]}
        else of
        for of in group["servers"] or ()
    ]
    return [of for of in left if of["server_ids"]]


def _set_group(call: Call) -> dict[str, Any]:
    """Change a group's name, and what its servers weigh."""
    group = _need_group(call)
    changes = _GROUP.stated(call.said, ["VServerGroupName"])
    call.store.update("slb_server_group", group, changes, region=call.region)
    for one in _servers(call.said):
        identity = f"{group}:{one['server_id']}:{one.get('port')}"
        changes = {name: one[name] for name in ("weight", "description") if name in one}
        call.store.update(_SERVER, identity, changes, region=call.region)
    told = _group_after(call, group)
    return {**told, "VServerGroupName": call.said.text("VServerGroupName")}


def _list_groups(call: Call) -> dict[str, Any]:
    balancer, tagged = call.said.text("LoadBalancerId"), call.said.tags()

    def row(session: Session, group: Resource) -> dict[str, Any]:
        listening = session.find("slb_listener", server_group_id=group.id)
        rows = [{"Port": one["frontend_port"], "Protocol": one["protocol"]} for one in listening]
        told = told_of(session, group, _GROUP_FIELDS)
        servers = told.pop("BackendServers")["BackendServer"]
        del told["LoadBalancerId"]
        shown = {"Listeners": {"Listener": rows}} if call.said.flag("IncludeListener") else {}
        return {**told, "ServerCount": len(servers), "AssociatedObjects": shown}

    def look(session: Session) -> list[dict[str, Any]]:
        session.need("slb_load_balancer", balancer)
        found = session.find("slb_server_group", load_balancer_id=balancer)
        return [row(session, one) for one in found if is_tagged(one, tagged)]

    rows = call.store.ask("slb_server_group", look, region=call.region)
    return {"VServerGroups": {"VServerGroup": rows}}


def _told_servers(balancer: Resource) -> list[dict[str, Any]]:
    held: list[Attributes] = balancer["backend_servers"] or []
    return [
        {
            "ServerId": one["server_id"],
            "Weight": one.get("weight", 100),
            "Type": one.get("type", "ecs"),
            "Description": one.get("description", ""),
            "ServerIp": one.get("server_ip", ""),
        }
        for one in held
    ]


def _reserve(
    change: Callable[[dict[str, Attributes], list[Attributes]], dict[str, Attributes]],
) -> Callable[[Call], dict[str, Any]]:
    """Change the servers that a load balancer has beside those of groups."""

    def do(call: Call) -> dict[str, Any]:
        servers = _servers(call.said)

        def changes(balancer: Resource) -> Attributes:
            held = {one["server_id"]: one for one in balancer["backend_servers"] or ()}
            return {"backend_servers": [*change(held, servers).values()]}

        identity = call.said.text("LoadBalancerId")
        made = call.store.update("slb_load_balancer", identity, changes, region=call.region)
        return {"LoadBalancerId": made.id}

    return do


def _added(held: dict[str, Attributes], servers: list[Attributes]) -> dict[str, Attributes]:
    return {**held, **{one["server_id"]: one for one in servers}}


def _reweighed(held: dict[str, Attributes], servers: list[Attributes]) -> dict[str, Attributes]:
    known = {one["server_id"]: {**held.get(one["server_id"], {}), **one} for one in servers}
    return {name: known.get(name, one) for name, one in held.items()}


def _removed(held: dict[str, Attributes], servers: list[Attributes]) -> dict[str, Attributes]:
    gone = {one["server_id"] for one in servers}
    return {name: one for name, one in held.items() if name not in gone}


# --- places ---------------------------------------------------------------------------------------


def _told_zones(call: Call) -> dict[str, Any]:
    zones = zones_of(call.region)
    rows = [
        {
            "ZoneId": one,
            "LocalName": one,
            "SlaveZones": {
                "SlaveZone": [{"ZoneId": it, "LocalName": it} for it in zones if it != one]
            },
        }
        for one in zones
    ]
    return {"Zones": {"Zone": rows}}


def _told_available(call: Call) -> dict[str, Any]:
    zones = zones_of(call.region)
    kinds = [
        {"AddressType": kind, "AddressIPVersion": "ipv4"}
        for kind in ("internet", "intranet")
        if call.said.text("AddressType") in {"", kind}
    ]
    rows = [
        {
            "MasterZoneId": one,
            "SlaveZoneId": zones[(place + 1) % len(zones)],
            "SupportResources": {"SupportResource": kinds},
        }
        for place, one in enumerate(zones)
    ]
    return {"AvailableResources": {"AvailableResource": rows}}


# --- rows -----------------------------------------------------------------------------------------


def _ports(session: Session, balancer: Resource) -> object:
    found = session.find("slb_listener", load_balancer_id=balancer.id)
    return {
        "ListenerPortAndProtocol": [
            {
                "ListenerPort": one["frontend_port"],
                "ListenerProtocol": one["protocol"],
                "Description": one.text("description"),
            }
            for one in found
        ]
    }


_BALANCER_FIELDS: Mapping[str, Field] = {
    "LoadBalancerId": ID,
    "LoadBalancerName": "load_balancer_name",
    "Address": "address",
    "AddressIPVersion": "address_ip_version",
    "AddressType": "address_type",
    "Bandwidth": number("bandwidth"),
    "DeleteProtection": "delete_protection",
    "InstanceChargeType": "instance_charge_type",
    "InternetChargeType": _word("internet_charge_type", _CHARGES),
    "LoadBalancerSpec": "load_balancer_spec",
    "LoadBalancerStatus": "status",
    "MasterZoneId": "master_zone_id",
    "ModificationProtectionReason": "modification_protection_reason",
    "ModificationProtectionStatus": "modification_protection_status",
    "NetworkType": lambda balancer: "vpc" if balancer["vswitch_id"] else "classic",
    "PayType": _word("payment_type", _PAYMENTS),
    "RegionId": REGION,
    "ResourceGroupId": "resource_group_id",
    "SlaveZoneId": "slave_zone_id",
    "Tags": tags("TagKey", "TagValue"),
    "VSwitchId": "vswitch_id",
    "VpcId": "vpc_id",
}
_GROUP_FIELDS: Mapping[str, Field] = {
    "VServerGroupId": ID,
    "VServerGroupName": "name",
    "BackendServers": Joined(lambda session, group: {"BackendServer": _behind(session, group)}),
    "LoadBalancerId": "load_balancer_id",
    "Tags": tags("TagKey", "TagValue"),
}
_SETTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "SetLoadBalancerName": ("LoadBalancerName",),
    "SetLoadBalancerStatus": ("LoadBalancerStatus",),
    "SetLoadBalancerDeleteProtection": ("DeleteProtection",),
    "ModifyLoadBalancerInstanceSpec": ("LoadBalancerSpec",),
    "ModifyLoadBalancerInstanceChargeType": ("InstanceChargeType",),
}
_PERIOD: Final = ("AutoPay", "Duration", "PricingCycle")

_TABLE: tuple[Action, ...] = (
    Create(
        name="CreateLoadBalancer",
        subject=_BALANCER,
        takes=(
            *("Address", "AddressIPVersion", "AddressType", "Bandwidth", "DeleteProtection"),
            *("InstanceChargeType", "LoadBalancerName", "LoadBalancerSpec", "MasterZoneId"),
            *("ModificationProtectionReason", "ModificationProtectionStatus", "ResourceGroupId"),
            *("SlaveZoneId", "Tag", "VSwitchId"),
        ),
        reads=_paid,
        also=("InternetChargeType", "PayType", "VpcId", *_PERIOD),
        tells={
            "LoadBalancerId": ID,
            "LoadBalancerName": "load_balancer_name",
            "Address": "address",
            "AddressIPVersion": "address_ip_version",
            "NetworkType": lambda balancer: "vpc" if balancer["vswitch_id"] else "classic",
            "ResourceGroupId": "resource_group_id",
            "VSwitchId": "vswitch_id",
            "VpcId": "vpc_id",
        },
    ),
    Describe(
        name="DescribeLoadBalancers",
        subject=_BALANCER,
        takes=("Tag",),
        fields=_BALANCER_FIELDS,
        inside=("LoadBalancers", "LoadBalancer"),
        filters={
            name: name
            for name in (
                *("Address", "AddressIPVersion", "AddressType", "InternetChargeType"),
                *("LoadBalancerName", "LoadBalancerStatus", "MasterZoneId", "NetworkType"),
                *("PayType", "ResourceGroupId", "SlaveZoneId", "VSwitchId", "VpcId"),
            )
        },
        most=100,
    ),
    Get(
        name="DescribeLoadBalancerAttribute",
        subject=_BALANCER,
        needs=("LoadBalancerId",),
        fields={
            **_BALANCER_FIELDS,
            "BackendServers": lambda balancer: {"BackendServer": _told_servers(balancer)},
            "ListenerPorts": Joined(
                lambda session, balancer: {
                    "ListenerPort": [
                        one["frontend_port"]
                        for one in session.find("slb_listener", load_balancer_id=balancer.id)
                    ]
                }
            ),
            "ListenerPortsAndProtocol": Joined(_ports),
        },
    ),
    *(
        Modify(
            name=name,
            subject=_BALANCER,
            needs=("LoadBalancerId", *parameters),
            takes=parameters,
            also=("AutoPay",) if name == "ModifyLoadBalancerInstanceSpec" else (),
        )
        for name, parameters in _SETTERS.items()
    ),
    Modify(
        name="SetLoadBalancerModificationProtection",
        subject=_BALANCER,
        needs=("LoadBalancerId", "ModificationProtectionStatus"),
        takes=("ModificationProtectionReason", "ModificationProtectionStatus"),
    ),
    Modify(
        name="ModifyLoadBalancerInternetSpec",
        subject=_BALANCER,
        needs=("LoadBalancerId",),
        takes=("Bandwidth",),
        reads=_paid,
        also=("AutoPay", "InternetChargeType"),
    ),
    Modify(
        name="ModifyLoadBalancerPayType",
        subject=_BALANCER,
        needs=("LoadBalancerId", "PayType"),
        reads=_paid,
        also=("PayType", *_PERIOD),
    ),
    Delete(name="DeleteLoadBalancer", subject=_BALANCER, needs=("LoadBalancerId",)),
    *(action for protocol in _PROTOCOLS for action in _of_protocol(protocol)),
    *(
        Own(
            name=f"{verb}LoadBalancerListener",
            subject=_listener(""),
            needs=("LoadBalancerId", "ListenerPort"),
            takes=("ListenerProtocol",),
            do=_on_listener(do),
        )
        for verb, do in (
            ("Start", _with_status("running")),
            ("Stop", _with_status("stopped")),
            ("Delete", _gone),
        )
    ),
    Own(
        name="DescribeLoadBalancerListeners",
        subject=_listener(""),
        takes=("ListenerPort", "ListenerProtocol", "LoadBalancerId", "MaxResults", "NextToken"),
        do=_list_listeners,
    ),
    Own(
        name="CreateVServerGroup",
        subject=_GROUP,
        needs=("LoadBalancerId",),
        takes=("BackendServers", "Tag", "VServerGroupName"),
        do=_make_group,
    ),
    Own(
        name="DescribeVServerGroups",
        subject=_GROUP,
        needs=("LoadBalancerId",),
        takes=("IncludeListener", "Tag"),
        do=_list_groups,
    ),
    Get(
        name="DescribeVServerGroupAttribute",
        subject=_GROUP,
        needs=("VServerGroupId",),
        fields=_GROUP_FIELDS,
    ),
    Own(
        name="SetVServerGroupAttribute",
        subject=_GROUP,
        needs=("VServerGroupId",),
        takes=("BackendServers", "VServerGroupName"),
        do=_set_group,
    ),
    Own(
        name="AddVServerGroupBackendServers",
        subject=_GROUP,
        needs=("VServerGroupId",),
        takes=("BackendServers",),
        do=_add_to_group,
    ),
    Own(
        name="RemoveVServerGroupBackendServers",
        subject=_GROUP,
        needs=("VServerGroupId",),
        takes=("BackendServers",),
        do=_take_from_group,
    ),
    Delete(name="DeleteVServerGroup", subject=_GROUP, needs=("VServerGroupId",)),
    *(
        Own(
            name=f"{verb}BackendServers",
            subject=_BALANCER,
            needs=("LoadBalancerId",),
            takes=("BackendServers",),
            do=_reserve(change),
        )
        for verb, change in (("Add", _added), ("Set", _reweighed), ("Remove", _removed))
    ),
    *tag_actions({"instance": _BALANCER, "vservergroup": _GROUP}, sized=False),
    Own(
        name="DescribeRegions", subject=_BALANCER, takes=("AcceptLanguage",), do=told_regions("slb")
    ),
    Own(name="DescribeZones", subject=_BALANCER, takes=("AcceptLanguage",), do=_told_zones),
    Own(
        name="DescribeAvailableResource",
        subject=_BALANCER,
        takes=("AddressIPVersion", "AddressType"),
        do=_told_available,
    ),
)

PRODUCT: Final = Product("slb", "2014-05-15", _TABLE)
