"""Promotion: what one stack's file has and another's lacks, moved there with its comments.

`belonging` says what belongs to each tier and stays; `meaning` and `comparing` what differs
(as data); `yaml_nodes` and `yaml_edits` how a file is changed without touching the rest of it;
`promoting` what moves into which lines, and whether the file may become that; `showing` what the
target's preview would do, and how all of it is told.
"""
