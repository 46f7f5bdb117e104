"""One promotion but for its preview: compare, write the target's new text in the mind, judge it.

What moves is cut out of the source and put in beside what stands there. Whatever comes out is read
again and compared: a text that says anything else than what was asked for is never written.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from ruamel.yaml.error import YAMLError

from stack.file.source import Source
from stack.file.tree import MISSING
from stack.file.yaml_file import YamlFile
from stack.naming import NAMESPACE, REGION_KEY
from stack.problems import NotDoneError, Problem, StackFileError, choose_from
from stack.stack_file import StackFile
from tools.promote.belonging import Belonging
from tools.promote.comparing import WAS, Action, Comparison, Move, compare
from tools.promote.meaning import TOPOLOGY, Named, Side
from tools.promote.yaml_edits import CannotEditError, YamlEdits
from tools.promote.yaml_nodes import FilePath, Snippet, YamlText, cut_snippet, plain_snippet
from topologies import TOPOLOGIES


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
        NotDoneError: `given` or `removed` names something else, or the file is written in a way
            that leaves no way to change it.
    """
    found = compare(source, target, belonging, given)
    _check_given(given, compare(source, target, belonging))
    _remove(found, target, removed)
    if not found.moves or found.needs:
        return Promotion(source, target, found)
    text = promoted_text(source, target, found, given)
    file = YamlFile(target.path, text.replace("\r\n", "\n"))
    try:
        settings = StackFile(Source.of(file), target.stack, TOPOLOGIES).settings
    except StackFileError as refusal:
        return Promotion(
            source, target, found, problems=refusal.problems, report=_report(refusal, target)
        )
    return Promotion(source, target, found, text, warnings=settings.warnings)


def _report(refusal: StackFileError, target: Side) -> str:
    _, _, rest = str(refusal).partition("\n")
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
            raise NotDoneError(f"No new entry waits for {place}: {hint}")
        if need.secret or need.by_hand:
            raise NotDoneError(f"{place} can't be given here: {need.why}")


def _remove(found: Comparison, target: Side, removed: Sequence[str]) -> None:
    """Turn what only the target has, and is named, into moves."""
    extra = {".".join(path): path for path in found.only_in_target}
    for place in removed:
        if place not in extra:
            hint = choose_from(place, extra, "entry") if extra else "it has nothing of its own"
            raise NotDoneError(f"{target.stack} has no {place} that the other lacks: {hint}")
        path = extra[place]
        found.only_in_target.remove(path)
        found.moves.append(Move(Action.REMOVE, path, target.raw(path)))


_CONFIG: Final = "config"
_BY_HAND: Final = "write it by hand, or write out what its anchors stand for, and promote again"

Given = Mapping[str, object]
"""Values of the target's own, by their places, dotted."""


def promoted_text(source: Side, target: Side, found: Comparison, given: Given) -> str:
    """The target's text with the moves carried out.

    Raises:
        NotDoneError: its anchors, or the way it is written, leave no way to do that.
    """
    before = target.path.read_bytes().decode("utf-8")
    line_break = "\r\n" if "\r\n" in before else "\n"
    text = before.replace("\r\n", "\n")
    try:
        writer = _Writer(source, target, text, found, given)
        after = writer.text()
    except (CannotEditError, YAMLError) as error:
        message = f"{target.path} can't be changed: {error}.\n{_BY_HAND[:1].upper()}{_BY_HAND[1:]}."
        raise NotDoneError(message) from None
    touched = [_spelled(target, former) for former in writer.touched]
    changed = _first_other(
        YamlFile(target.path, text).values, YamlFile(target.path, after).values, (), touched
    )
    if changed is not None:
        message = (
            f"{target.path} can't be changed: {'.'.join(changed)} would change along with it, "
            f"because of an anchor.\n{_BY_HAND[:1].upper()}{_BY_HAND[1:]}."
        )
        raise NotDoneError(message)
    return after.replace("\n", line_break)


def replace_file(file: Path, text: str, before: bytes) -> None:
    """Put a text in a file's place: whoever looks finds the old one whole, or the new one.

    Raises:
        NotDoneError: the file isn't what was read any more.
    """
    file = file.resolve()  # what a link leads to, not the link
    if file.read_bytes() != before:
        raise NotDoneError(f"{file} was changed meanwhile; nothing was written. Promote again.")
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode("utf-8"))
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(file.stat().st_mode & 0o777)
        Path(name).replace(file)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise


