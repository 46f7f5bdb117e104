"""Function Compute, version 2023-03-30: functions, by method and path, in JSON.

Everything that a function has is told and stated under the contract's own names, spelled as this
API spells them. What isn't set isn't told.
"""

import base64
import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from fastcrc import crc64

from facts.contract import Field, camel, contract_of_kind
from sandbox.api.actions import (
    ANYTHING,
    Action,
    Answer,
    Call,
    Delete,
    Own,
    Product,
    Subject,
    is_tagged,
    tags_of,
)
from sandbox.api.requests import Said
from sandbox.api.tagging import tag_actions
from sandbox.cloud import Attributes, CloudError, Resource
from sandbox.cloud.core.ids import function_arn

__all__ = ["PRODUCT"]

_KIND: Final = "fcv3_function"
_FUNCTION: Final = Subject(_KIND, ("functionName",))
_FIELDS: Final = contract_of_kind(_KIND).fields
_SPELLED: Final = {
    "create_time": "createdTime",
    "custom_dns": "customDNS",
    "enable_tls": "enableTLS",
    "vswitch_ids": "vSwitchIds",
}
"""What isn't the contract's name in one word."""

_PYTHON: Final[Mapping[str, type | tuple[type, ...]]] = {
    "Bool": bool,
    "Float": (int, float),
    "Int": int,
    "String": str,
}
_MOST_LISTED: Final = 100


def _api_name(snake: str) -> str:
    return _SPELLED.get(snake) or camel(snake)


# --- what is stated -------------------------------------------------------------------------------


def _invalid(why: str) -> CloudError:
    return CloudError("InvalidArgument", why)


