"""Text of ours that can be told in another language, as one whole: a form, and what stands in it.

To everything that doesn't ask, it is text. Names that users chose are plain text, so that a host
called `spare` stays one.
"""

from typing import Self


class Words(str):
    """Text that knows the form that it was made of."""

    __slots__ = ("form", "values")

    form: str
    """As English has it, with a {} for each value."""

    values: tuple[str, ...]

    def __new__(cls, form: str, *values: object) -> Self:
        """The form with its values."""
        texts = tuple(str(value) for value in values)
        words = super().__new__(cls, form.format(*texts))
        words.form, words.values = form, texts
        return words
