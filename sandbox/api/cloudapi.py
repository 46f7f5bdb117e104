"""CloudAPI, version 2016-07-14: API Gateway's groups, APIs and their stages, apps, plugins."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from typing_extensions import override

from facts.contract import contract_of_kind
from sandbox.api.actions import (
    ID,
    LEFT_OUT,
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
    tags,
)
from sandbox.api.cloudapi_definition import (
    DEFINITION,
    PUBLISHED,
    STATING,
    inner_fields,
    json_object,
    json_objects,
    stated_definition,
    written,
)
from sandbox.api.places import told_regions
from sandbox.api.refusals import invalid
from sandbox.api.requests import Said
from sandbox.api.tagging import tag_actions
from sandbox.cloud import KINDS, Attributes, CloudError, Resource
from sandbox.cloud.apigateway.api import BEHIND
from sandbox.cloud.apigateway.instance import SHARED_INSTANCE
from sandbox.cloud.core import Session
from sandbox.cloud.core.store import Changes
from sandbox.cloud.eip.address import PAY_AS_YOU_GO

__all__ = ["PRODUCT"]

_GROUP = Subject("api_gateway_group", ("GroupId",), {"GroupName": "name"})
_API = Subject(
    "api_gateway_api", ("ApiId",), {"ApiName": "name", "BackendEnable": "backend_enabled"}
)
_APP = Subject("api_gateway_app", ("AppId",), {"AppName": "name"})
_AUTHORITY = Subject("api_gateway_app_attachment", ())
_ACCESS = Subject("api_gateway_vpc_access", ("VpcId", "InstanceId", "Port"))
_ACCESS_LIST = Subject(_ACCESS.kind, ())  # a port's access has no id of its own
_PLUGIN = Subject("api_gateway_plugin", ("PluginId",))
_ATTACHED = Subject("api_gateway_plugin_attachment", ("GroupId", "ApiId", "PluginId", "StageName"))
_ATTACHED_LIST = Subject(_ATTACHED.kind, ())
_INSTANCE = Subject(
    "api_gateway_instance",
    ("InstanceId",),
    {"IPV6Enabled": "ipv6_enabled"},
)
_ACL = Subject(
    "api_gateway_access_control_list",
    ("AclId",),
    {"AclName": "access_control_list_name", "AddressIPVersion": "address_ip_version"},
)
_ACL_LIST = Subject(_ACL.kind, ())
_ACL_ENTRY = Subject("api_gateway_acl_entry_attachment", ("AclId",))
_HEEDED = Subject("api_gateway_instance_acl_attachment", ("InstanceId", "AclId", "AclType"))
_LOG = Subject("api_gateway_log_config", ("LogType",))


# --- fields that other resources tell -------------------------------------------------------------


def _of(kind: str, by: str, what: str) -> Joined:
    """What one says that a resource names, in the same words."""

    def tell(session: Session, one: Resource) -> object:
        found = session.get(kind, one[by])
        return "" if found is None or found[what] is None else found[what]

    return Joined(tell)


def _instance_type(group: Resource) -> object:
    return "VPC_SHARED" if group["instance_id"] == SHARED_INSTANCE else "VPC_DEDICATED"


def _heeded(kind: str, attribute: str) -> Joined:
    """What the list says that an instance heeds for addresses of a version; nothing without one."""

    def tell(session: Session, instance: Resource) -> object:
        for use in session.find(_HEEDED.kind, instance_id=instance.id):
            acl = session.need(_ACL.kind, use["acl_id"])
            if acl["address_ip_version"] == kind:
                told = {"id": acl.id, "name": acl[_ACL.names["AclName"]], "status": "on"}
                return {**told, "type": use["acl_type"]}[attribute]
        return LEFT_OUT

    return Joined(tell)


def _normal(_: Resource) -> object:
    """Neither locked nor unpaid."""
    return "NORMAL"


def _entries_told(acl: Resource) -> object:
    held: list[Mapping[str, object]] = acl["acl_entrys"] or []
    names = {"acl_entry_ip": "AclEntryIp", "acl_entry_comment": "AclEntryComment"}
    return {"AclEntry": [{key: one.get(name, "") for name, key in names.items()} for one in held]}


def _stages(api: Resource) -> object:
    stages: list[str] = api["stage_names"] or []
    return {"DeployedInfo": [{"DeployedStatus": "DEPLOYED", "StageName": one} for one in stages]}


def _as_published(api: Resource, stage: str) -> Resource:
    """An API as it is on a stage."""
    behind: Mapping[str, Attributes] = api[BEHIND] or {}
    attributes = {**behind.get(stage, api.attributes), "stage_name": stage}
    return replace(api, attributes=attributes)


def _user_log_told(group: Resource) -> object:
    held: Mapping[str, object] = group["user_log_config"] or {}
    told = {key: held[name] for name, key in _USER_LOG.items() if name in held}
    return json.dumps(told, separators=(",", ":")) if told else ""


_USER_LOG: Final = {
    "jwt_claims": "jwtClaims",
    "query_string": "queryString",
    "request_body": "requestBody",
    "request_headers": "requestHeaders",
    "response_body": "responseBody",
    "response_headers": "responseHeaders",
}
_CARD: Final = {"cidr_block": "CidrBlock", "security_group": "SecurityGroupId", "zone_id": "ZoneId"}


def _cards(instance: Resource) -> object:
    held: list[Mapping[str, object]] = instance["zone_vswitch_security_group"] or []
    names = {**_CARD, "vswitch_id": "VswitchId"}  # VSwitchId where it is stated
    return {
        "NetworkInterfaceAttribute": [
            {key: one[name] for name, key in names.items() if name in one} for one in held
        ]
    }


def _charge_type(instance: Resource) -> object:
    # The provider knows no PostPaid.
    return "PayAsYouGo" if instance["payment_type"] in PAY_AS_YOU_GO else "PrePaid"


# --- parameters with a form of their own ----------------------------------------------------------


def _tagged(said: Said) -> Attributes:
    given = said.tags()
    return {"tags": given} if given else {}


def _secrets_stated(said: Said) -> Attributes:
    names = {"AppKey": "app_key", "AppSecret": "app_secret", "AppCode": "app_code"}
    return {name: said.text(key) for key, name in names.items() if said.text(key)}


def _user_log(said: Said) -> Attributes:
    config = "UserLogConfig"
    if not said.text(config):
        return {}
    known = inner_fields(_GROUP.kind, "user_log_config")
    stated = written(_USER_LOG, known, json_object(said, config))
    return {"user_log_config": stated or None}


def _network(said: Said) -> Attributes:
    """How an instance is paid for, and its cards in the caller's VPC."""
    charge = said.text("ChargeType").lower()
    if charge not in _CHARGED:
        raise invalid("ChargeType", f"{charge!r} isn't PostPaid or PrePaid")
    known = inner_fields(_INSTANCE.kind, "zone_vswitch_security_group")
    names = {**_CARD, "vswitch_id": "VSwitchId"}
    cards = [
        written(names, known, {key.lower(): value for key, value in one.items()})
        for one in said.listed("ZoneVSwitchSecurityGroup")
    ]
    more = {"zone_vswitch_security_group": cards} if cards else {}
    return {"payment_type": _CHARGED[charge], **more, **_tagged(said)}


