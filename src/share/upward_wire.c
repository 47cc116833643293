/* upward_wire.c - see upward_wire.h.  Answers are the upper platform's: nothing of them is believed without a look. */
#include "share/upward_wire.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_MAX = 64 << 20, PAGE = 1000, ROWS_MOST = 50000, TEXT_MOST = 700, TOKEN_LIFE_MOST_S = 86400 };

static const struct {
    unsigned status;
    enum ll_rc rc;
} meanings[] = {{400, LL_USAGE},    {401, LL_SIGNIN}, {403, LL_DENIED},  {404, LL_NOTFOUND},
                {409, LL_CONFLICT}, {413, LL_TOOBIG}, {422, LL_INVALID}, {429, LL_TOOMANY}};

static int refused(unsigned status, const json_t *answer, struct ll_err *err)
{
    const json_t *error = json_object_get(answer, "error");
    const char *zh = json_string_value(json_object_get(error, "zh")),
               *en = json_string_value(json_object_get(error, "en"));
    char text_zh[LL_ERR_TEXT], text_en[LL_ERR_TEXT];
    enum ll_rc rc = LL_IO;

    for (size_t i = 0; i < LL_COUNT(meanings); i++)
        if (meanings[i].status == status)
            rc = meanings[i].rc;
    if (!zh || !en)
        return ll_fail(err, rc, "上级平台应答 %u", "the upper platform answered %u", status);
    snprintf(text_zh, sizeof text_zh, "上级平台：%.*s", (int)TEXT_MOST, zh);
    snprintf(text_en, sizeof text_en, "the upper platform: %.*s", (int)TEXT_MOST, en);
    return ll_fail_texts(err, rc, text_zh, text_en);
}

int upward_wire_call(const struct ll_upward_link *link, const struct ll_upward_request *q, unsigned wanted,
                     json_t **ret, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(ANSWER_MAX);
    json_t *answer = NULL;
    unsigned status = 0;
    int rc = link->call(link->ctx, q, &status, &text, err);

    if (rc == LL_OK) {
        answer = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL;
        if (status != wanted)
            rc = refused(status, answer, err);
        else if (ret && !json_is_object(answer))
            rc = ll_fail(err, LL_IO, "上级平台的应答不是 JSON", "the upper platform's answer is no JSON");
    }
    ll_buf_free(&text);
    if (rc == LL_OK && ret)
        *ret = answer;
    else
        json_decref(answer);
    return rc;
}

