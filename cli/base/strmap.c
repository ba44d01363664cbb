#include "base/strmap.h"

#include "base/vec.h"

static strmap_entry *find(const strmap *m, slice key, unsigned long long hash, size_t *slot) {
    if (m->slot_count == 0) return NULL;
    size_t mask = m->slot_count - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        if (m->slots[i] == 0) {
            *slot = i;
            return NULL;
        }
        strmap_entry *e = &m->at[m->slots[i] - 1];
        if (e->hash == hash && slice_eq(e->key, key)) return e;
    }
}

static const strmap_entry *get(const strmap *m, slice key) {
    size_t slot;
    return m->len == 0 ? NULL : find(m, key, slice_hash(key), &slot);
}

void *strmap_get(const strmap *m, slice key) {
    const strmap_entry *e = get(m, key);
    return e == NULL ? NULL : e->value;
}

bool strmap_has(const strmap *m, slice key) { return get(m, key) != NULL; }

static void rebuild(arena *a, strmap *m) {
    m->slot_count = m->slot_count == 0 ? 16 : m->slot_count * 2;
    m->slots = ARENA_ARRAY(a, uint32_t, m->slot_count);
    size_t mask = m->slot_count - 1;
    for (size_t e = 0; e < m->len; e++) {
        size_t i = (size_t)m->at[e].hash & mask;
        while (m->slots[i] != 0) i = (i + 1) & mask;
        m->slots[i] = (uint32_t)e + 1;
    }
}

void *strmap_put(arena *a, strmap *m, slice key, void *value) {
    unsigned long long hash = slice_hash(key);
    size_t slot = 0;
    strmap_entry *e = find(m, key, hash, &slot);
    if (e != NULL) {
        void *before = e->value;
        e->value = value;
        return before;
    }
    if ((m->len + 1) * 4 > m->slot_count * 3) {
        rebuild(a, m);
        find(m, key, hash, &slot);
    }
    VEC_PUSH(a, m, (strmap_entry){ key, value, hash });
    m->slots[slot] = (uint32_t)m->len;
    return NULL;
}
