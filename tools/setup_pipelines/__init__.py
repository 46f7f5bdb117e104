"""What the pipelines of all stacks of the list need in a forge and in the account.

Decides nothing: `tiers.yaml` says which stacks there are, `tools.ram_policy` what their roles may.
The functions that the script's lines call are the shell files beside.
"""
