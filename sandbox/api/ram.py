"""RAM, version 2015-05-01: roles, policies with their versions, users, their keys, who has what.

It is the account's: what a call says of a region counts for nothing. Lists go on from a marker, and
tags, and what they are put on, are texts of JSON.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from typing_extensions import override

from sandbox.api.actions import (
    ID,
    Action,
    Call,
    Create,
    Delete,
    Get,
    Modify,
    Own,
    Product,
    Subject,
    tags,
    tags_of,
)
from sandbox.api.refusals import missing
from sandbox.api.requests import Said
from sandbox.api.tagging import of_type
from sandbox.cloud import CloudError, Resource
from sandbox.cloud.core import Session
from sandbox.cloud.ram.documents import SYSTEM_POLICIES
from sandbox.cloud.ram.policies import (
    ROLE_ATTACHMENT,
    USER_ATTACHMENT,
    Version,
    version_of,
    versions_of,
    with_default,
    with_version,
    without_version,
)

__all__ = ["PRODUCT"]

_Tell = str | Callable[[Resource], object]
_CUSTOM, _SYSTEM = "Custom", "System"
_SYSTEM_TIME: Final = "2015-05-11T03:09:29Z"
"""When the cloud's own policies were made; ours is one day for all."""

_ROLE = Subject(
    "ram_role",
    ("RoleName",),
    {
        "NewAssumeRolePolicyDocument": "assume_role_policy_document",
        "NewDescription": "description",
        "NewMaxSessionDuration": "max_session_duration",
    },
)
_POLICY = Subject("ram_policy", ("PolicyName",), {"NewDescription": "description"})
_USER = Subject(
    "ram_user",
    ("UserName",),
    {
        "MobilePhone": "mobile",
        "NewComments": "comments",
        "NewDisplayName": "display_name",
        "NewEmail": "email",
        "NewMobilePhone": "mobile",
        "UserName": "name",
    },
    own="name",
)
_KEY = Subject("ram_access_key", ("UserAccessKeyId",))
_OF_ROLE = Subject(ROLE_ATTACHMENT, ("PolicyName", "PolicyType", "RoleName"))
_OF_USER = Subject(USER_ATTACHMENT, ("PolicyName", "PolicyType", "UserName"))


# --- what answers say -----------------------------------------------------------------------------


def _told(fields: Mapping[str, _Tell]) -> Callable[[Resource], dict[str, object]]:
    """An object of an answer, which says something of one resource."""

    def tell(resource: Resource) -> dict[str, object]:
        values = {
            n: resource[it] if isinstance(it, str) else it(resource) for n, it in fields.items()
        }
        return {name: "" if value is None else value for name, value in values.items()}

    return tell


_SHORT_ROLE: Final[Mapping[str, _Tell]] = {
    "Arn": "arn",
    "CreateDate": "create_time",
    "Description": "description",
    "MaxSessionDuration": "max_session_duration",
    "RoleId": "role_id",
    "RoleName": "role_name",
}
_WHOLE_ROLE: Final = _told(
    {**_SHORT_ROLE, "AssumeRolePolicyDocument": "assume_role_policy_document"}
)
_SHORT_POLICY: Final[Mapping[str, _Tell]] = {
    "CreateDate": "create_time",
    "DefaultVersion": "default_version",
    "Description": "description",
    "PolicyName": ID,
    "PolicyType": "type",
}
_NEW_POLICY: Final = _told(_SHORT_POLICY)
_WHOLE_USER: Final = _told(
    {
        "Comments": "comments",
        "CreateDate": "create_time",
        "DisplayName": "display_name",
        "Email": "email",
        "MobilePhone": "mobile",
        "UserId": ID,
        "UserName": "name",
    }
)
_SHORT_KEY: Final[Mapping[str, _Tell]] = {
    "AccessKeyId": ID,
    "CreateDate": "create_time",
    "Status": "status",
}


def _version(policy: Resource, one: Version) -> dict[str, object]:
    return {
        "CreateDate": one["time"],
        "IsDefaultVersion": one["id"] == policy["default_version"],
        "PolicyDocument": one["document"],
        "VersionId": one["id"],
    }


