"""`make guard`: judge a preview, and fail where it would do what somebody should have meant.

Reads what `pulumi preview --json` prints, from a file or from standard input; or, with `--stack` or
`--config`, previews that stack in the sandbox. The table, or with `--format json` the document,
goes to standard output, and everything else to standard error.

Exit codes: 0 nothing found, or all of it allowed; 1 findings; 2 there was nothing to judge.
"""

import argparse
import contextlib
import io
import sys
from pathlib import Path

from judging.guard import Verdict, allowances, as_json, findings, judged, markdown
from judging.preview import Preview
from judging.reading import NotAPreviewError, preview_of
from stack.command_line import DONE, FOUND, NOT_JUDGED, add_format_option, command, tell

FORMATS = ("table", "json")
STANDARD_INPUT = "-"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "preview", nargs="?", metavar="FILE", help="what pulumi preview --json printed; - is stdin"
    )
    parser.add_argument("--stack", help="preview this stack in the sandbox, and judge that")
    parser.add_argument("--config", metavar="FILE", help="the same with any stack file")
    parser.add_argument("--allow", default="", metavar="NAMES", help="findings that are meant")
    add_format_option(parser, FORMATS)


@command("guard", __doc__, _options, failed=NOT_JUDGED)
def main(options: argparse.Namespace) -> int:
    """Judge the preview that the command line names; returns the exit code."""
    preview = preview_of(_text(options.preview, options.stack, options.config))
    verdict = judged(findings(preview), allowances(options.allow))
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")  # a pipeline's locale needn't know the table's marks
    if options.format == "json":
        print(as_json(preview, verdict), end="", flush=True)
    else:
        file = options.preview if options.preview != STANDARD_INPUT else None
        said = {"STACK": options.stack, "CONFIG": options.config, "PREVIEW": file}
        which = [f"{name}={value}" for name, value in said.items() if value]
        print(markdown(preview, verdict, ["make", "guard", *which]), end="", flush=True)
    return _code(preview, verdict)


def _code(preview: Preview, verdict: Verdict) -> int:
    for name in verdict.unused:
        tell(f"ALLOW names {name}, and nothing of that name was found")
    if verdict.open:
        return FOUND
    if preview.refused:
        tell("The engine stopped at a protected resource: preview with --ignore-protect")
        return NOT_JUDGED
    return DONE


def _text(file: str | None, stack: str | None, config: str | None) -> str:
    """The preview's document, from where the command line says."""
    if stack or config:
        if file is not None:
            message = "Either a preview is given, or a stack to preview in the sandbox; not both."
            raise NotAPreviewError(message)
        return _from_sandbox(stack, config)
    if file in {None, STANDARD_INPUT} and sys.stdin.isatty():
        message = (
            "Which preview? Pipe one in (pulumi preview --json | make guard), name its file "
            "(PREVIEW=preview.json), or a stack of the sandbox (STACK=dev, CONFIG=file.yaml)."
        )
        raise NotAPreviewError(message)
    return read_preview(file or STANDARD_INPUT)


def read_preview(file: str) -> str:
    """The document of a preview that is in a file, or on standard input.

    Raises:
        NotAPreviewError: it can't be read.
    """
    try:
        if file != STANDARD_INPUT:
            return Path(file).read_text(encoding="utf-8")
        return sys.stdin.buffer.read().decode("utf-8")
    except OSError as error:
        raise NotAPreviewError(f"{file} can't be read: {error.strerror}") from None
    except UnicodeDecodeError:
        what = file if file != STANDARD_INPUT else "The input"
        raise NotAPreviewError(f"{what} isn't UTF-8 text, so it is no preview.") from None


def _from_sandbox(stack: str | None, config: str | None) -> str:
    """The sandbox's own preview, as users run it."""
    from tools.sandbox.__main__ import main as sandbox  # noqa: PLC0415 - the engine's driver

    words = [*(["--stack", stack] if stack else []), *(["--config", config] if config else [])]
    with contextlib.redirect_stdout(io.StringIO()) as document:
        sandbox(["preview", "--json", *words])
    if not document.getvalue().strip():
        raise NotAPreviewError("The sandbox made no preview, so nothing was judged.")
    return document.getvalue()


if __name__ == "__main__":
    sys.exit(main())
