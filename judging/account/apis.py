"""What API Gateway opens in an account, as a typed model, and how its answers become one.

Names of fields are ours, as in `holding`; words that the stack file has too are the stack file's.

Source: API Gateway, the pages of the actions below.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, Final

from judging.account.reading import Listing, Pages, Reader, text_of
from judging.preview import entries_of, items_of

__all__ = [
    "ACCESSES",
    "APIS",
    "APPS",
    "BOUND",
    "CALLABLE",
    "GROUPS",
    "LISTINGS",
    "AccessList",
    "Api",
    "ApiGroup",
    "Apis",
    "App",
    "Authorization",
    "Backend",
    "BackendKind",
    "Instance",
    "Plugin",
    "apis_of",
    "together",
]

_PRODUCT: Final = "cloudapi"
GROUPS: Final = Listing(_PRODUCT, "DescribeApiGroups", ("ApiGroupAttributes", "ApiGroupAttribute"))
_GROUP: Final = Listing(_PRODUCT, "DescribeApiGroup", (), Pages.ONE, of="GroupId")
APIS: Final = Listing(_PRODUCT, "DescribeApis", ("ApiSummarys", "ApiSummary"))
_API: Final = Listing(_PRODUCT, "DescribeApi", (), Pages.ONE, of="ApiId")
ACCESSES: Final = Listing(
    _PRODUCT, "DescribeVpcAccesses", ("VpcAccessAttributes", "VpcAccessAttribute")
)
APPS: Final = Listing(_PRODUCT, "DescribeAppAttributes", ("Apps", "AppAttribute"))
CALLABLE: Final = Listing(
    _PRODUCT, "DescribeAuthorizedApis", ("AuthorizedApis", "AuthorizedApi"), of="AppId"
)
_PLUGINS: Final = Listing(_PRODUCT, "DescribePlugins", ("Plugins", "PluginAttribute"))
BOUND: Final = Listing(
    _PRODUCT, "DescribePluginApis", ("ApiSummarys", "ApiPluginSummary"), of="PluginId"
)
_INSTANCES: Final = Listing(_PRODUCT, "DescribeInstances", ("Instances", "InstanceAttribute"))
LISTS: Final = Listing(_PRODUCT, "DescribeAccessControlLists", ("Acls", "Acl"))
_ENTRIES: Final = Listing(
    _PRODUCT, "DescribeAccessControlListAttribute", ("AclEntrys", "AclEntry"), Pages.ONE, of="AclId"
)
LISTINGS: Final = (
    *(GROUPS, _GROUP, APIS, _API, ACCESSES, APPS, CALLABLE, _PLUGINS, BOUND),
    *(_INSTANCES, LISTS, _ENTRIES),
)
"""All that is asked for."""


class BackendKind(Enum):
    """What an API has behind it."""

    HTTP = "http"
    VPC = "vpc"
    FUNCTION = "function"
    MOCK = "mock"
    UNKNOWN = "unknown"
    """Its definition may not be seen."""


@dataclass(frozen=True)
class Backend:
    """Where an API sends requests."""

    kind: BackendKind = BackendKind.UNKNOWN
    target: str = ""
    """The address, the authorization's name or the function's."""

    path: str = ""


@dataclass(frozen=True)
class ApiGroup:
    """A group: APIs that share domains."""

    id: str
    region: str
    name: str
    base_path: str
    """What precedes the paths of its APIs: `/shop`; empty where nothing does."""

    instance: str
    domains: tuple[str, ...]
    """Those that are called from outside: the cloud's, and the owner's."""

    inside: str
    """The domain that is called from inside a VPC; empty without one."""


@dataclass(frozen=True)
class Api:
    """An API, as it is defined now: a stage may still have an earlier definition."""

    id: str
    region: str
    group: str
    name: str
    protocol: str
    """http, https, or both with a comma; empty where its definition may not be seen."""

    method: str
    path: str
    auth: str
    """Who may call it: app, anonymous, or another of the cloud's words; empty as above."""

    backend: Backend
    stages: tuple[str, ...]
    """Where it is published."""


@dataclass(frozen=True)
class Authorization:
    """The gateway may call a port in a VPC. It is known by these three, and by its name."""

    id: str
    """What the provider calls it: all four."""

    region: str
    name: str
    vpc: str
    instance: str
    """A server, a load balancer, or an address."""

    port: str


@dataclass(frozen=True)
class App:
    """Who calls APIs with a key, and which of them."""

    id: str
    region: str
    name: str
    apis: tuple[tuple[str, str], ...]
    """Each API that it may call, by id, with the stage."""


