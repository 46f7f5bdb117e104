"""Adoption: from a list of what exists to a stack file and an import file for it.

`listing` is the list, `reading` what has to be read of the cloud, and what was. Then `composing`
makes a stack file of it, and `adopting` does all of this in its order, asks the program for the
names, and says what the first `up` would change. It works on plain data: the cloud is read by
Pulumi, elsewhere.
"""
