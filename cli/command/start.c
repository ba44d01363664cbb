/* argv -> command. */
#include <stdio.h>
#include <unistd.h>

#include "command/command.h"

void command_out_of_memory(void) {
    static const char line[] = "sflint: out of memory\n";
    if (write(STDERR_FILENO, line, sizeof line - 1) < 0) _exit(STATUS_BAD);
    _exit(STATUS_BAD);
}

int command_main(int argc, char **argv) {
    invocation in = { .arena = arena_make(0, command_out_of_memory) };
    int status = STATUS_BAD;
    if (command_parse(argc, argv, &in)) {
        if (invocation_has(&in, OPTION_VERSION)) {
            status = command_version(&in);
        } else if (invocation_has(&in, OPTION_HELP)) {
            buf out = { .arena = in.arena };
            help_command(&out, in.command);
            output_write(buf_as_slice(&out));
            status = STATUS_OK;
        } else {
            status = in.command->run(&in);
        }
    }
    status = output_end(status);
    arena_free(in.arena);
    return status;
}
