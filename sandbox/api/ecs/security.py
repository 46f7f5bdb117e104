"""Security groups, and the rules in them.

A rule has an id of its own, and is also what it says: it is revoked and changed by either.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.api.actions import (
    ID,
    Action,
    Call,
    Create,
    Delete,
    Field,
    Joined,
    Modify,
    Own,
    Subject,
    tags,
)
from sandbox.api.ecs.lists import Listed, several, token_page
from sandbox.api.refusals import invalid, missing
from sandbox.api.requests import Said
from sandbox.cloud import KINDS, Attributes, CloudError, Resource
from sandbox.cloud.core import Session

__all__ = ["GROUP", "TABLE"]

GROUP = Subject("security_group", ("SecurityGroupId",))
_RULES = "security_group_rule"

_GROUP_FIELDS: Mapping[str, Field] = {
    "SecurityGroupId": ID,
    "SecurityGroupName": "security_group_name",
    "CreationTime": "create_time",
    "Description": "description",
    "ResourceGroupId": "resource_group_id",
    "RuleCount": Joined(lambda session, group: session.count(_RULES, security_group_id=group.id)),
    "SecurityGroupType": "security_group_type",
    "ServiceManaged": lambda _: False,
    "Tags": tags("TagKey", "TagValue"),
    "VpcId": "vpc_id",
}

# --- what a rule says -----------------------------------------------------------------------------

_INGRESS, _EGRESS = "ingress", "egress"
_ABOUT: Final[Mapping[str, Mapping[str, str]]] = {
    _INGRESS: {
        "SourceCidrIp": "cidr_ip",
        "Ipv6SourceCidrIp": "ipv6_cidr_ip",
        "SourceGroupId": "source_security_group_id",
        "SourcePrefixListId": "prefix_list_id",
    },
    _EGRESS: {
        "DestCidrIp": "cidr_ip",
        "Ipv6DestCidrIp": "ipv6_cidr_ip",
        "DestGroupId": "source_security_group_id",
        "DestPrefixListId": "prefix_list_id",
    },
}
"""What a rule is about, by its direction; of several the first counts."""

_REST: Final = ("Description", "IpProtocol", "NicType", "Policy", "PortRange", "Priority")
_RULE = {way: Subject(_RULES, ("SecurityGroupRuleId",), about) for way, about in _ABOUT.items()}
_MOST_RULES: Final = 100
_PRIORITIES: Final = {"", *map(str, range(1, 101))}


def _names(way: str) -> tuple[str, ...]:
    """The parameters that say what a rule says."""
    return *_REST, *_ABOUT[way]


def _stated(said: Said, way: str, group: str) -> Attributes:
    """What one rule says, of a group. Protocols and policies may be in letters of either size."""
    if said.text("Priority") not in _PRIORITIES:
        raise CloudError(
            "InvalidPriority.ValueNotSupported", "A rule's priority is a number from 1 to 100."
        )
    small = {name: said.text(name).lower() for name in ("IpProtocol", "Policy")}
    found = _RULE[way].stated(said.with_(small), _names(way))
    about = [name for name in _ABOUT[way].values() if name in found]
    first = {name: value for name, value in found.items() if name not in about[1:]}
    return {**first, "security_group_id": group, "type": way}


def _rules(said: Said, way: str) -> list[Attributes]:
    """The rules that a call says: a list of them, or one as it was said before there were lists."""
    each = [Said(one) for one in said.listed("Permissions")]
    if len(each) > _MOST_RULES:
        raise invalid("Permissions", f"a call takes {_MOST_RULES} rules at most")
    if not each and any(map(said.text, ("IpProtocol", *_ABOUT[way]))):
        each = [said]
    rules = [_stated(one, way, said.text("SecurityGroupId")) for one in each]
    if not all("ip_protocol" in one for one in rules):
        raise missing("Permissions.N.IpProtocol" if said.listed("Permissions") else "IpProtocol")
    return rules


def _permission(rule: Resource) -> dict[str, Any]:
    """A rule as a group's attributes tell it."""
    about = {
        name: rule.text(attribute) if rule["type"] == way else ""
        for way, names in _ABOUT.items()
        for name, attribute in names.items()
    }
    return {
        "SecurityGroupRuleId": rule["security_group_rule_id"],
        "Description": rule.text("description"),
        "Direction": rule["type"],
        "IpProtocol": rule.text("ip_protocol").upper(),
        "NicType": rule["nic_type"],
        "Policy": rule.text("policy").capitalize(),
        "PortRange": rule["port_range"],
        "Priority": str(rule["priority"]),
        **about,
    }


