"""What people and pipelines run around the program: the plan, the schema, and more.

Nothing here is imported by the program. Each module with a `main` is run as
`python -m tools.<name>` and keeps to one set of exit codes: 0 when it did its job, 2 on bad
config, 1 on anything else. What a pipeline reads goes to standard output, the rest to standard
error.
"""
