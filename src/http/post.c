/* post.c - see post.h; libcurl does the work. */
#include "http/post.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>

enum { CONNECT_MS = 3000, WHOLE_MS = 10000, URL_MAX = 1024 };

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void init_once(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* Less than it was given tells libcurl to stop: the answer is over its ceiling. */
static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct ll_buf *out = ctx;

    ll_buf_add(out, p, size * n);
    return out->failed ? 0 : size * n;
}

int ll_http_post_checkpoint(void *ctx, const char *url, struct ll_str body, struct ll_buf *answer,
                            struct ll_err *err)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: text/plain; charset=utf-8");
    char full[URL_MAX];
    CURL *c;
    CURLcode code;
    long status = 0;

    (void)ctx;
    pthread_once(&once, init_once);
    if (!(c = curl_easy_init()) || !headers) {
        curl_slist_free_all(headers);
        return ll_no_memory(err);
    }
    snprintf(full, sizeof full, "%s/add-checkpoint", url);
    curl_easy_setopt(c, CURLOPT_URL, full);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body.p);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.n);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)WHOLE_MS);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(c);
    curl_slist_free_all(headers);
    return code == CURLE_OK ? (int)status
                            : ll_fail(err, LL_IO, "%s 没有应答：%s", "%s does not answer: %s", full,
                                      curl_easy_strerror(code));
}
