/* table_read.c - reads a service table over its segments (table.h). */
#include "share/table_impl.h"

#include "catalog/segschema.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEY = LL_TABLE_KEY, MAX_LINE = 64 << 20, MAX_KEY_TEXT = 1 << 20 };

/* --- look-up ------------------------------------------------------------------------------------------------------- */

static int compare(const struct ll_seg_value *a, const struct ll_seg_value *b, size_t n)
{
    int order = 0;

    for (size_t i = 0; i < n && order == 0; i++)
        order = ll_seg_value_cmp(&a[i], &b[i]);
    return order;
}

/* The only part that may hold the key: the last one that starts at or below it; NULL when all start above. */
static struct ll_seg *part_for(const struct segment *g, const struct ll_seg_value *key)
{
    size_t low = 0, high = g->n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (compare(g->parts[mid].min, key, g->parts[mid].n_min) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? g->readers[low - 1] : NULL;
}

static void type_key(const struct ll_table *t, const struct ll_str *key, size_t n_key,
                     struct ll_seg_value *out)
{
    for (size_t i = 0; i < n_key; i++)
        out[i] = ll_seg_value_of(key[i], ll_seg_column_kind(t->model, ll_seg_key_at(t->model, i)));
}

/* Looks in the segments [0, end), newest first.  1: some segment has the key; the current record is there. */
static int find_in(struct ll_table *t, size_t end, const struct ll_str *key, const struct ll_seg_value *typed,
                   size_t n_key, const struct segment **at, struct ll_seg **reader, bool *deleted,
                   struct ll_err *err)
{
    for (size_t i = 0; i < end; i++) {
        struct ll_seg *s = part_for(&t->segments[i], typed);
        int rc = s ? ll_seg_find(s, key, n_key, deleted, err) : 0;
        if (rc == 0)
            continue;
        *at = &t->segments[i];
        *reader = s;
        return rc;
    }
    return 0;
}

int ll_table_find(struct ll_table *t, const struct ll_str *key, size_t n_key, struct ll_err *err)
{
    struct ll_seg_value typed[MAX_KEY];
    struct ll_str in_files[MAX_KEY];
    bool deleted = false;
    size_t n;

    LL_CHECK(t, TABLE_MAGIC);
    if (!t->model)
        return 0;
    int rc = ll_table_file_key(t, key, n_key, in_files, &n, err);
    if (rc < 0)
        return rc;
    type_key(t, in_files, n, typed);
    rc = find_in(t, t->n, in_files, typed, n, &t->segment, &t->reader, &deleted, err);
    if (rc <= 0 || deleted)
        return rc < 0 ? rc : 0;
    rc = ll_table_open_row(t, err);
    return rc < 0 ? rc : 1;
}

struct ll_seg_value ll_table_get(struct ll_table *t, size_t at)
{
    size_t column = t->segment->map[at];

