/* rollup_file.c - the file of a roll-up: one row a household, what is known of it in one sealed value (rollup.h).
 *
 * The value: length and bytes of number, head's name and village's name; count of members; of each item its state, how many values, and of each of
 * those its source, three marks, value, day and number of records.  Numbers are in groups of seven bits, the lowest first. */
#include "apps/rural/rollup_impl.h"

#include "apps/rural/register.h"
#include "base/clock.h"
#include "base/fs.h"
#include "crypto/random.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 1 << 20, META_MAX = 64 << 20, RUNS_MAX = 1000, FIXED = 3 };
enum { MARK_FRESH = 1, MARK_DIFFERS = 2, MARK_DISPUTED = 4 };

/* ---- the value ---- */

static void put_number(struct ll_buf *out, uint64_t v)
{
    for (; v > 127; v >>= 7)
        ll_buf_c(out, (char)((v & 127) | 128));
    ll_buf_c(out, (char)v);
}

static void put_text(struct ll_buf *out, struct ll_str s)
{
    put_number(out, s.n);
    ll_buf_str(out, s);
}

static void put_item(struct ll_buf *out, const struct ll_household_item *x)
{
    ll_buf_c(out, (char)x->state);
    ll_buf_c(out, (char)x->n);
    for (size_t i = 0; i < x->n; i++) {
        const struct ll_household_value *v = &x->values[i];
        ll_buf_c(out, (char)(v->source - x->item->sources));
        ll_buf_c(out, (char)((v->fresh ? MARK_FRESH : 0) | (v->differs ? MARK_DIFFERS : 0) |
                             (v->disputed ? MARK_DISPUTED : 0)));
        put_text(out, v->value);
        put_text(out, v->day);
        put_number(out, v->records);
    }
}

static void put_household(struct ll_buf *out, const struct ll_household *h)
{
    put_text(out, h->no);
    put_text(out, h->head_name);
    put_text(out, h->village_name);
    put_number(out, h->n_members);
    for (size_t i = 0; i < h->n_items; i++)
        put_item(out, &h->items[i]);
}

struct bytes {
    const unsigned char *p, *end;
    bool bad;
};

static uint64_t get_number(struct bytes *b)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 63; shift += 7) {
        if (b->p == b->end) {
            b->bad = true;
            return 0;
        }
        v |= (uint64_t)(*b->p & 127) << shift;
        if (*b->p++ < 128)
            return v;
    }
    b->bad = true;
    return 0;
}

static struct ll_str get_text(struct bytes *b)
{
    uint64_t n = get_number(b);

    if (n > (uint64_t)(b->end - b->p)) {
        b->bad = true;
        return (struct ll_str){NULL, 0};
    }
    b->p += n;
    return (struct ll_str){(const char *)b->p - n, n};
}

/* ---- writing ---- */

struct village {
    char code[24], name[64];
    uint64_t households, members, known[LL_ROLLUP_CATEGORIES_MAX];
};

struct ll_rollup_file {
    struct ll_rollup_work *w;
    struct ll_seg_build *build;
    struct ll_cell *cell;
    struct ll_buf plain, sealed;
    struct village *villages; /* sorted by code */
    size_t n_villages;
    size_t category_of[LL_RURAL_ITEMS_MAX], n_categories;
};

static int find_categories(struct ll_rollup_file *f, struct ll_err *err)
{
    const struct ll_rural_list *l = f->w->list;

    for (size_t i = 0; i < l->n; i++) {
        size_t k = 0;
        while (k < i && strcmp(l->items[k].category, l->items[i].category) != 0)
            k++;
        f->category_of[i] = k < i ? f->category_of[k] : f->n_categories++;
    }
    return f->n_categories <= LL_ROLLUP_CATEGORIES_MAX
               ? LL_OK
               : ll_fail(err, LL_INVALID, "清单的类别超过 %d 个", "the list has more than %d categories",
                         LL_ROLLUP_CATEGORIES_MAX);
}

int ll_rollup_file_open(struct ll_rollup_work *w, const char *path, struct ll_rollup_file **ret,
                        struct ll_err *err)
{
    static const unsigned key[] = {0}, indexed[] = {1};
    static const struct ll_seg_column columns[FIXED] = {
        {"ll_key", "BLOB"}, {"village_code", "TEXT"}, {"ll_sealed_household", "BLOB"}};
    const struct ll_seg_schema schema = {columns, FIXED, key, 1, indexed, 1};
    struct ll_rollup_file *f = calloc(1, sizeof *f);
    int rc = f ? LL_OK : ll_no_memory(err);

