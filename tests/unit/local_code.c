/* Where the code of functions lies, and whether their handlers are there: a file system in a table. */
#include "service/local_code.h"
#include "template_fixture.h"

/* "path" or "path@seconds": when it was changed; "path=text". Folders are what files stand in. */
typedef struct {
    const char *const *files;
} disk;

static slice disk_path(const char *file) {
    slice f = slice_from(file);
    size_t cut = slice_find(f, '=');
    f = slice_from_to(f, 0, cut);
    return slice_from_to(f, 0, slice_find(f, '@'));
}

static long long disk_time(const char *file) {
    slice f = slice_from(file);
    f = slice_from_to(f, 0, slice_find(f, '='));
    size_t at = slice_find(f, '@');
    long long n = 0;
    return at < f.len && slice_int(slice_after(f, at + 1), &n) ? n : 100;
}

static path_facts disk_look(void *self, arena *a, slice path) {
    const disk *d = self;
    (void)a;
    for (size_t i = 0; d->files[i] != NULL; i++) {
        slice f = disk_path(d->files[i]);
        if (slice_eq(f, path)) return (path_facts){ PATH_FILE, disk_time(d->files[i]), 10 };
        if (slice_is(path, ".") || (f.len > path.len && slice_starts(f, path) && f.at[path.len] == '/')) return (path_facts){ PATH_FOLDER, 1, 0 };
    }
    return (path_facts){ PATH_NOTHING, 0, 0 };
}

static bool disk_read(void *self, arena *a, slice path, slice *text, slice *why) {
    const disk *d = self;
    (void)a;
    for (size_t i = 0; d->files[i] != NULL; i++) {
        slice f = slice_from(d->files[i]);
        size_t cut = slice_find(f, '=');
        if (!slice_eq(disk_path(d->files[i]), path)) continue;
        *text = cut < f.len ? slice_after(f, cut + 1) : SLICE("");
        return true;
    }
    *why = SLICE("no such file");
    return false;
}

static const char *told(run *r, const char *path, const char *yaml, const char *const *files, const char *id) {
    static const char *const kinds[] = { "unknown", "inline", "folder", "archive", "s3", "image" };
    static const char *const builders[] = { "", " by sam", " by cdk" };
    static const char *const states[] = { "not judged", "found", "malformed", "no file", "no name" };
    disk d = { files };
    file_text f = { path, yaml };
    run_files(r, &f, 1, 1);
    r->options.read_file = disk_read;
    r->options.read_file_self = &d;
    r->options.stat_path = disk_look;
    r->options.stat_path_self = &d;
    const resource *x = template_resource(r->set.list.at[0], slice_from(id));
    assert_non_null(x);
    local_code c = local_code_of(r->arena, x);
    handler_place h = local_code_find_handler(r->arena, x->in, &c);
    buf b = { .arena = r->arena };
    buf_printf(&b, "%s%s %.*s%s", kinds[c.kind], builders[c.builder], SLICE_ARG(c.path), c.exists == NO ? " (missing)" : "");
    for (size_t i = 0; i < c.layers_len; i++) buf_printf(&b, " +%.*s%.*s", SLICE_ARG(c.layers[i].path), SLICE_ARG(c.layers[i].reason));
    buf_printf(&b, " | %s %.*s %.*s", states[h.state], SLICE_ARG(h.file), SLICE_ARG(h.name));
    if (h.why.len > 0) buf_printf(&b, " | %.*s", SLICE_ARG(h.why));
    if (c.reason.len > 0) buf_printf(&b, " | cannot run: %.*s", SLICE_ARG(c.reason));
    r->options.read_file_self = r->options.stat_path_self = NULL;      /* they end with this call */
    return c_text(r->arena, buf_as_slice(&b));
}

#define SAM "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      "
#define CFN "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      "
#define PYTHON "Runtime: python3.13\n      "
#define NODE   "Runtime: nodejs22.x\n      "
#define FILES(...) (const char *const[]){ __VA_ARGS__, NULL }

