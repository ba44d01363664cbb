# sflint: make, make demo, make test. Everything built goes into $(B); only ./sflint is put beside the sources.
B       ?= build
PREFIX  ?= /usr/local
CC      ?= cc
OPT     ?= -O2
VERSION := 0.1.0

.DEFAULT_GOAL := sflint
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

PKG_CONFIG ?= pkg-config
LIBS_PKG   := yaml-0.1 libpcre2-8

# ---- dependencies: found with pkg-config, installed where that is allowed, else one line says how ----
# The included files are made first; make then starts again with them.
ifeq (,$(filter clean install-deps help,$(MAKECMDGOALS)))
-include $(B)/deps.mk
endif
# smoke wants two libraries more (libmicrohttpd is loaded when it runs: cli/smoke/host/http_library.h); without them everything else is built, and smoke says what it lacks. SMOKE=no leaves them out.
SMOKE    ?= yes
SMOKE_PKG := libmicrohttpd zlib
$(B)/deps.mk: tests/deps.sh
	@mkdir -p $(B)
	@sh tests/deps.sh $(LIBS_PKG)
	@with=; if [ "$(SMOKE)" = yes ]; then sh tests/deps.sh --wish $(SMOKE_PKG); $(PKG_CONFIG) --exists $(SMOKE_PKG) 2>/dev/null && with='$(SMOKE_PKG)'; fi; \
	{ echo "PKG_CFLAGS := $$($(PKG_CONFIG) --cflags $(LIBS_PKG) $$with) $${with:+-DSFLINT_SMOKE}"; \
	   echo "PKG_LIBS := $$($(PKG_CONFIG) --libs $(LIBS_PKG) $${with:+zlib}) $${with:+-ldl}"; } > $@

WARN     := -Wall -Wextra -Wshadow -Wconversion -Werror
CPPFLAGS_OWN := -D_POSIX_C_SOURCE=200809L -DSFLINT_VERSION='"$(VERSION)"' -Icli -I$(B)/gen
CFLAGS   ?= -g $(OPT)
FLAGS     = -std=c11 -pedantic $(WARN) $(CPPFLAGS_OWN) $(PKG_CFLAGS) $(CFLAGS) $(SANITIZE) -MMD -MP
LINK      = $(CC) $(CFLAGS) $(SANITIZE) $(LDFLAGS)
LIBS      = $(PKG_LIBS) -lm -lpthread

SRC      := $(sort $(wildcard cli/*/*.c cli/*/*/*.c))
OBJ      := $(SRC:%.c=$(B)/obj/%.o)
GEN_OBJ  := $(B)/obj/gen/catalog.o $(B)/obj/gen/rules.o $(B)/obj/gen/boot.o
BOOT     := $(addprefix cli/smoke/host/boot/,boot.py boot.cjs boot.rb cfnresponse.py cfn-response.js)
# What the rule compiler is made of: it knows rule files and CEL, and needs no generated table.
COMPILE_SRC := rules/compile.c $(sort $(wildcard cli/base/*.c cli/doc/*.c cli/cel/*.c)) $(wildcard cli/lint/rule_file.c cli/lint/vocabulary_names.c)
COMPILE_OBJ := $(COMPILE_SRC:%.c=$(B)/obj/%.o)
RULES    := $(sort $(wildcard rules/*.tsv rules/*.yaml rules/*/*.yaml))

sflint: $(B)/sflint
	@cp -f $(B)/sflint $@
$(B)/sflint: $(B)/obj/cli/main.o $(B)/libsflint.a
	$(LINK) -o $@ $^ $(LIBS)