    if (rc < 0)
        return rc;
    f->w = w;
    f->plain = f->sealed = LL_BUF_INIT(VALUE_MAX);
    f->villages = ll_arena_array(w->arena, LL_ROLLUP_VILLAGES_MAX, sizeof *f->villages);
    if (!f->villages)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = find_categories(f, err)) == LL_OK &&
        (rc = ll_vault_prepare(ll_data_vault(w->data), LL_ROLLUP_AS, err)) == LL_OK &&
        (rc = ll_cell_open(ll_data_vault(w->data), LL_STR(LL_ROLLUP_AS), LL_STR(LL_ROLLUP_ITEM), &f->cell,
                           err)) == LL_OK)
        rc = ll_seg_build_open(path, &schema, &f->build, err);
    if (rc < 0) {
        ll_cell_close(f->cell);
        free(f);
        return rc;
    }
    *ret = f;
    return LL_OK;
}

static struct village *village_of(struct ll_rollup_file *f, const struct ll_household *h)
{
    size_t low = 0, high = f->n_villages;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = ll_str_cmp(ll_str(f->villages[mid].code), h->village_code);
        if (order == 0)
            return &f->villages[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (f->n_villages == LL_ROLLUP_VILLAGES_MAX)
        return NULL;
    memmove(&f->villages[low + 1], &f->villages[low], (f->n_villages - low) * sizeof *f->villages);
    f->n_villages++;
    f->villages[low] = (struct village){.households = 0};
    snprintf(f->villages[low].code, sizeof f->villages[low].code, "%.*s", LL_STR_ARG(h->village_code));
    snprintf(f->villages[low].name, sizeof f->villages[low].name, "%.*s", LL_STR_ARG(h->village_name));
    return &f->villages[low];
}

int ll_rollup_file_add(struct ll_rollup_file *f, struct ll_str key, const struct ll_household *h,
                       struct ll_err *err)
{
    struct village *v = village_of(f, h);
    int rc;

    if (!v)
        return ll_fail(err, LL_TOOBIG, "村超过 %d 个", "there are more than %d villages",
                       LL_ROLLUP_VILLAGES_MAX);
    v->households++;
    v->members += h->n_members;
    for (size_t i = 0; i < h->n_items; i++)
        v->known[f->category_of[i]] += ll_rural_has_value(h->items[i].state);
    ll_buf_clear(&f->plain);
    ll_buf_clear(&f->sealed);
    put_household(&f->plain, h);
    if ((rc = f->plain.failed ? ll_no_memory(err)
                              : ll_cell_seal(f->cell, ll_buf_view(&f->plain), &f->sealed, err)) < 0)
        return rc;
    ll_seg_blob(f->build, 0, key.p, key.n);
    ll_seg_text(f->build, 1, h->village_code.p, h->village_code.n);
    ll_seg_blob(f->build, 2, f->sealed.p, f->sealed.n);
    return ll_seg_build_row(f->build, false, err);
}

static void put_villages(const struct ll_rollup_file *f, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_arr(&j);
    for (size_t i = 0; i < f->n_villages; i++) {
        const struct village *v = &f->villages[i];
        ll_json_arr(&j);
        ll_json_z(&j, v->code);
        ll_json_z(&j, v->name);
        ll_json_int(&j, (int64_t)v->households);
        ll_json_int(&j, (int64_t)v->members);
        ll_json_arr(&j);
        for (size_t k = 0; k < f->n_categories; k++)
            ll_json_int(&j, (int64_t)v->known[k]);
        ll_json_end_arr(&j);
        ll_json_end_arr(&j);
    }
    ll_json_end_arr(&j);
}

/* When each source's resource was published last. */
static void put_sources(const struct ll_rollup_file *f, struct ll_buf *out)
{
    const struct ll_rollup_work *w = f->w;
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_arr(&j);
    for (size_t i = 0; i < w->list->n_sources; i++)
        ll_json_int(&j, w->group_of[i] < w->n_groups ? w->groups[w->group_of[i]].newest : 0);
    ll_json_end_arr(&j);
}

static int put_meta(struct ll_rollup_file *f, struct ll_rollup *run, struct ll_err *err)
{
    struct ll_buf villages = LL_BUF_INIT(META_MAX), sources = LL_BUF_INIT(META_MAX);
    char numbers[3][32];
    int rc = LL_OK;

    put_villages(f, &villages);
    put_sources(f, &sources);
    snprintf(numbers[0], sizeof numbers[0], "%" PRId64, run->made_at);
    snprintf(numbers[1], sizeof numbers[1], "%" PRIu64, run->households);
    snprintf(numbers[2], sizeof numbers[2], "%" PRIu64, run->members);
    run->villages = ll_arena_dup(f->w->arena, ll_buf_view(&villages));
    if (villages.failed || sources.failed || !run->villages)
        rc = ll_no_memory(err);
    const char *const pairs[][2] = {{"list", run->list},         {"day", run->day},
                                    {"sha256", run->sha256},     {"made_at", numbers[0]},
                                    {"households", numbers[1]},  {"members", numbers[2]},
                                    {"villages", run->villages}, {"sources", sources.p}};
    for (size_t i = 0; i < LL_COUNT(pairs) && rc == LL_OK; i++)
        rc = ll_seg_build_meta(f->build, pairs[i][0], pairs[i][1], err);
    ll_buf_free(&villages);
    ll_buf_free(&sources);
    return rc;
}

static int count_sealed(struct ll_rollup_file *f, uint64_t rows, struct ll_err *err)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(f->w->data), true, &tx, err);

    if (rc == LL_OK && (rc = ll_vault_used(tx, LL_ROLLUP_AS, (int64_t)rows, err)) == LL_OK)
        rc = ll_txn_commit(tx, err);
    ll_txn_end(tx);
    return rc;
}