_CHARGED: Final = {
    **dict.fromkeys(("postpaid", "payasyougo"), "PayAsYouGo"),
    **dict.fromkeys(("prepaid", "prepay"), "Subscription"),
}
"""What a caller may say of an instance's payment; the provider says other words than the SDK."""


def _connected(said: Said) -> Attributes:
    block = "ToConnectVpcIpBlock"
    if not said.text(block):
        return {}
    attribute = "to_connect_vpc_ip_block"
    known = inner_fields(_INSTANCE.kind, attribute)
    names = {
        "cidr_block": "CidrBlock",
        "customized": "Customized",
        "vswitch_id": "VSwitchId",
        "zone_id": "ZoneId",
    }
    return {attribute: [written(names, known, json_object(said, block))]}


def _ingress(said: Said) -> Attributes:
    names = {
        "VpcId": "ingress_vpc_id",
        "VpcOwnerId": "ingress_vpc_owner_id",
        "VswitchId": "ingress_vswitch_id",
    }
    if said.flag("DeleteVpcAccess"):
        return dict.fromkeys(names.values())
    return {name: said.text(key) for key, name in names.items() if said.text(key)}


def _ip_version(said: Said) -> Attributes:
    version = said.text("AddressIPVersion").lower()
    if version not in {"", "ipv4", "ipv6"}:
        raise invalid("AddressIPVersion", f"{version!r} isn't ipv4 or ipv6")
    return {"address_ip_version": version} if version else {}


