// What the command line says.
#define _GNU_SOURCE
#include "load.h"

#include <stdlib.h>
#include <string.h>

struct options options = {
    .cursor = "0", .record = "response", .region = "haagse-regio",
    .municipalities = "gm0503,gm0518,gm0603,gm0629,gm0637,gm1783,gm1842,gm1916", .connections = 1, .window = 1, .share = 1, .count = 1, .batch = 1, .page = 1000, .letters = 1000,
    .bytes = 600, .pause = 2};

void read_options(int argc, char **argv) {
    if (argc < 3) fail("load regiopost|redis|dovecot|limit KIND name=value …");
    static const char *const protocols[] = {"regiopost", "redis", "dovecot", "limit"};
    int protocol = 0;
    while (protocol < 4 && strcmp(argv[1], protocols[protocol]) != 0) protocol++;
    if (protocol == 4) fail("%s is no protocol", argv[1]);
    options.protocol = (enum protocol)protocol;
    options.kind = argv[2];
    struct { const char *name; int *value; } numbers[] = {
        {"port", &options.port}, {"connections", &options.connections}, {"window", &options.window},
        {"share", &options.share}, {"user", &options.user}, {"count", &options.count}, {"first", &options.first}, {"batch", &options.batch}, {"page", &options.page}, {"set", &options.set},
        {"letters", &options.letters}, {"bytes", &options.bytes},
        {"pause", &options.pause}};
    struct { const char *name; const char **value; } texts[] = {
        {"root", &options.root}, {"certificates", &options.certificates}, {"author", &options.author},
        {"file", &options.file}, {"cursor", &options.cursor}, {"record", &options.record},
        {"region", &options.region}, {"municipalities", &options.municipalities}};
    for (int i = 3; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals == NULL) fail("%s: name=value is expected", argv[i]);
        *equals = 0;
        int known = 0;
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            if (strcmp(argv[i], numbers[n].name) == 0) *numbers[n].value = atoi(equals + 1), known = 1;
        for (size_t n = 0; n < sizeof texts / sizeof *texts; n++)
            if (strcmp(argv[i], texts[n].name) == 0) *texts[n].value = equals + 1, known = 1;
        if (!known) fail("%s is no option", argv[i]);
    }
}
