"""From a stack file to settings, in stages, each a function of the one before.

| stage | module | makes |
|---|---|---|
| YAML | `yaml_file` | plain values, and where each stands |
| source | `source` | those of them that are this project's, by their keys |
| references | `references` | the same with the outputs of other stacks in their places |
| read | `read` | settings, as far as they can be made out |
| judge | `judge` | settings that passed every rule, or one report |

`tree` and `schema` are what the stages go by: places in plain values, and places in models.
`stack.stack_file` runs them, for a stack file and for those beside it that it refers to, each once.
"""
