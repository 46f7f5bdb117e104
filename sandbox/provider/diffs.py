"""What changes: the state against new inputs, the way the Terraform bridge compares them.

Only stated inputs count. An input that the cloud fills in and the program doesn't state makes no
difference; one that was stated and no longer is goes away, unless the cloud fills it in.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from facts.contract import Contract, Field
from sandbox.provider.values import has_unknown

__all__ = ["Change", "differences", "is_empty", "is_same"]

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One property that differs."""

    field: Field
    how: Literal["add", "update", "delete"]


def differences(contract: Contract, old: Values, new: Values) -> list[Change]:
    """Compare the state's outputs with new inputs, both in `camelCase`."""
    changes: list[Change] = []
    for known in contract.inputs.values():
        before, after = old.get(known.camel), new.get(known.camel)
        stated = known.camel in new
        if stated and not has_unknown(after):
            same = is_same(known, before, after)
        else:
            # Not stated: the cloud's own value stands, and nothing is nothing.
            same = not stated and (known.computed or is_empty(before))
        if same or _is_suppressed(contract, known, old, new):
            continue
        how = "delete" if not stated else "add" if before is None else "update"
        changes.append(Change(known, how))
    return changes


def is_empty(value: object) -> bool:
    """The provider can't tell an unset value from an empty one, and doesn't try."""
    return not value


def is_same(known: Field, before: object, after: object) -> bool:
    """Whether two values of a field mean the same to the provider."""
    if before == after or (is_empty(before) and is_empty(after)):
        return True
    if known.objects is not None:
        return _same_objects(known, known.objects, before, after)
    if known.type == "Set" and isinstance(before, list) and isinstance(after, list):
        many = (cast("list[object]", before), cast("list[object]", after))
        return sorted(map(repr, many[0])) == sorted(map(repr, many[1]))
    return False


def _same_objects(known: Field, fields: Mapping[str, Field], before: object, after: object) -> bool:
    """One object or many; those of a set in any order."""
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("dict[str, object]", before), cast("dict[str, object]", after)
        return all(_same_part(field, old.get(field.camel), new) for field in fields.values())
    if not isinstance(before, list) or not isinstance(after, list):
        return False
    left = [*cast("list[object]", before)]
    for wanted in cast("list[object]", after):
        # Of a list, the next one; of a set, any.
        candidates = left if known.type == "Set" else left[:1]
        same = (
            candidate for candidate in candidates if _same_objects(known, fields, candidate, wanted)
        )
        found = next(same, None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _same_part(known: Field, before: object, new: Mapping[str, object]) -> bool:
    after = new.get(known.camel)
    if after is None:
        # Not stated, as for a field of the resource itself.
        return known.computed or is_empty(before)
    return is_same(known, before, after)


# --- differences that the real provider ignores ----------------------------------------------


def _prepaid_only(old: Values, new: Values) -> bool:
    charge = new.get("instanceChargeType") or old.get("instanceChargeType")
    return charge != "PrePaid"


def _same_user_data(old: Values, new: Values) -> bool:
    def plain(text: object) -> bytes:
        try:
            return base64.b64decode(str(text or ""), validate=True)
        except (binascii.Error, ValueError):
            return str(text).encode()

    return plain(old.get("userData")) == plain(new.get("userData"))


def _same_json(name: str) -> Callable[[Values, Values], bool]:
    """Two policies that say the same in other words: other spaces, keys in another order."""

    def same(old: Values, new: Values) -> bool:
        try:
            before, after = (json.loads(str(one.get(name))) for one in (old, new))
        except ValueError:
            return False
        return before == after

    return same


_SUPPRESSED: Mapping[tuple[str, str], Callable[[Values, Values], bool]] = {
    ("nat_gateway", "vswitch_id"): lambda _, new: new.get("natType") != "Enhanced",
    ("nat_gateway", "specification"): lambda _, new: new.get("internetChargeType") != "PayBySpec",
    ("cen_bandwidth_package", "period"): lambda old, new: (
        (new.get("paymentType") or old.get("paymentType")) != "PrePaid"
    ),
    ("nat_gateway", "period"): lambda _, new: new.get("paymentType") != "Subscription",
    ("vpn_gateway", "period"): lambda _, new: new.get("paymentType") != "Subscription",
    ("security_group_rule", "port_range"): lambda _, new: (
        new.get("ipProtocol") not in {"tcp", "udp"} and new.get("portRange") == "-1/-1"
    ),
    ("security_group", "inner_access_policy"): lambda _, new: (
        new.get("securityGroupType") == "enterprise"
    ),
    ("ecs_invocation", "frequency"): lambda old, new: (
        (new.get("repeatMode") or old.get("repeatMode")) != "Period"
    ),
    ("ram_role", "assume_role_policy_document"): _same_json("assumeRolePolicyDocument"),
    ("ram_policy", "policy_document"): _same_json("policyDocument"),
    ("cms_alarm", "metric_dimensions"): _same_json("metricDimensions"),
    ("instance", "user_data"): _same_user_data,
    ("instance", "period"): _prepaid_only,
    ("instance", "period_unit"): _prepaid_only,
    ("instance", "renewal_status"): _prepaid_only,
    ("instance", "auto_renew_period"): _prepaid_only,
    ("instance", "include_data_disks"): _prepaid_only,
    ("instance", "force_delete"): lambda _old, _new: True,
}


def _is_suppressed(contract: Contract, known: Field, old: Values, new: Values) -> bool:
    ignore = _SUPPRESSED.get((contract.kind, known.name))
    return bool(known.diff_suppressed and ignore and ignore(old, new))
