#include "command/command.h"

size_t nearest_distance(slice typed, slice candidate) {
    /* A third of the word may be wrong, but at most three letters, and at least one. */
    size_t most = typed.len / 3;
    if (most > 3) most = 3;
    if (most == 0) most = 1;
    if (typed.len > 64 || candidate.len > typed.len + most || typed.len > candidate.len + most) {
        /* what was begun but not ended: "explai", "out" is no beginning of anything */
        return typed.len >= 3 && typed.len <= 64 && slice_starts(candidate, typed) ? most : NEAREST_NONE;
    }
    size_t d = slice_distance(typed, candidate, most);
    if (d > most) return typed.len >= 3 && slice_starts(candidate, typed) ? most : NEAREST_NONE;
    return d;
}

slice nearest_word(slice typed, slice words) {
    slice best = { "", 0 }, word;
    size_t best_distance = NEAREST_NONE;
    while (slice_cut(&words, ' ', &word)) {
        size_t d = word.len == 0 ? NEAREST_NONE : nearest_distance(typed, word);
        /* "of" was begun as off, not as on */
        bool sooner = d == best_distance && d != NEAREST_NONE && slice_starts(word, typed) && !slice_starts(best, typed);
        if (d < best_distance || sooner) {
            best_distance = d;
            best = word;
        }
    }
    return best;
}

slice words_listed(arena *a, slice words) {
    buf out = { .arena = a };
    slice word;
    while (slice_cut(&words, ' ', &word))
        if (word.len > 0) buf_printf(&out, "%s%.*s", out.bytes.len > 0 ? ", " : "", SLICE_ARG(word));
    return buf_as_slice(&out);
}
