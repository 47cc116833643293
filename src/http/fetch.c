/* fetch.c - see fetch.h; libcurl does the work and keeps the connection. */
#include "http/fetch.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

enum { CONNECT_MS = 5000, STALLED_S = 20, URL_MAX = 1024 };

struct ll_fetch {
    CURL *curl;
    char url[URL_MAX];
};

/* One file under way; less taken than given tells libcurl to stop. */
struct taking {
    struct ll_buf *out;
    size_t from, max;
    bool over;
};

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
    struct taking *t = ctx;

    t->over = t->out->n - t->from + size * n > t->max;
    if (!t->over)
        ll_buf_add(t->out, p, size * n);
    return t->over || t->out->failed ? 0 : size * n;
}

int ll_fetch_open(const char *url, struct ll_fetch **ret, struct ll_err *err)
{
    struct ll_fetch *f = calloc(1, sizeof *f);
    size_t n = ll_str(url).n;

    if (!f || curl_global_init(CURL_GLOBAL_DEFAULT) != 0 || !(f->curl = curl_easy_init())) {
        free(f);
        return ll_no_memory(err);
    }
    while (n > 0 && url[n - 1] == '/')
        n--;
    if (n >= URL_MAX - LL_TILE_PATH - 8) {
        ll_fetch_close(f);
        return ll_fail(err, LL_TOOBIG, "网址过长", "the address is too long");
    }
    snprintf(f->url, sizeof f->url, "%.*s", (int)n, url);
    curl_easy_setopt(f->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(f->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(f->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(f->curl, CURLOPT_LOW_SPEED_TIME, (long)STALLED_S);
    curl_easy_setopt(f->curl, CURLOPT_ACCEPT_ENCODING, ""); /* bundles may come compressed */
    *ret = f;
    return LL_OK;
}

struct ll_fetch *ll_fetch_close(struct ll_fetch *f)
{
    if (f)
        curl_easy_cleanup(f->curl);
    free(f);
    return NULL;
}

static int get(void *ctx, const char *path, size_t max, struct ll_buf *out, struct ll_err *err)
{
    struct ll_fetch *f = ctx;
    struct taking t = {out, out->n, max, false};
    char url[URL_MAX];
    long status = 0;
    CURLcode code;

    snprintf(url, sizeof url, "%.*s/%s", (int)(sizeof url - LL_TILE_PATH - 10), f->url, path);
    curl_easy_setopt(f->curl, CURLOPT_URL, url);
    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, &t);
    code = curl_easy_perform(f->curl);
    curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
    if (t.over)
        return ll_fail(err, LL_INVALID, "%s 超过 %zu 字节", "%s is larger than %zu bytes", url, max);
    if (code != CURLE_OK)
        return ll_fail(err, LL_IO, "无法读取 %s：%s", "cannot read %s: %s", url, curl_easy_strerror(code));
    if (status == 200)
        return LL_OK;
    out->n = t.from; /* the page that says why it is not there */
    return ll_fail(err, status == 404 ? LL_NOTFOUND : LL_IO, "%s 应答 %ld", "%s answers %ld", url, status);
}

struct ll_log_files ll_fetch_files(struct ll_fetch *f)
{
    return (struct ll_log_files){get, f};
}