static void code_is_found_beside_its_template(void **state) {
    (void)state;
    static const struct { const char *path, *yaml; const char *files[8]; const char *want; } rows[] = {
        { "infra/t.yaml", SAM PYTHON "CodeUri: ../app/\n      Handler: lib/jobs.run\n", { "app/lib/jobs.py=def run(e, c): pass\n" },
          "folder app | found app/lib/jobs.py run" },
        { "infra/t.yaml", SAM PYTHON "CodeUri: ../app/\n      Handler: lib/job.run\n", { "app/lib/jobs.py" },
          "folder app | no file app/lib/job.py run | handler module not found: app/lib/job.py" },
        { "t.yaml", SAM PYTHON "CodeUri: ../app/\n      Handler: jobs.run\n", { "../app/jobs.py=run = 1" }, "folder ../app | found ../app/jobs.py run" },
        { "/a/t.yaml", SAM PYTHON "CodeUri: ./src\n      Handler: pkg.jobs.run\n", { "/a/src/pkg/jobs.py=run = 1" }, "folder /a/src | found /a/src/pkg/jobs.py run" },
        { "t.yaml", SAM PYTHON "CodeUri: .\n      Handler: app.run\n", { "app.py=from x import run" }, "folder . | found app.py run" },
        { "t.yaml", SAM PYTHON "Handler: app.run\n", { "app.py=from x import run" }, "folder . | found app.py run" },
        { "t.yaml", SAM PYTHON "CodeUri: src\n      Handler: app.run\n", { "app.py" }, "folder src (missing) | not judged   | cannot run: code folder not found: src" },
        /* its folder is missing where the one around it is there */
        { "t.yaml", SAM PYTHON "CodeUri: src/handlers/\n      Handler: app.run\n", { "src/app.py=" },
          "folder src/handlers (missing) | no file src/handlers  | code folder not found: src/handlers | cannot run: code folder not found: src/handlers" },
        { "t.yaml", SAM NODE "CodeUri: src/dist/\n      Handler: app.run\n", { "src/app.ts=" },
          "folder src/dist (missing) | not judged   | cannot run: code folder not found: src/dist" },
        { "t.yaml", SAM PYTHON "CodeUri: src/handlers/\n      Handler: app.run\n", { "other/app.py=" },
          "folder src/handlers (missing) | not judged   | cannot run: code folder not found: src/handlers" },
        /* a file: packaged by itself */
        { "t.yaml", SAM PYTHON "CodeUri: src/app.py\n      Handler: app.run\n", { "src/app.py=def run(e, c): pass" }, "folder src | found src/app.py run" },
        { "t.yaml", SAM PYTHON "CodeUri: app.py\n      Handler: app.run\n", { "app.py=def run(e, c): pass" }, "folder . | found app.py run" },
        { "t.yaml", SAM PYTHON "CodeUri: src/app.py\n      Handler: other.run\n", { "src/app.py=", "src/other.py=def run(e, c): pass" },
          "folder src | no file src/other.py run | handler module not found: src/other.py" },
        { "t.yaml", CFN PYTHON "Code: src\n      Handler: app.run\n", { "src/app.py=def go(): pass" },
          "folder src | no name src/app.py run | handler not found: src/app.py has no run" },
        { "t.yaml", SAM PYTHON "CodeUri: src/app.zip\n      Handler: app.run\n", { "src/app.zip" }, "archive src/app.zip | not judged  " },
        { "t.yaml", SAM PYTHON "CodeUri: s3://b/k\n      Handler: app.run\n", { "app.py" }, "s3  | not judged   | cannot run: code is in S3" },
        { "t.yaml", SAM "PackageType: Image\n      ImageUri: x\n", { "app.py" }, "image  | not judged   | cannot run: container image: no local code to run" },
        { "t.yaml", SAM PYTHON "InlineCode: 'def run(e, c): pass'\n      Handler: index.run\n", { "app.py" }, "inline  | found index.py run" },
        { "t.yaml", SAM PYTHON "InlineCode: 'def run(e, c): pass'\n      Handler: index.go\n", { "app.py" },
          "inline  | no name index.py go | handler not found: index.py has no go" },
        { "t.yaml", SAM PYTHON "InlineCode: app.py\n      Handler: index.go\n", { "app.py" }, "inline  | not judged  " },
        { "t.yaml", SAM NODE "InlineCode: 'exports.run = 1'\n      Handler: app.run\n", { "app.js" },
          "inline  | no file app.js  | handler module not found: code in the template is index.js" },
        { "t.yaml", "Parameters: {D: {Type: String}}\n" SAM PYTHON "CodeUri: !Ref D\n      Handler: app.run\n", { "app.py" },
          "unknown  | not judged   | cannot run: where its code lies is not known from the template" },
        { "t.yaml", "Parameters: {D: {Type: String}}\n" CFN PYTHON "Code: !Ref D\n      Handler: app.run\n", { "app.py" },
          "unknown  | not judged   | cannot run: its code is not known: parameter D has no default" },
        { "t.yaml", SAM "Runtime: java21\n      CodeUri: src\n      Handler: a.B::c\n", { "src/x" },
          "folder src | not judged   | cannot run: java21 needs a built jar and a Java runtime interface client" },
        { "t.yaml", SAM "Runtime: provided.al2023\n      CodeUri: src\n      Handler: x\n", { "src/main.go" },
          "folder src | not judged src/bootstrap x | cannot run: no bootstrap in src: build it first (`sam build`)" },
        { "t.yaml", SAM "Runtime: provided.al2023\n      CodeUri: src\n      Handler: x\n", { "src/bootstrap" }, "folder src | found src/bootstrap x" },
        { "t.yaml", SAM "Runtime: ruby3.4\n      CodeUri: src\n      Handler: app.Orders::Job.run\n", { "src/app.rb" }, "folder src | found src/app.rb Orders::Job.run" },
        { "t.yaml", SAM "Runtime: ruby3.4\n      CodeUri: src\n      Handler: ap.run\n", { "src/app.rb" },
          "folder src | no file src/ap.rb run | handler module not found: src/ap.rb" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        const char *got = told(&r, rows[i].path, rows[i].yaml, rows[i].files, "F");
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s\nwant %s\ngot  %s", rows[i].yaml, rows[i].want, got);
        run_free(&r);
    }
}

static void node_looks_for_its_files_in_order(void **state) {
    (void)state;
    static const struct { const char *handler, *more; const char *files[8]; const char *want; } rows[] = {
        { "app.run", "", { "s/app.mjs=export const run = 1", "s/x" }, "found s/app.mjs run" },
        { "app.a.b", "", { "s/app.cjs=exports.a = { b: f }", "s/x" }, "found s/app.cjs a.b" },
        { "dir/app.run", "", { "s/dir/app/index.js=exports.run = f", "s/x" }, "found s/dir/app/index.js run" },
        { "./app.run", "", { "s/app.js=exports.run = f" }, "found s/app.js run" },
        { "../app.run", "", { "s/app.js" }, "malformed   | bad handler \"../app.run\": Node.js takes no `..` in it" },
        { "apprun", "", { "s/app.js" }, "malformed   | bad handler \"apprun\": Node.js wants FILE.FUNCTION" },
        { "ap.run", "", { "s/app.js" }, "no file s/ap.js run | handler module not found: s/ap.js" },
        { "app.run", "", { "s/app.ts" }, "not judged s/app.js run" },
        { "dist/app.run", "", { "s/package.json", "s/src/app.ts" }, "not judged s/dist/app.js run" },
        { "app.run", "    Metadata: {BuildMethod: esbuild}\n", { "s/app.ts=export const run = 1" }, "found s/app.ts run" },
        { "app.run", "    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [src/app.ts]}}\n", { "s/src/app.ts=export const run = 1" },
          "found s/src/app.ts run" },
        { "app.run", "    Metadata: {BuildMethod: makefile}\n", { "s/x" }, "not judged s/app.js run | cannot run: needs `sam build` (makefile)" },
        { "app.run", "      Layers: ['arn:aws:lambda:eu-west-1:111122223333:layer:x:1']\n", { "s/x" },
          "not judged s/app.js run | handler module not found: s/app.js" },
        { "/opt/nodejs/x.run", "", { "s/x" }, "not judged /opt/nodejs/x run | handler module not found: /opt/nodejs/x" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        slice yaml = arena_printf(r.arena, SAM NODE "CodeUri: s\n      Handler: %s\n%s", rows[i].handler, rows[i].more);
        const char *got = told(&r, "t.yaml", yaml.at, rows[i].files, "F");
        const char *from = strstr(got, " | ");
        if (from == NULL || strcmp(from + 3, rows[i].want) != 0) fail_msg("%s\nwant %s\ngot  %s", yaml.at, rows[i].want, got);
        run_free(&r);
    }
}

static void what_was_built_runs_when_it_is_newer(void **state) {
    (void)state;
    static const char sam[] = SAM PYTHON "CodeUri: src\n      Handler: app.run\n";
    const struct { const char *path, *yaml; const char *files[8]; const char *want; } rows[] = {
        { "a/t.yaml", sam, { "a/t.yaml@100", "a/src/app.py@100=run = 1", "a/.aws-sam/build/template.yaml@100", "a/.aws-sam/build/F/app.py=run = 1" },
          "folder by sam a/.aws-sam/build/F | found a/.aws-sam/build/F/app.py run" },
        { "a/t.yaml", sam, { "a/t.yaml@100", "a/src/app.py@101=run = 1", "a/.aws-sam/build/template.yaml@100", "a/.aws-sam/build/F/app.py" },
          "folder a/src | found a/src/app.py run" },
        { "a/t.yaml", sam, { "a/t.yaml@101", "a/src/app.py@100=run = 1", "a/.aws-sam/build/template.yaml@100", "a/.aws-sam/build/F/app.py" },
          "folder a/src | found a/src/app.py run" },
        { "a/t.yaml", sam, { "a/t.yaml@100", "a/src/app.py@100=run = 1",
                             "a/.aws-sam/build/template.yaml@100=Resources:\n  E:\n    Properties:\n      CodeUri: E\n  F:\n    Properties:\n      CodeUri: G\n",
                             "a/.aws-sam/build/G/app.py=run = 1", "a/.aws-sam/build/E/x" },
          "folder by sam a/.aws-sam/build/G | found a/.aws-sam/build/G/app.py run" },
        { "a/t.yaml", sam, { "a/t.yaml@100", "a/src/app.py@100=run = 1",
                             "a/.aws-sam/build/template.yaml@100=Resources:\n  F:\n    Properties:\n      CodeUri: ../../src\n", "a/.aws-sam/build/E/x" },
          "folder a/src | found a/src/app.py run" },
        { "cdk.out/S.template.json", CFN PYTHON "Handler: index.run\n      Code: {S3Bucket: b, S3Key: k.zip}\n    Metadata: {'aws:asset:path': asset.1, 'aws:asset:property': Code}\n",
          { "cdk.out/asset.1/index.py=run = 1" }, "folder by cdk cdk.out/asset.1 | found cdk.out/asset.1/index.py run" },
        { "cdk.out/S.template.json", CFN PYTHON "Handler: index.run\n      Code: {S3Bucket: b, S3Key: k.zip}\n    Metadata: {'aws:asset:path': ../x, 'aws:asset:property': Code}\n",
          { "x/index.py=run = 1" }, "s3  | not judged   | cannot run: code is in S3" },
        { "o/S.template.json", CFN PYTHON "Handler: index.run\n      Code: {S3Bucket: b, S3Key: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.zip}\n",
          { "o/asset.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/index.py=run = 1" },
          "folder by cdk o/asset.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef | found "
          "o/asset.0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/index.py run" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        run r = run_new();
        const char *got = told(&r, rows[i].path, rows[i].yaml, rows[i].files, "F");
        if (strcmp(got, rows[i].want) != 0) fail_msg("%s\nwant %s\ngot  %s", rows[i].yaml, rows[i].want, got);
        run_free(&r);
    }
}

static void layers_are_local_folders_in_order(void **state) {
    (void)state;
    static const char yaml[] = SAM PYTHON "CodeUri: src\n      Handler: shared.run\n      Layers: [!Ref One, !Ref Two, !Ref Far, 'arn:aws:lambda:x']\n"
                                          "  One: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: one}, Metadata: {BuildMethod: python3.13}}\n"
                                          "  Two: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: two}}\n"
                                          "  Far: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: 's3://b/k'}}\n";
    run r = run_new();
    const char *got = told(&r, "t.yaml", yaml, FILES("src/x", "one/shared.py=def run(): pass", "t.yaml@100"), "F");
    const char *want = "folder src +one +two";
    if (strncmp(got, want, strlen(want)) != 0) fail_msg("want %s...\ngot  %s", want, got);
    assert_non_null(strstr(got, "is in S3"));
    assert_non_null(strstr(got, "layer arn:aws:lambda:x is not on this machine"));
    assert_non_null(strstr(got, "| found one/shared.py run"));
    run_free(&r);
}

static void a_name_is_missed_only_where_that_is_sure(void **state) {
    (void)state;
    static const struct { code_language language; const char *text, *name; tri want; } rows[] = {
        { LANGUAGE_PYTHON, "def handler(event, context):\n    return 1\n", "handler", YES },
        { LANGUAGE_PYTHON, "async def handler(e, c): pass", "handler", YES },
        { LANGUAGE_PYTHON, "handler = app.lambda_handler\n", "handler", YES },
        { LANGUAGE_PYTHON, "from x import (\n    a,\n    handler,\n)\n", "handler", YES },
        { LANGUAGE_PYTHON, "import app as handler", "handler", YES },
        { LANGUAGE_PYTHON, "try:\n    from a import handler\nexcept ImportError:\n    pass\n", "handler", YES },
        { LANGUAGE_PYTHON, "def lambda_handler(event, context):\n    return 1\n", "handler", NO },
        { LANGUAGE_PYTHON, "class A:\n    def handler(self):\n        pass\nx = 1\n", "handler", NO },
        { LANGUAGE_PYTHON, "class A:\n    def handler(self):\n\n# handler\n        pass\nx = 1\n", "handler", NO },
        { LANGUAGE_PYTHON, "def f():\n    handler = 1\n    return handler\n\ndef g(): return 2", "handler", NO },
        { LANGUAGE_PYTHON, "def f():\n    global handler\n    handler = 1\nf()\n", "handler", UNKNOWN },
        { LANGUAGE_PYTHON, "# def handler\nx = 'handler'\ny = \"\"\"\ndef handler():\n\"\"\"\n", "handler", NO },
        { LANGUAGE_PYTHON, "from .app import *\n", "handler", UNKNOWN },
        { LANGUAGE_PYTHON, "globals()['han' + 'dler'] = f\n", "handler", UNKNOWN },
        { LANGUAGE_PYTHON, "app.handler\n", "handler", NO },
        { LANGUAGE_PYTHON, "x = [\ndef f(:\n", "handler", UNKNOWN },
        { LANGUAGE_PYTHON, "", "handler", NO },
        { LANGUAGE_NODE, "exports.handler = async () => {}", "handler", YES },
        { LANGUAGE_NODE, "module.exports.handler = f", "handler", YES },
        { LANGUAGE_NODE, "module.exports = { other, handler }", "handler", YES },
        { LANGUAGE_NODE, "module.exports = { other }", "handler", NO },
        { LANGUAGE_NODE, "module.exports = { ...all }", "handler", UNKNOWN },
        { LANGUAGE_NODE, "module.exports = require('./x')", "handler", UNKNOWN },
        { LANGUAGE_NODE, "export const handler = async () => {}", "handler", YES },
        { LANGUAGE_NODE, "export async function handler() {}", "handler", YES },
        { LANGUAGE_NODE, "export { f as handler }", "handler", YES },
        { LANGUAGE_NODE, "export * from './x'", "handler", UNKNOWN },
        { LANGUAGE_NODE, "export default handler", "handler", NO },
        { LANGUAGE_NODE, "export default { fetch }", "default", YES },
        { LANGUAGE_NODE, "const handler = async () => {}", "handler", NO },
        { LANGUAGE_NODE, "exports.handle = handler", "handler", NO },
        { LANGUAGE_NODE, "Object.defineProperty(exports, 'x', {})", "handler", UNKNOWN },
        { LANGUAGE_NODE, "this.handler = f", "handler", UNKNOWN },
        { LANGUAGE_NODE, "export const a = 1, handler = f", "handler", UNKNOWN },
        { LANGUAGE_NODE, "export const { a, handler } = make()", "handler", YES },
        { LANGUAGE_NODE, "module.exports = { a: '}', handler }", "handler", UNKNOWN },
        { LANGUAGE_NODE, "var s={};__export(s,{handler:()=>h});module.exports=__toCommonJS(s);", "handler", UNKNOWN },
        { LANGUAGE_RUBY, "", "handler", UNKNOWN },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tri got = handler_has_name(rows[i].language, slice_from(rows[i].text), slice_from(rows[i].name));
        if (got != rows[i].want) fail_msg("%s in\n%s\nwant %d, got %d", rows[i].name, rows[i].text, rows[i].want, got);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_is_found_beside_its_template),
        cmocka_unit_test(node_looks_for_its_files_in_order),
        cmocka_unit_test(what_was_built_runs_when_it_is_newer),
        cmocka_unit_test(layers_are_local_folders_in_order),
        cmocka_unit_test(a_name_is_missed_only_where_that_is_sure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
