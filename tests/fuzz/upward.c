/* upward: what a platform above answers to one that reports to it.  The first byte says which question it answers and with which status; its highest bit: it
 * is the token endpoint's. */
#include "share/upward_wire.h"

#include <string.h>

struct answer {
    struct ll_str text;
    unsigned status;
    size_t asked;
};

static int call(void *ctx, const struct ll_upward_request *q, unsigned *status, struct ll_buf *answer,
                struct ll_err *err)
{
    struct answer *a = ctx;

    (void)q;
    (void)err;
    LL_ASSERT(++a->asked <= 64); /* no answer keeps us asking */
    *status = a->status;
    ll_buf_str(answer, a->text);
    return LL_OK;
}

static int back(void *ctx, int64_t row, const char *codes, const char *zh, const char *en, struct ll_err *err)
{
    (void)ctx;
    (void)err;
    LL_ASSERT(row > 0 && codes && zh && en);
    return LL_OK;
}

static int day_of(void *ctx, int64_t day, int64_t rows, struct ll_upward_hash hash, struct ll_err *err)
{
    (void)ctx;
    (void)hash;
    (void)err;
    LL_ASSERT(day != INT64_MIN && rows >= 0);
    return LL_OK;
}

static int record(void *ctx, struct ll_upward_hash key, struct ll_upward_hash content, const json_t *texts,
                  struct ll_err *err)
{
    (void)ctx;
    (void)key;
    (void)content;
    (void)err;
    LL_ASSERT(json_array_size(texts) == 2);
    return LL_OK;
}

static void ask_token(struct ll_str answer)
{
    char token[64];
    int64_t life_s;

    if (ll_upward_token(answer, token, sizeof token, &life_s))
        LL_ASSERT(token[0] && !strpbrk(token, "\r\n ") && strlen(token) < sizeof token && life_s >= 0 &&
                  life_s <= 86400);
}

static int ask(const struct ll_upward_link *link, unsigned which, struct ll_arena *arena, struct ll_err *err)
{
    const struct upward_wire_part part = {"up_penalty", "00", 20000, 0, 1, 2};
    struct upward_status status;
    int64_t foreign;
    int rc;

    switch (which) {
    case 0:
        rc = upward_wire_status(link, "up_penalty", 0, arena, &status, err);
        for (size_t i = 0; rc == LL_OK && i < status.n; i++)
            LL_ASSERT(status.list[i].sequence > 0 && status.list[i].accepted >= 0);
        return rc;
    case 1:
        return upward_wire_returned(link, "up_penalty", 1, back, NULL, err);
    case 2:
        return upward_wire_days(link, "up_penalty", "00", day_of, NULL, &foreign, err);
    default:
        return upward_wire_records(link, &part, record, NULL, err);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const unsigned statuses[] = {200, 200, 200, 403, 409, 500, 422, 0};
    struct ll_arena *arena = ll_arena_new(0);
    struct answer a = {.status = 0};
    const struct ll_upward_link link = {&a, call};
    struct ll_err err;

    if (n && p[0] >> 7) {
        ask_token((struct ll_str){(const char *)p + 1, n - 1});
    } else if (arena && n) {
        a.text = (struct ll_str){(const char *)p + 1, n - 1};
        a.status = statuses[p[0] >> 2 & 7];
        if (ask(&link, p[0] & 3, arena, &err) < 0)
            LL_ASSERT(ll_utf8_bad(ll_str(err.en)) == ll_str(err.en).n);
    }
    ll_arena_free(arena);
    return 0;
}
