/* host/code.h: from a function's resource to what is run. Projects lie in a folder made for each test; interpreters are stand-ins on a PATH of their own
 * that nothing executes. */
#define _XOPEN_SOURCE 700
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/graph.h"
#include "smoke/host/code.h"
#include "template_fixture.h"

/* The head of a program that is no script. */
#define PROGRAM(path) path "*=\177ELF"

typedef struct {
    run r;
    arena *a;
    slice folder, search;
    graph *graph;
    world *world;
    sandbox *box;
    code_cache *cache;
} project;

static path_facts disk_look(void *self, arena *a, slice path) {
    struct stat st;
    (void)self;
    if (stat(c_text(a, path), &st) != 0) return (path_facts){ PATH_NOTHING, 0, 0 };
    return (path_facts){ S_ISDIR(st.st_mode) ? PATH_FOLDER : PATH_FILE, 1, (unsigned long long)st.st_size };
}

static bool disk_read(void *self, arena *a, slice path, slice *text, slice *why) {
    (void)self;
    FILE *f = fopen(c_text(a, path), "rb");
    *why = SLICE("no such file");
    if (f == NULL) return false;
    char *room = ARENA_ARRAY(a, char, 65536);
    *text = (slice){ room, fread(room, 1, 65536, f) };
    fclose(f);
    return true;
}

/* "path=text"; "path*=text" can be executed; "path->target" is a link. */
static void put(project *p, const char *file) {
    slice f = slice_from(file);
    size_t cut = slice_find(f, '='), arrow = slice_find_slice(f, SLICE("->"));
    bool link = arrow != (size_t)-1 && arrow < cut, executable = !link && cut > 0 && f.at[cut - 1] == '*';
    slice name = slice_from_to(f, 0, link ? arrow : executable ? cut - 1 : cut);
    char *path = (char *)arena_printf(p->a, "%.*s/%.*s", SLICE_ARG(p->folder), SLICE_ARG(name)).at;
    for (char *s = path + p->folder.len + 1; *s != '\0'; s++)
        if (*s == '/') {
            *s = '\0';
            mkdir(path, 0755);
            *s = '/';
        }
    if (link) {
        if (symlink(c_text(p->a, slice_after(f, arrow + 2)), path) != 0) fail_msg("%s: %s", path, strerror(errno));
        return;
    }
    FILE *out = fopen(path, "wb");
    if (out == NULL) fail_msg("%s: %s", path, strerror(errno));
    /* ~ is the folder of the test. */
    slice rest = slice_after(f, cut + 1), part;
    for (bool first = true; slice_cut(&rest, '~', &part); first = false) {
        if (!first) fwrite(p->folder.at, 1, p->folder.len, out);
        fwrite(part.at, 1, part.len, out);
    }
    fclose(out);
    if (executable) chmod(path, 0755);
}

static void empty(const char *path) {
    DIR *d = opendir(path);
    const struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL) {
        char below[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0) continue;
        snprintf(below, sizeof below, "%s/%s", path, e->d_name);
        if (unlink(below) != 0) empty(below);
    }
    if (d != NULL) closedir(d);
    rmdir(path);
}

static project project_new(const char *const *files) {
    char name[] = "/tmp/sflint-code-XXXXXX";
    project p = { .r = run_new() };
    p.a = p.r.arena;
    if (mkdtemp(name) == NULL) fail_msg("%s: %s", name, strerror(errno));
    char *real = realpath(name, NULL);
    p.folder = arena_copy(p.a, slice_from(real));
    free(real);
    p.search = arena_printf(p.a, "%s/bin:%s/bin2", p.folder.at, p.folder.at);
    for (size_t i = 0; files[i] != NULL; i++) put(&p, files[i]);
    return p;
}

static runnable *prepared(project *p, const char *yaml, const char *id, const char *env_file) {
    slice why;
    file_text f = { arena_printf(p->a, "%s/t.yaml", p->folder.at).at, yaml };
    p->r.options.stat_path = disk_look;
    run_files(&p->r, &f, 1, 1);
    p->r.options.read_file = disk_read;
    p->graph = graph_build(&p->r.set, &p->a, 1);
    p->world = world_new(p->a, p->graph, SLICE(""), SLICE(""));
    p->world->port = 4566;
    p->box = sandbox_enter(p->a, SANDBOX_OFF, &why);
    if (p->box == NULL) fail_msg("%.*s", SLICE_ARG(why));
    p->cache = code_cache_new(p->a);
    const node *n = graph_node(p->graph, slice_from(id));
    if (n == NULL) fail_msg("no node %s", id);
    return code_prepare(p->a, p->world, p->box, n,
                        (code_options){ .number = 7, .search = p->search, .env_file = slice_from(env_file), .installed = SLICE(""), .cache = p->cache });
}

