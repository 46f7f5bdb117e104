"""What every topology shares: the stack file, its settings, rules, names and error report.

Nothing here registers a resource or knows a topology; `topologies` hands its own models and rules
to `stack.stack_file`.
"""