def _in_force(policy: Resource) -> dict[str, object]:
    return _version(policy, version_of(policy, policy.text("default_version")))


# --- lists ----------------------------------------------------------------------------------------


def _part(said: Said, rows: Sequence[object], inside: tuple[str, str]) -> dict[str, Any]:
    """The part of a list that a marker and a number of items ask for."""
    told, more = said.part("MaxItems", 100, 1000, "Marker").of(rows)
    outer, inner = inside
    return {outer: {inner: told}, "IsTruncated": bool(more), **more}


def _list(
    name: str, subject: Subject, inside: tuple[str, str], tell: Callable[[Resource], object]
) -> Own:
    """The action that lists all resources of a kind."""

    def do(call: Call) -> dict[str, Any]:
        found = call.store.ask(subject.kind, lambda session: session.find(subject.kind))
        wanted = _tags(call.said).get("tags", {}).items()
        rows = [tell(one) for one in found if wanted <= tags_of(one).items()]
        return _part(call.said, rows, inside)

    with_tags = () if subject is _USER else ("Tag",)
    return Own(name=name, subject=subject, takes=("Marker", "MaxItems", *with_tags), do=do)


def _list_policies(call: Call) -> dict[str, Any]:
    sort = _sort(call.said, optional=True)
    wanted = _tags(call.said).get("tags", {}).items()
    tell = _told({**_SHORT_POLICY, "AttachmentCount": "attachment_count", "Tags": _TAGS})

    def look(session: Session) -> list[object]:
        own = session.find("ram_policy") if sort != _SYSTEM else []
        theirs = [] if sort == _CUSTOM else [_system_policy(name) for name in SYSTEM_POLICIES]
        return [tell(one) for one in (*own, *theirs) if wanted <= tags_of(one).items()]

    return _part(call.said, call.store.ask("ram_policy", look), ("Policies", "Policy"))


_TAGS: Final = tags("TagKey", "TagValue")


# --- policies -------------------------------------------------------------------------------------


def _sort(said: Said, *, optional: bool = False) -> str:
    sort = said.text("PolicyType")
    if sort not in {_CUSTOM, _SYSTEM, "" if optional else _CUSTOM}:
        raise CloudError(
            "InvalidParameter.PolicyType", f"{sort!r} is neither {_CUSTOM} nor {_SYSTEM}."
        )
    return sort


def _system_policy(name: str) -> Resource:
    """One of the cloud's own, as if it were the account's."""
    document = json.dumps(SYSTEM_POLICIES[name])
    attributes = {
        "attachment_count": 0,
        "create_time": _SYSTEM_TIME,
        "default_version": "v1",
        "policy_document": document,
        "type": _SYSTEM,
    }
    return Resource(name, "ram_policy", "", attributes)


def _policy_of(session: Session, name: str, sort: str) -> Resource:
    if sort == _SYSTEM and name in SYSTEM_POLICIES:
        return _system_policy(name)
    if sort == _SYSTEM:
        raise CloudError("EntityNotExist.Policy", f"The sandbox knows no system policy {name!r}.")
    return session.need("ram_policy", name)


def _on_policy(tell: Callable[[Session, Resource, Said], dict[str, Any]]) -> Callable[[Call], Any]:
    """What an action tells of one policy, the cloud's own too."""

    def do(call: Call) -> dict[str, Any]:
        name, sort = call.said.text("PolicyName"), _sort(call.said)
        return call.store.ask(
            "ram_policy", lambda it: tell(it, _policy_of(it, name, sort), call.said)
        )

    return do


def _get_policy(session: Session, policy: Resource, _: Said) -> dict[str, Any]:
    attached = session.count(ROLE_ATTACHMENT, policy_name=policy.id, policy_type=policy["type"])
    attached += session.count(USER_ATTACHMENT, policy_name=policy.id, policy_type=policy["type"])
    of = {**_NEW_POLICY(policy), "AttachmentCount": attached}
    document = policy["policy_document"]
    return {
        "Policy": {**of, "PolicyDocument": document},
        "DefaultPolicyVersion": _in_force(policy),
    }