# --- actions with a way of their own --------------------------------------------------------------


def _authorize(way: str) -> Callable[[Call], dict[str, Any]]:
    def do(call: Call) -> dict[str, Any]:
        rules = _rules(call.said, way)
        if not rules:
            raise missing("Permissions.1.IpProtocol")

        def act(session: Session) -> None:
            for one in rules:
                KINDS[_RULES].create(session, one)

        call.store.together("create", _RULES, act, region=call.region)
        return {}

    return do


def _named(session: Session, call: Call, way: str, ids: list[str]) -> list[Resource]:
    """The rules of a direction that a call names by their ids, of the group that it names."""
    group = session.need("security_group", call.said.text("SecurityGroupId"))
    own = {
        rule["security_group_rule_id"]: rule
        for rule in session.find(_RULES, security_group_id=group.id)
        if rule["type"] == way
    }
    if gone := [one for one in ids if one not in own]:
        raise CloudError(KINDS[_RULES].not_found, f"{group.id} has no such rule: {gone[0]}.")
    return [own[one] for one in ids]


def _same(session: Session, rule: Attributes) -> Resource | None:
    """The rule that says the same, where there is one."""
    return session.get(_RULES, KINDS[_RULES].identity(session, rule))


def _revoke(way: str) -> Callable[[Call], dict[str, Any]]:
    def do(call: Call) -> dict[str, Any]:
        rules, ids = _rules(call.said, way), call.said.values("SecurityGroupRuleId")
        if not rules and not ids:
            raise missing("Permissions.1.IpProtocol")

        def act(session: Session) -> None:
            named = _named(session, call, way, ids)
            # One that isn't there is none that stays.
            said = [same for one in rules if (same := _same(session, one))]
            for rule in {rule.id: rule for rule in (*named, *said)}.values():
                KINDS[_RULES].delete(session, rule, force=False)

        call.store.together("delete", _RULES, act, region=call.region)
        return {}

    return do


def _meant(session: Session, call: Call, way: str, stated: Attributes) -> Resource:
    """The rule that a call is about: the one with the id, or the one that says this."""
    if identity := call.said.text("SecurityGroupRuleId"):
        return _named(session, call, way, [identity])[0]
    if "ip_protocol" not in stated:
        raise missing("SecurityGroupRuleId")
    _named(session, call, way, [])
    if same := _same(session, stated):
        return same
    raise CloudError(KINDS[_RULES].not_found, "There is no rule that says this.")


def _modify(way: str) -> Callable[[Call], dict[str, Any]]:
    def do(call: Call) -> dict[str, Any]:
        kind, about = KINDS[_RULES], {*_ABOUT[way].values()}
        stated = _stated(call.said, way, call.said.text("SecurityGroupId"))
        if "Description" in call.said:
            stated["description"] = call.said.text("Description")

        def act(session: Session) -> None:
            rule = _meant(session, call, way, stated)
            kept = rule.attributes.keys() - (about if stated.keys() & about else set())
            changed = {**{name: rule[name] for name in kept}, **stated}
            if kind.identity(session, changed) == rule.id:
                kind.update(session, rule, stated)
            else:  # What it says is what it is.
                kind.delete(session, rule, force=False)
                kind.create(session, changed)

        call.store.together("update", _RULES, act, region=call.region)
        return {}

    return do


_DIRECTIONS: Final[Mapping[str, frozenset[str]]] = {
    "": frozenset({_INGRESS, _EGRESS}),
    "all": frozenset({_INGRESS, _EGRESS}),
    _INGRESS: frozenset({_INGRESS}),
    _EGRESS: frozenset({_EGRESS}),
}


