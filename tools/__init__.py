"""What people and pipelines run around the program: the plan, the schema, and more.

Nothing here is imported by the program. Each is run as `python -m tools COMMAND` and
says its exit codes: 0 when it did its job. What a pipeline reads goes to standard output, the rest
to standard error.
"""