def _get_version(_: Session, policy: Resource, said: Said) -> dict[str, Any]:
    return {"PolicyVersion": _version(policy, version_of(policy, said.text("VersionId")))}


def _list_versions(_: Session, policy: Resource, __: Said) -> dict[str, Any]:
    rows = [_version(policy, one) for one in versions_of(policy)]
    return {"PolicyVersions": {"PolicyVersion": rows}}


def _list_entities(session: Session, policy: Resource, _: Said) -> dict[str, Any]:
    having = {"policy_name": policy.id, "policy_type": policy["type"]}
    roles = [
        {
            "Arn": role["arn"],
            "AttachDate": one.text("attach_date"),
            "Description": role.text("description"),
            "RoleId": role["role_id"],
            "RoleName": role.id,
        }
        for one in session.find(ROLE_ATTACHMENT, **having)
        if (role := session.get("ram_role", one["role_name"]))
    ]
    users = [
        {
            "AttachDate": one.text("attach_date"),
            "DisplayName": user.text("display_name"),
            "UserId": user.id,
            "UserName": user["name"],
        }
        for one in session.find(USER_ATTACHMENT, **having)
        if (user := _USER.found(session, one["user_name"]))
    ]
    return {"Groups": {"Group": []}, "Roles": {"Role": roles}, "Users": {"User": users}}


def _change_policy(call: Call, change: Callable[[Resource], dict[str, Any]]) -> Resource:
    return call.store.update("ram_policy", call.said.text("PolicyName"), change)


def _new_version(call: Call) -> dict[str, Any]:
    said = call.said
    time = _time(call)
    made = _change_policy(
        call,
        lambda policy: with_version(
            policy,
            said.text("PolicyDocument"),
            time,
            rotate=said.text("RotateStrategy"),
            default=said.flag("SetAsDefault"),
        ),
    )
    return {"PolicyVersion": _version(made, versions_of(made)[-1])}


def _time(call: Call) -> str:
    return call.store.view(lambda session: session.making("", {}).time)


def _delete_version(call: Call) -> dict[str, Any]:
    _change_policy(call, lambda policy: without_version(policy, call.said.text("VersionId")))
    return {}


def _set_default(call: Call) -> dict[str, Any]:
    _change_policy(call, lambda policy: with_default(policy, call.said.text("VersionId")))
    return {}


def _describe_policy(call: Call) -> dict[str, Any]:
    changed = _change_policy(call, lambda _: {"description": call.said.text("NewDescription")})
    return {"Policy": _NEW_POLICY(changed)}


def _delete_policy(call: Call) -> dict[str, Any]:
    name, said = call.said.text("PolicyName"), call.said
    policy = call.store.look("ram_policy", name)
    if policy and len(versions_of(policy)) > 1 and not said.flag("CascadingDelete"):
        raise CloudError(
            "DeleteConflict.Policy.Version",
            f"The policy {name} has versions that aren't in force; delete them first, or say "
            "CascadingDelete.",
        )
    call.store.delete("ram_policy", name)
    return {}


# --- who has which policy -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Detach(Delete):
    """Takes a policy away."""

    @override
    def identity(self, said: Said) -> str:
        return f"{'role' if self.subject is _OF_ROLE else 'user'}:{super().identity(said)}"


def _policies_of(owner: Subject, attachment: Subject, by: str) -> Callable[[Call], dict[str, Any]]:
    """What lists the policies that somebody has."""

    def look(session: Session, name: str) -> list[dict[str, object]]:
        owner.need(session, name)
        found = session.find(attachment.kind, **{by: name})
        return [
            {
                "AttachDate": one.text("attach_date"),
                "DefaultVersion": policy["default_version"],
                "Description": policy.text("description"),
                "PolicyName": policy.id,
                "PolicyType": one["policy_type"],
            }
            for one in found
            for policy in [_attached(session, one)]
        ]

    def do(call: Call) -> dict[str, Any]:
        name = call.said.text(owner.id[0])
        rows = call.store.ask(owner.kind, lambda session: look(session, name))
        return {"Policies": {"Policy": rows}}

    return do


