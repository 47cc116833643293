/* upward_in_days.c - what stands here of the records that a platform below sent, by the day of the message that last brought each: read from the
 * lake, hashed as the platform below hashes them. */
#include "share/upward_in.h"

#include "intake/batch.h"
#include "intake/stored.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL_MAX = 256 << 20, HASHED_MAX = 4 << 20, DIGITS = 24, DAYS_MAX = 20000, LISTED_MAX = 100000 };

struct batch_day {
    int64_t seq, day;
};
struct sum {
    int64_t day, rows;
    struct ll_upward_hash hash;
};
struct scan {
    const struct ll_upward_in_days *ask;
    const struct ll_resource *r;
    struct ll_arena *arena;
    struct ll_catalog *cat;
    struct batch_day *batches; /* by seq */
    size_t n_batches, n_days;
    struct sum *days;
    size_t *order;     /* items by name */
    size_t *key_order; /* the key's items by name */
    struct ll_upward_pair *pairs, *keys;
    char (*digits)[DIGITS];
    struct ll_buf hashed;
    struct ll_json *j; /* where records are listed */
    int64_t foreign, listed;
};

/* --- which batch came on which day ----------------------------------------------------------------------------------------- */

static int count_open(struct ll_txn *tx, const struct scan *s, int64_t *ret, int64_t *ret_all,
                      struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(
        tx,
        "SELECT count(*), coalesce(sum(d.id IS NULL OR d.state NOT IN ('published', 'failed', 'withdrawn')), 0)"
        " FROM upward_received u LEFT JOIN delivery d ON d.id = u.delivery"
        " WHERE u.organisation = $1 AND u.resource = $2",
        &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, s->ask->organisation);
    ll_bind_z(q, 2, s->ask->resource);
    if ((rc = ll_step(q, err)) > 0) {
        *ret_all = ll_col_int(q, 0);
        *ret = ll_col_int(q, 1);
    }
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

static int read_rows(struct ll_txn *tx, struct scan *s, size_t most, struct ll_err *err)
{
    struct ll_stmt *q = NULL;
    int rc = ll_sql(tx,
                    "SELECT b.seq, u.day FROM upward_received u JOIN batch b ON b.delivery = u.delivery"
                    " WHERE u.organisation = $1 AND u.resource = $2 ORDER BY b.seq",
                    &q, err);

    if (rc < 0)
        return rc;
    ll_bind_z(q, 1, s->ask->organisation);
    ll_bind_z(q, 2, s->ask->resource);
    while ((rc = ll_step(q, err)) > 0 && s->n_batches < most)
        s->batches[s->n_batches++] = (struct batch_day){ll_col_int(q, 0), ll_col_int(q, 1)};
    ll_stmt_done(q);
    return rc < 0 ? rc : LL_OK;
}

static int read_batches(struct ll_data *d, struct scan *s, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int64_t open = 0, all = 0;
    int rc = ll_txn_begin(ll_data_store(d), false, &tx, err);

    if (rc == LL_OK && (rc = count_open(tx, s, &open, &all, err)) == LL_OK) {
        if (open)
            rc = ll_fail(err, LL_BUSY, "还有 %" PRId64 " 份报文没有处理完，稍后再对账",
                         "%" PRId64 " messages are still being worked on: reconcile after that", open);
        else if (!(s->batches = ll_arena_array(s->arena, (size_t)all + 1, sizeof *s->batches)))
            rc = ll_no_memory(err);
        else
            rc = read_rows(tx, s, (size_t)all, err);
    }
    ll_txn_end(tx);
    return rc;
}

static int64_t day_of(const struct scan *s, int64_t seq)
{
    size_t low = 0, high = s->n_batches;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (s->batches[mid].seq == seq)
            return s->batches[mid].day;
        if (s->batches[mid].seq < seq)
            low = mid + 1;
        else
            high = mid;
    }
    return INT64_MIN;
}

/* --- rows ------------------------------------------------------------------------------------------------------------------ */

