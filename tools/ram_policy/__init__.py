"""Who needs which permission: RAM policies made from the kinds of resources that a stack uses.

Owns the documents that are made from the table of calls (`facts.calls`), and what whoever has them
could become. Which resources a stack has, `topologies.recorder` says, which runs the program.
"""
