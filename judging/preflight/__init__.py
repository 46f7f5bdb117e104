"""What the account would say to an update, asked before it runs.

Most modules have questions of one sort: functions from what a preview wants (`wanted`) to
questions, each of which says what it is about, what is needed, and how the account is asked
(`asking`). `flight` puts them all and keeps the answers. Nothing here changes anything: what
is asked are lists and reads, and dry runs of the few actions that have one.
"""