/* --- where its messages stand ---------------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *o, const char *key, struct ll_arena *arena, bool *nomem)
{
    const json_t *v = json_object_get(o, key);
    const char *copy = json_is_string(v) ? ll_arena_dup(arena, ll_str(json_string_value(v))) : NULL;

    *nomem = *nomem || (json_is_string(v) && !copy);
    return copy;
}

static const struct {
    const char *word;
    enum upward_answer_state state;
} states[] = {{"received", UPWARD_AT_WORK},
              {"waiting", UPWARD_AT_WORK},
              {"taken", UPWARD_TAKEN},
              {"refused", UPWARD_REFUSED}};

static int read_answer(const json_t *o, struct ll_arena *arena, struct upward_answer *ret, struct ll_err *err)
{
    const char *word = json_string_value(json_object_get(o, "state"));
    const json_t *error = json_object_get(o, "error");
    bool nomem = false, known = false;

    *ret = (struct upward_answer){.sequence = json_integer_value(json_object_get(o, "sequence")),
                                  .accepted = json_integer_value(json_object_get(o, "accepted")),
                                  .returned = json_integer_value(json_object_get(o, "returned")),
                                  .sha256 = text_of(o, "sha256", arena, &nomem),
                                  .delivery = text_of(o, "delivery", arena, &nomem),
                                  .zh = text_of(error, "zh", arena, &nomem),
                                  .en = text_of(error, "en", arena, &nomem)};
    for (size_t i = 0; word && i < LL_COUNT(states); i++)
        if (strcmp(word, states[i].word) == 0) {
            ret->state = states[i].state;
            known = true;
        }
    if (!known || ret->sequence < 1 || ret->accepted < 0 || ret->returned < 0)
        return ll_fail(err, LL_IO, "上级平台的回执看不懂", "the upper platform's receipt cannot be read");
    return nomem ? ll_no_memory(err) : LL_OK;
}

int upward_wire_status(const struct ll_upward_link *link, const char *upper, int64_t after,
                       struct ll_arena *arena, struct upward_status *ret, struct ll_err *err)
{
    json_t *answer = NULL, *list;
    char target[256];
    int rc;

    *ret = (struct upward_status){0};
    snprintf(target, sizeof target, "/v1/upward/in/%.64s?after=%" PRId64, upper, after);
    if ((rc = upward_wire_call(link, &(struct ll_upward_request){.method = "GET", .target = target}, 200,
                               &answer, err)) < 0)
        return rc;
    ret->last = json_integer_value(json_object_get(answer, "last"));
    list = json_object_get(answer, "messages");
    if (!(ret->list = ll_arena_array(arena, json_array_size(list) + 1, sizeof *ret->list)))
        rc = ll_no_memory(err);
    for (size_t i = 0; i < json_array_size(list) && rc == LL_OK; i++)
        rc = read_answer(json_array_get(list, i), arena, &ret->list[ret->n++], err);
    json_decref(answer);
    return rc;
}

/* --- what came back -------------------------------------------------------------------------------------------------------- */

static int one_back(const json_t *o, upward_back_fn *fn, void *ctx, struct ll_err *err)
{
    const char *zh = json_string_value(json_object_get(o, "zh")),
               *en = json_string_value(json_object_get(o, "en"));
    char *codes = json_dumps(json_object_get(o, "codes"), JSON_COMPACT | JSON_ENCODE_ANY);
    int64_t row = json_integer_value(json_object_get(o, "row"));
    int rc = zh && en && codes && row > 0 ? fn(ctx, row, codes, zh, en, err)
                                          : ll_fail(err, LL_IO, "上级平台退回的行看不懂",
                                                    "a row that the upper platform returned cannot be read");

    free(codes);
    return rc;
}

int upward_wire_returned(const struct ll_upward_link *link, const char *upper, int64_t sequence,
                         upward_back_fn *fn, void *ctx, struct ll_err *err)
{
    size_t n = PAGE;
    int rc = LL_OK;

    /* No message has more rows, whatever an upper platform answers. */
    for (int64_t offset = 0; rc == LL_OK && n == PAGE && offset < ROWS_MOST; offset += PAGE) {
        json_t *answer = NULL, *list;
        char target[256];
        snprintf(target, sizeof target, "/v1/upward/in/%.64s/%" PRId64 "/returned?limit=%d&offset=%" PRId64,
                 upper, sequence, (int)PAGE, offset);
        if ((rc = upward_wire_call(link, &(struct ll_upward_request){.method = "GET", .target = target}, 200,
                                   &answer, err)) < 0)
            return rc;
        list = json_object_get(answer, "items");
        n = json_array_size(list);
        for (size_t i = 0; i < n && rc == LL_OK; i++)
            rc = one_back(json_array_get(list, i), fn, ctx, err);
        json_decref(answer);
    }
    return rc;
}

/* --- reconciliation -------------------------------------------------------------------------------------------------------- */

static int64_t parse_day(const char *text)
{
    unsigned m, d;
    int y;

    return text && sscanf(text, "%4d-%2u-%2u", &y, &m, &d) == 3 && ll_civil_valid(y, m, d)
               ? ll_days_from_civil(y, m, d)
               : INT64_MIN;
}

