"""Text of ours that can be told in another language, as one whole: a form, and what stands in it.

To everything that doesn't ask, it is text. Names that users chose are plain text, so that a host
called `spare` stays one.
"""

from collections.abc import Sequence
from typing import Self

from typing_extensions import override


class Words(str):
    """Text that knows the form that it was made of."""

    __slots__ = ("form", "values")

    form: str
    """As English has it, with a {} for each value."""

    values: tuple[str, ...]
    """What stands in it; words of ours among them stay such."""

    def __new__(cls, form: str, *values: object) -> Self:
        """The form with its values."""
        texts = tuple(value if isinstance(value, str) else str(value) for value in values)
        words = super().__new__(cls, form.format(*texts))
        words.form, words.values = form, texts
        return words

    @override
    def __reduce__(self) -> tuple[type[Self], tuple[str, ...]]:
        """What copies are made from: the text itself may hold braces."""
        return type(self), (self.form, *self.values)

    @classmethod
    def listed(cls, texts: Sequence[str], between: str) -> Self:
        """Texts one after the other, some of them words of ours."""
        return cls(between.join("{}" for _ in texts), *texts)