    if (t->segment->sealed[at])
        return t->columns[at].opened;
    return column ? ll_seg_get(t->reader, column - 1) : (struct ll_seg_value){.kind = LL_SV_NULL};
}

int64_t ll_table_published_at(const struct ll_table *t)
{
    return t->segment->published_at;
}

int64_t ll_table_newest(const struct ll_table *t)
{
    int64_t newest = 0;

    for (size_t i = 0; i < t->n; i++)
        if (t->segments[i].published_at > newest)
            newest = t->segments[i].published_at;
    return newest;
}

int64_t ll_table_batch(const struct ll_table *t)
{
    return t->segment->batch;
}

/* --- scans --------------------------------------------------------------------------------------------------------- */

int ll_table_scan(struct ll_table *t, const struct ll_str *after, struct ll_err *err)
{
    LL_CHECK(t, TABLE_MAGIC);
    size_t n;
    int rc = LL_OK;

    t->merge = ll_seg_merge_close(t->merge);
    t->scan = SCAN_NONE;
    if (after && t->model && (rc = ll_table_file_key(t, after, t->n_key, t->after, &n, err)) < 0)
        return rc;
    if (after && t->key_sealed) { /* a look-up in the middle of the scan asks for another key */
        memcpy(t->after_index, t->index, sizeof t->index);
        t->after[0].p = (const char *)t->after_index;
    }
    rc = ll_seg_merge_open(t->runs, t->n, after ? t->after : NULL, NULL, &t->merge, err);
    if (rc == LL_OK)
        t->scan = SCAN_MERGE;
    return rc;
}

static int next_merged(struct ll_table *t, struct ll_err *err)
{
    bool deleted = false;
    size_t run = 0;
    int rc;

    do
        rc = ll_seg_merge_next(t->merge, &t->reader, &run, &deleted, err);
    while (rc > 0 && deleted);
    if (rc > 0)
        t->segment = &t->segments[run];
    return rc;
}

int ll_table_scan_by(struct ll_table *t, const char *column, struct ll_str value, bool prefix,
                     struct ll_err *err)
{
    LL_CHECK(t, TABLE_MAGIC);
    t->scan = SCAN_BY;
    t->at_segment = t->at_part = 0;
    t->part_open = false;
    t->prefix = prefix;
    t->column = column;
    t->has_blind = false;
    ll_buf_clear(&t->value);
    ll_buf_str(&t->value, value);
    return t->value.failed ? ll_fail(err, LL_TOOBIG, "查询值过长", "the value looked for is too long")
                           : LL_OK;
}

/* By the blind index of the whole value: nothing else of a sealed item can be looked for. */
static int open_blind(struct ll_table *t, struct ll_seg *s, struct ll_err *err)
{
    char column[sizeof LL_BLIND_PREFIX + LL_COLUMN_NAME];
    int n = snprintf(column, sizeof column, LL_BLIND_PREFIX "%s", t->column), rc;

    if (n < 0 || (size_t)n >= sizeof column || !ll_seg_has_index(s, column))
        return 0;
    if ((rc = ll_table_blind(t, err)) == LL_OK)
        rc = ll_seg_scan(s, column, (struct ll_str){(const char *)t->blind, LL_BLIND}, NULL, err);
    return rc < 0 ? rc : 1;
}

/* Opens the scan of the part being read.  An old segment may lack the column or its index; it has no such records then. */
static int open_part(struct ll_table *t, struct ll_seg *s, struct ll_err *err)
{
    if (!ll_seg_has_index(s, t->column))
        return open_blind(t, s, err);
    int rc = t->prefix ? ll_seg_scan_prefix(s, t->column, ll_buf_view(&t->value), err)
                       : ll_seg_scan(s, t->column, ll_buf_view(&t->value), NULL, err);
    return rc < 0 ? rc : 1;
}

/* The next row of the column's index in any segment, whether hidden or not. */
static int next_indexed(struct ll_table *t, bool *deleted, struct ll_err *err)
{
    int rc;

    for (; t->at_segment < t->n; t->at_segment++, t->at_part = 0) {
        struct segment *g = &t->segments[t->at_segment];
        for (; t->at_part < g->n; t->at_part++, t->part_open = false) {
            t->segment = g;
            t->reader = g->readers[t->at_part];
            if (!t->part_open && (rc = open_part(t, t->reader, err)) <= 0) {
                if (rc < 0)
                    return rc;
                continue;
            }
            t->part_open = true;
            if ((rc = ll_seg_next(t->reader, deleted, err)) != 0)
                return rc;
        }
    }
    return 0;
}

/* Whether a newer segment than the current record's has its key. */
static int is_hidden(struct ll_table *t, struct ll_err *err)
{
    struct ll_seg_value typed[MAX_KEY];
    struct ll_str key[MAX_KEY];
    char digits[MAX_KEY][24];
    const struct segment *at;
    struct ll_seg *reader;
    bool deleted;
    size_t n = ll_seg_key_columns(t->model);

    if (t->at_segment == 0)
        return 0;
    for (size_t i = 0; i < n; i++) {
        typed[i] = ll_seg_get(t->reader, ll_seg_key_at(t->reader, i));
        key[i] = typed[i].s;
        if (typed[i].kind == LL_SV_INT)
            key[i] = (struct ll_str){
                digits[i], (size_t)snprintf(digits[i], sizeof digits[i], "%lld", (long long)typed[i].i)};
    }
    return find_in(t, t->at_segment, key, typed, n, &at, &reader, &deleted, err);
}

static int next_by(struct ll_table *t, struct ll_err *err)
{
    bool deleted = false;
    int rc, hidden;

    while ((rc = next_indexed(t, &deleted, err)) > 0) {
        if (deleted)
            continue;
        if ((hidden = is_hidden(t, err)) < 0)
            return hidden;
        if (!hidden)
            return 1;
    }
    return rc;
}

/* As ll_table_next, but the record's sealed values stay closed. */
static int next_closed(struct ll_table *t, struct ll_err *err)
{
    int rc = t->scan == SCAN_MERGE ? next_merged(t, err) : t->scan == SCAN_BY ? next_by(t, err) : 0;
    if (rc <= 0)
        t->scan = SCAN_NONE;
    return rc;
}

int ll_table_next(struct ll_table *t, struct ll_err *err)
{
    LL_CHECK(t, TABLE_MAGIC);
    int rc = next_closed(t, err), opened;

    if (rc <= 0)
        return rc;
    opened = ll_table_open_row(t, err);
    return opened < 0 ? opened : rc;
}

void ll_table_rewind(struct ll_table *t)
{
    LL_CHECK(t, TABLE_MAGIC);
    t->merge = ll_seg_merge_close(t->merge);
    t->scan = SCAN_NONE;
    t->segment = NULL;
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = 0; j < t->segments[i].n; j++)
            ll_seg_rewind(t->segments[i].readers[j]);
}

/* --- keys as text -------------------------------------------------------------------------------------------------- */