int upward_wire_days(const struct ll_upward_link *link, const char *upper, const char *salt,
                     upward_day_fn *fn, void *ctx, int64_t *ret_foreign, struct ll_err *err)
{
    json_t *answer = NULL, *list;
    char target[384];
    int rc;

    snprintf(target, sizeof target, "/v1/upward/in/%.64s/days?salt=%s", upper, salt);
    if ((rc = upward_wire_call(link,
                               &(struct ll_upward_request){.method = "GET", .target = target, .slow = true},
                               200, &answer, err)) < 0)
        return rc;
    list = json_object_get(answer, "days");
    *ret_foreign = json_integer_value(json_object_get(answer, "foreign"));
    for (size_t i = 0; i < json_array_size(list) && rc == LL_OK; i++) {
        const json_t *o = json_array_get(list, i);
        int64_t day = parse_day(json_string_value(json_object_get(o, "day"))),
                rows = json_integer_value(json_object_get(o, "rows"));
        const char *text = json_string_value(json_object_get(o, "hash"));
        struct ll_upward_hash hash;
        rc = day != INT64_MIN && rows >= 0 && text && ll_upward_hash_read(ll_str(text), &hash)
                 ? fn(ctx, day, rows, hash, err)
                 : ll_fail(err, LL_IO, "上级平台的对账结果看不懂",
                           "the upper platform's sums cannot be read");
    }
    json_decref(answer);
    return rc;
}

static int one_record(const json_t *o, size_t key_columns, upward_record_fn *fn, void *ctx,
                      struct ll_err *err)
{
    const char *key = json_string_value(json_object_get(o, "key_hash")),
               *hash = json_string_value(json_object_get(o, "hash"));
    const json_t *texts = json_object_get(o, "key");
    struct ll_upward_hash k, c;

    if (!key || !hash || !ll_upward_hash_read(ll_str(key), &k) || !ll_upward_hash_read(ll_str(hash), &c) ||
        json_array_size(texts) != key_columns)
        return ll_fail(err, LL_IO, "上级平台的对账明细看不懂",
                       "the upper platform's records of a day cannot be read");
    return fn(ctx, k, c, texts, err);
}

int upward_wire_records(const struct ll_upward_link *link, const struct upward_wire_part *of,
                        upward_record_fn *fn, void *ctx, struct ll_err *err)
{
    char target[512], text[LL_UPWARD_DAY_TEXT];
    json_t *answer = NULL, *list;
    int rc;

    snprintf(target, sizeof target, "/v1/upward/in/%.64s/days/%s?salt=%s&part=%" PRIu64 "&parts=%" PRIu64,
             of->upper, ll_upward_day_text(of->day, text), of->salt, of->part, of->parts);
    if ((rc = upward_wire_call(link,
                               &(struct ll_upward_request){.method = "GET", .target = target, .slow = true},
                               200, &answer, err)) < 0)
        return rc;
    list = json_object_get(answer, "items");
    for (size_t i = 0; i < json_array_size(list) && rc == LL_OK; i++)
        rc = one_record(json_array_get(list, i), of->key_columns, fn, ctx, err);
    json_decref(answer);
    return rc;
}

/* --- a token --------------------------------------------------------------------------------------------------------------- */

static bool fits_header(const char *token, size_t size)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
    size_t n = strlen(token);

    return n && n < size && strspn(token, allowed) == n;
}

bool ll_upward_token(struct ll_str answer, char *token, size_t size, int64_t *ret_life_s)
{
    json_t *root = answer.n ? json_loadb(answer.p, answer.n, 0, NULL) : NULL;
    const char *text = json_string_value(json_object_get(root, "access_token"));
    int64_t life = json_integer_value(json_object_get(root, "expires_in"));
    bool found = text && fits_header(text, size);

    if (found) {
        snprintf(token, size, "%s", text);
        *ret_life_s = life < 0 ? 0 : life > TOKEN_LIFE_MOST_S ? TOKEN_LIFE_MOST_S : life;
    }
    json_decref(root);
    return found;
}
