"""What topologies with a NAT gateway share: its settings, its rules and how it is built.

No topology of its own. The functions here take the path of the section that they speak of.
"""