def _attached(session: Session, attachment: Resource) -> Resource:
    """The policy that an attachment names, as far as it is known here."""
    name = attachment.text("policy_name")
    if attachment["policy_type"] == _SYSTEM:
        known = name in SYSTEM_POLICIES
        return (
            _system_policy(name)
            if known
            else Resource(name, "ram_policy", "", {"default_version": "v1"})
        )
    return session.need("ram_policy", name)


# --- users and keys -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Change(Modify):
    """A change that answers what it made."""

    tells: Mapping[str, Callable[[Resource], object]]

    @override
    def act(self, call: Call) -> dict[str, Any]:
        super().act(call)
        changed = call.store.view(lambda it: self.subject.need(it, self.identity(call.said)))
        return {name: tell(changed) for name, tell in self.tells.items()}


def _user_name(call: Call) -> str:
    """Whose keys a call is about: the caller's own, where it doesn't say."""
    own = call.caller.name if call.caller.sort == "RAMUser" else ""
    if name := call.said.text("UserName") or own:
        return name
    raise missing("UserName")


def _of_own(call: Call) -> Iterable[tuple[Subject, str]]:
    return [(_USER, _user_name(call))]


def _create_key(call: Call) -> dict[str, Any]:
    made = call.store.create("ram_access_key", {"user_name": _user_name(call)})
    told = _told({**_SHORT_KEY, "AccessKeySecret": "secret"})
    return {"AccessKey": told(made)}


def _key(call: Call) -> str:
    """The key that a call names, which has to be the user's."""
    name, identity = _user_name(call), call.said.text("UserAccessKeyId")

    def look(session: Session) -> str:
        _USER.need(session, name)
        key = session.need("ram_access_key", identity)
        if key["user_name"] != name:
            raise CloudError("EntityNotExist.User.AccessKey", f"{name} has no key {identity}.")
        return key.id

    return call.store.view(look)


def _update_key(call: Call) -> dict[str, Any]:
    status = call.said.text("Status")
    if status not in {"Active", "Inactive"}:
        raise CloudError("InvalidParameter.Status", f"{status!r} is neither Active nor Inactive.")
    call.store.update("ram_access_key", _key(call), {"status": status})
    return {}


def _delete_key(call: Call) -> dict[str, Any]:
    call.store.delete("ram_access_key", _key(call))
    return {}


def _list_keys(call: Call) -> dict[str, Any]:
    name = _user_name(call)

    def look(session: Session) -> list[dict[str, object]]:
        _USER.need(session, name)
        return [_told(_SHORT_KEY)(one) for one in session.find("ram_access_key", user_name=name)]

    return {"AccessKeys": {"AccessKey": call.store.ask("ram_access_key", look)}}


# --- tags -----------------------------------------------------------------------------------------

_KINDS: Final = {"role": _ROLE, "policy": _POLICY}


def _json(said: Said, name: str) -> list[Any]:
    """A parameter that is a text of JSON: a list."""
    text = said.text(name)
    try:
        read: object = json.loads(text) if text else []
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, list):
        raise CloudError(f"InvalidParameter.{name}", f"{name} is a list, as a text of JSON.")
    return cast("list[Any]", read)


def _tags(said: Said) -> dict[str, dict[str, str]]:
    """The tags that a call puts on, as attributes."""
    listed = _json(said, "Tag")
    objects = [cast("dict[str, Any]", one) for one in listed if isinstance(one, dict)]
    if len(objects) < len(listed) or not all(isinstance(one.get("Key"), str) for one in objects):
        raise CloudError("InvalidParameter.Tag", 'Tag is a list of objects with "Key" and "Value".')
    by_json = {one["Key"]: str(one.get("Value") or "") for one in objects}
    found = by_json if "Tag" in said else said.tags()
    return {"tags": found} if found else {}


