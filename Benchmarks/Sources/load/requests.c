// The requests of each protocol.
#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Each of the first eight municipalities answers by two roles, on letters that the other role leaves alone.
static const char *const roles[] = {"college", "gemeentesecretaris"};

// The length of a municipality's code, and of that with the comma after it.
enum { CODE = 6, STEP = 7 };

static int write_letter(char *out, int number) {
    char recipients[8192];
    int end = 0;
    for (const char *at = options.municipalities; at != NULL && end < 8000; at = at[CODE] == 0 ? NULL : at + STEP)
        end += sprintf(recipients + end, "%s\"%.*s/college\"", end == 0 ? "" : ",", CODE, at);
    return sprintf(out,
        "{\"v\":1,\"id\":\"0195d2a4-%04x-7000-8000-%012x\",\"type\":\"letter.publish\","
        "\"subject\":\"letter/0195d2a4-%04x-7000-8000-%012x\",\"author\":\"pv28/secretariaat\","
        "\"time\":\"2026-03-27T10:00:00Z\",\"body\":{\"dossier\":\"DOS-2026-%07d\",\"document\":\"PZH-2026-%09d\","
        "\"date\":\"2026-03-27\",\"title\":\"Samen verder\",\"region\":\"%s\",\"attachments\":0,"
        "\"recipients\":[%s],\"text\":\"Geachte formateur,\\n\\nWij vragen u het volgende.\\n\"}}",
        options.set, number, options.set, number, number, number, options.region, recipients);
}

// Response number n of a client is on its letter n % own, and a further version of it after the first round.
static int write_response(char *out, int client, int number, const char *text) {
    int own = options.letters / 2, letter = number % own * 2 + client % 2;
    const char *municipality = options.municipalities + client / 2 % 8 * STEP;
    char after[64] = "";
    if (number >= own)
        sprintf(after, "\"after\":\"0195d2a4-%04x-7%03x-8000-%012x\",", options.set, client + 1, number - own);
    return sprintf(out,
        "{\"v\":1,\"id\":\"0195d2a4-%04x-7%03x-8000-%012x\",\"type\":\"response.submit\","
        "\"subject\":\"response/0195d2a4-%04x-7000-8000-%012x/%.*s\",%s\"author\":\"%.*s/%s\","
        "\"time\":\"2026-03-27T10:00:00Z\",\"body\":{\"sender\":\"pv28/secretariaat\",\"region\":\"%s\","
        "\"roles\":[\"college\"],\"dossier\":\"DOS-2026-%07d\",\"text\":\"%s\"}}",
        options.set, client + 1, number, options.set, letter, CODE, municipality, after, CODE, municipality,
        roles[client % 2], options.region, letter, text);
}

// Wraps a record in a request that stores it; batch is what Dovecot puts into one APPEND.
static int write_submit(char *out, int number, const char *record, int length) {
    if (options.protocol == DOVECOT) {
        int member = number % options.batch, end = 0;
        if (member == 0) end += sprintf(out, "a%d APPEND INBOX", number);
        // The empty line ends the message's header, of which there is none.
        end += sprintf(out + end, " {%d+}\r\n\r\n%s", length + 2, record);
        if (member == options.batch - 1) end += sprintf(out + end, "\r\n");
        return end;
    }
    if (options.protocol == REDIS)
        return sprintf(out, "*5\r\n$4\r\nXADD\r\n$4\r\nmail\r\n$1\r\n*\r\n$1\r\nc\r\n$%d\r\n%s\r\n", length, record);
    return sprintf(out, "%d PUSH %s\n", number, record);
}

// Asks whether there is anything new.
static int write_poll(char *out, int number) {
    if (options.protocol == DOVECOT) return sprintf(out, "a%d NOOP\r\n", number);
    if (options.protocol == REDIS)
        return sprintf(out, "*6\r\n$5\r\nXREAD\r\n$5\r\nCOUNT\r\n$1\r\n1\r\n$7\r\nSTREAMS\r\n$4\r\nmail\r\n$%zu\r\n%s\r\n",
            strlen(options.cursor), options.cursor);
    return sprintf(out, "%d PULL mailbox=own cursor=%s\n", number, options.cursor);
}

void prepare(struct connection *one, int index) {
    int polls = strcmp(options.kind, "poll") == 0, letters = strcmp(options.record, "letter") == 0;
    size_t most = polls ? 512 : (size_t)options.bytes + 10240;
    one->requests = malloc((size_t)options.count * (size_t)options.batch * most);
    one->ends = calloc((size_t)options.count + 1, sizeof *one->ends);
    one->times = calloc((size_t)options.count, sizeof *one->times);
    char *text = malloc((size_t)options.bytes + 1), *record = malloc(most);
    memset(text, 'a', (size_t)options.bytes);
    for (int i = 9; i < options.bytes; i += 7) text[i] = ' ';
    text[options.bytes] = 0;
    char *end = one->requests;
    for (int n = 0; n < options.count * options.batch; n++) {
        if (polls) end += write_poll(end, n);
        else {
            int length = letters ? write_letter(record, n) : write_response(record, index, options.first + n, text);
            end += write_submit(end, n, record, length);
        }
        one->ends[n / options.batch + 1] = (size_t)(end - one->requests);
    }
    free(text);
    free(record);
}

void write_page_request(char *out, size_t size, const struct connection *one, int left) {
    int page = left < options.page ? left : options.page;
    if (options.protocol == DOVECOT) {
        // A mailbox is asked for at once: IMAP has no pages.
        snprintf(out, size, "f FETCH 1:%d (BODY.PEEK[])\r\n", left);
    } else if (options.protocol == REDIS) {
        char after[170];
        int length = snprintf(after, sizeof after, "(%s", one->cursor);
        snprintf(out, size, "*6\r\n$6\r\nXRANGE\r\n$4\r\nmail\r\n$%d\r\n%s\r\n$1\r\n+\r\n$5\r\nCOUNT\r\n$%d\r\n%d\r\n",
            length, after, page < 10 ? 1 : page < 100 ? 2 : page < 1000 ? 3 : 4, page);
    } else {
        snprintf(out, size, "1 PULL mailbox=own cursor=%s limit=%d\n", one->cursor, page);
    }
}

void write_watch_request(char *out, size_t size, const struct connection *one) {
    if (options.protocol == DOVECOT) snprintf(out, size, "i IDLE\r\n");
    else if (options.protocol == REDIS)
        snprintf(out, size, "*6\r\n$5\r\nXREAD\r\n$5\r\nBLOCK\r\n$1\r\n0\r\n$7\r\nSTREAMS\r\n$4\r\nmail\r\n$%zu\r\n%s\r\n",
            strlen(one->cursor), one->cursor);
    else snprintf(out, size, "1 WATCH mailbox=own cursor=%s\n", one->cursor);
}
