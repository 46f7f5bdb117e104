"""What changes from which value to which, for whoever approves the run: no secret is shown."""

from judging.preview import Op, Preview
from judging.values import changed_inputs, differences
from stack.markdown import block

_MOST = 200


def values_of(preview: Preview) -> list[str]:
    """The changed values of each resource that stays, folded away; nothing where there are none."""
    lines = _lines(preview)
    if not lines:
        return []
    more = len(lines) - _MOST
    left = [f"… and {more} lines more: preview with --diff"] if more > 0 else []
    summary = f"<summary>Values ({len(lines)} changed)</summary>"
    text = "\n".join([*lines[:_MOST], *left])
    return ["", "<details>", summary, "", *block(text), "", "</details>"]


def _lines(preview: Preview) -> list[str]:
    present = preview.present_urns()
    return [
        f"{change.name}  {difference}"
        for change in preview.changes
        if change.op in {Op.UPDATE, Op.REPLACE} and change.old and change.new
        for key in changed_inputs(change, present)
        for difference in differences(change.old.inputs.get(key), change.new.inputs.get(key), key)
    ]
