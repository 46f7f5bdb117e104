"""Promotion: what one stack's file has and another's lacks, moved there with its comments.

`belonging` says what belongs to each tier and is never moved, `meaning` and `comparing` what
differs, `yaml_nodes` and `yaml_edits` how a file is changed without touching the rest of it,
`writing` what moves into which lines, `previewing` what the target's preview would do, `showing`
how all of it is told. `tools.promote` is the command.
"""
