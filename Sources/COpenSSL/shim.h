// Wrappers for what Swift can't see of OpenSSL, its macros, and the one place where a TLS call, its error code and the
// error queue are read together.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/buffer.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

// --- Macros ---

static inline EVP_PKEY *COpenSSL_EC_gen(const char *curve) { return EVP_EC_gen(curve); }

static inline void COpenSSL_free(void *memory) { OPENSSL_free(memory); }

static inline long COpenSSL_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

static inline void COpenSSL_set_mem_eof_return(BIO *bio, int value) { BIO_set_mem_eof_return(bio, value); }

static inline int COpenSSL_only_tls13(SSL_CTX *context) {
    return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION)
        && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
}

static inline int COpenSSL_set_groups(SSL_CTX *context, const char *list) {
    return (int)SSL_CTX_set1_groups_list(context, list);
}

static inline void COpenSSL_session_cache_off(SSL_CTX *context) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

// Read-ahead stays off and buffers go back when empty: a connection that only waits then costs the least.
static inline void COpenSSL_set_modes(SSL_CTX *context) {
    SSL_CTX_set_read_ahead(context, 0);
    SSL_CTX_set_mode(context,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_NO_AUTO_CHAIN);
}

static inline void COpenSSL_set_options(SSL_CTX *context) {
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
}

static inline void COpenSSL_set_max_cert_list(SSL_CTX *context, long bytes) {
    SSL_CTX_set_max_cert_list(context, bytes);
}

static inline int COpenSSL_add_chain_certificate(SSL_CTX *context, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(context, certificate);
}

static inline int COpenSSL_set_server_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

// Gives back the memory of an empty memory BIO that has grown past the limit; by itself it never shrinks.
static inline void COpenSSL_trim(BIO *bio, size_t limit) {
    BUF_MEM *memory = NULL;
    if (BIO_ctrl_pending(bio) != 0 || BIO_get_mem_ptr(bio, &memory) <= 0 || memory->max <= limit) return;
    BUF_MEM *fresh = BUF_MEM_new();
    if (fresh != NULL) BIO_set_mem_buf(bio, fresh, BIO_CLOSE);
}

// --- TLS calls with their outcome ---

// What one TLS call came to. `reason` is the first entry of the error queue, the cause; the queue is empty afterwards.
typedef struct {
    int result;
    int error;
    unsigned long reason;
} COpenSSL_outcome;

static inline COpenSSL_outcome COpenSSL_finish(SSL *ssl, int result) {
    COpenSSL_outcome outcome = {result, SSL_ERROR_NONE, 0};
    outcome.error = SSL_get_error(ssl, result);
    outcome.reason = ERR_get_error();
    ERR_clear_error();
    return outcome;
}

static inline COpenSSL_outcome COpenSSL_do_handshake(SSL *ssl) {
    ERR_clear_error();
    return COpenSSL_finish(ssl, SSL_do_handshake(ssl));
}

static inline COpenSSL_outcome COpenSSL_read(SSL *ssl, void *bytes, int count) {
    ERR_clear_error();
    return COpenSSL_finish(ssl, SSL_read(ssl, bytes, count));
}

static inline COpenSSL_outcome COpenSSL_write(SSL *ssl, const void *bytes, int count) {
    ERR_clear_error();
    return COpenSSL_finish(ssl, SSL_write(ssl, bytes, count));
}

// The result 0 means that close_notify is written and the peer's is still to come: no error.
static inline COpenSSL_outcome COpenSSL_shutdown(SSL *ssl) {
    ERR_clear_error();
    int result = SSL_shutdown(ssl);
    if (result == 0) {
        ERR_clear_error();
        COpenSSL_outcome outcome = {0, SSL_ERROR_NONE, 0};
        return outcome;
    }
    return COpenSSL_finish(ssl, result);
}

#endif
