/* What lies beside the template: definitions of APIs and state machines, code. */
#include "template/cfn/reader.h"
#include "template/sam/lower.h"

bool sam_is_local(slice location) { return cfn_is_local(location); }

/* Without a word about what stands in it: definitions may hold placeholders that make them neither JSON nor YAML before they are put in. */
const doc_node *sam_file(sam *s, const doc_node *location) {
    slice path = sam_text_of(s, location), why;
    if (!sam_is_local(path))
        return NULL;
    diags quiet = { .arena = s->a };
    slice from_here = cfn_beside(s->a, s->t->path, path);
    const loaded_file *f = cfn_load(s->t, cfn_reader_of(s->t, s->d)->tree, from_here, location->at, &quiet, &why);
    const template_options *o = s->t->set == NULL ? NULL : s->t->set->options;
    if (f == NULL && why.len > 0 && o != NULL && o->read_file != NULL) {
        s->refuses = PROBLEM_MISSING_FILE;
        sam_refuse(s, location, "%.*s is not read (%.*s): what it says is unknown", SLICE_ARG(from_here), SLICE_ARG(why));
        s->refuses = PROBLEM_SAM;
    }
    return f == NULL ? NULL : f->doc;
}

/* {CodeUri: as written, Path: the folder as seen from where the run started}. Without CodeUri SAM CLI takes the template's folder. */
void sam_code_metadata(sam *s, const char *property) {
    const doc_node *uri = sam_prop(s, property);
    slice path = uri == NULL ? SLICE(".") : sam_text_of(s, uri);
    if (!sam_is_local(path) || sam_prop(s, "InlineCode") != NULL || sam_is(s, sam_prop(s, "PackageType"), "Image"))
        return;
    pos at = uri == NULL ? s->now->at : uri->at;
    draft *metadata = draft_map_in(&s->drafts, sam_made(s, s->now->id), SLICE("Metadata"), at);
    draft *found = draft_map(&s->drafts, at);
    if (uri != NULL)
        sam_put(s, found, "CodeUri", draft_of(&s->drafts, uri));
    sam_put(s, found, "Path", draft_string(&s->drafts, at, cfn_beside(s->a, s->t->path, path)));
    sam_put(s, metadata, "SamCode", found);
}
