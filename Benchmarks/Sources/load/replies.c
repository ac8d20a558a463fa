// How each protocol's replies are told from the rest. Reading goes on where it stopped: nothing is read twice.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Whether a line begins with a word.
static int begins(const char *line, size_t length, const char *word) {
    return length >= strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

// Keeps what follows a name in a line, up to a blank or the line's end.
static void keep(char *out, size_t size, const char *line, size_t length, const char *name) {
    const char *at = memmem(line, length, name, strlen(name));
    if (at == NULL) return;
    at += strlen(name);
    size_t n = 0;
    while (at + n < line + length && at[n] != ' ' && at[n] != '\n' && n + 1 < size) n++;
    memcpy(out, at, n);
    out[n] = 0;
}

static enum piece regiopost_piece(struct connection *one, const char *line, size_t length) {
    if (begins(line, length, "* CHANGE ")) {
        one->records++;
        return RECORD;
    }
    if (begins(line, length, "* REGIOPOST 1 ")) return GO_AHEAD;
    if (begins(line, length, "* CURSOR ")) keep(one->cursor, sizeof one->cursor, line, length, "cursor=");
    const char *space = memchr(line, ' ', length);
    if (line[0] == '*' && !begins(line, length, "* BYE") && !begins(line, length, "* NO")) return PART;
    if (space == NULL || strncmp(space, " OK ", 4) != 0) fail("%.*s", (int)length, line);
    if (strncmp(space, " OK PUSH", 8) != 0) {
        char more[8] = "no";
        keep(one->cursor, sizeof one->cursor, line, length, "cursor=");
        keep(more, sizeof more, line, length, "more=");
        one->more = strcmp(more, "yes") == 0;
    }
    return REPLY;
}

// A record is the only string longer than an id.
static enum piece redis_piece(struct connection *one, const char *line, size_t length) {
    long n = atol(line + 1);
    if (line[0] == '-') fail("%.*s", (int)length, line);
    if (one->pending == 0) one->pending = 1;
    one->pending--;
    if (line[0] == '*' && n > 0) one->pending += n;
    if (line[0] == '$' && n >= 0) {
        one->skip = (size_t)n + 2;
        if (n > 64) one->records++;
        else if (memchr(line + length, '-', (size_t)n) != NULL) {
            memcpy(one->cursor, line + length, (size_t)n);
            one->cursor[n] = 0;
        }
    }
    return one->pending == 0 ? REPLY : PART;
}

static enum piece dovecot_piece(struct connection *one, const char *line, size_t length) {
    const char *brace = memrchr(line, '{', length);
    if (brace != NULL && length > 3 && line[length - 3] == '}') {
        one->skip = (size_t)atol(brace + 1);
        one->records++;
        return RECORD;
    }
    if (line[0] == '+') return GO_AHEAD;
    if (line[0] == '*') return memmem(line, length, " EXISTS", 7) != NULL ? NEWS : PART;
    if (line[0] == ')' || line[0] == ' ') return PART;
    const char *space = memchr(line, ' ', length);
    if (space == NULL || strncmp(space, " OK ", 4) != 0) fail("%.*s", (int)length, line);
    return REPLY;
}

enum piece next_piece(struct connection *one) {
    size_t have = one->have - one->start, passed = one->skip < have ? one->skip : have;
    one->start += passed;
    one->skip -= passed;
    have -= passed;
    const char *line = one->input + one->start, *end = have == 0 ? NULL : memchr(line, '\n', have);
    if (end == NULL) return NOTHING;
    size_t length = (size_t)(end - line) + 1;
    // A short string is looked at, and so has to be there with its length; a long one is passed over, but a reply isn't
    // whole before its last byte.
    if (options.protocol == REDIS && line[0] == '$') {
        long n = atol(line + 1);
        if ((n <= 64 || one->pending <= 1) && n >= 0 && have < length + (size_t)n + 2) return NOTHING;
    }
    one->start += length;
    if (options.protocol == LIMIT) return REPLY;
    return options.protocol == REGIOPOST ? regiopost_piece(one, line, length)
        : options.protocol == REDIS ? redis_piece(one, line, length) : dovecot_piece(one, line, length);
}
