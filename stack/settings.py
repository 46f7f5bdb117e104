"""A whole stack file as typed settings: what all topologies share, and one section for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field

from stack.model import Model, Name, fields_of
from stack.network import HostSettings, NetworkSettings, OtherNetworkSettings, no_network
from stack.problems import KeyPath, Problem
from stack.quotas import Quotas
from stack.tiers import TIERS, Tier, TierDefaults
from stack.watching import AlarmSettings, FlowLogSettings


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


class CommonSettings(Model):
    """The keys that every stack file has, whatever its topology."""

    topology: Annotated[
        list[str],
        Field(min_length=1, examples=["shared-bandwidth", ["shared-bandwidth", "unified-egress"]]),
        BeforeValidator(_as_list, json_schema_input_type=str | list[str]),
    ]
    """What to build: one topology's name, or a list of them."""

    network: NetworkSettings = Field(
        default_factory=no_network,
        examples=[
            {
                "vpc": {"cidr": "192.168.0.0/16"},
                "vswitches": {"apps": {"cidr": "192.168.1.0/24", "zone": "cn-shanghai-a"}},
            }
        ],
    )
    """The VPC, its vSwitches and hosts. APIs alone need none."""

    networks: dict[Name, OtherNetworkSettings] = Field(
        default_factory=dict[Name, OtherNetworkSettings],
        examples=[
            {
                "functions": {
                    "region": "cn-zhangjiakou",
                    "vpc": {"cidr": "172.16.0.0/16"},
                    "vswitches": {"calls": {"cidr": "172.16.1.0/24", "zone": "cn-zhangjiakou-a"}},
                }
            }
        ],
    )
    """More VPCs, by name: for backends, for functions, in other regions."""

    tags: dict[str, str] = Field(
        default_factory=dict[str, str], examples=[{"team": "shop", "env": "dev"}]
    )
    """Tags of every resource that can carry tags; at most 20."""

    resource_group: str | None = Field(
        default=None, pattern=r"^rg-[A-Za-z0-9-]+$", examples=["rg-acfmabc"]
    )
    """The id of the resource group that everything is in that can be in one; the account's default
    unless given. Network interfaces and load balancers can't be moved later without new ones."""

    tier: Tier = Field(default=Tier.DEVELOPMENT, strict=False)
    """`production` protects addresses, gateways and packages from deletion, in the cloud and in
    Pulumi, and makes no RAM roles; the others do otherwise. `development` deletes a gateway or a
    package even where others have put something on it."""

    alarms: dict[Name, AlarmSettings] = Field(
        default_factory=dict[Name, AlarmSettings],
        examples=[{"failing": {"watch": "apiServerErrors", "above": 5, "contactGroups": ["ops"]}}],
    )
    """Alarms by name: on APIs, the bandwidth package, the NAT gateway."""

    flow_logs: dict[Name, FlowLogSettings] = Field(
        default_factory=dict[Name, FlowLogSettings],
        examples=[{"everything": {"project": "shop-logs", "store": "flows"}}],
    )
    """Flow logs by name: of networks and vSwitches, into log stores that exist."""

    quotas: Quotas = Field(default_factory=Quotas)
    """Quotas that were raised for this account."""

    @property
    def every_network(self) -> Mapping[str | None, NetworkSettings]:
        """The networks by name; None is the name of the stack's own."""
        own: dict[str | None, NetworkSettings] = {None: self.network} if self.network.exists else {}
        return {**own, **self.networks}

    @property
    def every_host(self) -> Mapping[str, tuple[str | None, HostSettings]]:
        """The hosts by name, which only one has, each with the name of its network."""
        return {
            key: (name, host)
            for name, network in self.every_network.items()
            for key, host in network.hosts.items()
        }

    def network_of_vswitch(self, name: str) -> tuple[str | None, NetworkSettings] | None:
        """The network that has a vSwitch of this name, which only one has."""
        found = (one for one in self.every_network.items() if name in one[1].vswitches)
        return next(found, None)

    def network_of_host(self, name: str) -> tuple[str | None, NetworkSettings] | None:
        """The network that has a host of this name, which only one has."""
        return next((one for one in self.every_network.items() if name in one[1].hosts), None)


COMMON_KEYS: Final = tuple(fields_of(CommonSettings))

Sections = Mapping[str, BaseModel]
"""The sections of the chosen topologies by topology name."""


@dataclass(frozen=True)
class StackSettings:
    """A whole stack's settings, and what its rules only warned about."""

    stack: str
    region: str | None
    common: CommonSettings
    sections: Sections
    warnings: tuple[Problem, ...] = ()

    def region_of(self, network: str | None) -> str | None:
        """The region that a network lies in, by its name; None is the name of the stack's own."""
        other = self.common.networks.get(network) if network is not None else None
        return self.region if other is None or other.region is None else other.region

    @property
    def tier_defaults(self) -> TierDefaults:
        """What the stack's tier decides."""
        return TIERS[self.common.tier]

    @property
    def protected(self) -> bool:
        """Whether the cloud refuses to delete addresses, gateways and packages."""
        return self.tier_defaults.deletion_protection


# Resource Management, "Limits on tags".
MOST_TAGS, LONGEST_TAG = 20, 128
_RESERVED_TAG_STARTS = ("aliyun", "acs:")
_URLS = ("http://", "https://")


def tag_problems(tags: dict[str, str]) -> Iterator[Problem]:
    """The cloud's rules for tags."""
    path: KeyPath = ("tags",)
    if len(tags) > MOST_TAGS:
        rule = f"a resource carries at most {MOST_TAGS} tags"
        yield Problem(path, f"{len(tags)} tags", rule, "remove some")
    for key, value in tags.items():
        if not 1 <= len(key) <= LONGEST_TAG or len(value) > LONGEST_TAG:
            rule = f"a tag's key has 1 to {LONGEST_TAG} characters and its value at most as many"
            yield Problem((*path, key), value, rule, "shorten it")
        if key.lower().startswith(_RESERVED_TAG_STARTS) or any(
            url in text for url in _URLS for text in (key, value)
        ):
            rule = "a tag can't start with aliyun or acs:, nor contain http:// or https://"
            yield Problem((*path, key), value, rule, "rename it")


def tier_warnings(stack: str, tier: Tier) -> Iterator[Problem]:
    """A stack that is called production and isn't protected."""
    if stack.lower().startswith("prod") and not TIERS[tier].deletion_protection:
        rule = f"the stack {stack} sounds like production, and nothing protects its addresses"
        yield Problem(("tier",), tier.value, rule, "say tier: production")
