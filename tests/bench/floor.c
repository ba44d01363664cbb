/* The floor under every reader of YAML that stands on libyaml: yaml_parser_parse over the same files, and nothing else.
 * usage: bench-floor LIST     LIST: a file with one path a line. Prints the number of files, bytes and events. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

typedef struct {
    unsigned char *at;
    size_t len, cap;
} bytes;

static int read_whole(const char *path, bytes *b) {
    FILE *f = fopen(path, "rb");
    if (f == NULL) return 0;
    b->len = 0;
    for (;;) {
        if (b->len == b->cap) {
            size_t cap = b->cap == 0 ? 65536 : b->cap * 2;
            unsigned char *more = realloc(b->at, cap);
            if (more == NULL) exit(2);
            b->at = more;
            b->cap = cap;
        }
        size_t got = fread(b->at + b->len, 1, b->cap - b->len, f);
        if (got == 0) break;
        b->len += got;
    }
    fclose(f);
    return 1;
}

static unsigned long parse(const bytes *b) {
    yaml_parser_t parser;
    yaml_event_t event;
    unsigned long events = 0;
    if (!yaml_parser_initialize(&parser)) exit(2);
    yaml_parser_set_input_string(&parser, b->at, b->len);
    for (int done = 0; !done;) {
        if (!yaml_parser_parse(&parser, &event)) break;
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        events++;
    }
    yaml_parser_delete(&parser);
    return events;
}

int main(int argc, char **argv) {
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    char path[4096];
    bytes b = { NULL, 0, 0 };
    unsigned long files = 0, events = 0, total = 0;
    if (list == NULL) {
        fprintf(stderr, "usage: bench-floor LIST\n");
        return 2;
    }
    while (fgets(path, sizeof path, list) != NULL) {
        path[strcspn(path, "\r\n")] = '\0';
        if (path[0] == '\0' || !read_whole(path, &b)) continue;
        files++;
        total += (unsigned long)b.len;
        events += parse(&b);
    }
    fclose(list);
    free(b.at);
    printf("%lu files, %lu bytes, %lu events\n", files, total, events);
    return 0;
}
