#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stddef.h>

enum protocol { REGIOPOST, REDIS, DOVECOT, LIMIT };

// How long a server may be silent, in milliseconds: one that is counted runs fifty times slower.
enum { PATIENCE = 300000 };

// What is measured, from the command line.
struct options {
    enum protocol protocol;
    // main.c says which there are.
    const char *kind;
    // What the server is trusted by; where the certificates 0.pem, 0-key.pem … of this end stand.
    const char *root, *certificates;
    // Where the certificate of the connection that submits what others watch stands.
    const char *author;
    // Where the disk is probed; where reading or polling starts; `letter` or `response`.
    const char *file, *cursor, *record;
    int port, connections, window;
    // How many connections use one certificate, or one mailbox; which mailbox comes first.
    int share, user;
    // Requests on each connection, records to read, or pushes; the number of the first response.
    int count, first;
    // Records in a page.
    int page;
    // Messages in each request, where the protocol has such requests.
    int batch;
    // The region of letters, and its municipalities, with commas between them: they get letters and answer them.
    const char *region, *municipalities;
    // Which set of letters: ids of different sets differ.
    int set;
    // How many letters the set has.
    int letters;
    // Bytes of text in a response.
    int bytes;
    // Milliseconds of rest between two pushes.
    int pause;
};

// One connection with all its requests.
struct connection {
    SSL *tls;
    int file;
    char *requests;
    // Where request i begins; ends[i + 1] is where it ends.
    size_t *ends;
    // When request i was sent, and once it is answered how long that took, in seconds.
    double *times;
    int sent, answered;
    size_t written, received;
    // What its socket had carried before the clock started, in bytes.
    size_t wire_sent, wire_received;
    // What was received and is not read yet: input[start] to input[have].
    char *input;
    size_t start, have, capacity;
    // How many bytes of a counted string are still to be passed over, and how many values an array still misses.
    size_t skip;
    long pending;
    // Records that came, the last cursor or id, and whether the server has more.
    long records;
    char cursor[160];
    int more;
};

// What next_piece found.
enum piece { NOTHING, PART, RECORD, NEWS, GO_AHEAD, REPLY };

extern struct options options;

// main.c
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);
double now(void);
// Prints the median and the 99th percentile of times in seconds, as members of a JSON object.
void print_times(double *times, size_t count);

// options.c
void read_options(int argc, char **argv);

// tls.c
// Connects and brings each connection to where requests can be sent; they don't block from then on.
void connect_all(struct connection *all, int count, const char *certificates, int share);
SSL_CTX *client_context(void);
// Connects one, with a certificate; blocks.
void connect_one(struct connection *one, SSL_CTX *context, const char *certificates, int certificate);
void stop_blocking(struct connection *one);
// Sends all of it, waiting where the socket is full.
void send_all(struct connection *one, const char *bytes, size_t length);
void send_text(struct connection *one, const char *text);
// Counts from now on what is sent and received.
void start_counting(struct connection *all, int count);
// Prints the bytes that sockets have carried since then, as members of a JSON object: TLS with all that belongs to it.
void print_wire(struct connection *all, int count);
// Reads once; 0 where nothing is there.
size_t receive(struct connection *one);
// Waits for the next piece other than PART.
enum piece wait_for_piece(struct connection *one);

// replies.c
// Reads the next whole piece of the input. Ends the program where it is a refusal: what is refused is not measured.
enum piece next_piece(struct connection *one);

// requests.c
// Writes all requests of a connection into memory.
void prepare(struct connection *one, int index);
// Writes the request that reads a page after the connection's cursor.
void write_page_request(char *out, size_t size, const struct connection *one, int left);
// Writes the request that waits for what is new, after the connection's cursor.
void write_watch_request(char *out, size_t size, const struct connection *one);

// What is measured: each prints one line of JSON.
int submit(void);
int enrol(void);
int first_sync(void);
int watch(void);
int probe_disk(void);
int serve_limits(void);
int stream_limit(void);
int sink_limit(void);