class _Writer:
    """The edits of one promotion."""

    def __init__(
        self, source: Side, target: Side, text: str, found: Comparison, given: Given
    ) -> None:
        self._source, self._target, self._given = source, target, given
        self._moves, self._before = found.moves, found.former
        self._from = YamlText(source.path.read_text(encoding="utf-8-sig"))
        self._edits = YamlEdits(text)
        self.touched: list[tuple[str, ...]] = []
        """The places that may change, in the target as it was and as it will be."""

    def text(self) -> str:
        for move in self._moves:
            self.touched += [move.path, self._before(move.path)]
            if move.path[0] == TOPOLOGY:
                continue
            if move.action is Action.ADD:
                self._add(move.path)
            elif move.action is Action.RENAME:
                self._rename(move)
            elif move.action is Action.CHANGE and self._source.raw(move.path) is not MISSING:
                snippet = self._snippet(move.path)
                self._edits.put(self._place(move.path), snippet, self._neighbours(move.path))
            else:
                self._edits.remove(self._place(move.path))
        self._choose_topologies()
        return self._edits.result()

    def _add(self, path: tuple[str, ...]) -> None:
        place = self._place(path)
        raw = self._source.raw(path)
        if self._target.raw(self._before(path)) is MISSING or not isinstance(raw, dict):
            snippet = self._snippet(path)
            if len(path) == 1:
                snippet = _called(snippet, place[-1])
            self._edits.insert(place[:-1], snippet, self._neighbours(path))
            return
        for key in cast("dict[str, Any]", raw):  # begun by hand: what is there stays
            if key == WAS and not isinstance(raw[WAS], dict):
                continue
            if self._target.raw((*self._before(path), key)) is MISSING or isinstance(
                raw[key], dict
            ):
                self._add((*path, key))

    def _rename(self, move: Move) -> None:
        former = self._place(move.path)
        entry = self._from.entry(_spelled(self._source, move.path))
        key = move.path[-1]
        if entry is not None:
            key = self._from.text[entry.key_start : entry.key_end]
        self._edits.rename(former, key)
        self._edits.put((*former, WAS), plain_snippet(WAS, move.old))

    def _choose_topologies(self) -> None:
        chosen = [move for move in self._moves if move.path[0] == TOPOLOGY]
        if not chosen:
            return
        names = list(cast("Named", self._target.meaning.items[TOPOLOGY]).items)
        for move in chosen:
            if move.action is Action.ADD:
                names.append(move.path[1])
            else:
                names.remove(move.path[1])
                section = next(t.section for t in TOPOLOGIES if t.name == move.path[1])
                self.touched.append((section,))
                self._edits.remove(_spelled(self._target, (section,)))
        self.touched.append((TOPOLOGY,))
        value = names[0] if len(names) == 1 else names
        self._edits.put(_spelled(self._target, (TOPOLOGY,)), plain_snippet(TOPOLOGY, value))

    def _snippet(self, path: tuple[str, ...]) -> Snippet:
        """The source's entry, without its past, with the target's own values in it."""
        raw: Any = self._source.raw(path)
        snippet = cut_snippet(self._from, _spelled(self._source, path), raw)
        top = YamlFile(Path(), snippet.key).values
        own = YamlEdits("\n".join(snippet.lines) + "\n")
        if isinstance(raw, dict) and isinstance(cast("dict[str, Any]", raw).get(WAS), str):
            own.remove((str(top), WAS))
        dotted = ".".join(path)
        for where, value in self._given.items():
            if where == dotted or where.startswith(f"{dotted}."):
                below = where[len(dotted) :].split(".")[1:]
                own.put((str(top), *below), plain_snippet(below[-1] if below else str(top), value))
        text = own.result()
        parsed: Any = YamlFile(Path(), text).values
        value: object = next(iter(parsed.values()))
        return Snippet(snippet.key, plain_snippet("k", value).value, tuple(text.splitlines()))

    def _neighbours(self, path: tuple[str, ...]) -> Iterator[str]:
        """What stands before it in the source, the nearest first, as the target calls it now."""
        place = _spelled(self._source, path)
        before = [entry.key for entry in self._from.entries(place[:-1]) or ()]
        before = before[: before.index(place[-1])] if place[-1] in before else before
        for key in reversed(before):
            if len(path) == 1:
                yield _spelled(self._target, (_bare(key),))[-1]
            else:
                yield self._before((*path[:-1], key))[-1]

    def _place(self, path: tuple[str, ...]) -> FilePath:
        return _spelled(self._target, self._before(path))


def _spelled(side: Side, path: tuple[str, ...]) -> FilePath:
    """A place in the file itself, with the section's key as it is spelled there."""
    key = path[0]
    if key == REGION_KEY:
        return (_CONFIG, key, *path[1:])
    with_namespace = f"{NAMESPACE}:{key}"
    if side.source.file.has((_CONFIG, key)) and not side.source.file.has((_CONFIG, with_namespace)):
        return (_CONFIG, key, *path[1:])
    return (_CONFIG, with_namespace, *path[1:])


def _bare(key: str) -> str:
    return key.removeprefix(f"{NAMESPACE}:")


def _called(snippet: Snippet, key: str) -> Snippet:
    """A snippet under another key."""
    lines = [
        key + line[len(snippet.key) :] if line.startswith(f"{snippet.key}:") else line
        for line in snippet.lines
    ]
    return Snippet(key, snippet.value, tuple(lines))


def _first_other(
    old: object, new: object, at: FilePath, touched: Sequence[FilePath]
) -> FilePath | None:
    """The first place that changed without being asked to."""
    if old == new or any(at[: len(one)] == one for one in touched):
        return None
    around = any(one[: len(at)] == at for one in touched)
    if not around:
        return at
    mine = cast("dict[str, object]", old) if isinstance(old, dict) else {}
    theirs = cast("dict[str, object]", new) if isinstance(new, dict) else {}
    for key in {**mine, **theirs}:
        found = _first_other(mine.get(key, MISSING), theirs.get(key, MISSING), (*at, key), touched)
        if found is not None:
            return found
    return None
