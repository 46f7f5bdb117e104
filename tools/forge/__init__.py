"""What a pipeline tells where people look: one comment on a pull request, one issue for each drift.

Owns how GitHub and GitLab are told; what is told comes from `.pipeline/` (`tools.pipeline`). Needs
nothing but Python itself, so the job that may write comments installs no package and runs no
program of the stack.
"""