# --- actions with a way of their own --------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _ModifyApi(Modify):
    """Stages keep what was published on them."""

    @override
    def changes(self, said: Said) -> Changes:
        changes = self.stated(said)

        def change(api: Resource) -> Attributes:
            published = {k: v for k, v in api.attributes.items() if k not in _OF_STAGES}
            stages: list[str] = api["stage_names"] or []
            earlier: Mapping[str, Attributes] = api[BEHIND] or {}
            behind = {**dict.fromkeys(stages, published), **earlier}
            return {**changes, BEHIND: behind or None}

        return change


_OF_STAGES: Final = {"stage_names", BEHIND}


@dataclass(frozen=True, kw_only=True)
class _GetDeployed(Get):
    """As it was published on a stage."""

    @override
    def seen(self, resource: Resource, said: Said) -> Resource:
        stage = said.text("StageName")
        if stage not in (resource["stage_names"] or ()):
            raise _not_published(resource, stage)
        return _as_published(resource, stage)


@dataclass(frozen=True, kw_only=True)
class _DescribeDeployed(Describe):
    """Each stage of each API."""

    @override
    def found(self, session: Session, said: Said) -> list[Resource]:
        wanted = said.text("StageName")
        return [
            _as_published(api, stage)
            for api in super().found(session, said)
            for stage in api["stage_names"] or ()
            if wanted in {"", stage}
        ]


def _not_published(api: Resource, stage: str) -> CloudError:
    return CloudError("NotFoundStage", f"The API {api['name']} isn't published on {stage}.")


@dataclass(frozen=True, kw_only=True)
class _Publish(Modify):
    """Puts an API as it is on a stage, or takes it off."""

    on: bool

    @override
    def changes(self, said: Said) -> Changes:
        stage = said.text("StageName")

        def change(api: Resource) -> Attributes:
            stages: list[str] = api["stage_names"] or []
            if not self.on and stage not in stages:
                raise _not_published(api, stage)
            others = [one for one in stages if one != stage]
            behind: Mapping[str, object] = api[BEHIND] or {}
            left = {one: it for one, it in behind.items() if one != stage}
            return {"stage_names": [*others, stage] if self.on else others, BEHIND: left or None}

        return change


def _each(call: Call, kind: str, wanted: Sequence[Attributes], *, on: bool) -> dict[str, Any]:
    """Make each of these, or delete it; where one is refused, none is."""
    rules = KINDS[kind]

    def act(session: Session) -> None:
        for one in wanted:
            if on:
                rules.create(session, one)
            else:
                found = session.need(kind, rules.identity(session, one))
                rules.delete(session, found, force=False)

    call.store.together("create" if on else "delete", kind, act, region=call.region)
    return {}


def _authorize(*, on: bool) -> Callable[[Call], dict[str, Any]]:
    """Give apps the right to call APIs on a stage, or take it away."""

    def do(call: Call) -> dict[str, Any]:
        said = call.said
        group, stage = said.text("GroupId"), said.text("StageName")
        apps, apis = _ids(said, "AppId"), _ids(said, "ApiId")

        def groups(session: Session) -> list[str]:
            return [group or session.need(_API.kind, api).text("group_id") for api in apis]

        found = zip(apis, call.store.ask(_API.kind, groups, region=call.region), strict=True)
        wanted = [
            {"group_id": where, "api_id": api, "app_id": app, "stage_name": stage}
            for api, where in found
            for app in apps
        ]
        return _each(call, _AUTHORITY.kind, wanted, on=on)

    return do


def _ids(said: Said, name: str) -> list[str]:
    """One, or several with commas between them, under a name of their own."""
    given = [one.strip() for one in (said.text(f"{name}s") or said.text(name)).split(",")]
    if len(given) > _MOST_AT_ONCE:
        raise invalid(f"{name}s", f"{len(given)} are more than {_MOST_AT_ONCE}")
    return given


_MOST_AT_ONCE: Final = 100


def _entries(*, on: bool) -> Callable[[Call], dict[str, Any]]:
    """Add entries to a list, or take them out of it."""

    def do(call: Call) -> dict[str, Any]:
        given = json_objects(call.said, "AclEntrys")
        if not 1 <= len(given) <= _MOST_ENTRIES:
            raise invalid("AclEntrys", f"1 to {_MOST_ENTRIES} entries are taken")
        known = contract_of_kind(_ACL_ENTRY.kind).fields
        names = {"entry": "entry", "comment": "comment"}
        acl = {"acl_id": call.said.text("AclId")}
        wanted = [acl | written(names, known, one) for one in given]
        return _each(call, _ACL_ENTRY.kind, wanted, on=on)

    return do


