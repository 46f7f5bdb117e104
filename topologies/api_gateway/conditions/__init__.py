"""Condition expressions of API Gateway's plugins: parsed, checked, and evaluated.

A routing plugin sends a request elsewhere when a condition holds, such as
`$clientVersion < '2.0.5'`; that is how a grey release picks its users. The cloud reads conditions
only when the plugin arrives there, and says little about a wrong one. So they are judged here,
before anything is created. Everything is a pure function: no Pulumi, no network, no clock.

**From the product's documentation** ("Use parameters and conditional expressions", "Backend
routing", and the grey-release practice):

* Expressions resemble SQL's: `$A = 'A' and $B = 'B'`. A parameter starts with `$`. Constants are
  text in single or double quotes, integers, decimals, `true` and `false`. One page alone, that on
  third-party authentication, has parameters in braces: `${statusCode} = 200`.
* `=`, `<`, `like` with `%`, `in_cidr`, `and` and `or` stand in its examples. `Random() < 0.05`
  stood in those of 2020. `1 = 1`, for every request, is the provider's example.
* `parameters` declares a name (`[a-zA-Z_][a-zA-Z0-9]+`) and a location: Method, Path, Header,
  Query, Form, Host, Parameter, System, Token, XFF; StatusCode, ErrorCode and BodyJson only exist
  after the backend has answered, too late for routing.
* System parameters (`$CaAppId`, `$CaClientIp`, …) and parameters of the API itself need no
  declaration: so say the pages on routing, while the one on conditions declares all.
* Query, Header and Form give a parameter's first value. Methods are upper-case.
* The first route whose condition holds is taken; none, and the API's own backend answers.

**Accepted, but not tried against the cloud**: `==`, `<>`, `!=`, `<=`, `>`, `>=`, `!like`,
`!in_cidr` and `!( … )`, and parentheses. Spellings that seem risky (`not like`, AND in capitals, a
function other than Random) are parsed, and `check` warns of them rather than refusing them.

**Our choices, where the documentation is silent**:

* Text compares character by character, as SQL does: '1.9' < '2.0.5', but also '2.0.10' < '2.0.5'
  and '10.0' < '2.0.5'. The product's own example means versions. `check` warns, naming
  a version that goes the wrong way.
* A number compares as a number where the value is one (`$CaAppId = 4534463`); otherwise it is
  simply unequal. `true` and `false` compare with those words.
* A comparison with a parameter that the request hasn't (null, says the documentation) is false,
  with `<>`, `!like` and `!in_cidr` too. `!( … )` around it is true.
* `and` binds tighter than `or`. Only `%` is special in a pattern; `_` is itself. Letters' case
  matters. Quoted text has no escapes: text with one kind of quote goes into the other.
* Where names clash, a declaration goes before a parameter of the API, and that before a system
  parameter.
* Shares of users assume ids whose last digits are evenly distributed.
"""
