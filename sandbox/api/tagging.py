"""Tags by their own three actions, as every product has them for several kinds."""

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.api.actions import Action, Call, Own, Subject, tags_of
from sandbox.api.refusals import invalid, missing
from sandbox.api.requests import Said
from sandbox.cloud import Resource
from sandbox.cloud.core import Session

__all__ = ["of_type", "tag_actions"]


def of_type(
    kinds: Mapping[str, Subject], said: Said, parameter: str = "ResourceType"
) -> tuple[str, Subject]:
    """What a call is about that is for several kinds: the word for it there, and the kind.

    Args:
        kinds: what it is for, by what they are called there; capital letters don't count.
        said: the call's.
        parameter: which says one.

    Raises:
        CloudError: it says none.
    """
    given = said.text(parameter)
    for name, subject in kinds.items():
        if name.lower() == given.lower():
            return name, subject
    raise invalid(parameter, f"{given} isn't one of {', '.join(sorted(kinds))}")


def tag_actions(
    kinds: Mapping[str, Subject],
    untag: str = "UntagResources",
    *,
    sized: bool = True,
) -> tuple[Action, ...]:
    """The three actions of a product.

    Args:
        kinds: what they are for, as `ResourceType` calls it.
        untag: what taking tags away is called there.
        sized: whether a caller says how long a page is.
    """
    tagging = _Tagging(kinds)
    any_kind = next(iter(kinds.values()))  # which one is in the call
    return (
        Own(
            name="TagResources",
            subject=any_kind,
            needs=("ResourceId", "ResourceType", "Tag"),
            do=tagging.tag,
            of=tagging.named,
        ),
        Own(
            name=untag,
            subject=any_kind,
            needs=("ResourceId", "ResourceType"),
            takes=("All", "TagKey"),
            do=tagging.untag,
            of=tagging.named,
        ),
        Own(
            name="ListTagResources",
            subject=any_kind,
            needs=("ResourceType",),
            takes=(*(("MaxResults",) if sized else ()), "NextToken", "ResourceId", "Tag"),
            do=tagging.told,
            of=tagging.named,
        ),
    )


class _Tagging:
    def __init__(self, kinds: Mapping[str, Subject]) -> None:
        self._kinds = kinds

    def named(self, call: Call) -> list[tuple[Subject, str]]:
        """What a call names."""
        subject = of_type(self._kinds, call.said)[1]
        return [(subject, one) for one in call.said.values("ResourceId") or [""]]

    def tag(self, call: Call) -> dict[str, Any]:
        given = call.said.tags()
        if not given:
            raise missing("Tag.1.Key")
        return self._retag(call, lambda held: {**held, **given})

    def untag(self, call: Call) -> dict[str, Any]:
        gone, all_of_them = {*call.said.values("TagKey")}, call.said.flag("All")
        if not gone and not all_of_them:
            raise missing("TagKey.1")
        return self._retag(
            call,
            lambda held: {k: v for k, v in held.items() if not all_of_them and k not in gone},
        )

    def told(self, call: Call) -> dict[str, Any]:
        (name, subject), said = of_type(self._kinds, call.said), call.said
        wanted, part = said.tags(), said.part("MaxResults", 50, 50)
        ids = said.values("ResourceId")
        if not ids and not wanted:
            raise missing("ResourceId.1")

        def look(session: Session) -> list[Resource]:
            if not ids:
                return session.find(subject.kind)
            return [one for each in ids if (one := session.get(subject.kind, each))]

        rows = [
            {"ResourceId": one.id, "ResourceType": name, "TagKey": key, "TagValue": value}
            for one in call.store.ask(subject.kind, look, region=call.region)
            for key, value in tags_of(one).items()
            if not wanted or wanted.get(key) in {"", value}
        ]
        told, more = part.of(rows)
        return {"TagResources": {"TagResource": told}, **more}

    def _retag(
        self, call: Call, change: Callable[[Mapping[str, str]], dict[str, str]]
    ) -> dict[str, Any]:
        kind = of_type(self._kinds, call.said)[1].kind
        ids = call.said.values("ResourceId")
        # All are there, or none is changed.
        call.store.ask(kind, lambda s: [s.need(kind, one) for one in ids], region=call.region)
        for identity in ids:
            call.store.update(
                kind, identity, lambda one: {"tags": change(tags_of(one))}, region=call.region
            )
        return {}