$(B)/libsflint.a: $(OBJ) $(GEN_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/rules-compile: $(COMPILE_OBJ)
	$(LINK) -o $@ $^ $(LIBS)
$(B)/gen/catalog.c: $(B)/rules-compile rules/catalog.tsv rules/types.tsv
	@mkdir -p $(@D)
	$(B)/rules-compile catalog $@ rules/catalog.tsv rules/types.tsv
$(B)/gen/rules.c: $(B)/rules-compile $(RULES)
	@mkdir -p $(@D)
	$(B)/rules-compile rules $@ rules
$(B)/gen/boot.c: cli/smoke/host/boot/embed.sh $(BOOT)
	@mkdir -p $(@D)
	sh cli/smoke/host/boot/embed.sh $(BOOT) > $@
$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c -o $@ $<
$(B)/obj/%.o: %.c $(B)/deps.mk
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c -o $@ $<

# ---- demo ----
demo: sflint
	-./sflint check fixtures/orders.yaml
	./sflint graph fixtures/orders.yaml
	-./sflint smoke fixtures/shop

# ---- tests ----
UNIT     := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/*.c)))
$(B)/test-deps.mk: tests/deps.sh
	@mkdir -p $(B)
	@sh tests/deps.sh cmocka
	@{ echo "TEST_CFLAGS := $$($(PKG_CONFIG) --cflags cmocka)"; \
	   echo "TEST_LIBS := $$($(PKG_CONFIG) --libs cmocka)"; } > $@
ifneq (,$(filter test unit check asan asan-run lint fuzz $(B)/unit/% build/conformance,$(MAKECMDGOALS)))
-include $(B)/test-deps.mk
endif
$(B)/unit/%: $(B)/obj/tests/unit/%.o $(B)/libsflint.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS) $(TEST_LIBS)
$(B)/obj/tests/unit/%.o: tests/unit/%.c $(B)/deps.mk $(B)/test-deps.mk
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(TEST_CFLAGS) -c -o $@ $<
CONFORMANCE_OBJ := $(patsubst %.c,$(B)/obj/%.o,$(sort $(wildcard tests/conformance/*.c)))
$(B)/conformance: $(CONFORMANCE_OBJ) $(B)/libsflint.a
	$(LINK) -o $@ $^ $(LIBS)

unit: $(UNIT)
	sh tests/run.sh unit $(B)
test: sflint $(UNIT) $(B)/conformance
	sh tests/run.sh all $(B)
smoke-hostile: sflint
	sh tests/smoke/run.sh ./sflint hostile
# AWS's own clients against the endpoint; boto3 and the SDK for JavaScript come from their registries into $(B).
$(B)/smoke/serve: $(B)/obj/tests/smoke/serve.o $(B)/libsflint.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBS)
smoke-clients: $(B)/smoke/serve
	sh tests/smoke/clients.sh $(B)/smoke/serve $(abspath $(B))/clients
golden-accept: sflint
	sh tests/golden/run.sh ./sflint accept
	sh tests/readme.sh ./sflint accept
check: test lint

# ---- the same tests under the sanitizers, in a build folder of their own ----
asan:
	$(MAKE) B=$(B)/asan OPT=-O1 SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer' asan-run
asan-run: $(B)/sflint $(UNIT) $(B)/conformance
	sh tests/run.sh all $(B)

# ---- lint ----
floors:
	sh tests/floors.sh
lint: $(B)/gen/catalog.c $(B)/gen/rules.c $(B)/gen/boot.c floors
	@sh tests/deps.sh clang-tidy cppcheck mandoc
	sh tests/lint.sh $(B) "$(CPPFLAGS_OWN) $(PKG_CFLAGS) $(TEST_CFLAGS)"

# ---- fuzzing: FUZZ_SECONDS a target, seeded from fixtures and (where they are) the shared corpus ----
FUZZ_SECONDS ?= 60
FUZZ     := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(sort $(wildcard tests/fuzz/*.c)))
$(B)/fuzz/%: tests/fuzz/%.c $(SRC) $(B)/gen/catalog.c $(B)/gen/rules.c $(B)/gen/boot.c
	@mkdir -p $(@D)
	clang -std=c11 $(CPPFLAGS_OWN) $(PKG_CFLAGS) -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	    -o $@ $< $(SRC) $(B)/gen/catalog.c $(B)/gen/rules.c $(B)/gen/boot.c $(LIBS)
fuzz:
	@sh tests/deps.sh clang
	$(MAKE) fuzz-build
	sh tests/fuzz/run.sh $(B) $(FUZZ_SECONDS)
fuzz-build: $(FUZZ)

# ---- bench ----
$(B)/bench-floor: tests/bench/floor.c $(B)/deps.mk
	$(CC) $(FLAGS) -o $@ $< $(LIBS)
bench: sflint $(B)/bench-floor
	sh tests/bench/bench.sh ./sflint $(B)

# ---- install ----
MANPAGES := $(wildcard man/*.1 man/*.5 man/*.7)
install: sflint
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 sflint $(DESTDIR)$(PREFIX)/bin/sflint
	for page in $(MANPAGES); do \
	    section=$${page##*.}; \
	    install -d $(DESTDIR)$(PREFIX)/share/man/man$$section; \
	    install -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$$section/; \
	done
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/zsh/site-functions \
	    $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	./sflint help --completion bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/sflint
	./sflint help --completion zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_sflint
	./sflint help --completion fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/sflint.fish

# ---- one binary without libraries: runs on any Linux of this processor. On macOS there are no static programs. ----
# With musl where it is (on Debian: musl-tools), because glibc brings half a megabyte that is never called. The libraries are the system's
# own; tests/static/fortify.c has the two functions of glibc that they call. Threads get the 8 MB stacks that they have elsewhere.
STATIC_MOST  := 3145728
STATIC_CC     = $(shell command -v musl-gcc || echo $(CC))
STATIC_MUSL   = $(findstring musl-gcc,$(STATIC_CC))
STATIC_FLAGS := -Os -flto -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections
STATIC_DIR    = $(abspath $(B))/static
static sflint-static:
	@! command -v apt-get >/dev/null || sh tests/deps.sh musl-gcc
	@mkdir -p $(STATIC_DIR)/include
	@for header in yaml.h pcre2.h; do \
	    found=$$(printf '#include <%s>\n' $$header | $(CC) -DPCRE2_CODE_UNIT_WIDTH=8 $(PKG_CFLAGS) -E - | sed -n "s|.*\"\(.*/$$header\)\".*|\1|p" | head -n 1); \
	    cp -f "$$found" $(STATIC_DIR)/include/ || exit 1; \
	done
	$(MAKE) B=$(STATIC_DIR) CC='$(STATIC_CC)' AR=gcc-ar CFLAGS='$(STATIC_FLAGS)' \
	    LDFLAGS='-static -s -Wl,--gc-sections -Wl,-z,stack-size=8388608' PKG_CFLAGS='-I$(STATIC_DIR)/include' \
	    SMOKE=no PKG_LIBS="$$($(CC) -print-file-name=libyaml.a) $$($(CC) -print-file-name=libpcre2-8.a) $(if $(STATIC_MUSL),tests/static/fortify.c)" \
	    $(STATIC_DIR)/sflint
	cp -f $(STATIC_DIR)/sflint sflint-static
	@size=$$(wc -c < sflint-static); echo "sflint-static: $$size bytes"; \
	    [ "$$size" -le $(STATIC_MOST) ] || { echo "sflint-static is larger than $(STATIC_MOST) bytes"; exit 1; }

