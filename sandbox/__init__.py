"""The simulated cloud: its store, the Pulumi provider in front of it, and the engine's driver.

It owns everything that lets a stack be previewed and applied for real without an account:
`sandbox.engine` finds or builds the Pulumi CLI, the rest plays Alibaba Cloud. It owns no rule
of ours: what a stack file may say is decided in `topologies` and `stack`. The program never
imports it; only tools and tests do.
"""
