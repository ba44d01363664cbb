/* What lies beside the template: definitions of APIs and state machines, code. */
#include "template/cfn/reader.h"
#include "template/sam/lower.h"

bool sam_is_local(slice location) { return cfn_is_local(location); }

/* Quietly: definitions may hold placeholders that make them neither JSON nor YAML before they are put in. */
const doc_node *sam_file(sam *s, const doc_node *location) {
    slice path = sam_text_of(s, location), why;
    if (!sam_is_local(path))
        return NULL;
    diags quiet = { .arena = s->a };
    const loaded_file *f = cfn_load(s->t, cfn_reader_of(s->t, s->d)->tree, cfn_beside(s->a, s->t->path, path), location->at, &quiet, &why);
    return f == NULL ? NULL : f->doc;
}

/* {CodeUri: as written, Path: the folder as seen from where the run started} */
void sam_code_metadata(sam *s, draft *function) {
    const doc_node *uri = sam_prop(s, "CodeUri");
    slice path = sam_text_of(s, uri);
    (void)function;
    if (!sam_is_local(path) || sam_prop(s, "InlineCode") != NULL)
        return;
    draft *metadata = draft_map_in(&s->drafts, sam_made(s, s->now->id), SLICE("Metadata"), uri->at);
    draft *found = draft_map(&s->drafts, uri->at);
    sam_copy(s, found, s->now->props, "CodeUri");
    sam_put(s, found, "Path", draft_string(&s->drafts, uri->at, cfn_beside(s->a, s->t->path, path)));
    sam_put(s, metadata, "SamCode", found);
}