static struct ll_str text_of(struct scan *s, size_t at, const struct ll_lake_value *v)
{
    if (v->kind == LL_LV_INT)
        return (struct ll_str){s->digits[at], (size_t)snprintf(s->digits[at], DIGITS, "%" PRId64, v->i)};
    return v->kind == LL_LV_TEXT && v->s.n ? v->s : (struct ll_str){NULL, 0};
}

static struct sum *sum_of(struct scan *s, int64_t day)
{
    size_t at = s->n_days;

    while (at > 0 && s->days[at - 1].day > day)
        at--;
    if (at > 0 && s->days[at - 1].day == day)
        return &s->days[at - 1];
    if (s->n_days == DAYS_MAX)
        return NULL;
    memmove(&s->days[at + 1], &s->days[at], (s->n_days - at) * sizeof *s->days);
    s->days[at] = (struct sum){.day = day};
    s->n_days++;
    return &s->days[at];
}

static int list_record(struct scan *s, struct ll_upward_hash content, struct ll_err *err)
{
    struct ll_upward_hash key = ll_upward_hash(s->ask->salt, "key", s->keys, s->r->n_key, &s->hashed);
    char text[LL_UPWARD_HASH_TEXT];

    if (key.a % s->ask->parts != s->ask->part)
        return LL_OK;
    if (s->listed++ == LISTED_MAX)
        return ll_fail(err, LL_TOOBIG, "一次最多列出 %d 条，请分更多部分（parts）",
                       "at most %d records at once: ask for more parts", (int)LISTED_MAX);
    ll_json_obj(s->j);
    ll_json_kz(s->j, "key_hash", ll_upward_hash_text(key, text));
    ll_json_kz(s->j, "hash", ll_upward_hash_text(content, text));
    ll_json_key(s->j, "key");
    ll_json_arr(s->j);
    for (size_t i = 0; i < s->r->n_key; i++)
        ll_json_str(s->j, s->keys[i].value);
    ll_json_end_arr(s->j);
    ll_json_end_obj(s->j);
    return LL_OK;
}

static int one_row(void *ctx, const struct ll_lake_value *row, size_t n, struct ll_err *err)
{
    struct scan *s = ctx;
    int64_t day = day_of(s, row[n - 1].i);
    struct ll_upward_hash content;
    struct sum *sum;

    if (day == INT64_MIN) {
        s->foreign++;
        return LL_OK;
    }
    if (s->ask->day != INT64_MIN && s->ask->day != day)
        return LL_OK;
    for (size_t i = 0; i < s->r->n_items; i++)
        s->pairs[i].value = text_of(s, s->order[i], &row[s->order[i]]);
    for (size_t i = 0; i < s->r->n_key; i++)
        s->keys[i].value = text_of(s, s->key_order[i], &row[s->key_order[i]]);
    content = ll_upward_hash(s->ask->salt, "record", s->pairs, s->r->n_items, &s->hashed);
    if (s->hashed.failed)
        return ll_no_memory(err);
    if (s->ask->day != INT64_MIN)
        return list_record(s, content, err);
    if (!(sum = sum_of(s, day)))
        return ll_fail(err, LL_TOOBIG, "对账的天数超过 %d", "more than %d days to reconcile", (int)DAYS_MAX);
    sum->rows++;
    ll_upward_add(&sum->hash, content);
    return LL_OK;
}

/* --- the statement --------------------------------------------------------------------------------------------------------- */

static void sort_names(const struct ll_resource *r, size_t *list, size_t n)
{
    for (size_t i = 1; i < n; i++) /* tens of items */
        for (size_t k = i; k > 0 && strcmp(r->items[list[k - 1]].name, r->items[list[k]].name) > 0; k--) {
            size_t other = list[k];
            list[k] = list[k - 1];
            list[k - 1] = other;
        }
}