int ll_rollup_file_end(struct ll_rollup_file *f, struct ll_rollup *run, int rc, struct ll_err *err)
{
    uint64_t rows = 0;

    if (rc == LL_OK)
        rc = put_meta(f, run, err);
    if (rc == LL_OK && (rc = ll_seg_build_seal(f->build, &rows, err)) == LL_OK)
        rc = count_sealed(f, rows, err);
    else
        ll_seg_build_abort(f->build);
    ll_cell_close(f->cell);
    ll_buf_wipe(&f->plain);
    ll_buf_free(&f->sealed);
    free(f);
    return rc;
}

/* What a value means depends on the list: its items in their order, and their sources. */
int ll_rollup_definition(const struct ll_rural_list *l, char sha256[LL_SHA256_HEX], struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(META_MAX);
    int rc;

    for (size_t i = 0; i < l->n_sources; i++) {
        const struct ll_rural_source *s = &l->sources[i];
        ll_buf_printf(&text, "%s %s %s %s %d %d %u %u %u\n", l->items[s->item].code, l->items[s->item].name,
                      s->resource_name, s->from ? s->from->name : "-", (int)s->whose, (int)s->combine,
                      s->within, s->precedence, s->fresh);
    }
    rc = text.failed ? ll_no_memory(err) : ll_hash_str(ll_buf_view(&text), sha256, err);
    ll_buf_free(&text);
    return rc;
}

/* ---- reading ---- */

struct ll_rollup_reader {
    const struct ll_rural_list *list;
    struct ll_seg *seg;
    struct ll_cell *cell, *key;
    struct ll_buf plain;
    int64_t *newest; /* of each source */
    char day[LL_DAY_TEXT_MAX];
};

void ll_rollup_close(struct ll_rollup_reader *r)
{
    if (!r)
        return;
    ll_seg_close(r->seg);
    ll_cell_close(r->cell);
    ll_cell_close(r->key);
    ll_buf_wipe(&r->plain);
    free(r->newest);
    free(r);
}

static int read_sources(struct ll_rollup_reader *r, struct ll_err *err)
{
    json_t *list = json_loads(ll_seg_meta(r->seg, "sources"), 0, NULL);

    r->newest = calloc(r->list->n_sources + 1, sizeof *r->newest);
    for (size_t i = 0; r->newest && i < r->list->n_sources; i++)
        r->newest[i] = json_integer_value(json_array_get(list, i));
    json_decref(list);
    return r->newest ? LL_OK : ll_no_memory(err);
}

static int same_list(const struct ll_rollup *run, const struct ll_rural_list *list, struct ll_err *err)
{
    char sha256[LL_SHA256_HEX];
    int rc = ll_rollup_definition(list, sha256, err);

    if (rc < 0)
        return rc;
    return strcmp(sha256, run->sha256) == 0 && strcmp(list->name, run->list) == 0
               ? LL_OK
               : ll_fail(err, LL_CONFLICT, "信息清单在汇总 %s 之后改过：请重新汇总",
                         "the list was changed after roll-up %s: roll up again", run->id);
}