def _read(name: str, sort: str, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid(f"{name} isn't of type {sort}.") from None


def _stated(said: Said, parameters: Iterable[str]) -> Attributes:
    """The attributes that parameters state."""
    by_parameter = {_api_name(name): field for name, field in _FIELDS.items()}
    found: Attributes = {}
    for name in parameters:
        if name in said:
            field = by_parameter[name]
            given = said.text(name)
            read = given if field.type == "String" else _read(name, field.type, given)
            found[field.name] = _tags(read) if name == "tags" else _value(name, field, read)
    return found


def _value(where: str, field: Field, said: object) -> object:
    """A value as the store keeps it.

    Raises:
        CloudError: it is another one than the contract has it.
    """
    if field.objects is not None and field.is_single_object:
        return _object(where, field.objects, said)
    if field.type == "Map":
        return {name: _plain(where, field, "String", it) for name, it in _members(where, said)}
    if field.type in {"List", "Set"}:
        if not isinstance(said, list):
            raise _invalid(f"{where} isn't a list.")
        listed = cast("list[object]", said)
        if field.objects is not None:
            return [_object(where, field.objects, one) for one in listed]
        return [_plain(where, field, "String", one) for one in listed]
    return _plain(where, field, field.type, said)


def _object(where: str, fields: Mapping[str, Field], said: object) -> Attributes:
    known = {_api_name(name): field for name, field in fields.items()}
    found: Attributes = {}
    for name, value in _members(where, said):
        if name not in known:
            raise CloudError(  # The code is ours.
                "UnsupportedParameter",
                f"This local cloud doesn't know {name} of {where}; it knows "
                f"{', '.join(sorted(known))}.",
            )
        if value is not None:
            found[known[name].name] = _value(f"{where}.{name}", known[name], value)
    return found


def _members(where: str, said: object) -> Iterable[tuple[str, object]]:
    if not isinstance(said, dict):
        raise _invalid(f"{where} isn't an object.")
    return cast("dict[str, object]", said).items()


def _plain(where: str, field: Field, sort: str, said: object) -> object:
    is_right = isinstance(said, _PYTHON[sort]) and isinstance(said, bool) == (sort == "Bool")
    if not is_right:
        raise _invalid(f"{where} isn't of type {sort}.")
    if field.one_of and said not in {*field.one_of, ""}:
        raise _invalid(f"{where} isn't one of {', '.join(map(str, field.one_of))}.")
    if field.range is not None and isinstance(said, int | float):
        least, most = field.range
        if not least <= said <= most:
            raise _invalid(f"{where} isn't {least:g} to {most:g}.")
    return said


def _tags(said: object) -> dict[str, str]:
    listed = cast("list[object]", said) if isinstance(said, list) else []
    tags = [dict(_members("tags", one)) for one in listed]
    return {str(one["Key"]): str(one.get("Value") or "") for one in tags if "Key" in one}


# --- what is told ---------------------------------------------------------------------------------


_UNTOLD: Final = frozenset({"code", "layers", "tags"})


def _told(function: Resource) -> Answer:
    """Everything that is known of a function, but for its code."""
    held = {name: function[name] for name in _FIELDS if name not in _UNTOLD}
    more: Answer = {}
    code: Attributes = function["code"] or {}
    if checksum := code.get("checksum"):
        more["codeChecksum"] = checksum
    if layers := function["layers"]:
        more["layers"] = [{"arn": one} for one in layers]
    if tags := tags_of(function):
        more["tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {**_spelled(_FIELDS, held), **more}


def _spelled(fields: Mapping[str, Field], held: Mapping[str, Any]) -> Answer:
    return {
        _api_name(name): _told_value(fields[name], value)
        for name, value in held.items()
        if value is not None and name in fields
    }


def _told_value(field: Field, value: object) -> object:
    if field.type == "Float" and isinstance(value, int):
        return float(value)
    if field.objects is None:
        return value
    if isinstance(value, list):
        return [_told_value(field, one) for one in cast("list[object]", value)]
    return _spelled(field.objects, cast("Mapping[str, Any]", value))


# --- the actions ----------------------------------------------------------------------------------

_COMPUTED: Final = frozenset({"functionName", "invocationRestriction", "resourceGroupId", "tags"})
_STATED: Final = tuple(
    sorted({_api_name(name) for name, field in _FIELDS.items() if field.is_input} - _COMPUTED)
)
"""What can be stated at any time. The rest has an action of its own, or stays."""

_AT_FIRST: Final = (*_STATED, "functionName", "resourceGroupId", "tags")


def _create(call: Call) -> Answer:
    wanted = _stated(call.said, _AT_FIRST)
    for name, field in _FIELDS.items():
        if field.required and not wanted.get(name):
            raise _invalid(f"{_api_name(name)} is required.")
    return _told(call.store.create(_KIND, wanted, region=call.region))


def _update(call: Call) -> Answer:
    return _told(_changed(call, _stated(call.said, _STATED)))


def _changed(call: Call, changes: Attributes) -> Resource:
    name = call.said.text("functionName")
    return call.store.update(_KIND, name, changes, region=call.region)


def _get(call: Call) -> Answer:
    name = call.said.text("functionName")
    return _told(
        call.store.ask(_KIND, lambda session: session.need(_KIND, name), region=call.region)
    )


def _code(call: Call) -> Answer:
    """Where a function's code can be had: there are no buckets here, so that the URL has it all."""
    name = call.said.text("functionName")
    function = call.store.ask(_KIND, lambda session: session.need(_KIND, name), region=call.region)
    code: Attributes = function["code"] or {}
    archive = code.get("zip_file")
    if not archive:
        message = f"The code of {name} is in a bucket, of which this local cloud has none."
        raise CloudError("UnsupportedOperation", message)  # the code is ours
    checksum = str(crc64.xz(base64.b64decode(archive)))
    return {"checksum": checksum, "url": f"data:application/zip;base64,{archive}"}


_FILTERS: Final = {
    "description": "description",
    "functionName": "function_name",
    "resourceGroupId": "resource_group_id",
    "runtime": "runtime",
}


def _list(call: Call) -> Answer:
    """The functions by their names, from the token's on, which is the first of the next page."""
    said = call.said
    most = said.number("limit", 20, _MOST_LISTED)
    same = {name: said.text(one) for one, name in _FILTERS.items() if said.text(one)}
    tagged = _tags(_read("tags", "List", said.text("tags") or "[]"))
    asked = call.store.ask(_KIND, lambda s: s.find(_KIND, **same), region=call.region)
    found = sorted(
        (
            one
            for one in asked
            if one.id.startswith(said.text("prefix")) and one.id >= said.text("nextToken")
            if is_tagged(one, tagged) and said.text("fcVersion") != "v2"
        ),
        key=lambda one: one.id,
    )
    rest = {"nextToken": found[most].id} if len(found) > most else {}
    return {"functions": [_told(one) for one in found[:most]], **rest}


def _triggers(call: Call) -> Answer:
    """Those of a function: none, since nothing here makes any."""
    _get(call)
    return {"triggers": []}


def _domains(_: Call) -> Answer:
    """The account's own domains: none, as above."""
    return {"customDomains": []}


def _disable(call: Call) -> Answer:
    return _restrict(call, {"disable": True, "reason": call.said.text("reason")})


def _enable(call: Call) -> Answer:
    return _restrict(call, {"disable": False, "reason": ""})


def _restrict(call: Call, how: Attributes) -> Answer:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    _changed(call, {"invocation_restriction": {**how, "last_modified_time": now}})
    return {"success": True}


def _move(call: Call) -> Answer:
    said, group = call.said, call.said.text("NewResourceGroupId")
    if said.text("ResourceType") != "function":
        raise _invalid("ResourceType isn't function.")
    name = _name(said.text("ResourceId"))
    before: list[str] = []

    def moved(function: Resource) -> Attributes:
        before.append(function.text("resource_group_id"))
        return {"resource_group_id": group}

    call.store.update(_KIND, name, moved, region=call.region)
    return {
        "NewResourceGroupId": group,
        "OldResourceGroupId": before[0],
        "ResourceId": said.text("ResourceId"),
    }


def _name(resource: str) -> str:
    """A function's name, of it or of its resource name."""
    return resource.rpartition("/")[2]


def _by_path(tagging: Action) -> Own:
    """One of the three actions on tags, whose lists are in JSON here, with ARNs for ids."""
    assert isinstance(tagging, Own)
    routes = {"TagResources": "POST", "UntagResources": "DELETE", "ListTagResources": "GET"}

    def do(call: Call) -> Answer:
        answer = tagging.do(replace(call, said=_numbered(call.said)))
        if "TagResources" not in answer:
            return answer
        rows = answer["TagResources"]["TagResource"]
        for row in rows:
            row["ResourceId"] = function_arn(call.region, row["ResourceId"])
        return {**answer, "TagResources": rows}

    takes = ["Limit" if one == "MaxResults" else one for one in tagging.takes]
    route = f"{routes[tagging.name]} {_ROOT}/tags-v2"
    return replace(tagging, route=route, takes=takes, do=do)


def _numbered(said: Said) -> Said:
    """The same as the other products are told it."""
    plain = {"All": "All", "Limit": "MaxResults", "NextToken": "NextToken"}
    found = {theirs: said.text(ours) for ours, theirs in plain.items() if said.text(ours)}
    found["ResourceType"] = said.text("ResourceType")
    for name in ("ResourceId", "TagKey"):
        listed = _read(name, "List", said.text(name) or "[]")
        if not isinstance(listed, list):
            raise _invalid(f"{name} isn't a list.")
        for number, one in enumerate(cast("list[object]", listed), 1):
            found[f"{name}.{number}"] = _name(str(one)) if name == "ResourceId" else str(one)
    tags = _tags(_read("Tag", "List", said.text("Tag") or "[]"))
    for number, (key, value) in enumerate(tags.items(), 1):
        found |= {f"Tag.{number}.Key": key, f"Tag.{number}.Value": value}
    return Said(found)


_VERSION: Final = "2023-03-30"
_ROOT: Final = f"/{_VERSION}"
_ALL: Final = f"{_ROOT}/functions"
_ONE: Final = f"{_ALL}/{{functionName}}"

_PAGED: Final = ("limit", "nextToken", "prefix")

_TABLE: Final = (
    Own(
        name="CreateFunction",
        route=f"POST {_ALL}",
        subject=_FUNCTION,
        takes=_AT_FIRST,
        do=_create,
    ),
    Own(
        name="ListFunctions",
        route=f"GET {_ALL}",
        subject=_FUNCTION,
        takes=(*_FILTERS, *_PAGED, "fcVersion", "tags"),
        do=_list,
    ),
    Own(
        name="GetFunction",
        route=f"GET {_ONE}",
        subject=_FUNCTION,
        needs=("functionName",),
        do=_get,
    ),
    Own(
        name="GetFunctionCode",
        route=f"GET {_ONE}/code",
        subject=_FUNCTION,
        needs=("functionName",),
        do=_code,
    ),
    Own(
        name="ListTriggers",
        route=f"GET {_ONE}/triggers",
        subject=_FUNCTION,
        needs=("functionName",),
        takes=_PAGED,
        do=_triggers,
    ),
    Own(
        name="ListCustomDomains",
        route=f"GET {_ROOT}/custom-domains",
        subject=ANYTHING,
        takes=_PAGED,
        do=_domains,
    ),
    Own(
        name="UpdateFunction",
        route=f"PUT {_ONE}",
        subject=_FUNCTION,
        needs=("functionName",),
        takes=_STATED,
        do=_update,
    ),
    Delete(
        name="DeleteFunction",
        route=f"DELETE {_ONE}",
        subject=_FUNCTION,
        needs=("functionName",),
    ),
    Own(
        name="DisableFunctionInvocation",
        route=f"POST {_ONE}/invoke/disable",
        subject=_FUNCTION,
        needs=("functionName",),
        takes=("abortOngoingRequest", "reason"),
        do=_disable,
    ),
    Own(
        name="EnableFunctionInvocation",
        route=f"POST {_ONE}/invoke/enable",
        subject=_FUNCTION,
        needs=("functionName",),
        do=_enable,
    ),
    Own(
        name="ChangeResourceGroup",
        route=f"PUT {_ROOT}/resource-groups",
        subject=_FUNCTION,
        needs=("NewResourceGroupId", "ResourceId", "ResourceType"),
        do=_move,
    ),
    *map(_by_path, tag_actions({"function": _FUNCTION})),
)

PRODUCT: Final = Product("fc", _VERSION, _TABLE)
