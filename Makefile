# Thin lines over Python commands. `make` lists them. docs/commands.md says more about each.

# What is said on the command line is text. make would take it for code, $(shell …) and all, even
# where nothing refers to it: it hands such variables on to recipes, and works them out for that. So
# each is made plain here, and every variable below is read by the shell or by Python, none by make.
override SAID := $(foreach name,$(.VARIABLES),$(if $(findstring command line,$(origin $(name))),$(name)))

# What a target takes is what its recipe reads, by itself or by a word from below, or what one of
# its prerequisites does: this file is asked, so that nothing has to be kept in step. Anything else
# that is said is refused, or a mistyped CONFIG= would be passed over and another stack be taken.
override takes = $(shell awk -v goal='$1' ' \
  function follow(name, words, count, i) { \
    if (done[name]++ || name == "MAKE") return; \
    if (!(name in text)) { if (name ~ /^[A-Z_]+$$/) print name; return } \
    count = split(text[name], words, " "); \
    for (i = 1; i <= count; i++) follow(words[i]) } \
  /^[^\t ]/ { name = $$1 == "override" ? $$2 : $$1; sub(/:$$/, "", name); text[name] = "" } \
  /^[^\t ]/ && $$1 != "override" { sub(/\#\#.*/, ""); $$1 = ""; text[name] = $$0; next } \
  { while (match($$0, /[$$,{\050][A-Z_]+/)) { \
      text[name] = text[name] " " substr($$0, RSTART + 1, RLENGTH - 1); \
      $$0 = substr($$0, RSTART + RLENGTH) } } \
  END { follow(goal) }' Makefile)
