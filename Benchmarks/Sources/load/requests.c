// The requests of each protocol, and how replies are told from the rest.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Eight municipalities of one region; each answers by two roles, on letters that the other role leaves alone.
static const char *const municipalities[] = {
    "gm0503", "gm0518", "gm0603", "gm0629", "gm0637", "gm1783", "gm1842", "gm1916"};
static const char *const roles[] = {"college", "gemeentesecretaris"};

void read_options(int argc, char **argv) {
    if (argc < 3) fail("load regiopost|redis|disk KIND name=value …");
    options.protocol = strcmp(argv[1], "redis") == 0 ? REDIS : strcmp(argv[1], "disk") == 0 ? DISK : REGIOPOST;
    options.kind = argv[2];
    struct { const char *name; int *value; } numbers[] = {
        {"port", &options.port}, {"connections", &options.connections}, {"window", &options.window},
        {"count", &options.count}, {"set", &options.set}, {"letters", &options.letters}, {"bytes", &options.bytes}};
    struct { const char *name; const char **value; } texts[] = {
        {"root", &options.root}, {"certificates", &options.certificates}, {"file", &options.file}};
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

static int write_letter(char *out, int number) {
    char recipients[1024] = "";
    for (int m = 0; m < 8; m++)
        sprintf(recipients + strlen(recipients), "%s\"%s/college\"", m == 0 ? "" : ",", municipalities[m]);
    return sprintf(out,
        "{\"v\":1,\"id\":\"0195d2a4-%04x-7000-8000-%012x\",\"type\":\"letter.publish\","
        "\"subject\":\"letter/0195d2a4-%04x-7000-8000-%012x\",\"author\":\"pv28/secretariaat\","
        "\"time\":\"2026-03-27T10:00:00Z\",\"body\":{\"dossier\":\"DOS-2026-%07d\",\"document\":\"PZH-2026-%09d\","
        "\"date\":\"2026-03-27\",\"title\":\"Samen verder\",\"region\":\"haagse-regio\",\"attachments\":0,"
        "\"recipients\":[%s],\"text\":\"Geachte formateur,\\n\\nWij vragen u het volgende.\\n\"}}",
        options.set, number, options.set, number, number, number, recipients);
}

// Response number n of a client is on its letter n % own, and a further version of it after the first round.
static int write_response(char *out, int client, int number, const char *text) {
    int own = options.letters / 2, letter = number % own * 2 + client % 2;
    const char *municipality = municipalities[client / 2 % 8];
    char after[64] = "";
    if (number >= own)
        sprintf(after, "\"after\":\"0195d2a4-%04x-7%03x-8000-%012x\",", options.set, client + 1, number - own);
    return sprintf(out,
        "{\"v\":1,\"id\":\"0195d2a4-%04x-7%03x-8000-%012x\",\"type\":\"response.submit\","
        "\"subject\":\"response/0195d2a4-%04x-7000-8000-%012x/%s\",%s\"author\":\"%s/%s\","
        "\"time\":\"2026-03-27T10:00:00Z\",\"body\":{\"sender\":\"pv28/secretariaat\",\"region\":\"haagse-regio\","
        "\"roles\":[\"college\"],\"dossier\":\"DOS-2026-%07d\",\"text\":\"%s\"}}",
        options.set, client + 1, number, options.set, letter, municipality, after, municipality, roles[client % 2],
        letter, text);
}

void prepare(struct connection *one, int index) {
    one->requests = malloc((size_t)options.count * ((size_t)options.bytes + 1500));
    one->ends = calloc((size_t)options.count + 1, sizeof *one->ends);
    one->times = calloc((size_t)options.count, sizeof *one->times);
    char *text = malloc((size_t)options.bytes + 1), *body = malloc((size_t)options.bytes + 1500);
    memset(text, 'a', (size_t)options.bytes);
    for (int i = 9; i < options.bytes; i += 7) text[i] = ' ';
    text[options.bytes] = 0;
    char *end = one->requests;
    for (int n = 0; n < options.count; n++) {
        int length = strcmp(options.kind, "letter") == 0 ? write_letter(body, n) : write_response(body, index, n, text);
        if (options.protocol == REGIOPOST) end += sprintf(end, "%d PUSH %s\n", n, body);
        else end += sprintf(end, "*5\r\n$4\r\nXADD\r\n$4\r\nmail\r\n$1\r\n*\r\n$1\r\nc\r\n$%d\r\n%s\r\n", length, body);
        one->ends[n + 1] = (size_t)(end - one->requests);
    }
    free(text);
    free(body);
}

void read_greeting(struct connection *one) {
    char line[4096];
    int have = 0;
    while (have == 0 || line[have - 1] != '\n') {
        int n = SSL_read(one->tls, line + have, (int)sizeof line - have);
        if (n <= 0) fail("no greeting");
        have += n;
    }
    if (strncmp(line, "* REGIOPOST 1 ", 14) != 0) fail("instead of a greeting: %.*s", have, line);
}

size_t reply_length(const char *input, size_t have) {
    const char *end = memchr(input, '\n', have);
    return end == NULL ? 0 : (size_t)(end - input) + 1;
}

int is_reply(const char *line, size_t length) {
    if (options.protocol == REDIS) {
        if (line[0] == '-') fail("%.*s", (int)length, line);
        // An id comes as its length and then the id.
        return line[0] != '$';
    }
    if (line[0] == '*' && strncmp(line, "* BYE", 5) != 0 && strncmp(line, "* NO", 4) != 0) return 0;
    const char *space = memchr(line, ' ', length);
    if (space == NULL || strncmp(space, " OK ", 4) != 0) fail("%.*s", (int)length, line);
    return 1;
}
