"""One promotion from beginning to end, but for the preview: compare, write in the mind, judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stack.file.source import Source
from stack.file.yaml_file import YamlFile
from stack.problems import NotDoneError, Problem, StackFileError, choose_from
from stack.stack_file import StackFile
from tools.promote.belonging import Belonging
from tools.promote.comparing import Action, Comparison, Move, compare
from tools.promote.meaning import Side
from tools.promote.writing import promoted_text
from topologies import TOPOLOGIES


class RefusedError(NotDoneError):
    """The command asks for something that can't be meant; `str()` says what."""


@dataclass(frozen=True)
class Promotion:
    """What would be done to the target's file."""

    source: Side
    target: Side
    found: Comparison
    text: str | None = None
    """The target's new text; None where nothing moves, or nothing may."""

    problems: tuple[Problem, ...] = ()
    """What the new text would break."""

    report: str = ""
    """The same, ready to print."""

    warnings: tuple[Problem, ...] = field(default=())


def promote(
    source: Side,
    target: Side,
    belonging: Belonging,
    given: Mapping[str, object],
    removed: Sequence[str] = (),
) -> Promotion:
    """Compare, and write and judge the target's new text without touching its file.

    Args:
        source: where things come from; its file is sound.
        target: where they go.
        belonging: what isn't moved.
        given: values of the target's own for new entries, by their places, dotted.
        removed: entries that only the target has, by their places, dotted, that are to go.

    Raises:
        RefusedError: `given` or `removed` names something else.
        CannotWriteError: the file is written in a way that leaves no way to change it.
    """
    found = compare(source, target, belonging, given)
    _check_given(given, compare(source, target, belonging))
    _remove(found, target, removed)
    if not found.moves or found.needs:
        return Promotion(source, target, found)
    text = promoted_text(source, target, found.moves, given)
    file = YamlFile(target.path, text.replace("\r\n", "\n"))
    try:
        settings = StackFile(Source.of(file), target.stack, TOPOLOGIES).settings
    except StackFileError as refusal:
        return Promotion(
            source, target, found, problems=refusal.problems, report=_report(refusal, target)
        )
    return Promotion(source, target, found, text, warnings=settings.warnings)


def _report(refusal: StackFileError, target: Side) -> str:
    first, _, rest = str(refusal).partition("\n")
    del first
    count = len(refusal.problems)
    words = "1 problem" if count == 1 else f"{count} problems"
    return (
        f"{target.path} would have {words} after this promotion; nothing was written."
        f" Lines are those that it would have.\n{rest}"
    )


def _check_given(given: Mapping[str, object], found: Comparison) -> None:
    needed = {".".join(need.path): need for need in found.needs}
    for place in given:
        need = needed.get(place)
        if need is None:
            hint = choose_from(place, needed, "value") if needed else "nothing waits for one"
            raise RefusedError(f"No new entry waits for {place}: {hint}")
        if need.secret or need.by_hand:
            raise RefusedError(f"{place} can't be given here: {need.why}")


def _remove(found: Comparison, target: Side, removed: Sequence[str]) -> None:
    """Turn what only the target has, and is named, into moves."""
    extra = {".".join(path): path for path in found.only_in_target}
    for place in removed:
        if place not in extra:
            hint = choose_from(place, extra, "entry") if extra else "it has nothing of its own"
            raise RefusedError(f"{target.stack} has no {place} that the other lacks: {hint}")
        path = extra[place]
        found.only_in_target.remove(path)
        found.moves.append(Move(Action.REMOVE, path, target.raw(path)))