_MOST_ENTRIES: Final = 50


def _heed_no_more(call: Call) -> dict[str, Any]:
    named = {"instance_id": call.said.text("InstanceId"), "acl_id": call.said.text("AclId")}
    found = call.store.ask(
        _HEEDED.kind, lambda s: s.find(_HEEDED.kind, **named), region=call.region
    )
    if not found:
        raise CloudError(
            KINDS[_HEEDED.kind].not_found, "{instance_id} doesn't heed {acl_id}.".format(**named)
        )
    call.store.delete(_HEEDED.kind, found[0].id, region=call.region)
    return {}


def _logs(call: Call) -> dict[str, Any]:
    wanted = call.said.text("LogType")
    found = call.store.ask(_LOG.kind, lambda s: s.find(_LOG.kind), region=call.region)
    return {
        "LogInfos": {
            "LogInfo": [
                {
                    "LogType": one["log_type"],
                    "RegionId": one.region,
                    "SlsLogStore": one["sls_log_store"],
                    "SlsProject": one["sls_project"],
                }
                for one in found
                if wanted in {"", one["log_type"]}
            ]
        }
    }


def _reset(parameter: str, attribute: str, drawn: Mapping[str, str]) -> Callable[[Call], Any]:
    """Draw secrets of an app anew, or take those that the call says.

    Args:
        parameter: says which app's, by what it has now.
        attribute: that, as the app has it.
        drawn: the attributes that change, by the parameter that may say to what.
    """

    def reset(call: Call) -> dict[str, Any]:
        said = call.said
        named = {attribute: said.text(parameter)}
        found = call.store.ask(_APP.kind, lambda s: s.find(_APP.kind, **named), region=call.region)
        if not found:
            raise CloudError(
                f"NotFound{parameter}", f"No app has the {parameter} {said.text(parameter)}."
            )
        changes = {name: said.text(new) or secrets.token_hex(16) for new, name in drawn.items()}
        if not said.text("NewAppKey"):
            changes.pop("app_key", None)
        call.store.update(_APP.kind, found[0].id, changes, region=call.region)
        return {}

    return reset


# --- the table ------------------------------------------------------------------------------------

_GROUP_FIELDS: Mapping[str, Field] = {
    "GroupId": ID,
    "GroupName": "name",
    "BasePath": "base_path",
    "BillingStatus": _normal,
    "CreatedTime": "create_time",
    "Description": "description",
    "IllegalStatus": _normal,
    "InstanceId": "instance_id",
    "InstanceType": _instance_type,
    "RegionId": REGION,
    "SubDomain": "sub_domain",
    "TrafficLimit": lambda _: _CALLS_PER_SECOND,
}
_API_FIELDS: Mapping[str, Field] = {
    "ApiId": ID,
    "ApiMethod": lambda api: api["request_config"]["method"],
    "ApiName": "name",
    "ApiPath": lambda api: api["request_config"]["path"],
    "Description": "description",
    "GroupId": "group_id",
    "GroupName": _of(_GROUP.kind, "group_id", "name"),
    "RegionId": REGION,
    "Visibility": DEFINITION["Visibility"],
}
_APP_FIELDS: Mapping[str, Field] = {
    "AppId": lambda app: int(app.id),
    "AppName": "name",
    "Description": "description",
}
_SECRETS: Mapping[str, str] = {
    "AppCode": "app_code",
    "AppKey": "app_key",
    "AppSecret": "app_secret",
    "CreatedTime": "create_time",
}


def _all_secrets(app: Resource) -> object:
    """Those of an app, which has one set of them here."""
    return {"AppSecurity": [{key: app.text(name) for key, name in _SECRETS.items()}]}


