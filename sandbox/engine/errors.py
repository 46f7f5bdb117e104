"""What can go wrong while an engine is looked for, and how it is told.

`StepFailed` stays inside the package: one way of getting an engine didn't work, so the next is
tried. `EngineMissing` leaves it: no way worked, or the user named an executable that isn't one.
"""


class StepFailed(Exception):  # noqa: N818 - it isn't an error of the run: the next step follows
    """One way of getting an engine didn't work; its text is the reason, in one line."""


class ModulesUnreachable(StepFailed):
    """The Go modules are neither at hand nor to be had: another Go wouldn't help."""


class EngineMissing(Exception):  # noqa: N818 - named for what the user lacks
    """There is no engine to use. Its text is exactly three lines, meant for the user as it is."""

    @classmethod
    def nowhere(cls, version: str, go_version: str) -> "EngineMissing":
        """No step found or made an engine; each has said why."""
        return cls(
            f"There is no Pulumi engine here, and none could be made. One of these is enough:\n"
            f"- install the Pulumi CLI, {version} or newer (https://www.pulumi.com/docs/install/);\n"
            f"- or install Go {go_version} or newer (or allow access to PyPI, which has one) and "
            f"allow access to the Go module proxy: the next run then builds the engine."
        )

    @classmethod
    def refused(cls, variable: str, value: str, reason: str, version: str) -> "EngineMissing":
        """The executable that the user named can't be used."""
        return cls(
            f"{variable} names {value!r}, which can't be used as the engine: {reason}.\n"
            f"It has to be the path of a Pulumi CLI, {version} or newer and below 4.\n"
            f"Correct the variable, or unset it: an engine is then looked for."
        )
