/* catalog_load.c - a snapshot from the control database. */
#include "catalog/catalog_build.h"

#include <jansson.h>
#include <stdio.h>

/* Column texts end with NUL only as copies; the builder copies again, so one buffer of the row is enough. */
struct row {
    struct ll_arena *arena;
    struct ll_stmt *s;
    struct ll_err *err;
};

static const char *text(struct row *r, int at)
{
    struct ll_str v = ll_col_text(r->s, at);

    return v.p && v.n ? ll_arena_dup(r->arena, v) : NULL;
}

static int read_needs(struct row *r, int at, struct ll_pack_info *p)
{
    struct ll_str v = ll_col_text(r->s, at);
    json_t *list = json_loadb(v.p ? v.p : "", v.n, 0, NULL);
    size_t n = json_array_size(list);

    p->needs = ll_arena_array(r->arena, n, sizeof *p->needs);
    for (size_t i = 0; p->needs && i < n; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        p->needs[p->n_needs++] = ll_arena_dup(r->arena, ll_str(name));
    }
    json_decref(list);
    return p->needs ? LL_OK : ll_fail(r->err, LL_NOMEM, "内存不足", "out of memory");
}

static int pack_row(struct ll_catalog *c, struct row *r)
{
    struct ll_pack_info p = {.name = text(r, 0),
                             .version = text(r, 1),
                             .title = text(r, 2),
                             .title_en = text(r, 3),
                             .description = text(r, 4),
                             .description_en = text(r, 5),
                             .sample = ll_col_int(r->s, 6) != 0,
                             .sha256 = text(r, 7),
                             .loaded_at = ll_col_int(r->s, 8)};
    int rc = read_needs(r, 9, &p);

    return rc < 0 ? rc : ll_cat_pack(c, &p, r->err);
}

static int element_row(struct ll_catalog *c, struct row *r)
{
    struct ll_element e = {.code = text(r, 0),
                           .name = text(r, 1),
                           .title = text(r, 2),
                           .title_en = text(r, 3),
                           .length = (unsigned)ll_col_int(r->s, 5),
                           .format = text(r, 6),
                           .code_table = text(r, 7),
                           .check = text(r, 8),
                           .grade = (unsigned)ll_col_int(r->s, 9),
                           .unit = text(r, 10),
                           .synonyms = text(r, 11),
                           .basis = text(r, 12),
                           .source = text(r, 13),
                           .pack = text(r, 14)};

    if (!ll_type_parse(ll_col_text(r->s, 4), &e.type, &e.precision, &e.scale))
        return ll_fail(r->err, LL_INTERNAL, "目录中的数据元 %s 类型无法识别",
                       "element %s of the catalogue has no known type", e.name);
    return ll_cat_element(c, &e, r->err);
}

static int organisation_row(struct ll_catalog *c, struct row *r)
{
    struct ll_organisation o = {.code = text(r, 0),
                                .name = text(r, 1),
                                .name_en = text(r, 2),
                                .region = text(r, 3),
                                .parent = text(r, 4),
                                .role = text(r, 5),
                                .uscc = text(r, 6),
                                .basis = text(r, 7),
                                .pack = text(r, 8)};

    return ll_cat_organisation(c, &o, r->err);
}

static int resource_row(struct ll_catalog *c, struct row *r)
{
    return ll_cat_resource(c, ll_col_text(r->s, 0), text(r, 1), ll_col_int(r->s, 2) != 0, r->err);
}

static int view_row(struct ll_catalog *c, struct row *r)
{
    struct ll_view v = {.name = text(r, 0), .sql = text(r, 1), .pack = text(r, 2)};

    return ll_cat_view(c, &v, r->err);
}

static int each_row(struct ll_catalog *c, struct ll_txn *tx, const char *sql,
                    int (*fn)(struct ll_catalog *, struct row *), struct ll_err *err)
{
    struct row r = {.arena = ll_arena_new(0), .err = err};
    int rc, more;

    if (!r.arena)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    rc = ll_sql(tx, sql, &r.s, err);
    while (rc == LL_OK && (more = ll_step(r.s, err)) != 0) {
        rc = more < 0 ? more : fn(c, &r);
        ll_arena_reset(r.arena);
    }
    ll_stmt_done(r.s);
    ll_arena_free(r.arena);
    return rc;
}

/* Codes are most of the catalogue: no copies but the code set's own. */
static int code_row(struct ll_stmt *s, struct ll_cat_codes *t, char pack[64], struct ll_err *err)
{
    struct ll_str name = ll_col_text(s, 6);
    struct ll_code code = {ll_col_text(s, 0), ll_col_text(s, 1), ll_col_text(s, 2), ll_col_text(s, 3),
                           ll_col_int(s, 4) != 0};

    if (!ll_str_is(name, pack))
        snprintf(pack, 64, "%.*s", LL_STR_ARG(name));
    return ll_cat_code(t, pack, &code, ll_col_text(s, 5), err);
}