_PLUGIN_FIELDS: Mapping[str, str] = {
    "PluginName": "plugin_name",
    "PluginType": "plugin_type",
    "PluginData": "plugin_data",
    "CreatedTime": "create_time",
    "Description": "description",
}
_INSTANCE_FIELDS: Mapping[str, Field] = {
    "InstanceId": ID,
    "InstanceName": "instance_name",
    "AclId": _heeded("ipv4", "id"),
    "AclName": _heeded("ipv4", "name"),
    "AclStatus": _heeded("ipv4", "status"),
    "AclType": _heeded("ipv4", "type"),
    "ConnectCidrBlocks": "connect_cidr_blocks",
    "ConnectVpcId": "user_vpc_id",
    "CreatedTime": "create_time",
    "DedicatedInstanceType": "instance_type",
    "EgressIpv6Enable": flag("egress_ipv6_enable"),
    "HttpsPolicies": "https_policy",
    "IPV6AclId": _heeded("ipv6", "id"),
    "IPV6AclName": _heeded("ipv6", "name"),
    "IPV6AclStatus": _heeded("ipv6", "status"),
    "IPV6AclType": _heeded("ipv6", "type"),
    "InstanceChargeType": _charge_type,
    "InstanceCidrBlock": "instance_cidr",
    "InstanceSpec": "instance_spec",
    "InstanceType": lambda _: "VPC_DEDICATED",
    "NetworkInterfaceAttributes": _cards,
    "RegionId": REGION,
    "Status": "status",
    "SupportIpv6": flag("support_ipv6"),
    "UserVpcId": "ingress_vpc_id",
    "UserVswitchId": "ingress_vswitch_id",
    "VpcOwnerId": if_set("ingress_vpc_owner_id", int),
    "VpcSlbIntranetEnable": flag("vpc_slb_intranet_enable"),
    "ZoneId": "zone_id",
}
_ACL_FIELDS: Mapping[str, Field] = {
    "AclId": ID,
    "AclName": "access_control_list_name",
    "AddressIPVersion": "address_ip_version",
}
_CALLS_PER_SECOND: Final = 500
_API_STATES = ("BackendEnable", "BackendId", "Description", "ForceNonceCheck")
_ON_A_STAGE = ("ApiId", "StageName")