int ll_rollup_open(struct ll_data *d, const struct ll_rollup *run, const struct ll_rural_list *list,
                   struct ll_rollup_reader **ret, struct ll_err *err)
{
    struct ll_rollup_reader *r;
    char path[LL_PATH];
    int rc = same_list(run, list, err);

    if (rc < 0 || (rc = ll_data_path(d, path, err, "rural/%s.db", run->id)) < 0)
        return rc;
    if (!(r = calloc(1, sizeof *r)))
        return ll_no_memory(err);
    r->list = list;
    r->plain = LL_BUF_INIT(VALUE_MAX);
    snprintf(r->day, sizeof r->day, "%s", run->day);
    if ((rc = ll_seg_open(path, &r->seg, err)) < 0 || (rc = read_sources(r, err)) < 0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_ROLLUP_AS), LL_STR(LL_ROLLUP_ITEM), &r->cell, err)) <
            0 ||
        (rc = ll_cell_open(ll_data_vault(d), LL_STR(LL_RURAL_REGISTER), LL_STR(""), &r->key, err)) < 0) {
        ll_rollup_close(r);
        return rc;
    }
    *ret = r;
    return LL_OK;
}

static int get_item(struct ll_rollup_reader *r, struct bytes *b, struct ll_household_item *x,
                    struct ll_arena *arena, struct ll_err *err)
{
    uint64_t state = get_number(b), n = get_number(b);

    if (b->bad || state >= LL_RURAL_STATE_COUNT || n > x->item->n_sources)
        b->bad = true;
    if (b->bad)
        return LL_OK;
    x->state = (enum ll_rural_state)state;
    if (n && !(x->values = ll_arena_array(arena, n, sizeof *x->values)))
        return ll_no_memory(err);
    for (x->n = 0; x->n < n && !b->bad; x->n++) {
        struct ll_household_value *v = &x->values[x->n];
        uint64_t source = get_number(b), marks = get_number(b);
        if ((b->bad = b->bad || source >= x->item->n_sources))
            break;
        v->source = &x->item->sources[source];
        v->fresh = marks & MARK_FRESH;
        v->differs = marks & MARK_DIFFERS;
        v->disputed = marks & MARK_DISPUTED;
        v->value = get_text(b);
        v->day = get_text(b);
        v->records = get_number(b);
        v->published_at = r->newest[v->source - r->list->sources];
        if (!ll_rural_day(v->day, &v->on))
            v->on = v->published_at ? ll_local_day(v->published_at) : 0;
    }
    return LL_OK;
}

/* The row that the file stands on. */
static int get_household(struct ll_rollup_reader *r, struct ll_arena *arena, struct ll_household **ret,
                         struct ll_err *err)
{
    struct ll_household *h = ll_arena_alloc(arena, sizeof *h);
    struct ll_seg_value village = ll_seg_get(r->seg, 1), value = ll_seg_get(r->seg, 2);
    int rc;

    ll_buf_clear(&r->plain);
    if (!h || !(h->items = ll_arena_array(arena, r->list->n, sizeof *h->items)))
        return ll_no_memory(err);
    if ((rc = ll_cell_unseal(r->cell, value.s, &r->plain, err)) < 0)
        return rc;
    const char *copy = ll_arena_dup(arena, ll_buf_view(&r->plain));
    h->village_code = (struct ll_str){ll_arena_dup(arena, village.s), village.s.n};
    h->day = ll_arena_dup(arena, ll_str(r->day));
    if (!copy || !h->village_code.p || !h->day)
        return ll_no_memory(err);
    struct bytes b = {(const unsigned char *)copy, (const unsigned char *)copy + r->plain.n, false};
    h->list = r->list;
    h->no = get_text(&b);
    h->head_name = get_text(&b);
    h->village_name = get_text(&b);
    h->n_members = get_number(&b);
    for (h->n_items = 0; h->n_items < r->list->n && rc == LL_OK && !b.bad; h->n_items++) {
        h->items[h->n_items].item = &r->list->items[h->n_items];
        rc = get_item(r, &b, &h->items[h->n_items], arena, err);
    }
    if (rc == LL_OK && b.bad)
        rc = ll_fail(err, LL_IO, "汇总文件中的一户损坏", "a household in the roll-up is damaged");
    *ret = h;
    return rc;
}

