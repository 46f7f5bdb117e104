"""What a pipeline does with one stack: review, deploy, look for drift.

GitHub Actions, GitLab CI and people run the same commands (`make review`, `make deploy`, `make
drift`); a pipeline's own file says when, with whose credentials, and who approves. What is told
where (comments, issues) is `tools.forge`'s.

Each command runs the `pulumi` on the PATH against whatever backend and account the environment
names, and leaves what it found in `.pipeline/<stack>/`.
"""