def _names(said: Said) -> list[str]:
    names = _json(said, "ResourceNames")
    if not all(isinstance(one, str) for one in names):
        raise CloudError("InvalidParameter.ResourceNames", "ResourceNames is a list of texts.")
    return names


def _tagged(call: Call) -> list[tuple[Subject, str]]:
    subject = of_type(_KINDS, call.said)[1]
    return [(subject, one) for one in _names(call.said) or [""]]


def _retag(call: Call, change: Callable[[Mapping[str, str]], dict[str, str]]) -> dict[str, Any]:
    kind, names = of_type(_KINDS, call.said)[1].kind, _names(call.said)
    # All are there, or none is changed.
    call.store.ask(kind, lambda session: [session.need(kind, one) for one in names])
    for name in names:
        call.store.update(kind, name, lambda one: {"tags": change(tags_of(one))})
    return {}


def _tag(call: Call) -> dict[str, Any]:
    given = _tags(call.said).get("tags")
    if not given:
        raise missing("Tag")
    return _retag(call, lambda held: {**held, **given})


def _untag(call: Call) -> dict[str, Any]:
    gone, all_of_them = {*map(str, _json(call.said, "TagKeys"))}, call.said.flag("All")
    if not gone and not all_of_them:
        raise missing("TagKeys")
    return _retag(
        call, lambda held: {k: v for k, v in held.items() if not all_of_them and k not in gone}
    )


def _list_tags(call: Call) -> dict[str, Any]:
    sort, subject = of_type(_KINDS, call.said)
    names, wanted = _names(call.said), _tags(call.said).get("tags", {})
    part = call.said.part("PageSize", 100, 100)

    def look(session: Session) -> list[Resource]:
        if not names:
            return session.find(subject.kind)
        return [one for name in names if (one := session.get(subject.kind, name))]

    rows = [
        {"ResourceName": one.id, "ResourceType": sort, "TagKey": key, "TagValue": value}
        for one in call.store.ask(subject.kind, look)
        for key, value in tags_of(one).items()
        if not wanted or wanted.get(key) in {"", value}
    ]
    told, more = part.of(rows)
    # A plain list here, where other products have one within another.
    return {"TagResources": told, **more}


# --- the table ------------------------------------------------------------------------------------


def _on(
    name: str,
    subject: Subject,
    do: Callable[[Call], dict[str, Any]],
    *needs: str,
    takes: Sequence[str] = (),
) -> Own:
    return Own(name=name, subject=subject, needs=needs, takes=takes, do=do)


