"""What the provider takes, what RAM calls it, what ids look like: data, and its readers.

Nothing here knows a stack file, a component or an engine.
"""
