/* The section Globals, merged into the resources of each type: maps key by key, lists one after the other (those of Globals first), and
 * for anything else what the resource says. AWS SAM developer guide, "Globals section of the AWS SAM template". */
#include "template/sam/lower.h"

static const struct { slice section, properties; } sections[] = {
#define GLOBALS(section, properties) { SLICE_INIT(section), SLICE_INIT(properties) },
#include "template/sam/globals.def"
#undef GLOBALS
};

/* Lists and maps that a resource's own replaces. */
static const char *const replaced[] = { "Function.Architectures", "CapacityProvider.InstanceRequirements.Architectures", "CapacityProvider.ManagedResourceTags" };

/* Merging makes a copy a resource: what is made in all is limited. */
#define MERGED_MAX (1024u * 1024)
#define SMALL 24    /* entries that are put together on the stack: making a node copies them */

static const doc_node *merge(sam *s, const doc_node *global, const doc_node *own, slice path, unsigned depth);

static bool is_map(const doc_node *n) { return n->kind == DOC_MAP && !sam_is_intrinsic(n); }

static const doc_node *merge_maps(sam *s, const doc_node *global, const doc_node *own, slice path, unsigned depth) {
    doc_entry small[SMALL], *all = global->map.len + own->map.len <= SMALL ? small : ARENA_ARRAY(s->a, doc_entry, global->map.len + own->map.len);
    size_t len = 0;
    for (size_t i = 0; i < global->map.len; i++) {
        doc_entry e = global->map.at[i];
        const doc_entry *local = doc_entry_of(own, e.key);
        if (local != NULL) {
            const doc_node *both = merge(s, e.value, local->value, sam_print(s, "%.*s.%.*s", SLICE_ARG(path), SLICE_ARG(e.key)), depth + 1);
            e = *local;
            e.value = both;
        }
        all[len++] = e;
    }
    for (size_t i = 0; i < own->map.len; i++)
        if (doc_entry_of(global, own->map.at[i].key) == NULL)
            all[len++] = own->map.at[i];
    doc_node *made = doc_new_map(s->a, own->at, all, len);
    made->end = own->end;
    return made;
}

static const doc_node *merge(sam *s, const doc_node *global, const doc_node *own, slice path, unsigned depth) {
    bool maps = is_map(global) && is_map(own), lists = global->kind == DOC_LIST && own->kind == DOC_LIST;
    for (size_t i = 0; i < COUNT(replaced); i++)
        if (slice_is(path, replaced[i]))
            return own;
    if ((!maps && !lists) || depth > DOC_MAX_DEPTH)
        return own;
    size_t len = maps ? global->map.len + own->map.len : global->list.len + own->list.len;
    if (s->merged + len > MERGED_MAX) {
        if (s->merged <= MERGED_MAX)
            diag_add(s->d, own->at, "Globals put more than %u entries into resources: what comes later is read without them", MERGED_MAX);
        s->merged = MERGED_MAX + 1;
        return own;
    }
    s->merged += len;
    if (maps)
        return merge_maps(s, global, own, path, depth);
    VEC(const doc_node *) items = { 0 };
    for (size_t i = 0; i < global->list.len; i++)
        VEC_PUSH(s->a, &items, global->list.at[i]);
    for (size_t i = 0; i < own->list.len; i++)
        VEC_PUSH(s->a, &items, own->list.at[i]);
    doc_node *made = doc_new_list(s->a, own->at, items.at, items.len);
    made->end = own->end;
    return made;
}