int ll_rollup_household(struct ll_rollup_reader *r, struct ll_str no, struct ll_arena *arena,
                        struct ll_household **ret, struct ll_err *err)
{
    unsigned char index[LL_BLIND];
    struct ll_str key = {(const char *)index, sizeof index};
    bool deleted;
    int rc = ll_cell_blind(r->key, &no, 1, index, err);

    if (rc < 0 || (rc = ll_seg_find(r->seg, &key, 1, &deleted, err)) <= 0)
        return rc;
    rc = get_household(r, arena, ret, err);
    return rc < 0 ? rc : 1;
}

int ll_rollup_each(struct ll_rollup_reader *r, struct ll_str village, ll_rollup_fn *fn, void *ctx,
                   struct ll_err *err)
{
    struct ll_arena *arena = ll_arena_new(0);
    bool deleted;
    int rc = !arena      ? ll_no_memory(err)
             : village.n ? ll_seg_scan_prefix(r->seg, "village_code", village, err)
                         : ll_seg_scan(r->seg, NULL, village, NULL, err);

    while (rc >= 0 && (rc = ll_seg_next(r->seg, &deleted, err)) > 0) {
        struct ll_household *h = NULL;
        if ((rc = get_household(r, arena, &h, err)) == LL_OK)
            rc = fn(ctx, h, err);
        ll_arena_reset(arena);
        if (rc < 0)
            ll_seg_rewind(r->seg);
    }
    ll_arena_free(arena);
    return rc < 0 ? rc : LL_OK;
}

/* ---- runs ---- */

struct listing {
    struct ll_data *data;
    struct ll_arena *arena;
    struct ll_rollup *list;
    size_t n;
};

static int read_run(struct ll_seg *seg, const char *id, struct ll_arena *arena, struct ll_rollup *r,
                    struct ll_err *err)
{
    const char **texts[] = {&r->list, &r->day, &r->sha256, &r->villages};
    static const char *const names[] = {"list", "day", "sha256", "villages"};

    *r = (struct ll_rollup){.made_at = strtoll(ll_seg_meta(seg, "made_at"), NULL, 10),
                            .households = strtoull(ll_seg_meta(seg, "households"), NULL, 10),
                            .members = strtoull(ll_seg_meta(seg, "members"), NULL, 10)};
    snprintf(r->id, sizeof r->id, "%s", id);
    for (size_t i = 0; i < LL_COUNT(names); i++)
        if (!(*texts[i] = ll_arena_dup(arena, ll_str(ll_seg_meta(seg, names[i])))))
            return ll_no_memory(err);
    return LL_OK;
}

static int list_one(void *ctx, const char *name, struct ll_err *err)
{
    struct listing *l = ctx;
    struct ll_seg *seg = NULL;
    char path[LL_PATH], id[LL_ID_TEXT];
    size_t n = strlen(name);
    int rc;

    if (name[0] == '.' || n < 4 || n - 3 >= sizeof id || strcmp(name + n - 3, ".db") != 0 || l->n == RUNS_MAX)
        return LL_OK;
    snprintf(id, sizeof id, "%.*s", (int)(n - 3), name);
    if ((rc = ll_data_path(l->data, path, err, "rural/%s", name)) < 0 ||
        (rc = ll_seg_open(path, &seg, err)) < 0)
        return rc;
    rc = read_run(seg, id, l->arena, &l->list[l->n++], err);
    ll_seg_close(seg);
    return rc;
}

static int newest_first(const void *a, const void *b)
{
    const struct ll_rollup *x = a, *y = b;

    if (x->made_at != y->made_at)
        return x->made_at > y->made_at ? -1 : 1;
    return -strcmp(x->id, y->id);
}

int ll_rollup_list(struct ll_data *d, struct ll_arena *arena, struct ll_rollup **ret, size_t *ret_n,
                   struct ll_err *err)
{
    struct listing l = {d, arena, ll_arena_array(arena, RUNS_MAX, sizeof *l.list), 0};
    char folder[LL_PATH];
    int rc = l.list ? ll_data_path(d, folder, err, "rural") : ll_no_memory(err);

    if (rc == LL_OK && ll_fs_exists(folder))
        rc = ll_fs_each(folder, list_one, &l, err);
    if (l.n)
        qsort(l.list, l.n, sizeof *l.list, newest_first);
    *ret = l.list;
    *ret_n = l.n;
    return rc;
}