@dataclass(frozen=True)
class Plugin:
    """A plugin and what it is bound to."""

    id: str
    region: str
    name: str
    kind: str
    data: str
    apis: tuple[tuple[str, str], ...]
    """Each API that it is bound to, by id, with the stage."""


@dataclass(frozen=True)
class Instance:
    """An instance of the gateway."""

    id: str
    region: str
    name: str
    spec: str
    zone: str
    https_policy: str
    access_lists: tuple[str, ...]
    """The lists of addresses that it heeds, by id."""


@dataclass(frozen=True)
class AccessList:
    """A list of ranges that an instance lets in, or keeps out."""

    id: str
    region: str
    name: str
    ranges: tuple[str, ...]


@dataclass(frozen=True)
class Apis:
    """What API Gateway has in a region, or of one group."""

    groups: tuple[ApiGroup, ...] = ()
    apis: tuple[Api, ...] = ()
    authorizations: tuple[Authorization, ...] = ()
    apps: tuple[App, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    instances: tuple[Instance, ...] = ()
    access_lists: tuple[AccessList, ...] = ()

    def of_network(self, vpc: str) -> "Apis":
        """What leads into one network, by an authorization."""
        ways = tuple(one for one in self.authorizations if one.vpc == vpc)
        behind = {(BackendKind.VPC, one.name) for one in ways}
        apis = tuple(one for one in self.apis if (one.backend.kind, one.backend.target) in behind)
        mine, groups = {one.id for one in apis}, {one.group for one in apis}
        kept = tuple(one for one in self.groups if one.id in groups)
        instances = tuple(one for one in self.instances if one.id in {it.instance for it in kept})
        heeded = {acl for one in instances for acl in one.access_lists}
        return Apis(
            groups=kept,
            apis=apis,
            authorizations=ways,
            apps=tuple(one for one in self.apps if _on(mine, one.apis)),
            plugins=tuple(one for one in self.plugins if _on(mine, one.apis)),
            instances=instances,
            access_lists=tuple(one for one in self.access_lists if one.id in heeded),
        )


def together(regions: Sequence[Apis]) -> Apis:
    """What several regions have, as one."""
    return Apis(
        **{
            each.name: tuple(one for region in regions for one in getattr(region, each.name))
            for each in fields(Apis)
        }
    )


def apis_of(reader: Reader, region: str, group: str = "") -> Apis:
    """Read API Gateway in a region.

    Args:
        reader: asks the account.
        region: where.
        group: the one group that it is about, by id: its APIs, its instance, and the apps and
            plugins on them. Unless given, all that the region has. Authorizations are the region's.

    Raises:
        UnreadError: it couldn't be read to its end.
    """

    def listed(listing: Listing, **more: str) -> list[Mapping[str, Any]]:
        return reader.listed(listing, region, **more)

    groups = tuple(
        _group(reader, region, one)
        for one in listed(GROUPS)
        if group in {"", text_of(one, "GroupId")}
    )
    if not groups:
        summaries = list[Mapping[str, Any]]()
    elif group:
        summaries = listed(APIS, GroupId=group)
    else:
        summaries = listed(APIS)
    apis = tuple(_api(reader, region, one) for one in summaries)
    mine = {one.id for one in apis}
    apps = tuple(_app(reader, region, one) for one in listed(APPS))
    plugins = tuple(_plugin(reader, region, one) for one in listed(_PLUGINS))
    instances = tuple(_instance(region, one) for one in listed(_INSTANCES))
    if group:
        apps = tuple(one for one in apps if _on(mine, one.apis))
        plugins = tuple(one for one in plugins if _on(mine, one.apis))
        instances = tuple(one for one in instances if one.id in {it.instance for it in groups})
    heeded = {acl for one in instances for acl in one.access_lists}
    return Apis(
        groups=groups,
        apis=apis,
        authorizations=tuple(_authorization(region, one) for one in listed(ACCESSES)),
        apps=apps,
        plugins=plugins,
        instances=instances,
        # Entries are a call for each list: those are asked for that an instance heeds.
        access_lists=tuple(
            _access_list(reader, region, one)
            for one in (listed(LISTS) if heeded else [])
            if text_of(one, "AclId") in heeded
        ),
    )


def _on(apis: Iterable[str], bindings: Iterable[tuple[str, str]]) -> bool:
    return not {api for api, _ in bindings}.isdisjoint(apis)


def _group(reader: Reader, region: str, answer: Mapping[str, Any]) -> ApiGroup:
    identity = text_of(answer, "GroupId")
    # The list tells neither the owner's domains nor the one inside.
    told = reader.told(_GROUP, region, GroupId=identity)
    own = items_of(entries_of(told.get("CustomDomains")).get("DomainItem"))
    names = (text_of(answer, "SubDomain"), *(text_of(entries_of(it), "DomainName") for it in own))
    return ApiGroup(
        id=identity,
        region=region,
        name=text_of(answer, "GroupName"),
        base_path=text_of(answer, "BasePath").rstrip("/"),
        instance=text_of(answer, "InstanceId"),
        domains=tuple(filter(None, names)),
        inside=text_of(told, "VpcDomain"),
    )


def _api(reader: Reader, region: str, answer: Mapping[str, Any]) -> Api:
    identity, group = text_of(answer, "ApiId"), text_of(answer, "GroupId")
    # The list tells neither who may call it nor what is behind it.
    told = reader.told(_API, region, ApiId=identity, GroupId=group)
    deployed = items_of(entries_of(answer.get("DeployedInfos")).get("DeployedInfo"))
    return Api(
        id=identity,
        region=region,
        group=group,
        name=text_of(answer, "ApiName"),
        protocol=text_of(entries_of(told.get("RequestConfig")), "RequestProtocol").lower(),
        method=text_of(answer, "ApiMethod"),
        path=text_of(answer, "ApiPath"),
        auth=text_of(told, "AuthType").lower(),
        backend=_backend(told),
        stages=tuple(
            text_of(one, "StageName")
            for one in map(entries_of, deployed)
            if text_of(one, "DeployedStatus") == "DEPLOYED"
        ),
    )


def _backend(definition: Mapping[str, Any]) -> Backend:
    service = entries_of(definition.get("ServiceConfig"))
    if not service:
        return Backend()
    path = text_of(service, "ServicePath")
    if text_of(service, "Mock").upper() == "TRUE":
        return Backend(BackendKind.MOCK)
    if text_of(service, "ServiceVpcEnable").upper() == "TRUE":
        return Backend(BackendKind.VPC, text_of(entries_of(service.get("VpcConfig")), "Name"), path)
    if text_of(service, "ServiceProtocol") == "FunctionCompute":
        called = entries_of(service.get("FunctionComputeConfig"))
        # Functions with an HTTP trigger have an address in place of a name.
        target = text_of(called, "FunctionName") or text_of(called, "FcBaseUrl")
        return Backend(BackendKind.FUNCTION, target, text_of(called, "Path"))
    return Backend(BackendKind.HTTP, text_of(service, "ServiceAddress"), path)


def _authorization(region: str, answer: Mapping[str, Any]) -> Authorization:
    return Authorization(
        id=":".join(text_of(answer, one) for one in ("Name", "VpcId", "InstanceId", "Port")),
        region=region,
        name=text_of(answer, "Name"),
        vpc=text_of(answer, "VpcId"),
        instance=text_of(answer, "InstanceId"),
        port=text_of(answer, "Port"),
    )


def _bindings(answers: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    return tuple((text_of(one, "ApiId"), text_of(one, "StageName")) for one in answers)


def _app(reader: Reader, region: str, answer: Mapping[str, Any]) -> App:
    identity = text_of(answer, "AppId")
    return App(
        id=identity,
        region=region,
        name=text_of(answer, "AppName"),
        apis=_bindings(reader.listed(CALLABLE, region, AppId=identity)),
    )


def _plugin(reader: Reader, region: str, answer: Mapping[str, Any]) -> Plugin:
    identity = text_of(answer, "PluginId")
    return Plugin(
        id=identity,
        region=region,
        name=text_of(answer, "PluginName"),
        kind=text_of(answer, "PluginType"),
        data=text_of(answer, "PluginData"),
        apis=_bindings(reader.listed(BOUND, region, PluginId=identity)),
    )


def _instance(region: str, answer: Mapping[str, Any]) -> Instance:
    return Instance(
        id=text_of(answer, "InstanceId"),
        region=region,
        name=text_of(answer, "InstanceName"),
        spec=text_of(answer, "InstanceSpec"),
        zone=text_of(answer, "ZoneId"),
        https_policy=text_of(answer, "HttpsPolicies"),
        access_lists=tuple(filter(None, (text_of(answer, it) for it in ("AclId", "IPV6AclId")))),
    )


def _access_list(reader: Reader, region: str, answer: Mapping[str, Any]) -> AccessList:
    identity = text_of(answer, "AclId")
    return AccessList(
        id=identity,
        region=region,
        name=text_of(answer, "AclName"),
        ranges=tuple(
            text_of(one, "AclEntryIp") for one in reader.listed(_ENTRIES, region, AclId=identity)
        ),
    )