/* IgnoreGlobals: '*' or a list of properties. */
static const doc_node *without(sam *s, const doc_node *globals, const doc_node *ignore) {
    if (ignore->kind == DOC_STRING && slice_is(ignore->text, "*"))
        return NULL;
    if (ignore->kind != DOC_LIST) {
        sam_refuse(s, ignore, "IgnoreGlobals must be '*' or a list of properties of Globals");
        return globals;
    }
    VEC(doc_entry) kept = { 0 };
    for (size_t i = 0; i < ignore->list.len; i++)
        if (ignore->list.at[i]->kind != DOC_STRING || doc_get(globals, ignore->list.at[i]->text) == NULL)
            sam_refuse(s, ignore->list.at[i], "Globals have no property of this name for this type");
    for (size_t i = 0; i < globals->map.len; i++) {
        bool left_out = false;
        for (size_t k = 0; k < ignore->list.len; k++)
            left_out = left_out || slice_eq(ignore->list.at[k]->text, globals->map.at[i].key);
        if (!left_out)
            VEC_PUSH(s->a, &kept, globals->map.at[i]);
    }
    return doc_new_map(s->a, globals->at, kept.at, kept.len);
}

const doc_node *sam_globals_merge(sam *s, const sam_type *type, const doc_node *props, const doc_node *ignore) {
    const doc_node *globals = s->globals[sam_type_row(type)];
    if (globals != NULL && ignore != NULL)
        globals = without(s, globals, ignore);
    slice path = slice_after(type->type, SLICE("AWS::Serverless::").len);
    return globals == NULL || globals->map.len == 0 ? props : merge(s, globals, props, path, 0);
}

static bool in_words(slice words, slice wanted) {
    slice word;
    while (words.at != NULL && slice_cut(&words, ' ', &word))
        if (slice_eq(word, wanted))
            return true;
    return false;
}

static slice nearest_in(sam *s, slice words, slice wrong) {
    slice word, best = { "", 0 };
    size_t least = wrong.len / 3 + 1;
    while (words.at != NULL && slice_cut(&words, ' ', &word)) {
        size_t far = slice_distance(word, wrong, least);
        if (far < least) {
            least = far;
            best = word;
        }
    }
    return best.len == 0 ? best : sam_print(s, "; did you mean %.*s?", SLICE_ARG(best));
}

void sam_globals_read(sam *s, const doc_node *globals) {
    if (globals == NULL)
        return;
    if (globals->kind != DOC_MAP) {
        sam_refuse(s, globals, "Globals must be a map");
        return;
    }
    for (size_t i = 0; i < globals->map.len; i++) {
        const doc_entry *e = &globals->map.at[i];
        size_t k = 0;
        while (k < COUNT(sections) && !slice_eq(sections[k].section, e->key))
            k++;
        if (k == COUNT(sections)) {
            slice names = { "", 0 };
            for (size_t n = 0; n < COUNT(sections); n++)
                names = sam_print(s, "%.*s%s%.*s", SLICE_ARG(names), names.len > 0 ? " " : "", SLICE_ARG(sections[n].section));
            sam_refuse_at(s, e->key_at, e->key_end, "Globals have no section %.*s%.*s", SLICE_ARG(e->key), SLICE_ARG(nearest_in(s, names, e->key)));
            continue;
        }
        if (e->value->kind != DOC_MAP) {
            sam_refuse(s, e->value, "%.*s in Globals must be a map", SLICE_ARG(e->key));
            continue;
        }
        VEC(doc_entry) kept = { 0 };
        for (size_t p = 0; p < e->value->map.len; p++) {
            const doc_entry *own = &e->value->map.at[p];
            if (in_words(sections[k].properties, own->key))
                VEC_PUSH(s->a, &kept, *own);
            else
                sam_refuse_at(s, own->key_at, own->key_end, "%.*s of %.*s can't be set in Globals%.*s", SLICE_ARG(own->key), SLICE_ARG(e->key),
                              SLICE_ARG(nearest_in(s, sections[k].properties, own->key)));
        }
        const sam_type *type = sam_type_of(sam_print(s, "AWS::Serverless::%.*s", SLICE_ARG(e->key)));
        if (type != NULL)
            s->globals[sam_type_row(type)] = kept.len == e->value->map.len ? e->value : doc_new_map(s->a, e->value->at, kept.at, kept.len);
    }
}
