"""Policies as documents: what one has to look like, and those that the cloud has of its own.

The codes of refusals are ours, but for that of the length.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final, cast

from facts.calls import CONDITIONS, Document
from sandbox.cloud.core import CloudError

__all__ = [
    "NETWORK_ACTIONS",
    "SYSTEM_POLICIES",
    "check_policy",
    "check_trust",
    "parsed",
    "statements",
    "texts",
]

_LARGEST: Final = 6144
_READING: Final = ("Describe*", "Get*", "List*")
_SERVICES: Final = {
    "ApiGateway": "apigateway",
    "CEN": "cen",
    "ECS": "ecs",
    "FC": "fc",
    "Log": "log",
    "OSS": "oss",
    "RAM": "ram",
    "SLB": "slb",
    "VPC": "vpc",
}
NETWORK_ACTIONS: Final = (
    "vpc:DescribeVSwitchAttributes",
    "ecs:CreateNetworkInterface",
    "ecs:DeleteNetworkInterface",
    "ecs:DescribeNetworkInterfaces",
    "ecs:CreateNetworkInterfacePermission",
    "ecs:DescribeNetworkInterfacePermissions",
    "ecs:DeleteNetworkInterfacePermission",
)
"""What AliyunECSNetworkInterfaceManagementAccess allows: all that a service needs to put network
cards of its own into somebody's vSwitch."""


def _allowing(*actions: str) -> Document:
    return {
        "Version": "1",
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}],
    }


SYSTEM_POLICIES: Final[Mapping[str, Document]] = {
    "AdministratorAccess": _allowing("*"),
    "ReadOnlyAccess": _allowing(*(f"*:{verb}" for verb in _READING)),
    "AliyunECSNetworkInterfaceManagementAccess": _allowing(*NETWORK_ACTIONS),
    **{
        f"Aliyun{product}FullAccess": _allowing(f"{service}:*")
        for product, service in _SERVICES.items()
    },
    **{
        f"Aliyun{product}ReadOnlyAccess": _allowing(*(f"{service}:{verb}" for verb in _READING))
        for product, service in _SERVICES.items()
    },
    "AliyunECSFullAccess": _allowing("ecs:*", "vpc:DescribeVpcs", "vpc:DescribeVSwitches"),
    "AliyunSTSAssumeRoleAccess": _allowing("sts:AssumeRole"),
    "AliyunFCInvocationAccess": _allowing("fc:InvokeFunction"),
    "AliyunFCDefaultRolePolicy": _allowing("log:PostLogStoreLogs", *NETWORK_ACTIONS),
}
"""Of the cloud's own policies, those that somebody may want here."""


def check_policy(text: object) -> None:
    """Refuse what isn't a policy that says who may do what, on what."""
    for one in _checked(text):
        if not _one_of(one, "Action") or not _one_of(one, "Resource"):
            raise _malformed('Each statement has an "Action" and a "Resource".')
        _check_condition(one.get("Condition", {}))


def check_trust(text: object) -> None:
    """Refuse what isn't a policy that says who may take a role."""
    for one in _checked(text):
        if not texts(one.get("Action")) or not isinstance(one.get("Principal"), dict):
            raise _malformed('Each statement of a trust has an "Action" and a "Principal".')
        _check_condition(one.get("Condition", {}))


def _checked(text: object) -> list[Mapping[str, object]]:
    try:
        read: object = json.loads(str(text))
    except (ValueError, RecursionError) as problem:
        raise _malformed(f"It isn't JSON: {problem}.") from None
    document = _mapping(read)
    listed = document.get("Statement")
    if document.get("Version") != "1" or not isinstance(listed, list):
        raise _malformed('A policy has "Version": "1" and a list "Statement".')
    if len(str(text)) > _LARGEST:
        raise CloudError("InvalidParameter.PolicyDocument.Length", f"At most {_LARGEST} bytes fit.")
    found = [_mapping(one) for one in cast("list[object]", listed)]
    if any(one.get("Effect") not in {"Allow", "Deny"} for one in found):
        raise _malformed('Each statement has an "Effect": "Allow" or "Deny".')
    return found


def _one_of(statement: Mapping[str, object], element: str) -> bool:
    """Whether a statement has an element or what it leaves out, and not both."""
    stated = [name for name in (element, f"Not{element}") if name in statement]
    return len(stated) == 1 and bool(texts(statement[stated[0]]))


def _check_condition(condition: object) -> None:
    if not isinstance(condition, dict):
        raise _malformed("A condition is an object.")
    for operator, keys in cast("dict[str, object]", condition).items():
        if operator not in CONDITIONS:
            raise _malformed(f"The condition operator {operator} isn't known here.")
        if not isinstance(keys, dict) or not all(
            map(texts, cast("dict[str, object]", keys).values())
        ):
            raise _malformed(f"{operator} has keys, and a text or texts for each.")


def _malformed(words: str) -> CloudError:
    return CloudError("MalformedPolicyDocument", words)


def parsed(text: str) -> Document:
    """A document that was checked when it was taken."""
    return cast("Document", _mapping(json.loads(text or "{}")))


def statements(document: Document) -> Iterator[Mapping[str, object]]:
    for one in cast("list[object]", document.get("Statement") or []):
        yield _mapping(one)


def texts(value: object) -> list[str]:
    """RAM takes one string where it takes many."""
    many = cast("list[object]", value) if isinstance(value, list) else [value]
    return [one for one in many if isinstance(one, str)]


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