static void project_end(project *p) {
    if (p->box != NULL) sandbox_end(p->box);
    empty(p->folder.at);
    run_free(&p->r);
}

/* With @ for the folder of the test. */
static slice without_folder(project *p, slice text) {
    buf b = { .arena = p->a };
    for (size_t at; (at = slice_find_slice(text, p->folder)) != (size_t)-1; text = slice_after(text, at + p->folder.len)) {
        buf_slice(&b, slice_from_to(text, 0, at));
        buf_char(&b, '@');
    }
    buf_slice(&b, text);
    return buf_as_slice(&b);
}

static const char *told(project *p, const runnable *f) {
    buf b = { .arena = p->a };
    if (f->cannot.len > 0) buf_printf(&b, "%s: %.*s", f->broken ? "broken" : "cannot", SLICE_ARG(f->cannot));
    else {
        for (size_t i = 0; f->argv[i] != NULL; i++) buf_printf(&b, "%s%s", i == 0 ? "" : " ", f->argv[i]);
        buf_printf(&b, " in %.*s", SLICE_ARG(f->task_root));
        for (size_t i = 0; i < f->layers_len; i++) buf_printf(&b, " +%.*s", SLICE_ARG(f->layers[i]));
        for (size_t i = 0; i < f->visible_len; i++) buf_printf(&b, " sees %.*s", SLICE_ARG(f->visible[i]));
        if (f->node_modules.len > 0) buf_printf(&b, " modules %.*s", SLICE_ARG(f->node_modules));
    }
    if (f->note.len > 0) buf_printf(&b, " (%.*s)", SLICE_ARG(f->note));
    return c_text(p->a, without_folder(p, buf_as_slice(&b)));
}

#define CFN "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: arn:aws:iam::123456789012:role/r\n      "
#define SAM "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      "
#define LAYERS "  L:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {ContentUri: layer}\n  M:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {ContentUri: layer2}\n"
#define P12 "Runtime: python3.12\n      "
#define N20 "Runtime: nodejs20.x\n      "
#define APP "Handler: app.h\n      CodeUri: src\n"
#define PY "src/app.py=def h(e, c): pass\n"
#define JS "src/app.js=exports.h = async () => 1;\n"

