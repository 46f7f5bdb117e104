"""The rules of a dedicated instance: what a new one needs, and who may connect to it.

Source: API Gateway, "Use instance-level access control" and "AddAccessControlListEntry".
"""

from collections.abc import Iterator

from stack.naming import rename_problems
from stack.network_rules import cidr_problem
from stack.problems import KeyPath, Problem
from stack.settings import StackSettings
from topologies.api_gateway.instance_settings import AclMode, AclSettings
from topologies.api_gateway.network_rules import place_problems
from topologies.api_gateway.settings import SECTION, ApiGatewaySettings

_EVERYBODY = "0.0.0.0/0"


def instance_problems(settings: StackSettings, section: ApiGatewaySettings) -> Iterator[Problem]:
    """What an instance may not say."""
    instance, path = section.instance, (SECTION, "instance")
    if instance is None:
        return
    if instance.acl is not None:
        yield from _acl_problems((*path, "acl"), instance.acl)
    new: dict[str, object] = {
        "name": instance.name,
        "spec": instance.spec,
        "zone": instance.zone,
        "ingress": instance.ingress and instance.ingress.model_dump(by_alias=True),
        "selfCall": instance.self_call or None,
    }
    if "https_policy" in instance.model_fields_set:
        new["httpsPolicy"] = instance.https_policy
    if instance.id is not None:
        for key, value in new.items():
            if value is not None:
                rule = f"an instance that exists keeps its {key}"
                yield Problem((*path, key), value, rule, f"remove {key}, or id to create one")
        return
    if instance.spec is None:
        rule = "a new instance has a size"
        remedy = "add spec: api.s1.small, or the id of an instance that exists"
        yield Problem((*path, "spec"), None, rule, remedy)
    if instance.ingress is not None:
        where = (*path, "ingress", "vswitch")
        yield from place_problems(settings, instance.ingress.vswitch, where)


def instance_warnings(section: ApiGatewaySettings) -> Iterator[Problem]:
    """What an instance may say, and probably doesn't mean."""
    instance = section.instance
    if instance is None:
        return
    if instance.acl is not None:
        mode = instance.acl.mode
        for key, entry in instance.acl.entries.items():
            if entry.cidr == _EVERYBODY:
                rule = "this range is everybody, so that nobody gets in"
                if mode is AclMode.ALLOW:
                    rule = "this range is everybody, so that nobody is kept out"
                where = (SECTION, "instance", "acl", "entries", key, "cidr")
                yield Problem(where, entry.cidr, rule, "write the ranges that are meant")
    if instance.self_call and all(g.self_call_domain is None for g in section.groups.values()):
        rule = "the gateway calls a group by its self-call domain, and no group has one"
        remedy = (
            "make it: aliyun cloudapi CreateIntranetDomain --GroupId …, with an id of the output "
            "apiGroups; then write it into selfCallDomain of that group"
        )
        yield Problem((SECTION, "instance", "selfCall"), instance.self_call, rule, remedy)


def _acl_problems(path: KeyPath, acl: AclSettings) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, entry in acl.entries.items():
        where = (*path, "entries", key, "cidr")
        problem = cidr_problem(where, entry.cidr, range(33))
        if problem is not None:
            yield problem
            continue
        owner = owners.setdefault(entry.cidr, key)
        if owner != key:
            rule = f"a range is in a list once; {owner} is it already"
            yield Problem(where, entry.cidr, rule, f"remove {key} or {owner}")
    yield from rename_problems((*path, "entries"), acl.entries)