static int load_table(struct ll_catalog *c, struct ll_txn *tx, const char *name, size_t n, struct ll_err *err)
{
    struct ll_cat_codes *t = NULL;
    struct ll_stmt *s = NULL;
    char pack[64] = "";
    int more, rc = ll_cat_codes_begin(c, name, n, &t, err);

    if (rc == LL_OK)
        rc = ll_sql(tx,
                    "SELECT code, title, title_en, parent, historical, synonyms, pack FROM code"
                    " WHERE code_table = $1 ORDER BY seq, pack",
                    &s, err);
    if (rc < 0)
        return rc;
    ll_bind_z(s, 1, name);
    while (rc == LL_OK && (more = ll_step(s, err)) != 0)
        rc = more < 0 ? more : code_row(s, t, pack, err);
    ll_stmt_done(s);
    return rc < 0 ? rc : ll_cat_codes_end(t, err);
}

static int load_codes(struct ll_catalog *c, struct ll_txn *tx, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    int more, rc = ll_sql(tx, "SELECT code_table, count(*) FROM code GROUP BY code_table", &s, err);
    char name[64];

    while (rc == LL_OK && (more = ll_step(s, err)) != 0) {
        struct ll_str table = more > 0 ? ll_col_text(s, 0) : LL_STR("");
        snprintf(name, sizeof name, "%.*s", LL_STR_ARG(table));
        rc = more < 0 ? more : load_table(c, tx, name, (size_t)ll_col_int(s, 1), err);
    }
    ll_stmt_done(s);
    return rc;
}

int ll_catalog_store_generation(struct ll_txn *tx, uint64_t *ret, struct ll_err *err)
{
    struct ll_stmt *s = NULL;
    uint64_t hash = 0x9e3779b97f4a7c15u;
    int more, rc = ll_sql(tx, "SELECT name, version, sha256 FROM pack ORDER BY name", &s, err);

    while (rc == LL_OK && (more = ll_step(s, err)) != 0) {
        if (more < 0)
            rc = more;
        for (int i = 0; i < 3 && rc == LL_OK; i++)
            hash = (hash ^ ll_str_hash(ll_col_text(s, i))) * 0xd6e8feb86659fd93u;
    }
    ll_stmt_done(s);
    *ret = hash | 1; /* 0 is a snapshot without a store */
    return rc;
}

static int service_row(struct ll_catalog *c, struct row *r)
{
    return ll_cat_service(c, ll_col_text(r->s, 0), text(r, 1), r->err);
}

static int page_row(struct ll_catalog *c, struct row *r)
{
    struct ll_page p = {.key = text(r, 0), .pack = text(r, 1), .name = text(r, 2), .body = text(r, 3)};

    return ll_cat_page(c, &p, r->err);
}

/* In an order in which each may refer to those before it. */
static const struct {
    const char *sql;
    int (*row)(struct ll_catalog *, struct row *);
} before_codes[] =
    {
        {"SELECT name, version, title, title_en, description, description_en, sample, sha256, loaded_at, needs"
         " FROM pack ORDER BY name",
         pack_row},
        {"SELECT code, name, title, title_en, type, length, format, code_table, \"check\", grade, unit, synonyms, basis,"
         " source, pack FROM element ORDER BY name",
         element_row},
        {"SELECT code, name, name_en, region, parent, role, uscc, basis, pack FROM organisation ORDER BY code",
         organisation_row},
},
  after_codes[] = {
      {"SELECT body, pack, current FROM resource ORDER BY name, version", resource_row},
      {"SELECT name, sql, pack FROM pack_view ORDER BY name", view_row},
      {"SELECT body, pack FROM pack_service ORDER BY name", service_row},
      {"SELECT pack || '/' || name, pack, name, body FROM pack_page ORDER BY pack, name", page_row},
};

static int load_all(struct ll_catalog *c, struct ll_txn *tx, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; i < LL_COUNT(before_codes) && rc == LL_OK; i++)
        rc = each_row(c, tx, before_codes[i].sql, before_codes[i].row, err);
    if (rc == LL_OK)
        rc = load_codes(c, tx, err);
    for (size_t i = 0; i < LL_COUNT(after_codes) && rc == LL_OK; i++)
        rc = each_row(c, tx, after_codes[i].sql, after_codes[i].row, err);
    return rc;
}

int ll_catalog_load_in(struct ll_txn *tx, struct ll_catalog **ret, struct ll_err *err)
{
    struct ll_catalog *c = NULL;
    uint64_t generation = 0;
    int rc = ll_cat_new(NULL, &c, err);

    if (rc == LL_OK)
        rc = ll_catalog_store_generation(tx, &generation, err);
    if (rc == LL_OK)
        rc = load_all(c, tx, err);
    if (rc < 0) {
        ll_catalog_unref(c);
        return rc;
    }
    ll_cat_finish(c, generation);
    *ret = c;
    return LL_OK;
}

int ll_catalog_load(struct ll_store *st, struct ll_catalog **ret, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(st, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_catalog_load_in(tx, ret, err);
    ll_txn_end(tx);
    return rc;
}
