#include <curl/curl.h>
#include <stdint.h>

/* Functions with a variable number of arguments cannot be called from Swift. The parentheses keep
   the macros away that check types. */

static inline CURLcode nd2_curl_set_long(CURL *handle, CURLoption option, long value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode nd2_curl_set_large(CURL *handle, CURLoption option, int64_t value) {
  return (curl_easy_setopt)(handle, option, (curl_off_t)value);
}

static inline CURLcode nd2_curl_set_text(CURL *handle, CURLoption option, const char *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode nd2_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return (curl_easy_setopt)(handle, option, value);
}

static inline CURLcode nd2_curl_set_list(CURL *handle, CURLoption option,
                                         struct curl_slist *value) {
  return (curl_easy_setopt)(handle, option, value);
}

/* What libcurl calls with bytes: of an answer's body, of its headers, or to fill with the request's. */
typedef size_t (*nd2_curl_bytes)(char *bytes, size_t size, size_t count, void *user);

static inline CURLcode nd2_curl_set_bytes(CURL *handle, CURLoption option, nd2_curl_bytes callback) {
  return (curl_easy_setopt)(handle, option, callback);
}

static inline CURLcode nd2_curl_get_long(CURL *handle, CURLINFO info, long *value) {
  return (curl_easy_getinfo)(handle, info, value);
}

static inline CURLcode nd2_curl_get_large(CURL *handle, CURLINFO info, int64_t *value) {
  curl_off_t large = 0;
  CURLcode code = (curl_easy_getinfo)(handle, info, &large);
  *value = (int64_t)large;
  return code;
}

/* The user's pointer of a transfer. */
static inline void *nd2_curl_get_private(CURL *handle) {
  char *value = NULL;
  return (curl_easy_getinfo)(handle, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

static inline CURLMcode nd2_curl_multi_set_long(CURLM *handle, CURLMoption option, long value) {
  return (curl_multi_setopt)(handle, option, value);
}

/* The result of a transfer that a message is about. */
static inline CURLcode nd2_curl_message_result(const CURLMsg *message) {
  return message->data.result;
}

/* Nothing but HTTP, whatever a URL says. */
static inline CURLcode nd2_curl_set_web_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  return (curl_easy_setopt)(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/* Starts libcurl for this process. */
static inline CURLcode nd2_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