_NAMED = ("PolicyName", "PolicyType")
_TABLE: tuple[Action, ...] = (
    Create(
        name="CreateRole",
        subject=_ROLE,
        needs=("AssumeRolePolicyDocument", "RoleName"),
        takes=("Description", "MaxSessionDuration"),
        also=("Tag",),
        reads=_tags,
        tells={"Role": _WHOLE_ROLE},
    ),
    Get(name="GetRole", subject=_ROLE, needs=("RoleName",), fields={"Role": _WHOLE_ROLE}),
    _Change(
        name="UpdateRole",
        subject=_ROLE,
        needs=("RoleName",),
        takes=("NewAssumeRolePolicyDocument", "NewDescription", "NewMaxSessionDuration"),
        tells={"Role": _WHOLE_ROLE},
    ),
    Delete(name="DeleteRole", subject=_ROLE, needs=("RoleName",)),
    _list("ListRoles", _ROLE, ("Roles", "Role"), _told({**_SHORT_ROLE, "Tags": _TAGS})),
    Create(
        name="CreatePolicy",
        subject=_POLICY,
        needs=("PolicyDocument", "PolicyName"),
        takes=("Description",),
        also=("Tag",),
        reads=_tags,
        tells={"Policy": _NEW_POLICY},
    ),
    _on("GetPolicy", _POLICY, _on_policy(_get_policy), *_NAMED),
    _on("UpdatePolicyDescription", _POLICY, _describe_policy, "NewDescription", "PolicyName"),
    _on("DeletePolicy", _POLICY, _delete_policy, "PolicyName", takes=("CascadingDelete",)),
    Own(
        name="ListPolicies",
        subject=_POLICY,
        takes=("Marker", "MaxItems", "PolicyType", "Tag"),
        do=_list_policies,
    ),
    _on("ListEntitiesForPolicy", _POLICY, _on_policy(_list_entities), *_NAMED),
    _on(
        "CreatePolicyVersion",
        _POLICY,
        _new_version,
        *("PolicyDocument", "PolicyName"),
        takes=("RotateStrategy", "SetAsDefault"),
    ),
    _on("GetPolicyVersion", _POLICY, _on_policy(_get_version), *_NAMED, "VersionId"),
    _on("ListPolicyVersions", _POLICY, _on_policy(_list_versions), *_NAMED),
    _on("SetDefaultPolicyVersion", _POLICY, _set_default, "PolicyName", "VersionId"),
    _on("DeletePolicyVersion", _POLICY, _delete_version, "PolicyName", "VersionId"),
    Create(name="AttachPolicyToRole", subject=_OF_ROLE, needs=(*_NAMED, "RoleName")),
    _Detach(name="DetachPolicyFromRole", subject=_OF_ROLE, needs=(*_NAMED, "RoleName")),
    _on("ListPoliciesForRole", _OF_ROLE, _policies_of(_ROLE, _OF_ROLE, "role_name"), "RoleName"),
    Create(name="AttachPolicyToUser", subject=_OF_USER, needs=(*_NAMED, "UserName")),
    _Detach(name="DetachPolicyFromUser", subject=_OF_USER, needs=(*_NAMED, "UserName")),
    _on("ListPoliciesForUser", _OF_USER, _policies_of(_USER, _OF_USER, "user_name"), "UserName"),
    Create(
        name="CreateUser",
        subject=_USER,
        needs=("UserName",),
        takes=("Comments", "DisplayName", "Email", "MobilePhone"),
        tells={"User": _WHOLE_USER},
    ),
    Get(name="GetUser", subject=_USER, needs=("UserName",), fields={"User": _WHOLE_USER}),
    _Change(
        name="UpdateUser",
        subject=_USER,
        needs=("UserName",),
        takes=("NewComments", "NewDisplayName", "NewEmail", "NewMobilePhone"),
        tells={"User": _WHOLE_USER},
    ),
    Delete(name="DeleteUser", subject=_USER, needs=("UserName",)),
    _list("ListUsers", _USER, ("Users", "User"), _WHOLE_USER),
    Own(name="CreateAccessKey", subject=_KEY, takes=("UserName",), do=_create_key, of=_of_own),
    Own(
        name="UpdateAccessKey",
        subject=_KEY,
        needs=("Status", "UserAccessKeyId"),
        takes=("UserName",),
        do=_update_key,
        of=_of_own,
    ),
    Own(
        name="DeleteAccessKey",
        subject=_KEY,
        needs=("UserAccessKeyId",),
        takes=("UserName",),
        do=_delete_key,
        of=_of_own,
    ),
    Own(name="ListAccessKeys", subject=_KEY, takes=("UserName",), do=_list_keys, of=_of_own),
    Own(
        name="TagResources",
        subject=_ROLE,
        needs=("ResourceNames", "ResourceType", "Tag"),
        do=_tag,
        of=_tagged,
    ),
    Own(
        name="UntagResources",
        subject=_ROLE,
        needs=("ResourceNames", "ResourceType"),
        takes=("All", "TagKeys"),
        # The provider names each key once more, as other products want it.
        passes_over=frozenset({"TagKey"}),
        do=_untag,
        of=_tagged,
    ),
    Own(
        name="ListTagResources",
        subject=_ROLE,
        needs=("ResourceType",),
        takes=("NextToken", "PageSize", "ResourceNames", "Tag"),
        do=_list_tags,
        of=_tagged,
    ),
)

PRODUCT: Final = Product("ram", "2015-05-01", _TABLE)
