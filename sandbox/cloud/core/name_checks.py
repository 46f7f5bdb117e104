"""Names, descriptions, addresses and networks: what the cloud accepts."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from sandbox.cloud.core.errors import CloudError

__all__ = [
    "check_any_name",
    "check_description",
    "check_name",
    "check_tags",
    "is_number",
    "matching",
    "parsed",
]

_Value = TypeVar("_Value")
_LINKS = ("http://", "https://")
_NAME_LENGTHS = range(2, 129)
_DESCRIPTION_LENGTHS = range(2, 257)


def check_name(name: object, *, any_start: bool = False, shortest: int = 2) -> None:
    """Refuse a name that the cloud would refuse; None and the empty string are no name.

    Args:
        name: the name that was asked for.
        any_start: the product takes names that start with a digit (VPC and vSwitch do).
        shortest: the fewest characters that the product takes.
    """
    if not name:
        return
    text = str(name)
    problem = ""
    if not shortest <= len(text) < _NAME_LENGTHS.stop:
        problem = f"has {len(text)} characters; allowed are {shortest} to 128"
    elif text.lower().startswith(_LINKS):
        problem = "starts with http:// or https://"
    elif not any_start and not text[0].isalpha():
        problem = f"starts with {text[0]!r}; it must start with a letter"
    if problem:
        raise CloudError("InvalidParameter.Name.Malformed", f"The name {text!r} {problem}.")


check_any_name = partial(check_name, any_start=True, shortest=1)
"""The same of a product that takes a name of one character, which may be a digit."""


def check_description(description: object) -> None:
    """Refuse a description that the cloud would refuse; None and the empty string are none."""
    if not description:
        return
    text = str(description)
    problem = ""
    if len(text) not in _DESCRIPTION_LENGTHS:
        problem = f"has {len(text)} characters; allowed are 2 to 256"
    elif text.lower().startswith(_LINKS):
        problem = "starts with http:// or https://"
    if problem:
        raise CloudError("InvalidDescription.Malformed", f"The description {text!r} {problem}.")


_MOST_TAGS, _LONGEST_TAG = 20, 128
_RESERVED_TAG_STARTS = ("aliyun", "acs:")


def check_tags(tags: Mapping[str, str] | None) -> None:
    """Refuse tags that the cloud would refuse, of whatever product. The codes are ECS's."""
    held = tags or {}
    if len(held) > _MOST_TAGS:
        raise CloudError(
            "NumberExceed.Tags", f"{len(held)} tags are too many; {_MOST_TAGS} fit at most."
        )
    for key, value in held.items():
        for what, text, shortest in (("Key", key, 1), ("Value", value, 0)):
            if not shortest <= len(text) <= _LONGEST_TAG or any(one in text for one in _LINKS):
                raise CloudError(
                    f"InvalidTag{what}.Malformed",
                    f"{text!r} is no tag's {what.lower()}: {shortest} to {_LONGEST_TAG} characters "
                    "without http:// or https://.",
                )
        if key.lower().startswith(_RESERVED_TAG_STARTS):
            raise CloudError(
                "InvalidTagKey.Malformed",
                f"{key!r}: what starts with aliyun or acs: is the cloud's.",
            )


def is_number(text: str) -> bool:
    """Whether a text is a whole number, in the digits and of the size that the cloud takes."""
    return re.fullmatch(r"[0-9]{1,10}", text) is not None


def parsed(form: Callable[[str], _Value], text: object, code: str, words: str) -> _Value:
    """An address or network, as `form` reads it; `words` say of a `text` what the `problem` is."""
    try:
        return form(str(text))
    except ValueError as problem:
        raise CloudError(code, words.format(text=text, problem=problem)) from None


def matching(pattern: str, code: str, words: str) -> Callable[[object], None]:
    """A check of a product's own: what is stated and doesn't match is refused; `words` say why."""

    def check(name: object) -> None:
        if name and not re.fullmatch(pattern, str(name)):
            raise CloudError(code, f"{name!r} {words}.")

    return check
