/* export_rows.c - the records of a grant one after the other, as a query would give them: masked, with the states of values, without
 * those whose subjects have not consented (export.h, promise 1). */
#include "share/export_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "share/subject_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TICK = 1024, ROW_MAX = 16 << 20, MASKED = 4096, DIGITS = 24 };

/* Why a record is left out when there is nobody who could consent; otherwise enum ll_consent_refusal says it. */
static const char NOBODY[] = "subject_unknown";

/* --- lists ------------------------------------------------------------------------------------------------------------- */

bool ll_export_list_add(struct ll_export_list *l, const char *text)
{
    if (l->n && strcmp(ll_export_list_at(l, l->n - 1), text) == 0)
        return true; /* records of one subject often stand side by side */
    if (l->n == l->room) {
        size_t more = l->room ? l->room * 2 : 1024;
        char *p = realloc(l->texts, more * l->width);
        if (!p)
            return false;
        l->texts = p;
        l->room = more;
    }
    memset(l->texts + l->n * l->width, 0, l->width);
    memcpy(l->texts + l->n * l->width, text, strnlen(text, l->width - 1));
    l->n++;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

void ll_export_list_unique(struct ll_export_list *l)
{
    size_t kept = 0;

    if (!l->n)
        return;
    qsort(l->texts, l->n, l->width, by_text);
    for (size_t i = 1; i < l->n; i++)
        if (strcmp(ll_export_list_at(l, kept), ll_export_list_at(l, i)) != 0 && ++kept != i)
            memcpy(l->texts + kept * l->width, ll_export_list_at(l, i), l->width);
    l->n = kept + 1;
}

/* --- whose record ------------------------------------------------------------------------------------------------------- */

/* The same as for a look by key (gateway_look.c). */
static void who_of(struct ll_export_rows *r, const struct ll_str *key, struct gate_who *who)
{
    const struct ll_resource *res = r->gate->resource;
    struct ll_subject_id own;

    *who = (struct gate_who){NULL, {NULL, 0}};
    for (size_t i = 0; i < res->n_key && !who->name; i++)
        if (res->key[i]->role == LL_ROLE_SUBJECT)
            *who = (struct gate_who){ll_subject_id_type(res->key[i], key[i]), key[i]};
    if (!who->name && ll_subject_own_id(res, r->gate->table, &own))
        *who = (struct gate_who){own.type, own.value};
}

static struct ll_str *key_of(struct ll_export_rows *r)
{
    const struct ll_resource *res = r->gate->resource;
    struct ll_str *key = ll_arena_array(r->scratch, res->n_key + 1, sizeof *key);

    for (size_t i = 0; key && i < res->n_key; i++) {
        struct ll_seg_value v = ll_record_value(res, (size_t)(res->key[i] - res->items), r->gate->table);
        char *text = v.kind == LL_SV_INT ? ll_arena_printf(r->scratch, "%" PRId64, v.i)
                                         : ll_arena_dup(r->scratch, v.s);
        if (!text)
            return NULL;
        key[i] = v.kind == LL_SV_INT ? ll_str(text) : (struct ll_str){text, v.s.n};
    }
    return key;
}

/* 1: the record may go out, 0: it is left out. */
static int consents(struct ll_export_rows *r, const struct gate_who *who, struct ll_err *err)
{
    struct ll_gate *gate = r->gate;
    struct ll_consent_used used;
    struct ll_str *items = ll_arena_array(r->scratch, gate->n_items + 1, sizeof *items);
    struct ll_consent_use use = {.value = who->value,
                                 .organisation = gate->call->actor->organisation,
                                 .purpose = gate->grant->purpose,
                                 .resource = gate->resource->name,
                                 .items = items,
                                 .n_items = gate->n_items,
                                 .now = ll_now_ms()};

    if (!items)
        return ll_no_memory(err);
    for (size_t i = 0; i < gate->n_items; i++)
        items[i] = ll_str(gate->items[i].item->name);
    if (!who->name || !ll_scheme_parse(ll_str(who->name), &use.scheme)) {
        r->left_out[LL_CONSENT_COVERS]++;
        return 0;
    }
    struct ll_consent_env env = {.tx = r->read, .keys = ll_journaling_keys(gate->g->o.journaling)};
    int rc = ll_consent_covers(&env, &use, &used, err);
    if (rc == LL_DENIED) {
        r->left_out[used.why]++;
        return 0;
    }
    if (rc == LL_OK && !ll_export_list_add(&r->consents, used.id))
        rc = ll_no_memory(err);
    return rc < 0 ? rc : 1;
}

/* 1: the record that the table stands on goes out, and its subject is noted; 0: it is left out. */
static int admit(struct ll_export_rows *r, struct ll_err *err)
{
    char subject[LL_PSEUDONYM_TEXT];
    struct ll_str *key = key_of(r);
    struct ll_look look = {.key = key, .n_key = r->gate->resource->n_key};
    struct gate_who who;
    int rc;

    if (!key)
        return ll_no_memory(err);
    if (ll_gate_withheld(r->gate)) /* as good as not there: it is not told among what is left out */
        return 0;
    who_of(r, key, &who);
    if (r->gate->grant->consent && (rc = consents(r, &who, err)) <= 0)
        return rc;
    if ((rc = ll_gate_subject(r->gate, &look, &who, subject, err)) < 0)
        return rc;
    return ll_export_list_add(&r->subjects, subject) ? 1 : ll_no_memory(err);
}

/* --- cells --------------------------------------------------------------------------------------------------------------- */

static void put_plain(struct ll_buf *out, const struct ll_item *item, struct ll_seg_value v)
{
    if (v.kind == LL_SV_INT && item->element->type == LL_TYPE_BOOLEAN)
        ll_buf_z(out, v.i ? "true" : "false");
    else if (v.kind == LL_SV_INT)
        ll_buf_printf(out, "%" PRId64, v.i);
    else if (v.kind == LL_SV_TEXT)
        ll_buf_str(out, v.s);
}

/* What may be seen of the value, appended; *ret whether that is anything, and how it stands. */
static enum ll_value_state put_cell(struct ll_buf *out, const struct gate_item *it, struct ll_seg_value v,
                                    bool disputed, bool *ret)
{
    char masked[MASKED];

    *ret = v.kind != LL_SV_NULL;
    if (v.kind == LL_SV_NULL)
        return LL_VALUE_ABSENT;
    if (ll_gate_shown(it)) {
        put_plain(out, it->item, v);
        return disputed ? LL_VALUE_DISPUTED : LL_VALUE_PRESENT;
    }
    if ((*ret = ll_gate_masks_text(it->item, v)))
        ll_buf_z(out, ll_mask(v.s, masked, sizeof masked));
    return LL_VALUE_MASKED;
}

static bool disputed(struct ll_export_rows *r, struct ll_str key, const char *item)
{
    return r->gate->marked && ll_marks_disputed(r->gate->g->marks, r->gate->resource->name, key, item);
}

/* A cell an item, then one that says which of them are not simply present: "phone=masked address=absent". */
static int put_cells(struct ll_export_rows *r, struct ll_row *row, struct ll_err *err)
{
    struct ll_gate *gate = r->gate;
    struct ll_buf key = LL_BUF_INIT(1 << 16), states = LL_BUF_INIT(1 << 20);
    struct ll_json j;
    size_t n = gate->n_items;

    ll_json_init(&j, &key);
    ll_record_put_key(gate->resource, gate->table, false, &j);
    for (size_t i = 0; i < n; i++) {
        const struct gate_item *it = &gate->items[i];
        struct ll_seg_value v = ll_record_value(gate->resource, it->at, gate->table);
        bool there;
        r->starts[i] = r->text.n;
        enum ll_value_state s = put_cell(&r->text, it, v, disputed(r, ll_buf_view(&key), it->item->name),
                                         &there);
        r->cells[i] = (struct ll_str){there ? "" : NULL, r->text.n - r->starts[i]};
        if (s != LL_VALUE_PRESENT)
            ll_buf_printf(&states, "%s%s=%s", states.n ? " " : "", it->item->name, ll_value_state_word(s));
    }
    r->starts[n] = r->text.n;
    ll_buf_str(&r->text, ll_buf_view(&states));
    r->cells[n] = (struct ll_str){"", states.n};
    bool failed = r->text.failed || states.failed || key.failed;
    ll_buf_free(&key);
    ll_buf_free(&states);
    if (failed)
        return ll_fail(err, LL_TOOBIG, "有一条记录过长，无法导出", "a record is too long to be exported");
    for (size_t i = 0; i <= n; i++) /* now that the text stays where it is */
        if (r->cells[i].p)
            r->cells[i].p = r->text.p ? r->text.p + r->starts[i] : "";
    *row = (struct ll_row){.cells = r->cells, .n = n + 1, .number = r->n + 1, .fault = -1};
    return 1;
}

static int put_line(struct ll_export_rows *r, struct ll_row *row, struct ll_err *err)
{
    struct ll_json j;
    int rc;

    ll_json_init(&j, &r->text);
    if ((rc = ll_gate_put_record(r->gate, &j, err)) < 0)
        return rc;
    if (r->text.failed)
        return ll_fail(err, LL_TOOBIG, "有一条记录过长，无法导出", "a record is too long to be exported");
    r->cells[0] = ll_buf_view(&r->text);
    *row = (struct ll_row){.cells = r->cells, .n = 1, .number = r->n + 1, .fault = -1};
    return 1;
}

/* --- rows ----------------------------------------------------------------------------------------------------------------- */

/* What was committed since is seen: the transaction for consents is a new one each time. */
static int tick(struct ll_export_rows *r, struct ll_err *err)
{
    int rc = r->tick ? r->tick(r->ctx, r->n, err) : LL_OK;

    r->since_tick = 0;
    ll_txn_end(r->read);
    r->read = NULL;
    if (rc == LL_OK && r->gate->grant->consent)
        rc = ll_txn_begin(r->gate->g->o.store, false, &r->read, err);
    return rc < 0 ? rc : ll_marks_any(r->gate->g->marks, r->gate->resource->name, &r->gate->marked, err);
}

static int next(struct ll_export_rows *r, struct ll_row *row, struct ll_err *err)
{
    int rc;

    while ((rc = ll_table_next(r->gate->table, err)) > 0) {
        ll_buf_clear(&r->text);
        ll_arena_reset(r->scratch);
        if (++r->since_tick >= TICK && (rc = tick(r, err)) < 0)
            return rc;
        if ((rc = admit(r, err)) < 0)
            return rc;
        if (!rc)
            continue;
        if (r->n >= LL_EXPORT_ROWS_MAX)
            return ll_fail(err, LL_TOOBIG, "一次导出至多 %d 条记录", "an export has at most %d records",
                           LL_EXPORT_ROWS_MAX);
        rc = r->lines ? put_line(r, row, err) : put_cells(r, row, err);
        r->n += rc > 0;
        return rc;
    }
    return rc;
}

static int rows_next(struct ll_rows *rows, struct ll_row *row, struct ll_err *err)
{
    struct ll_export_rows *r = (struct ll_export_rows *)rows;
    int rc = r->rc < 0 ? r->rc : next(r, row, &r->err);

    if (rc < 0) {
        r->rc = rc;
        if (err)
            *err = r->err;
    }
    return rc;
}

static void rows_close(struct ll_rows *rows)
{
    (void)rows; /* ours to close */
}

int ll_export_rows_open(struct ll_export_rows *r, struct ll_gate *gate, bool lines, struct ll_err *err)
{
    static const struct ll_rows_ops ops = {rows_next, rows_close};

    *r = (struct ll_export_rows){.rows = {&ops}, .gate = gate, .lines = lines};
    r->subjects.width = LL_PSEUDONYM_TEXT;
    r->consents.width = LL_CONSENT_ID;
    r->text = LL_BUF_INIT(ROW_MAX);
    r->scratch = ll_arena_new(64 << 20);
    r->cells = calloc(gate->n_items + 1, sizeof *r->cells);
    r->starts = calloc(gate->n_items + 1, sizeof *r->starts);
    if (!r->scratch || !r->cells || !r->starts)
        return ll_no_memory(err);
    int rc = tick(r, err);
    return rc < 0 ? rc : ll_table_scan(gate->table, NULL, err);
}

void ll_export_rows_close(struct ll_export_rows *r)
{
    ll_txn_end(r->read);
    ll_arena_free(r->scratch);
    ll_buf_free(&r->text);
    free(r->cells);
    free(r->starts);
    free(r->subjects.texts);
    free(r->consents.texts);
}

void ll_export_left_out(const struct ll_export_rows *r, struct ll_buf *out, uint64_t *ret_total)
{
    struct ll_json j;

    *ret_total = 0;
    ll_json_init(&j, out);
    ll_json_obj(&j);
    for (unsigned i = 0; i <= LL_CONSENT_COVERS; i++) {
        const char *why = i == LL_CONSENT_COVERS ? NOBODY
                                                 : ll_consent_refusal_word((enum ll_consent_refusal)i);
        if (r->left_out[i])
            ll_json_ki(&j, why, (int64_t)r->left_out[i]);
        *ret_total += r->left_out[i];
    }
    ll_json_end_obj(&j);
}