_TABLE: tuple[Action, ...] = (
    Create(
        name="CreateApiGroup",
        subject=_GROUP,
        needs=("GroupName",),
        takes=("BasePath", "Description", "InstanceId"),
        also=("Tag",),
        reads=_tagged,
        tells={
            "GroupId": ID,
            "GroupName": "name",
            "BasePath": "base_path",
            "Description": "description",
            "InstanceId": "instance_id",
            "InstanceType": _instance_type,
            "SubDomain": "sub_domain",
            "TagStatus": flag("tags"),
        },
    ),
    Get(
        name="DescribeApiGroup",
        subject=_GROUP,
        needs=("GroupId",),
        fields={
            **_GROUP_FIELDS,
            "CustomDomains": lambda _: {"DomainItem": []},
            "Status": _normal,
            "UserLogConfig": _user_log_told,
            "VpcDomain": "vpc_domain",
        },
    ),
    Describe(
        name="DescribeApiGroups",
        subject=_GROUP,
        takes=("Tag",),
        fields={**_GROUP_FIELDS, "Tags": tags("Key", "Value", "TagInfo")},
        inside=("ApiGroupAttributes", "ApiGroupAttribute"),
        filters={"BasePath": "BasePath", "GroupName": "GroupName", "InstanceId": "InstanceId"},
        parts=("GroupName",),
    ),
    Modify(
        name="ModifyApiGroup",
        subject=_GROUP,
        needs=("GroupId",),
        takes=("BasePath", "Description", "GroupName"),
        also=("UserLogConfig",),
        reads=_user_log,
    ),
    Modify(
        name="ModifyIntranetDomainPolicy",
        subject=_GROUP,
        needs=("GroupId", "VpcIntranetEnable"),
        takes=("VpcIntranetEnable",),
    ),
    Delete(name="DeleteApiGroup", subject=_GROUP, needs=("GroupId",)),
    Create(
        name="CreateApi",
        subject=_API,
        needs=("ApiName", "AuthType", "GroupId", "RequestConfig", "ServiceConfig"),
        takes=_API_STATES,
        also=STATING,
        reads=stated_definition,
        tells={"ApiId": ID},
    ),
    Get(
        name="DescribeApi",
        subject=_API,
        needs=("ApiId",),
        takes=("GroupId",),
        within="GroupId",
        fields={
            **DEFINITION,
            "AppCodeAuthType": if_set("app_code_auth_type"),
            "BackendConfig": lambda api: {"BackendId": api["backend_id"] or ""},
            "BackendEnable": flag("backend_enabled"),
            "CreatedTime": "create_time",
            "DeployedInfos": _stages,
            "GroupName": _of(_GROUP.kind, "group_id", "name"),
        },
    ),
    Describe(
        name="DescribeApis",
        subject=_API,
        fields={**_API_FIELDS, "CreatedTime": "create_time", "DeployedInfos": _stages},
        inside=("ApiSummarys", "ApiSummary"),
        filters={
            name: name for name in ("ApiMethod", "ApiName", "ApiPath", "GroupId", "Visibility")
        },
        parts=("ApiName",),
        most=100,
    ),
    _ModifyApi(
        name="ModifyApi",
        subject=_API,
        needs=("ApiId",),
        within="GroupId",
        takes=("ApiName", "AuthType", *_API_STATES),
        also=("GroupId", *STATING),
        reads=stated_definition,
    ),
    Delete(name="DeleteApi", subject=_API, needs=("ApiId",), takes=("GroupId",), within="GroupId"),
    _Publish(
        name="DeployApi",
        subject=_API,
        needs=_ON_A_STAGE,
        also=("Description", "GroupId", "StageName"),
        within="GroupId",
        on=True,
    ),
    _Publish(
        name="AbolishApi",
        subject=_API,
        needs=_ON_A_STAGE,
        also=("GroupId", "StageName"),
        within="GroupId",
        on=False,
    ),
    _GetDeployed(
        name="DescribeDeployedApi",
        subject=_API,
        needs=_ON_A_STAGE,
        takes=("GroupId",),
        within="GroupId",
        fields={
            **PUBLISHED,
            "GroupName": _of(_GROUP.kind, "group_id", "name"),
            "StageName": "stage_name",
        },
    ),
    _DescribeDeployed(
        name="DescribeDeployedApis",
        subject=_API,
        fields={**_API_FIELDS, "StageName": "stage_name"},
        inside=("DeployedApis", "DeployedApiItem"),
        filters={
            name: name for name in ("ApiMethod", "ApiName", "ApiPath", "GroupId", "StageName")
        },
        parts=("ApiName",),
        most=100,
    ),
    Create(
        name="CreateApp",
        subject=_APP,
        needs=("AppName",),
        takes=("Description", "Tag"),
        also=("AppCode", "AppKey", "AppSecret"),
        reads=_secrets_stated,
        tells={"AppId": _APP_FIELDS["AppId"], "TagStatus": flag("tags")},
    ),
    Get(
        name="DescribeApp",
        subject=_APP,
        needs=("AppId",),
        fields={**_APP_FIELDS, "CreatedTime": "create_time"},
    ),
    Describe(
        name="DescribeApps",
        subject=_APP,
        fields=_APP_FIELDS,
        inside=("Apps", "AppItem"),
        filters={},
        most=100,
    ),
    Describe(
        name="DescribeAppAttributes",
        subject=_APP,
        takes=("Tag",),
        fields={
            **_APP_FIELDS,
            "CreatedTime": "create_time",
            "Tags": tags("Key", "Value", "TagInfo"),
        },
        inside=("Apps", "AppAttribute"),
        filters={"AppName": "AppName"},
        parts=("AppName",),
        most=100,
    ),
    Get(name="DescribeAppSecurity", subject=_APP, needs=("AppId",), fields=_SECRETS),
    Get(
        name="DescribeAppSecurities",
        subject=_APP,
        needs=("AppId",),
        fields={"AppSecuritys": _all_secrets},
    ),
    Own(
        name="ResetAppCode",
        subject=_APP,
        needs=("AppCode",),
        takes=("NewAppCode",),
        do=_reset("AppCode", "app_code", {"NewAppCode": "app_code"}),
    ),
    Own(
        name="ResetAppSecret",
        subject=_APP,
        needs=("AppKey",),
        takes=("NewAppKey", "NewAppSecret"),
        do=_reset("AppKey", "app_key", {"NewAppKey": "app_key", "NewAppSecret": "app_secret"}),
    ),
    Modify(name="ModifyApp", subject=_APP, needs=("AppId",), takes=("AppName", "Description")),
    Delete(name="DeleteApp", subject=_APP, needs=("AppId",)),
    Own(
        name="SetAppsAuthorities",
        subject=_AUTHORITY,
        needs=("ApiId", "AppIds", "StageName"),
        takes=("GroupId",),
        do=_authorize(on=True),
    ),
    Own(
        name="RemoveAppsAuthorities",
        subject=_AUTHORITY,
        needs=("ApiId", "AppIds", "StageName"),
        takes=("GroupId",),
        do=_authorize(on=False),
    ),
    Own(
        name="SetApisAuthorities",
        subject=_AUTHORITY,
        needs=("ApiIds", "AppId", "StageName"),
        takes=("GroupId",),
        do=_authorize(on=True),
    ),
    Own(
        name="RemoveApisAuthorities",
        subject=_AUTHORITY,
        needs=("ApiIds", "AppId", "StageName"),
        takes=("GroupId",),
        do=_authorize(on=False),
    ),
    Describe(
        name="DescribeAuthorizedApps",
        subject=_AUTHORITY,
        needs=("ApiId",),
        fields={
            "AppId": lambda authority: int(authority["app_id"]),
            "AppDescription": _of(_APP.kind, "app_id", "description"),
            "AppName": _of(_APP.kind, "app_id", "name"),
            "StageName": "stage_name",
        },
        inside=("AuthorizedApps", "AuthorizedApp"),
        filters={"AppId": "AppId", "AppName": "AppName", "StageName": "StageName"},
        by={"ApiId": "api_id", "GroupId": "group_id"},
        most=100,
    ),
    Describe(
        name="DescribeAuthorizedApis",
        subject=_AUTHORITY,
        needs=("AppId",),
        fields={
            "ApiId": "api_id",
            "ApiName": _of(_API.kind, "api_id", "name"),
            "GroupId": "group_id",
            "GroupName": _of(_GROUP.kind, "group_id", "name"),
            "RegionId": REGION,
            "StageName": "stage_name",
        },
        inside=("AuthorizedApis", "AuthorizedApi"),
        filters={},
        by={"AppId": "app_id"},
        most=100,
    ),
    Create(
        name="SetVpcAccess",
        subject=_ACCESS,
        needs=("InstanceId", "Name", "Port", "VpcId"),
        takes=("VpcTargetHostName",),
        tells={"VpcAccessId": "vpc_access_id"},
    ),
    Describe(
        name="DescribeVpcAccesses",
        subject=_ACCESS_LIST,
        fields={
            "VpcAccessId": "vpc_access_id",
            "CreatedTime": "create_time",
            "InstanceId": "instance_id",
            "Name": "name",
            "Port": "port",
            "RegionId": REGION,
            "VpcId": "vpc_id",
            "VpcTargetHostName": "vpc_target_host_name",
        },
        inside=("VpcAccessAttributes", "VpcAccessAttribute"),
        filters={name: name for name in ("InstanceId", "Name", "Port", "VpcAccessId", "VpcId")},
        parts=("Name",),
        most=100,
    ),
    Delete(name="RemoveVpcAccess", subject=_ACCESS, needs=_ACCESS.id),
    Create(
        name="CreatePlugin",
        subject=_PLUGIN,
        needs=("PluginData", "PluginName", "PluginType"),
        takes=("Description", "Tag"),
        tells={"PluginId": ID, "TagStatus": flag("tags")},
    ),
    Describe(
        name="DescribePlugins",
        subject=_PLUGIN,
        takes=("Tag",),
        fields={
            "PluginId": ID,
            **_PLUGIN_FIELDS,
            "RegionId": REGION,
            "Tags": tags("Key", "Value", "TagInfo"),
        },
        inside=("Plugins", "PluginAttribute"),
        filters={"PluginName": "PluginName", "PluginType": "PluginType"},
        most=100,
    ),
    Modify(
        name="ModifyPlugin",
        subject=_PLUGIN,
        needs=("PluginId",),
        takes=("Description", "PluginData", "PluginName"),
    ),
    Delete(name="DeletePlugin", subject=_PLUGIN, needs=("PluginId",)),
    Create(name="AttachPlugin", subject=_ATTACHED, needs=_ATTACHED.id),
    Delete(name="DetachPlugin", subject=_ATTACHED, needs=_ATTACHED.id),
    Describe(
        name="DescribePluginsByApi",
        subject=_ATTACHED_LIST,
        needs=("ApiId", "GroupId", "StageName"),
        fields={
            "PluginId": "plugin_id",
            **{name: _of(_PLUGIN.kind, "plugin_id", it) for name, it in _PLUGIN_FIELDS.items()},
            "RegionId": REGION,
        },
        inside=("Plugins", "PluginAttribute"),
        filters={},
        by={"ApiId": "api_id", "GroupId": "group_id", "StageName": "stage_name"},
        most=100,
    ),
    Describe(
        name="DescribePluginApis",
        subject=_ATTACHED_LIST,
        needs=("PluginId",),
        fields={
            "ApiId": "api_id",
            "ApiName": _of(_API.kind, "api_id", "name"),
            "Description": _of(_API.kind, "api_id", "description"),
            "GroupId": "group_id",
            "GroupName": _of(_GROUP.kind, "group_id", "name"),
            "RegionId": REGION,
            "StageName": "stage_name",
        },
        inside=("ApiSummarys", "ApiPluginSummary"),
        filters={"ApiId": "ApiId", "ApiName": "ApiName", "GroupId": "GroupId"},
        by={"PluginId": "plugin_id"},
        most=100,
    ),
    Create(
        name="CreateInstance",
        subject=_INSTANCE,
        needs=("ChargeType", "InstanceName", "InstanceSpec", "Token"),
        takes=(
            *("Duration", "HttpsPolicy", "InstanceCidr", "InstanceType", "PricingCycle"),
            *("UserVpcId", "ZoneId"),
        ),
        also=("ChargeType", "Tag", "Token", "ZoneVSwitchSecurityGroup"),
        reads=_network,
        token="Token",  # noqa: S106 - a parameter's name
        tells={"InstanceId": ID, "TagStatus": flag("tags")},
    ),
    Describe(
        name="DescribeInstances",
        subject=_INSTANCE,
        takes=("Tag",),
        fields={**_INSTANCE_FIELDS, "Tags": tags("Key", "Value", "TagInfo")},
        inside=("Instances", "InstanceAttribute"),
        filters={"InstanceType": "InstanceType"},
        most=100,
    ),
    Modify(
        name="ModifyInstanceAttribute",
        subject=_INSTANCE,
        needs=("InstanceId",),
        takes=(
            *("DeleteVpcIpBlock", "EgressIpv6Enable", "HttpsPolicy", "IPV6Enabled"),
            *("InstanceName", "VpcSlbIntranetEnable"),
        ),
        also=("ToConnectVpcIpBlock", "Token"),
        reads=_connected,
    ),
    Modify(
        name="ModifyInstanceSpec",
        subject=_INSTANCE,
        needs=("InstanceId", "InstanceSpec", "Token"),
        takes=("InstanceSpec", "SkipWaitSwitch"),
        also=("Token",),
    ),
    Modify(
        name="ModifyInstanceVpcAttributeForConsole",
        subject=_INSTANCE,
        needs=("InstanceId", "VpcId"),
        also=("DeleteVpcAccess", "Token", "VpcId", "VpcOwnerId", "VswitchId"),
        reads=_ingress,
    ),
    Delete(name="DeleteInstance", subject=_INSTANCE, needs=("InstanceId",)),
    Create(
        name="CreateAccessControlList",
        subject=_ACL,
        needs=("AclName",),
        also=("AddressIPVersion",),
        reads=_ip_version,
        tells={"AclId": ID},
    ),
    Describe(
        name="DescribeAccessControlLists",
        subject=_ACL_LIST,
        fields=_ACL_FIELDS,
        inside=("Acls", "Acl"),
        filters={"AclName": "AclName", "AddressIPVersion": "AddressIPVersion"},
        parts=("AclName",),
        most=100,
    ),
    Get(
        name="DescribeAccessControlListAttribute",
        subject=_ACL,
        needs=("AclId",),
        fields={**_ACL_FIELDS, "AclEntrys": _entries_told},
    ),
    Own(
        name="AddAccessControlListEntry",
        subject=_ACL_ENTRY,
        needs=("AclEntrys", "AclId"),
        do=_entries(on=True),
    ),
    Own(
        name="RemoveAccessControlListEntry",
        subject=_ACL_ENTRY,
        needs=("AclEntrys", "AclId"),
        do=_entries(on=False),
    ),
    Delete(name="DeleteAccessControlList", subject=_ACL, needs=("AclId",)),
    Create(name="EnableInstanceAccessControl", subject=_HEEDED, needs=_HEEDED.id),
    Own(
        name="DisableInstanceAccessControl",
        subject=_HEEDED,
        needs=("AclId", "InstanceId"),
        do=_heed_no_more,
    ),
    Create(name="CreateLogConfig", subject=_LOG, needs=("LogType", "SlsLogStore", "SlsProject")),
    Own(name="DescribeLogConfig", subject=_LOG, takes=("LogType",), do=_logs),
    Modify(
        name="ModifyLogConfig",
        subject=_LOG,
        needs=("LogType", "SlsLogStore", "SlsProject"),
        takes=("SlsLogStore", "SlsProject"),
    ),
    Delete(name="DeleteLogConfig", subject=_LOG, needs=("LogType",)),
    Own(name="DescribeRegions", subject=_GROUP, do=told_regions("apigateway")),
    *tag_actions({"apiGroup": _GROUP, "app": _APP, "plugin": _PLUGIN}, sized=False),
)

PRODUCT: Final = Product("cloudapi", "2016-07-14", _TABLE)