def _attribute(call: Call) -> dict[str, Any]:
    """A group and its rules. They are of one network by now, whatever `NicType` says."""
    said = call.said
    ways = said.choice("Direction", _DIRECTIONS)
    number, size = token_page(said, 500, 1000)

    def look(session: Session) -> dict[str, Any]:
        group = session.need("security_group", said.text("SecurityGroupId"))
        every = session.find(_RULES, security_group_id=group.id)
        rules = [_permission(rule) for rule in every if rule["type"] in ways]
        last = number * size
        return {
            "SecurityGroupId": group.id,
            "SecurityGroupName": group.text("security_group_name"),
            "Description": group.text("description"),
            "InnerAccessPolicy": group["inner_access_policy"],
            "NextToken": f"{number + 1}-{size}" if last < len(rules) else "",
            "Permissions": {"Permission": rules[last - size : last]},
            "RegionId": group.region,
            "VpcId": group.text("vpc_id"),
        }

    return call.store.ask("security_group", look, region=call.region)


def _policy(said: Said) -> Attributes:
    given = said.text("InnerAccessPolicy").capitalize()
    return GROUP.stated(said.with_({"InnerAccessPolicy": given}), ("InnerAccessPolicy",))


def _on_rules(name: str, way: str, do: Callable[[Call], dict[str, Any]], *more: str) -> Action:
    return Own(
        name=name,
        subject=_RULE[way],
        needs=("SecurityGroupId",),
        takes=("ClientToken", *_names(way), *more),
        do=do,
    )


def _listed(way: str) -> tuple[str, ...]:
    return tuple(f"Permissions.{name}" for name in _names(way))


# --- the table ------------------------------------------------------------------------------------

TABLE: Final[tuple[Action, ...]] = (
    Create(
        name="CreateSecurityGroup",
        subject=GROUP,
        takes=(
            *("Description", "ResourceGroupId", "SecurityGroupName"),
            *("SecurityGroupType", "Tag", "VpcId"),
        ),
        tells={"SecurityGroupId": ID},
    ),
    Listed(
        name="DescribeSecurityGroups",
        subject=GROUP,
        takes=("SecurityGroupIds", "Tag"),
        ids=lambda said: several(said, "SecurityGroupIds") or several(said, "SecurityGroupId"),
        fields=_GROUP_FIELDS,
        inside=("SecurityGroups", "SecurityGroup"),
        filters={
            name: name
            for name in ("ResourceGroupId", "SecurityGroupName", "SecurityGroupType", "VpcId")
        },
        longest=100,
    ),
    Own(
        name="DescribeSecurityGroupAttribute",
        subject=GROUP,
        needs=("SecurityGroupId",),
        takes=("Direction", "MaxResults", "NextToken", "NicType"),
        do=_attribute,
    ),
    Modify(
        name="ModifySecurityGroupAttribute",
        subject=GROUP,
        needs=("SecurityGroupId",),
        takes=("Description", "SecurityGroupName"),
    ),
    Modify(
        name="ModifySecurityGroupPolicy",
        subject=GROUP,
        needs=("SecurityGroupId", "InnerAccessPolicy"),
        reads=_policy,
        also=("InnerAccessPolicy",),
    ),
    Delete(name="DeleteSecurityGroup", subject=GROUP, needs=("SecurityGroupId",)),
    _on_rules("AuthorizeSecurityGroup", _INGRESS, _authorize(_INGRESS), *_listed(_INGRESS)),
    _on_rules("AuthorizeSecurityGroupEgress", _EGRESS, _authorize(_EGRESS), *_listed(_EGRESS)),
    _on_rules("ModifySecurityGroupRule", _INGRESS, _modify(_INGRESS), "SecurityGroupRuleId"),
    _on_rules("ModifySecurityGroupEgressRule", _EGRESS, _modify(_EGRESS), "SecurityGroupRuleId"),
    _on_rules(
        "RevokeSecurityGroup",
        _INGRESS,
        _revoke(_INGRESS),
        "SecurityGroupRuleId",
        *_listed(_INGRESS),
    ),
    _on_rules(
        "RevokeSecurityGroupEgress",
        _EGRESS,
        _revoke(_EGRESS),
        "SecurityGroupRuleId",
        *_listed(_EGRESS),
    ),
)
