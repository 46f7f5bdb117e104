"""Promotion: what one stack's file has and another's lacks, moved there with its comments.

`belonging` says what belongs to each tier and stays; `meaning` and `comparing` what differs
(`differences` as data); `yaml_nodes`, `snippets` and `yaml_edits` how a file is changed without
touching the rest of it; `writing` what moves into which lines; `promoting` puts these together;
`previewing` says what the target's preview would do, and `showing` how all of it is told.
`tools.promote` is the command.
"""