static void functions_run_with_what_is_here(void **state) {
    (void)state;
    static const struct { const char *yaml; const char *files[6]; const char *want; } rows[] = {
        { SAM P12 APP, { PY, PROGRAM("bin/python3.12") }, "@/bin/python3.12 -s /var/runtime/boot.py in @/src sees @" },
        { SAM P12 APP, { PY, PROGRAM("bin/python3.11"), "bin/python3->python3.11" },
          "@/bin/python3.11 -s /var/runtime/boot.py in @/src sees @ (python3.12 is wanted, 3.11 runs)" },
        { SAM P12 APP, { PY, PROGRAM("bin/python3.11"), "bin/python3->python3.11", PROGRAM("bin2/python3.12") }, "@/bin2/python3.12 -s /var/runtime/boot.py in @/src sees @" },
        /* shims: asked, and passed over when they have no answer */
        { SAM P12 APP, { PY, "bin/python3*=#!/bin/sh\necho ~/versions/3.11.7/bin/python3\n", PROGRAM("versions/3.11.7/bin/python3.11"), "versions/3.11.7/bin/python3->python3.11" },
          "@/versions/3.11.7/bin/python3.11 -s /var/runtime/boot.py in @/src sees @/versions/3.11.7 (python3.12 is wanted, 3.11 runs)" },
        { SAM P12 APP, { PY, "bin/python3.12*=#!/bin/sh\nexit 127\n", "bin/python3*=#!/bin/sh\nexit 1\n", "bin2/python3->python3.10", "bin2/python3.10*=\177ELF" },
          "@/bin2/python3.10 -s /var/runtime/boot.py in @/src sees @ (python3.12 is wanted, 3.10 runs)" },
        /* a virtual environment is run by its own link */
        { SAM P12 APP, { PY, "pyvenv.cfg=", "bin/python3->../base/bin/python3.12", PROGRAM("base/bin/python3.12") },
          "@/bin/python3 -s /var/runtime/boot.py in @/src sees @ sees @/base" },
        { SAM P12 APP, { PY }, "cannot: no `python3` on PATH: python3.12 can't run here" },
        { SAM "Runtime: ruby3.3\n      " APP, { "src/app.rb=" }, "cannot: no `ruby` on PATH: ruby3.3 can't run here" },
        { SAM N20 APP, { JS, PROGRAM("bin/node"), "include/node/node_version.h=#define NODE_MAJOR_VERSION 18\n" },
          "@/bin/node --max-old-space-size=115 /var/runtime/boot.cjs in @/src sees @ (nodejs20.x is wanted, 18 runs)" },
        { SAM N20 APP, { JS, PROGRAM("v20.1.0/bin/node"), "bin/node->../v20.1.0/bin/node" }, "@/v20.1.0/bin/node --max-old-space-size=115 /var/runtime/boot.cjs in @/src sees @/v20.1.0" },
        { SAM "Runtime: ruby3.2\n      " APP, { "src/app.rb=", PROGRAM("bin/ruby3.2"), "bin/ruby->ruby3.2" }, "@/bin/ruby3.2 -E UTF-8 /var/runtime/boot.rb in @/src sees @" },
        /* code that is not there, or not in order */
        { SAM P12 "Handler: lib/job.run\n      CodeUri: src\n", { PY, PROGRAM("bin/python3.12") }, "broken: handler module not found: @/src/lib/job.py" },
        { SAM P12 APP, { PROGRAM("bin/python3.12") }, "broken: code folder not found: @/src" },
        { SAM N20 "Handler: app.h\n      CodeUri: dist\n", { PROGRAM("bin/node") }, "cannot: code folder not found: @/dist" },
        { SAM P12 "Handler: app.h\n      CodeUri: code.zip\n", { "code.zip=no zip at all, whatever its name says", PROGRAM("bin/python3.12") },
          "broken: @/code.zip: not a zip archive that can be read: it has no directory" },
        { SAM P12 "Handler: app.h\n      CodeUri: s3://b/k\n", { PROGRAM("bin/python3.12") }, "cannot: code is in S3" },
        { SAM "PackageType: Image\n      ImageUri: x\n", { PROGRAM("bin/python3.12") }, "cannot: container image: no local code to run" },
        /* executables */
        { SAM "Runtime: provided.al2023\n      " APP, { "src/bootstrap*=#!/bin/sh" }, "/var/task/bootstrap in @/src" },
        { SAM "Runtime: provided.al2023\n      " APP, { "src/bootstrap=#!/bin/sh" }, "broken: bootstrap can't be executed: chmod +x bootstrap" },
        { SAM "Runtime: provided.al2023\n      " APP, { "src/main.go=" }, "cannot: no bootstrap in @/src: build it first (`sam build`)" },
        { SAM "Runtime: provided.al2023\n      Layers: [!Ref L]\n      " APP LAYERS, { "src/x=", "layer/bootstrap*=#!/bin/sh" }, "/opt/bootstrap in @/src +@/layer" },
        /* Java, when what speaks to Lambda is in the build */
        { SAM "Runtime: java17\n      Handler: a.B::c\n      CodeUri: src\n", { "src/lib/x.jar=", PROGRAM("java-17-openjdk/bin/java"), "bin/java->../java-17-openjdk/bin/java" },
          "cannot: java17 needs a built jar and a Java runtime interface client" },
        { SAM "Runtime: java17\n      Handler: a.B::c\n      CodeUri: src\n",
          { "src/lib/aws-lambda-java-runtime-interface-client-2.5.0.jar=", PROGRAM("java-17-openjdk/bin/java"), "bin/java->../java-17-openjdk/bin/java" },
          "@/java-17-openjdk/bin/java -Xmx102m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -cp /var/task:/var/task/*:/var/task/lib/*:/opt/java/lib/* "
          "com.amazonaws.services.lambda.runtime.api.client.AWSLambda a.B::c in @/src sees @/java-17-openjdk" },
        /* layers, in order; one that is not here is told */
        { SAM P12 "Layers: [!Ref M, !Ref L]\n      " APP LAYERS, { PY, "layer/python/a.py=", "layer2/python/b.py=", PROGRAM("bin/python3.12") },
          "@/bin/python3.12 -s /var/runtime/boot.py in @/src +@/layer2 +@/layer sees @" },
        { SAM P12 "Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:x:1']\n      " APP, { PY, PROGRAM("bin/python3.12") },
          "@/bin/python3.12 -s /var/runtime/boot.py in @/src sees @ (layer arn:aws:lambda:us-east-1:123456789012:layer:x:1 is not on this machine)" },
        /* modules of a workspace, up to the repository's root */
        { SAM N20 APP, { JS, "node_modules/ms/index.js=", PROGRAM("v20.1.0/bin/node"), "bin/node->../v20.1.0/bin/node" },
          "@/v20.1.0/bin/node --max-old-space-size=115 /var/runtime/boot.cjs in @/src sees @/v20.1.0 modules @/node_modules" },
        { SAM N20 APP, { JS, "node_modules/ms/index.js=", "src/.git=", "v20.1.0/bin/node*=\177ELF", "bin/node->../v20.1.0/bin/node" },
          "@/v20.1.0/bin/node --max-old-space-size=115 /var/runtime/boot.cjs in @/src sees @/v20.1.0" },
        /* TypeScript that nothing has built, with a node that takes none */
        { SAM N20 APP, { "src/app.ts=export const h = 1", PROGRAM("bin/node"), "include/node/node_version.h=#define NODE_MAJOR_VERSION 20\n" },
          "cannot: not built: @/src/app.js is not there: run the project's build or `sam build` first" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        project p = project_new(rows[i].files);
        const char *got = told(&p, prepared(&p, rows[i].yaml, "F", ""));
        if (strcmp(got, rows[i].want) != 0) fail_msg("row %zu\n%s\nwant: %s\n got: %s", i, rows[i].yaml, rows[i].want, got);
        project_end(&p);
    }
}

static slice variable(const runnable *f, const char *name) {
    slice found = SLICE("(unset)");
    for (size_t i = 0; i < f->environment_len; i++) {
        size_t at = slice_find(f->environment[i], '=');
        if (slice_is(slice_from_to(f->environment[i], 0, at), name)) found = slice_after(f->environment[i], at + 1);
    }
    return found;
}

static void the_environment_is_as_lambda_makes_it(void **state) {
    (void)state;
    static const struct { const char *name, *want; } rows[] = {
        { "TABLE", "Table" },        { "QUEUE", "http://127.0.0.1:4566/123456789012/jobs" }, { "COUNT", "010" }, { "FLAG", "true" },
        { "ARN", "arn:aws:sqs:us-east-1:123456789012:jobs" }, { "TZ", "Europe/Berlin" }, { "LANG", "en_US.UTF-8" },
        { "AWS_REGION", "us-east-1" }, { "AWS_DEFAULT_REGION", "us-east-1" }, { "AWS_ACCESS_KEY_ID", "SFLINT00000000000007" },
        { "AWS_ENDPOINT_URL", "http://127.0.0.1:4566" }, { "AWS_CONFIG_FILE", "/dev/null" }, { "AWS_EC2_METADATA_DISABLED", "true" },
        { "_HANDLER", "app.h" },     { "LAMBDA_TASK_ROOT", "/var/task" }, { "AWS_LAMBDA_FUNCTION_NAME", "worker" },
        { "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512" }, { "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST" }, { "AWS_EXECUTION_ENV", "AWS_Lambda_python3.12" },
        { "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/worker" }, { "PYTHONPATH", "/var/runtime" }, { "GIVEN", "from the file" }, { "BOTH", "file" },
        { "HOME", "(unset)" },       { "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin" },
    };
    static const char *const yaml =
        SAM P12 "FunctionName: worker\n      MemorySize: 512\n      Timeout: 20\n      EphemeralStorage: {Size: 1024}\n      Environment:\n        Variables:\n"
        "          TABLE: !Ref Table\n          QUEUE: !Ref Jobs\n          ARN: !GetAtt Jobs.Arn\n          COUNT: 010\n          FLAG: true\n          TZ: Europe/Berlin\n"
        "          AWS_REGION: mars-1\n          BOTH: template\n      " APP
        "  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: jobs}\n"
        "  Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: k, KeyType: HASH}], "
        "AttributeDefinitions: [{AttributeName: k, AttributeType: S}]}\n";
    static const char *const files[] = { PY, PROGRAM("bin/python3.12"), NULL };
    project p = project_new(files);
    setenv("SFLINT_TEST_SECRET", "leaks", 1);
    const runnable *f = prepared(&p, yaml, "F", "GIVEN=\"from the file\"\n# no\nexport BOTH=file\nAWS_ACCESS_KEY_ID=mine\n");
    if (f->cannot.len > 0) fail_msg("%.*s", SLICE_ARG(f->cannot));
    for (size_t i = 0; i < COUNT(rows); i++)
        if (!slice_is(variable(f, rows[i].name), rows[i].want)) fail_msg("%s: want %s, got %.*s", rows[i].name, rows[i].want, SLICE_ARG(variable(f, rows[i].name)));
    assert_true(slice_is(variable(f, "SFLINT_TEST_SECRET"), "(unset)"));
    assert_int_equal(f->memory_mb, 512);
    assert_int_equal(f->timeout_s, 20);
    assert_int_equal(f->tmp_mb, 1024);
    project_end(&p);
}

static void inline_code_lies_in_a_folder_of_its_own(void **state) {
    (void)state;
    static const char *const yaml =
        CFN P12 "Handler: index.h\n      Code:\n        ZipFile: !Sub |\n          import cfnresponse\n          QUEUE = '${Jobs}'\n          def h(e, c): return QUEUE\n"
        "  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {QueueName: jobs}\n";
    static const char *const files[] = { PROGRAM("bin/python3.12"), NULL };
    project p = project_new(files);
    const runnable *f = prepared(&p, yaml, "F", "");
    slice text = SLICE(""), why;
    if (f->cannot.len > 0) fail_msg("%.*s", SLICE_ARG(f->cannot));
    assert_true(slice_starts(f->task_root, sandbox_folder(p.box)));
    assert_true(disk_read(NULL, p.a, arena_printf(p.a, "%.*s/index.py", SLICE_ARG(f->task_root)), &text, &why));
    assert_true(slice_is(text, "import cfnresponse\nQUEUE = 'http://127.0.0.1:4566/123456789012/jobs'\ndef h(e, c): return QUEUE\n"));
    assert_true(disk_read(NULL, p.a, arena_printf(p.a, "%.*s/cfnresponse.py", SLICE_ARG(f->task_root)), &text, &why));
    assert_false(disk_read(NULL, p.a, arena_printf(p.a, "%.*s/cfn-response.js", SLICE_ARG(f->task_root)), &text, &why));
    project_end(&p);
}

static void listed_dependencies_are_known(void **state) {
    (void)state;
    static const struct { const char *yaml, *manifest, *module; bool want; } rows[] = {
        { SAM P12 APP, "src/requirements.txt=Requests[security]>=2 ; python_version>'3'\n# x\n-r other.txt\nPyYAML==6\naws-lambda-powertools\n", "requests", true },
        { SAM P12 APP, "src/requirements.txt=Requests\nPyYAML==6\n", "yaml", true },
        { SAM P12 APP, "src/requirements.txt=Requests\naws-lambda-powertools\n", "aws_lambda_powertools.logging", true },
        { SAM P12 APP, "src/requirements.txt=Requests\n", "requestss", false },
        { SAM P12 APP, "src/requirements.txt=\n", "helpers", false },
        { SAM P12 APP, "src/requirements.txt=opensearch-py\n", "opensearchpy", true },
        { SAM P12 APP, "src/requirements.txt=aurora-dsql-python-connector\n", "aurora_dsql_psycopg2", true },
        { SAM P12 APP, "src/requirements.txt=aws-xray-sdk\n", "aws_helpers", false },
        { SAM P12 APP, "src/x=", "aws_durable_execution_sdk_python.config", true },
        { SAM P12 APP, "src/other.txt=\n", "boto3.dynamodb.conditions", true },
        { SAM N20 APP, "src/package.json={\"dependencies\":{\"axios\":\"1\",\"@scope/a\":\"1\"},\"devDependencies\":{\"uuid\":\"9\"}}", "axios", true },
        { SAM N20 APP, "src/package.json={\"dependencies\":{\"axios\":\"1\",\"@scope/a\":\"1\"}}", "@scope/a/deep/file.js", true },
        { SAM N20 APP, "src/package.json={\"dependencies\":{\"axios\":\"1\",\"@scope/a\":\"1\"}}", "@scope/b", false },
        { SAM N20 APP, "src/package.json={\"devDependencies\":{\"uuid\":\"9\"}}", "uuid/v4", true },
        { SAM N20 APP, "src/package.json=not json", "@aws-sdk/client-s3", true },
        { SAM N20 APP, "src/package.json=[]", "./missing", false },
        { SAM N20 APP, "src/x=", "aws-sdk", false },      /* gone since nodejs18.x */
        { SAM N20 APP, "src/package.json={\"devDependencies\":{\"aws-sdk\":\"2\"}}", "aws-sdk/clients/s3", true },
        { SAM P12 "Layers: ['arn:aws:lambda:us-east-1:123456789012:layer:x:1']\n      " APP, "src/x=", "anything", true },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *files[] = { PY, JS, PROGRAM("bin/python3.12"), PROGRAM("bin/node"), "include/node/node_version.h=#define NODE_MAJOR_VERSION 20\n", rows[i].manifest, NULL };
        project p = project_new(files);
        const runnable *f = prepared(&p, rows[i].yaml, "F", "");
        if (f->cannot.len > 0) fail_msg("%.*s", SLICE_ARG(f->cannot));
        if (code_is_dependency(f, slice_from(rows[i].module)) != rows[i].want) fail_msg("row %zu: %s", i, rows[i].module);
        project_end(&p);
    }
}

static void places_are_told_as_they_are_on_this_machine(void **state) {
    (void)state;
    static const struct { const char *text, *want; } rows[] = {
        { "File \"/var/task/lib/jobs.py\", line 3", "File \"/proj/app/lib/jobs.py\", line 3" },
        { "at h (/var/task/a.js:1:2)\nat /var/task/b.js", "at h (/proj/app/a.js:1:2)\nat /proj/app/b.js" },
        { "/var/taskforce", "/var/taskforce" }, { "in /var/task", "in /proj/app" }, { "", "" },
    };
    arena *a = arena_make(0, NULL);
    runnable f = { .task_root = SLICE("/proj/app") }, made = { .task_root = SLICE("/tmp/sflint-abc/code-1-0") };
    for (size_t i = 0; i < COUNT(rows); i++) {
        slice got = code_told(a, &f, slice_from(rows[i].text));
        if (!slice_is(got, rows[i].want)) fail_msg("%s: got %.*s", rows[i].text, SLICE_ARG(got));
    }
    assert_true(slice_is(code_told(a, &made, SLICE("/var/task/x")), "/var/task/x"));
    arena_free(a);
}

static void lines_of_an_env_file_are_read(void **state) {
    (void)state;
    static const struct { const char *text, *want; } rows[] = {
        { "", "" }, { "A=1\nB=2", "A=1|B=2|" }, { "# A=1\n\n  B = 2 \r\n", "B=2|" }, { "export A='x y'\n", "A=x y|" }, { "A=\"x=y\"", "A=x=y|" },
        { "A=\n", "A=|" }, { "no pair\n=x\n", "" }, { "A='x\n", "A='x|" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        arena *a = arena_make(0, NULL);
        slice *pairs;
        buf b = { .arena = a };
        size_t len = code_env_lines(a, slice_from(rows[i].text), &pairs);
        for (size_t k = 0; k < len; k++) buf_printf(&b, "%.*s|", SLICE_ARG(pairs[k]));
        if (!slice_is(buf_as_slice(&b), rows[i].want)) fail_msg("%s: got %.*s", rows[i].text, SLICE_ARG(buf_as_slice(&b)));
        arena_free(a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_run_with_what_is_here),
        cmocka_unit_test(the_environment_is_as_lambda_makes_it),
        cmocka_unit_test(inline_code_lies_in_a_folder_of_its_own),
        cmocka_unit_test(listed_dependencies_are_known),
        cmocka_unit_test(places_are_told_as_they_are_on_this_machine),
        cmocka_unit_test(lines_of_an_env_file_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
