#pragma once
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.
static inline CURLcode circuit_curl_setopt_long(CURL *h, CURLoption o, long v) {
  return curl_easy_setopt(h, o, v);
}
static inline CURLcode circuit_curl_setopt_offset(CURL *h, CURLoption o, curl_off_t v) {
  return curl_easy_setopt(h, o, v);
}
static inline CURLcode circuit_curl_setopt_pointer(CURL *h, CURLoption o, void *v) {
  return curl_easy_setopt(h, o, v);
}
static inline CURLcode circuit_curl_setopt_string(CURL *h, CURLoption o, const char *v) {
  return curl_easy_setopt(h, o, v);
}
static inline CURLcode circuit_curl_setopt_write(
    CURL *h, CURLoption o, size_t (*f)(char *, size_t, size_t, void *)) {
  return curl_easy_setopt(h, o, f);
}
static inline CURLcode circuit_curl_setopt_socket(CURL *h, int (*f)(void *, curl_socket_t, curlsocktype)) {
  return curl_easy_setopt(h, CURLOPT_SOCKOPTFUNCTION, f);
}
static inline CURLcode circuit_curl_setopt_seek(CURL *h, int (*f)(void *, curl_off_t, int)) {
  return curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, f);
}
// How many bytes that have not left yet the system may hold for a connection.
static inline void circuit_curl_limit_unsent(curl_socket_t s, int count) {
  setsockopt(s, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &count, sizeof count);
}
// libcurl keeps a copy of the bytes.
static inline CURLcode circuit_curl_setopt_blob(CURL *h, CURLoption o, const void *bytes, size_t count) {
  struct curl_blob blob = {(void *)bytes, count, CURL_BLOB_COPY};
  return curl_easy_setopt(h, o, &blob);
}
static inline CURLcode circuit_curl_getinfo_long(CURL *h, CURLINFO i, long *v) {
  return curl_easy_getinfo(h, i, v);
}
static inline CURLcode circuit_curl_getinfo_offset(CURL *h, CURLINFO i, curl_off_t *v) {
  return curl_easy_getinfo(h, i, v);
}
// The string belongs to the handle and lives until its next transfer.
static inline CURLcode circuit_curl_getinfo_string(CURL *h, CURLINFO i, const char **v) {
  char *s = NULL;
  CURLcode code = curl_easy_getinfo(h, i, &s);
  *v = s;
  return code;
}

// These names are macros that Swift does not see.
static inline CURLcode circuit_curl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
static inline long circuit_curl_tls13_only(void) {
  return (long)CURL_SSLVERSION_TLSv1_3 | (long)CURL_SSLVERSION_MAX_TLSv1_3;
}

// With CURLOPT_NOSIGNAL, OpenSSL's write to a connection that the other side has closed raises SIGPIPE, which ends
// the process. A library may not change what the process does with a signal, so it is held back in this thread only,
// and one that came meanwhile is taken away.
static inline int circuit_curl_hold_sigpipe(sigset_t *before) {
  sigset_t pipe, pending;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigemptyset(&pending);
  sigpending(&pending);
  pthread_sigmask(SIG_BLOCK, &pipe, before);
  return sigismember(&pending, SIGPIPE);
}
static inline void circuit_curl_release_sigpipe(const sigset_t *before, int was_pending) {
  sigset_t pipe, pending;
  int taken;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  sigemptyset(&pending);
  sigpending(&pending);
  if (!was_pending && sigismember(&pending, SIGPIPE)) sigwait(&pipe, &taken);
  pthread_sigmask(SIG_SETMASK, before, NULL);
}
static inline CURLcode circuit_curl_perform(CURL *h) {
  sigset_t before;
  int was_pending = circuit_curl_hold_sigpipe(&before);
  CURLcode code = curl_easy_perform(h);
  circuit_curl_release_sigpipe(&before, was_pending);
  return code;
}
static inline void circuit_curl_cleanup(CURL *h) {
  sigset_t before;
  int was_pending = circuit_curl_hold_sigpipe(&before);
  curl_easy_cleanup(h);
  circuit_curl_release_sigpipe(&before, was_pending);
}