# ---- a Debian package of the dynamic binary ----
# What it needs is asked of the machine that builds it: the packages of the libraries that the binary names, libc6 at least as new as here.
deb: sflint
	@command -v dpkg-deb >/dev/null || { echo 'make deb needs dpkg-deb (apt-get install dpkg)'; exit 1; }
	rm -rf $(B)/deb
	$(MAKE) install PREFIX=/usr DESTDIR=$(abspath $(B)/deb)
	strip $(B)/deb/usr/bin/sflint
	gzip -9n $(B)/deb/usr/share/man/man*/*
	mkdir -p $(B)/deb/DEBIAN $(B)/deb/usr/share/zsh
	mv $(B)/deb/usr/share/zsh/site-functions $(B)/deb/usr/share/zsh/vendor-completions
	{ echo 'Package: sflint'; \
	  echo 'Version: $(VERSION)'; \
	  echo "Architecture: $$(dpkg --print-architecture)"; \
	  echo 'Section: devel'; \
	  echo 'Priority: optional'; \
	  echo 'Maintainer: the sflint project <sflint@localhost>'; \
	  echo "Installed-Size: $$(du -sk $(B)/deb | cut -f1)"; \
	  echo "Depends: $$(sh tests/deb-depends.sh sflint)"; \
	  echo 'Recommends: libmicrohttpd12'; \
	  echo 'Description: serverless-first linter for infrastructure templates'; \
	  echo ' Reads CloudFormation templates into a graph of events and tells where a'; \
	  echo ' trigger cannot fire, an event can be lost, or something does not scale or'; \
	  echo ' bill by use.'; \
	} > $(B)/deb/DEBIAN/control
	dpkg-deb --root-owner-group --build $(B)/deb sflint_$(VERSION)_$$(dpkg --print-architecture).deb

clean:
	rm -rf $(B) sflint sflint-static sflint_*.deb build.log

.PHONY: demo unit test golden-accept smoke-hostile smoke-clients check asan asan-run floors lint fuzz fuzz-build bench install static sflint-static deb clean
-include $(shell find $(B)/obj -name '*.d' 2>/dev/null)
