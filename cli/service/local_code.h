/* Where the code of a function lies on this machine, and whether its handler is there. For the rules and for running handlers.
 *
 * Looked at through the hooks of template_options (stat_path, read_file) alone: without them everything is told from the template only
 * (`exists` stays UNKNOWN and no handler is judged). Nothing is listed, and no file over HANDLER_MAX_BYTES is read.
 * AWS SAM CLI: `sam build` (what CodeUri and Metadata mean, where the output goes); AWS CDK: cloud assembly, "asset metadata";
 * AWS CLI: `aws cloudformation package` (Code as a local path); Lambda developer guide, "Define Lambda function handler" of each language. */
#ifndef SFLINT_SERVICE_LOCAL_CODE_H
#define SFLINT_SERVICE_LOCAL_CODE_H

#include "template/template.h"

typedef enum {
    CODE_UNKNOWN,       /* not known from the template (a parameter, an import), or none is given */
    CODE_INLINE,        /* ZipFile / InlineCode: `text` */
    CODE_FOLDER,        /* a folder: `path` */
    CODE_ARCHIVE,       /* a .zip or .jar on this machine: `path` */
    CODE_S3,            /* in S3 only */
    CODE_IMAGE          /* a container image */
} code_kind;

typedef enum { LANGUAGE_OTHER, LANGUAGE_PYTHON, LANGUAGE_NODE, LANGUAGE_RUBY, LANGUAGE_JAVA, LANGUAGE_DOTNET, LANGUAGE_EXECUTABLE } code_language;

/* What built the code that runs. */
typedef enum { CODE_AS_WRITTEN, CODE_SAM_BUILT, CODE_CDK_BUILT } code_builder;

typedef struct {
    slice id;                   /* of the layer as the author wrote it; "" when it is not in the templates */
    code_kind kind;             /* FOLDER, ARCHIVE, S3 or UNKNOWN */
    slice path;                 /* as local_code.path: what to put at /opt */
    tri exists;
    slice build_method;         /* of the layer. `sam build` of a Python layer puts the folder under python/, of a Node layer under
                                 * nodejs/node_modules: unless `built`, the folder itself belongs on the module path too */
    bool built;                 /* `path` is in .aws-sam/build or cdk.out */
    slice arn;                  /* of a layer outside the templates, as far as it is known */
    slice reason;               /* why it can't be used here; "" when it can */
} local_layer;

typedef struct {
    code_kind kind;
    code_builder builder;
    slice path;                 /* FOLDER, ARCHIVE: as seen from where the run started, so that it opens as it is; "" otherwise.
                                 * "." is the folder where the run started */
    slice alone;                /* FOLDER: the one file of `path` that is packaged, when the template names a file and no folder; "" */
    slice written;              /* as it stands in the template ("../app/"); "" when it is not written */
    bool assumed;               /* CodeUri is not written: SAM CLI takes the folder of the template */
    pos at, end;                /* CodeUri, Code or Handler: what a person would edit */
    tri exists;                 /* `path` is there (and is a folder, for FOLDER); UNKNOWN without stat_path */
    slice source;               /* the folder that it was built from, when builder is not CODE_AS_WRITTEN; else path */
    slice text;                 /* INLINE */
    const value *text_value;    /* INLINE: where the text stands */
    slice runtime;              /* "python3.13"; "" when not known, or an image */
    code_language language;
    slice handler;              /* as written; "" when not known */
    pos handler_at, handler_end;
    slice build_method;         /* Metadata BuildMethod: "esbuild", "makefile", "rust-cargolambda", ...; "" */
    const slice *entry_points;  /* esbuild: BuildProperties.EntryPoints, relative to `source` */
    size_t entry_points_len;
    const local_layer *layers;  /* in order: later ones win in /opt */
    size_t layers_len;
    slice reason;               /* why it can't run here, in words ("code is in S3", "code folder not found: app"); "" when it may. What
                                 * depends on programs of this machine (is there a ruby?) is not looked at */
} local_code;

/* Of an AWS::Lambda::Function (SAM ones are lowered to it); anything else is CODE_UNKNOWN. Open values are CODE_UNKNOWN too. */
local_code local_code_of(arena *a, const resource *function);

/* ---- the handler ---- */

typedef enum {
    HANDLER_NOT_JUDGED,         /* nothing can be said: code not here, another language, a handler that is not known, a file too large */
    HANDLER_FOUND,              /* the file is there and, as far as its text says, the name too */
    HANDLER_MALFORMED,          /* the runtime takes no such handler string */
    HANDLER_NO_FILE,            /* no file that the runtime would load */
    HANDLER_NO_NAME             /* the file is there, and surely nothing of this name in it */
} handler_state;

typedef struct {
    handler_state state;
    slice file;                 /* FOUND, NO_NAME: the file; NO_FILE: the first that was looked for; as local_code.path. INLINE: "index.py" */
    slice inside;               /* the same, relative to the folder it was found in, the code or a layer ("lib/job.py") */
    slice name;                 /* what is called in it: "run", "api.post" */
    bool typescript;            /* the file is .ts/.tsx/.mts/.cts: it runs once it is built, or where node strips types */
    slice why;                  /* NO_FILE "handler module not found: app/lib/job.py", "code folder not found: app/lib", NO_NAME "handler not found: app/jobs.py has no run",
                                 * MALFORMED "..."; "" otherwise */
} handler_place;

/* Where the runtime would look, in its order (the first that is there):
 *   python     a/b.c or a.b.c: a/b/__init__.py, a/b.py            node   src/x.h: src/x, src/x.js, .mjs, .cjs, src/x/index.js; with esbuild
 *   ruby       x.C.m: x.rb                                                .ts, .tsx, .mts, .cts, .jsx, and the entry points
 *   provided   bootstrap, in the code or in a layer */
handler_place local_code_find_handler(arena *a, const template *t, const local_code *c);

/* Larger files are not looked into: their name counts as found. */
#define HANDLER_MAX_BYTES (1024u * 1024)

/* Does the text define the name at its top level, so that the runtime finds it? NO only when that is certain (local_names.c). */
tri handler_has_name(code_language language, slice text, slice name);

/* The runtime's language: "python3.13" -> LANGUAGE_PYTHON. */
code_language code_language_of(slice runtime);

/* A path that a template names, as seen from where the run started: without "." and with ".." taken back where that can be. */
slice local_beside(arena *a, const template *t, slice path);

/* Is there something at the path (as seen from where the run started)? UNKNOWN without the hook. */
tri local_path_exists(arena *a, const template *t, slice path);

#endif