# A CONFIG of the environment chooses a stack too, where a target takes one by its name alone.
override CHOSEN := $(if $(value CONFIG),$(if $(findstring environment,$(origin CONFIG)),CONFIG))
override refuse = $(if $3,$(error make $1 doesn't take $3; $(if $2,it takes $2,it takes no variable)))
override judge = $(call refuse,$1,$2,$(filter-out $2,$(SAID) $(if $(filter STACK,$2),$(CHOSEN))))

override TARGETS := help init explain plan preview up outputs rehearse cloud native-life refresh destroy recover guard ram-policy doctor \
  review deploy drift preflight inventory stacks setup-pipelines import promote adopt adopt-eip route keep-state release \
  fetch-openapi test test-changed test-oldest lint check lives bench schema docs lock clean
$(if $(SAID)$(CHOSEN),$(foreach goal,$(filter $(TARGETS),$(or $(value MAKECMDGOALS),help)), \
  $(call judge,$(goal),$(call takes,$(goal)))))

$(foreach name,$(SAID),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))

override VENV := .venv
override RUN := $(VENV)/bin/python -m
override WHICH = $(call option,stack,STACK) $(call option,config,CONFIG)
# An option with its value, where the shell's variable isn't empty: $(call option,stack,STACK).
override option = $${$2:+--$1 "$$$2"}
# A flag where the variable has this value: $(call where,FORMAT,json,--json).
override where = $$([ "$$$1" != $2 ] || echo $3)
override FORMATTED = --format "$${FORMAT:-table}"
override REHEARSED = REHEARSE="$$REHEARSE"
override ASKED = PREFLIGHT="$$PREFLIGHT"

.DEFAULT_GOAL := help
.PHONY: $(TARGETS)

help: ## list the commands
	@awk -F ':.*## ' '/^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  STACK=prod takes Pulumi.prod.yaml (dev unless given); CONFIG=file.yaml takes any stack file."

##@ Every day

init: $(VENV)/.program ## write the stack file of a new stack: asks, or TOPOLOGY= STACK=shop REGION= TIER= CIDR=
	@$(RUN) tools init $(WHICH) $(call option,topology,TOPOLOGY) $(call option,region,REGION) \
	  $(call option,tier,TIER) $(call option,cidr,CIDR)

explain: $(VENV)/.program ## say what a key or a message means: KEY=sharedBandwidth.natGateway.lanes, PROBLEM='…'
	@$(RUN) tools explain $(call option,key,KEY) $(call option,problem,PROBLEM)

plan: $(VENV)/.program ## check the stack file and show what it opens; FORMAT=json, html or mermaid ONLY=ports, PRICES=
	@$(RUN) tools plan $(WHICH) $(FORMATTED) $(call option,only,ONLY) $(call option,prices,PRICES)

# preview, up, review and deploy carry the update out on a copy first; REHEARSE=no leaves that out.
preview: $(VENV)/.program ## show what up would change in the sandbox; FORMAT=json, POLICY=1, PRICES=
	@$(REHEARSED) $(RUN) tools preview $(WHICH) $(call option,policy,POLICY) $(call option,prices,PRICES) \
	  $(call where,FORMAT,json,--json)

up: $(VENV)/.program ## build the stack in the sandbox, with the real Pulumi engine; POLICY=1
	@$(REHEARSED) $(RUN) tools up $(WHICH) $(call option,policy,POLICY)

rehearse: $(VENV)/.program ## say whether up would end well, by doing it on a copy; ACCOUNT=1 for the account's stack
	@$(RUN) tools rehearse $(WHICH) $${ACCOUNT:+--account}

outputs: $(VENV)/.program ## print what a stack of the sandbox puts out, from its state; FORMAT=json
	@$(RUN) tools outputs $(WHICH) $(FORMATTED)

cloud: $(VENV)/.dev ## serve the sandbox's account by the cloud's own API, for SDKs and aliyun: PORT=, RATE=, LISTEN=
	@$(RUN) tools cloud $(WHICH) $(call option,region,REGION) $(call option,port,PORT) $(call option,rate,RATE) \
	  $(call option,listen,LISTEN) $(call option,reached-by,REACHED_BY)

refresh: $(VENV)/.program ## make the state as the sandbox's cloud is; LOOK=1 shows what differs, and writes nothing
	@$(RUN) tools refresh $(WHICH) $${LOOK:+--look}

destroy: $(VENV)/.program ## delete everything of the stack from the sandbox
	@$(RUN) tools destroy $(WHICH)

recover: $(VENV)/.program ## after a run in the sandbox was killed: unlock, and settle what it was doing
	@$(RUN) tools recover $(WHICH)

doctor: | $(VENV)/bin/python ## say what is missing or wrong, here and in the stack files: STACK=, FORMAT=json
	@$(MAKE) -s $(VENV)/.program || true
	@$(RUN) tools doctor $(WHICH) $(FORMATTED)

route: $(VENV)/.program ## say which backend a request reaches: URL='/page?v=1.9', also METHOD= IP= APP= CLAIM= HEADER=
	@$(RUN) tools route "$$URL" $(WHICH) $(call option,method,METHOD) $(call option,ip,IP) \
	  $(call option,app,APP) $(call option,claim,CLAIM) $(call option,header,HEADER)

fetch-openapi: $(VENV)/.program ## keep a service's Swagger or OpenAPI document in a file: URL=http://… FILE=….json
	@$(RUN) tools fetch-openapi --url "$$URL" --file "$$FILE"

clean: ## remove the environment, the sandbox and every cache in this folder
	@rm -rf $(VENV) .sandbox .pipeline .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

##@ Pipelines and accounts

stacks: $(VENV)/.program ## list the stacks that pipelines go by, in their order: FORMAT=json, names, gitlab
	@$(RUN) tools stacks $(FORMATTED)

review: $(VENV)/.program ## in the account: what pulumi up would do to STACK, guard and policies; ALLOW='…' AFTER=dev
	@$(REHEARSED) $(ASKED) $(RUN) tools review $(call option,stack,STACK) --allow "$$ALLOW" --after "$$AFTER"

deploy: $(VENV)/.program ## in the account: the same, and pulumi up where nothing speaks against it; APPROVED=digest
	@$(REHEARSED) $(ASKED) $(RUN) tools deploy $(call option,stack,STACK) --allow "$$ALLOW" --after "$$AFTER" \
	  $${APPROVED+--approved "$$APPROVED"}

drift: $(VENV)/.program ## is the account's cloud as the state of STACK says? Changes nothing; DESTROY=1 what destroy would stop at
	@$(RUN) tools drift $(call option,stack,STACK) $${DESTROY:+--destroy}

preflight: $(VENV)/.program ## what the account would refuse of pulumi up: STACK=, or PREVIEW=file.json; FORMAT=json, markdown
	@$(RUN) tools preflight $(FORMATTED) $(call option,stack,STACK) $${PREVIEW:+"$$PREVIEW"}

inventory: $(VENV)/.program ## what the account opens, and which stack holds it: REGION= VPC= FORMAT=json, markdown, mermaid
	@$(RUN) tools inventory $(FORMATTED) $(call option,region,REGION) $(call option,vpc,VPC)

guard: $(VENV)/.program ## judge a preview: PREVIEW=file.json, or piped in, or STACK=; ALLOW='close-port:…' FORMAT=json
	@$(RUN) tools guard $(WHICH) $(call option,allow,ALLOW) $(FORMATTED) \
	  $${PREVIEW:+"$$PREVIEW"}

promote: $(VENV)/.program ## move what one stack has and another lacks: FROM=dev TO=staging; CHECK=1, FORMAT=json
	@$(RUN) tools promote --from "$$FROM" --to "$$TO" $(FORMATTED) $${CHECK:+--check} \
	  $(call where,PREVIEW,no,--no-preview) $(call option,set,SET) $(call option,remove,REMOVE)

setup-pipelines: $(VENV)/.program ## print what makes environments, roles and trust; APPLY=1 runs it: REPO= ACCOUNT= BACKEND=
	@$(RUN) tools setup-pipelines --repo "$$REPO" --account "$$ACCOUNT" $(call option,forge,FORGE) \
	  $(call option,backend,BACKEND) $(call option,reviewers,REVIEWERS) \
	  $(call option,provider,PROVIDER) $(call option,issuer,ISSUER) $${APPLY:+--apply}

ram-policy: $(VENV)/.program ## print the RAM policies that a stack takes: ROLE=preview|deploy|guard-rails|inventory ACCOUNT= FORMAT=json
	@$(RUN) tools ram-policy $(WHICH) $(FORMATTED) $(call option,role,ROLE) \
	  $(call option,account,ACCOUNT) $(call option,break-glass,BREAK_GLASS) \
	  $(call option,out,OUT)

##@ Adoption of what exists

adopt: $(VENV)/.program ## take what exists into a new stack: VPC=, GATEWAY=, CEN=, GROUP=, LIST=existing.yaml; STACK= ACCOUNT=1
	@$(RUN) tools adopt $(WHICH) $(call option,vpc,VPC) $(call option,gateway,GATEWAY) \
	  $(call option,cen,CEN) $(call option,group,GROUP) $(call option,list,LIST) $(call option,region,REGION) $${ACCOUNT:+--account}

adopt-eip: $(VENV)/.program ## print the import file of a server's EIP: ADDRESS=web1 EIP=eip-… INSTANCE=i-…
	@$(RUN) tools adopt-eip $(WHICH) --address "$$ADDRESS" --eip "$$EIP" --instance "$$INSTANCE"

import: $(VENV)/.program ## take resources that exist into the sandbox's state: FILE=adopt.json
	@$(RUN) tools import $(WHICH) --file "$$FILE"

##@ Development

test: $(VENV)/.dev ## run every test; ARGS='tests/stack -k vpc' runs a part
	@set -f; $(RUN) pytest -n 2 --dist worksteal $$ARGS

test-changed: $(VENV)/.dev ## run the tests, without an engine, that your changes touch; BASE=commit
	@$(RUN) tests.suite.changed --base "$$BASE"

# What the engine writes, says and keeps: its documents, its messages, its locks and backends.
override OLDEST_TESTS = tests/lifecycle/test_guard.py tests/lifecycle/test_pulumi_cli.py \
  tests/lifecycle/state/test_state_backends.py tests/lifecycle/state/test_state_recovery.py \
  tests/lifecycle/test_busy_at_each_step.py
test-oldest: $(VENV)/.dev ## run what depends on the engine on the oldest one that is accepted
	@engine="$$($(RUN) sandbox.engine --oldest)" && \
	  ALICLOUD_GATEWAYS_ENGINE="$$engine" $(RUN) pytest -n 2 --dist worksteal $(OLDEST_TESTS)

lint: $(VENV)/.dev ## format, lint, types, import rules, freshness of the schema
	@$(RUN) ruff format --check .
	@$(RUN) ruff check .
	@$(VENV)/bin/basedpyright
	@$(VENV)/bin/lint-imports
	@$(RUN) tools schema --check
	@$(RUN) tools reference --check

check: lint test ## what CI runs

lives: $(VENV)/.dev ## random edits of stacks of every topology, for SECONDS=; SEED= lives through one again
	@$(RUN) tests.lives --seconds "$${SECONDS:-60}" --seed "$${SEED:-0}"

native-life: $(VENV)/.dev ## a stack's whole life by your own pulumi and the real plugin, on a local cloud: STACK=
	@$(RUN) tools native-life $(WHICH)

bench: $(VENV)/.dev ## measure the ratios that the design promises
	@$(RUN) bench

schema: $(VENV)/.program ## write schemas/ anew
	@$(RUN) tools schema

docs: $(VENV)/.program ## write what the components' docstrings say into docs/components
	@$(RUN) tools reference

# The command stands at the top of each file, where Renovate reads it and runs it again. What is
# pinned stays where it still fits, unless it is to be upgraded.
override LOCKED = uv pip compile -q $${UPGRADE:+--upgrade} --universal --python-version=3.11 --generate-hashes
lock: $(VENV)/.dev ## pin the dependencies of pyproject.toml anew; UPGRADE=1 takes the newest of all
	@$(RUN) $(LOCKED) --output-file=requirements.txt pyproject.toml
	@$(RUN) $(LOCKED) --group=dev --output-file=requirements-dev.txt pyproject.toml

keep-state: $(VENV)/.dev ## at a release: keep the states that this version makes: VERSION=1.4.0
	@$(RUN) tests.lifecycle.states "$$VERSION"

release: $(VENV)/.dev ## set the version, keep its states, date the changelog, commit, tag: VERSION=1.4.0
	@$(RUN) tools release make "$$VERSION"

# Everything that installing says goes to standard error: standard output belongs to the command.
$(VENV)/bin/python:
	@"$${PYTHON:-python3}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@"$${PYTHON:-python3}" -m venv $(VENV) >&2

$(VENV)/.program: requirements.txt | $(VENV)/bin/python
	@echo "installing the program's packages into $(VENV) …" >&2
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt >&2
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	@echo "installing the packages for tests and checks into $(VENV) …" >&2
	@$(RUN) pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt >&2
	@touch $@ $(VENV)/.program