void ll_table_put_key(struct ll_table *t, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < ll_table_key_columns(t); i++) {
        struct ll_seg_value v = ll_table_get(t, ll_table_key_at(t, i));
        char digits[24];
        if (v.kind == LL_SV_INT)
            v.s = (struct ll_str){digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)v.i)};
        ll_json_str(j, v.s);
    }
    ll_json_end_arr(j);
}

static int dup_part(struct ll_arena *arena, struct ll_str text, struct ll_str *ret, struct ll_err *err)
{
    *ret = (struct ll_str){ll_arena_dup(arena, text), text.n};
    return ret->p ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
}

static int parse_array(json_t *list, struct ll_arena *arena, struct ll_str **ret_key, size_t *ret_n,
                       struct ll_err *err)
{
    size_t n = json_array_size(list);
    struct ll_str *key = ll_arena_array(arena, n + 1, sizeof *key);
    int rc = key ? LL_OK : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");

    for (size_t i = 0; rc == LL_OK && i < n; i++) {
        json_t *v = json_array_get(list, i);
        rc = json_is_string(v)
                 ? dup_part(arena, (struct ll_str){json_string_value(v), json_string_length(v)}, &key[i], err)
                 : ll_fail(err, LL_USAGE, "主键的各部分应为 JSON 字符串",
                           "the parts of a key are JSON strings");
    }
    *ret_key = key;
    *ret_n = n;
    return rc;
}

int ll_key_parse(struct ll_str text, struct ll_arena *arena, struct ll_str **ret_key, size_t *ret_n,
                 struct ll_err *err)
{
    json_t *list = text.n && text.p[0] == '[' && text.n < MAX_KEY_TEXT
                       ? json_loadb(text.p, text.n, JSON_ALLOW_NUL, NULL)
                       : NULL;
    int rc;

    if (json_is_array(list)) {
        rc = parse_array(list, arena, ret_key, ret_n, err);
    } else {
        *ret_n = 1;
        *ret_key = ll_arena_array(arena, 1, sizeof **ret_key);
        rc = *ret_key ? dup_part(arena, text, *ret_key, err)
                      : ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    json_decref(list);
    return rc;
}

/* --- whole tables -------------------------------------------------------------------------------------------------- */

/* A segment alone hides nothing but what it deletes, and its files say how many rows they have. */
static bool count_single(struct ll_table *t, uint64_t *ret)
{
    uint64_t n = 0;

    if (t->n != 1)
        return false;
    for (size_t i = 0; i < t->segments[0].n; i++) {
        int64_t rows, deletes;
        struct ll_seg *s = t->segments[0].readers[i];
        if (!ll_str_i64(ll_str(ll_seg_meta(s, "rows")), 0, INT64_MAX, &rows) ||
            !ll_str_i64(ll_str(ll_seg_meta(s, "deletes")), 0, rows, &deletes))
            return false;
        n += (uint64_t)(rows - deletes);
    }
    *ret = n;
    return true;
}

int ll_table_count(struct ll_table *t, uint64_t *ret, struct ll_err *err)
{
    uint64_t n = 0;
    int rc = LL_OK;

    LL_CHECK(t, TABLE_MAGIC);
    if (count_single(t, ret))
        return LL_OK;
    if ((rc = ll_table_scan(t, NULL, err)) < 0)
        return rc;
    while ((rc = next_closed(t, err)) > 0)
        n++;
    *ret = n;
    return rc;
}

static void put_line(struct ll_table *t, struct ll_buf *line)
{
    struct ll_json j;

    ll_buf_clear(line);
    ll_json_init(&j, line);
    ll_json_obj(&j);
    for (size_t i = 0; i < ll_table_columns(t); i++) {
        struct ll_seg_value v = ll_table_get(t, i);
        ll_json_key(&j, ll_table_column_name(t, i));
        if (v.kind == LL_SV_TEXT)
            ll_json_str(&j, v.s);
        else if (v.kind == LL_SV_INT)
            ll_json_int(&j, v.i);
        else
            ll_json_null(&j);
    }
    ll_json_end_obj(&j);
    ll_buf_c(line, '\n');
}

int ll_table_dump(struct ll_table *t, int (*put)(void *ctx, struct ll_str line, struct ll_err *err),
                  void *ctx, struct ll_err *err)
{
    struct ll_buf line = LL_BUF_INIT(MAX_LINE);
    int rc = ll_table_scan(t, NULL, err);

    if (rc < 0)
        return rc;
    while ((rc = ll_table_next(t, err)) > 0) {
        put_line(t, &line);
        rc = line.failed ? ll_fail(err, LL_TOOBIG, "一条记录超过 %d 字节", "a record is longer than %d bytes",
                                   MAX_LINE)
                         : put(ctx, ll_buf_view(&line), err);
        if (rc < 0)
            break;
    }
    ll_buf_free(&line);
    return rc < 0 ? rc : LL_OK;
}
