/* store.c - the control database for whoever uses it: checks handles, brings the schema up to date, hands over to the driver. */
#include "store/store.h"

#include "store/backend.h"
#include "store/tbl/schema.h"

#include <stdarg.h>

static const struct step {
    int number;
    const char *script;
} steps[] = {
#define STEP(number, script) {number, script},
    LL_SCHEMA_STEPS(STEP)
#undef STEP
};
#define NEWEST (steps[LL_COUNT(steps) - 1].number)

static int check_version(int version, bool exact, struct ll_err *err)
{
    if (version > NEWEST)
        return ll_fail(err, LL_INVALID, "数据库由更新的版本建立（第 %d 步，本程序只到第 %d 步）",
                       "the database was made by a newer version (step %d, this program knows %d)", version,
                       NEWEST);
    if (exact && version < NEWEST)
        return ll_fail(err, LL_INVALID, "数据库尚未升级（第 %d 步，应为第 %d 步）",
                       "the database is not up to date (step %d of %d)", version, NEWEST);
    return LL_OK;
}

static int read_version(struct ll_store *st, int *version, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = st->be->schema_version(tx, version, err);
    ll_txn_end(tx);
    return rc;
}

/* Another process may have been quicker, so the version is read again under the writer's lock. */
static int apply_step(struct ll_store *st, const struct step *step, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int version = 0, rc = ll_txn_begin(st, true, &tx, err);

    if (rc == LL_OK && (rc = st->be->schema_version(tx, &version, err)) == LL_OK && version < step->number &&
        (rc = st->be->schema_step(tx, step->number, step->script, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

static int upgrade(struct ll_store *st, bool read_only, struct ll_err *err)
{
    int version = 0, rc = read_version(st, &version, err);

    if (rc < 0 || (rc = check_version(version, read_only, err)) < 0)
        return rc;
    for (size_t i = 0; rc == LL_OK && i < LL_COUNT(steps); i++)
        if (steps[i].number > version)
            rc = apply_step(st, &steps[i], err);
    return rc;
}

int ll_store_open(struct ll_store **ret_store, const struct ll_store_opts *o, struct ll_err *err)
{
    struct ll_store *st = NULL;
    int rc = ll_store_sqlite.open(&st, o, err);

    if (rc == LL_OK)
        rc = upgrade(st, o->read_only, err);
    if (rc < 0) {
        ll_store_close(st);
        return rc;
    }
    *ret_store = st;
    return LL_OK;
}

struct ll_store *ll_store_close(struct ll_store *st)
{
    if (st) {
        LL_CHECK(st, LL_STORE_MAGIC);
        st->be->close(st);
    }
    return NULL;
}

void ll_store_stamp(struct ll_store *st, struct ll_store_stamp *ret)
{
    LL_CHECK(st, LL_STORE_MAGIC);
    st->be->stamp(st, ret);
}

int ll_txn_begin(struct ll_store *st, bool write, struct ll_txn **ret_tx, struct ll_err *err)
{
    LL_CHECK(st, LL_STORE_MAGIC);
    return st->be->begin(st, write, ret_tx, err);
}

int ll_txn_commit(struct ll_txn *tx, struct ll_err *err)
{
    LL_CHECK(tx, LL_TXN_MAGIC);
    return tx->be->commit(tx, err);
}

void ll_txn_end(struct ll_txn *tx)
{
    if (!tx)
        return;
    LL_CHECK(tx, LL_TXN_MAGIC);
    tx->be->end(tx);
}

int64_t ll_txn_changes(struct ll_txn *tx)
{
    LL_CHECK(tx, LL_TXN_MAGIC);
    return tx->be->changes(tx);
}

int ll_sql(struct ll_txn *tx, const char *sql, struct ll_stmt **ret, struct ll_err *err)
{
    LL_CHECK(tx, LL_TXN_MAGIC);
    return tx->be->sql(tx, sql, ret, err);
}

void ll_bind_int(struct ll_stmt *s, int at, int64_t v)
{
    LL_CHECK(s, LL_STMT_MAGIC);
    s->be->bind_int(s, at, v);
}

void ll_bind_text(struct ll_stmt *s, int at, struct ll_str v)
{
    LL_CHECK(s, LL_STMT_MAGIC);
    s->be->bind_text(s, at, v);
}

void ll_bind_z(struct ll_stmt *s, int at, const char *z)
{
    ll_bind_text(s, at, ll_str(z));
}

void ll_bind_null(struct ll_stmt *s, int at)
{
    ll_bind_text(s, at, (struct ll_str){0});
}

int ll_step(struct ll_stmt *s, struct ll_err *err)
{
    LL_CHECK(s, LL_STMT_MAGIC);
    return s->be->step(s, err);
}

int64_t ll_col_int(struct ll_stmt *s, int at)
{
    LL_CHECK(s, LL_STMT_MAGIC);
    return s->be->col_int(s, at);
}

struct ll_str ll_col_text(struct ll_stmt *s, int at)
{
    LL_CHECK(s, LL_STMT_MAGIC);
    return s->be->col_text(s, at);
}

bool ll_col_null(struct ll_stmt *s, int at)
{
    LL_CHECK(s, LL_STMT_MAGIC);
    return s->be->col_null(s, at);
}

const char *ll_col_dup(struct ll_stmt *s, int at, struct ll_arena *arena, bool *nomem)
{
    if (ll_col_null(s, at))
        return NULL;
    const char *text = ll_arena_dup(arena, ll_col_text(s, at));
    *nomem |= !text;
    return text;
}

void ll_stmt_done(struct ll_stmt *s)
{
    if (!s)
        return;
    LL_CHECK(s, LL_STMT_MAGIC);
    s->be->done(s);
}

static void bind_arg(struct ll_stmt *s, int at, char type, va_list *ap)
{
    switch (type) {
    case 'i':
        ll_bind_int(s, at, va_arg(*ap, int64_t));
        break;
    case 'z':
        ll_bind_z(s, at, va_arg(*ap, const char *));
        break;
    case 's':
        ll_bind_text(s, at, va_arg(*ap, struct ll_str));
        break;
    default:
        LL_ASSERT(type == 'n');
        ll_bind_null(s, at);
    }
}

int ll_exec(struct ll_txn *tx, struct ll_err *err, const char *sql, const char *types, ...)
{
    struct ll_stmt *s = NULL;
    va_list ap;
    int rc = ll_sql(tx, sql, &s, err);

    if (rc < 0)
        return rc;
    va_start(ap, types);
    for (int at = 1; types[at - 1]; at++)
        bind_arg(s, at, types[at - 1], &ap);
    va_end(ap);
    while ((rc = ll_step(s, err)) > 0)
        ;
    ll_stmt_done(s);
    return rc;
}
