"""Who needs which permission: RAM policies made from the kinds of resources that a stack uses.

Owns the table of calls (`calls.toml`), the documents made from it, and how RAM judges one call by
them. It doesn't own which resources a stack has: `topologies.recorder` runs the program for that.
"""