static int prepare(struct ll_data *d, struct scan *s, struct ll_err *err)
{
    size_t n;
    int rc = ll_data_catalog(d, &s->cat, err);

    if (rc < 0)
        return rc;
    if (!(s->r = ll_catalog_resource(s->cat, ll_str(s->ask->resource))))
        return ll_fail(err, LL_NOTFOUND, "没有数据资源 %.64s", "there is no resource %.64s",
                       s->ask->resource);
    n = s->r->n_items;
    s->order = ll_arena_array(s->arena, n, sizeof *s->order);
    s->key_order = ll_arena_array(s->arena, n, sizeof *s->key_order);
    s->pairs = ll_arena_array(s->arena, n, sizeof *s->pairs);
    s->keys = ll_arena_array(s->arena, n, sizeof *s->keys);
    s->digits = ll_arena_array(s->arena, n, sizeof *s->digits);
    s->days = ll_arena_array(s->arena, DAYS_MAX + 1, sizeof *s->days);
    if (!s->order || !s->key_order || !s->pairs || !s->keys || !s->digits || !s->days)
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++)
        s->order[i] = i;
    for (size_t i = 0; i < s->r->n_key; i++)
        s->key_order[i] = (size_t)(s->r->key[i] - s->r->items);
    sort_names(s->r, s->order, n);
    sort_names(s->r, s->key_order, s->r->n_key);
    for (size_t i = 0; i < n; i++)
        s->pairs[i].name = s->r->items[s->order[i]].name;
    for (size_t i = 0; i < s->r->n_key; i++)
        s->keys[i].name = s->r->items[s->key_order[i]].name;
    return LL_OK;
}

static int run(struct ll_data *d, struct scan *s, struct ll_err *err)
{
    struct ll_buf sql = LL_BUF_INIT(SQL_MAX);
    struct ll_batch *live = NULL;
    struct ll_lake_conn *c = NULL;
    struct ll_lake *lake = NULL;
    size_t n = 0;
    int rc = ll_batch_live(d, s->r->name, s->r->version, -1, NULL, s->arena, &live, &n, err);

    if (rc < 0 || !n)
        return rc;
    ll_buf_z(&sql, "SELECT ");
    ll_stored_items(&sql, s->r);
    ll_buf_z(&sql, ", ll_seq FROM (");
    rc = ll_batch_current_sql(d, s->r, live, n, &sql, err);
    ll_buf_c(&sql, ')');
    if (rc == LL_OK)
        rc = sql.failed ? ll_no_memory(err) : ll_data_lake(d, &lake, err);
    if (rc == LL_OK && (rc = ll_lake_connect(lake, &c, err)) == LL_OK)
        rc = ll_lake_each(c, sql.p, one_row, s, err);
    ll_lake_disconnect(c);
    ll_buf_free(&sql);
    return rc;
}

static void put_sums(const struct scan *s, struct ll_json *j)
{
    char day[LL_UPWARD_DAY_TEXT], hash[LL_UPWARD_HASH_TEXT];

    ll_json_ki(j, "foreign", s->foreign);
    ll_json_key(j, "days");
    ll_json_arr(j);
    for (size_t i = 0; i < s->n_days; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "day", ll_upward_day_text(s->days[i].day, day));
        ll_json_ki(j, "rows", s->days[i].rows);
        ll_json_kz(j, "hash", ll_upward_hash_text(s->days[i].hash, hash));
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_upward_in_days(struct ll_data *d, const struct ll_upward_in_days *ask, struct ll_json *j,
                      struct ll_err *err)
{
    struct scan s = {.ask = ask, .arena = ll_arena_new(0), .hashed = LL_BUF_INIT(HASHED_MAX), .j = j};
    int rc = s.arena ? prepare(d, &s, err) : ll_no_memory(err);

    if (rc == LL_OK && (rc = read_batches(d, &s, err)) == LL_OK) {
        ll_json_obj(j);
        if (ask->day != INT64_MIN) {
            ll_json_key(j, "items");
            ll_json_arr(j);
        }
        rc = run(d, &s, err);
        if (ask->day != INT64_MIN)
            ll_json_end_arr(j);
        else
            put_sums(&s, j);
        ll_json_end_obj(j);
    }
    ll_catalog_unref(s.cat);
    ll_buf_free(&s.hashed);
    ll_arena_free(s.arena);
    return rc;
}
