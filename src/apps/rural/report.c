/* report.c - gathers what a special credit report says (report.h). */
#include "apps/rural/report_impl.h"

#include "apps/rural/check.h"
#include "base/clock.h"
#include "catalog/pack.h"
#include "crypto/hash.h"
#include "report/letter.h"
#include "standard/convert.h"

#include <stdio.h>
#include <string.h>

enum { DAY_TEXT = 20 };

/* ---- sections ---- */

enum column { LIST, ORGANISATION, CATEGORY, FRONT, BASIS, SOURCE, COLUMNS };
static const char *const names[COLUMNS] = {"list", "organisation", "category", "front", "basis", "source"};

struct reading {
    const struct ll_rural_list *l;
    struct ll_arena *arena;
    const char *organisation; /* whose rows are taken; "": nobody's */
    struct ll_rural_section *list;
    size_t n;
};

static int add_front(struct reading *g, struct ll_rural_section *s, struct ll_str codes, struct ll_err *err)
{
    struct ll_str code;

    while (codes.n && s->n_front < LL_RURAL_FRONT_MAX) {
        ll_str_cut(codes, '|', &code, &codes);
        if (!(s->front[s->n_front++] = ll_rural_item(g->l, code)))
            return ll_fail(err, LL_INVALID, "rural_report_sections.csv：清单中没有信息项“%.*s”",
                           "rural_report_sections.csv: the list has no item '%.*s'", LL_STR_ARG(code));
    }
    return LL_OK;
}

static int take(void *ctx, const char *pack, const struct ll_str *cells, struct ll_err *err)
{
    struct reading *g = ctx;
    struct ll_rural_section *s = &g->list[g->n];

    (void)pack;
    if (!ll_str_is(cells[LIST], g->l->name) || !ll_str_is(cells[ORGANISATION], g->organisation))
        return LL_OK;
    if (g->n == LL_RURAL_SECTIONS_MAX)
        return ll_fail(err, LL_TOOBIG, "rural_report_sections.csv：一个机构超过 %d 行",
                       "rural_report_sections.csv: more than %d rows of an organisation",
                       LL_RURAL_SECTIONS_MAX);
    s->category = ll_arena_dup(g->arena, cells[CATEGORY]);
    s->basis = ll_arena_dup(g->arena, cells[BASIS]);
    if (!s->category || !s->basis)
        return ll_no_memory(err);
    g->n++;
    return add_front(g, s, cells[FRONT], err);
}

/* Leaves those that were named. */
static int narrow(struct reading *g, const char *only, struct ll_err *err)
{
    struct ll_str rest = ll_str(only), one;
    size_t n = 0;

    for (size_t i = 0; i < g->n; i++)
        for (rest = ll_str(only); rest.n;) {
            ll_str_cut(rest, ' ', &one, &rest);
            if (ll_str_is(one, g->list[i].category)) {
                g->list[n++] = g->list[i];
                break;
            }
        }
    g->n = n;
    return n ? LL_OK
             : ll_fail(err, LL_USAGE, "报告没有所选的类别：%.60s",
                       "the report has none of the categories %.60s", only);
}

int ll_rural_sections(struct ll_txn *tx, const struct ll_rural_list *l, const char *organisation,
                      const char *only, struct ll_arena *arena, struct ll_rural_section **ret, size_t *ret_n,
                      struct ll_err *err)
{
    struct reading g = {.l = l, .arena = arena, .organisation = organisation ? organisation : ""};
    int rc = LL_OK;

    if (!(g.list = ll_arena_array(arena, LL_RURAL_SECTIONS_MAX, sizeof *g.list)))
        return ll_no_memory(err);
    for (int turn = 0; turn < 2 && rc == LL_OK && !g.n; turn++, g.organisation = "")
        rc = ll_pack_use_each(tx, NULL, "rural_report_sections.csv", names, COLUMNS, take, &g, err);
    if (rc == LL_OK && only && *only)
        rc = narrow(&g, only, err);
    *ret = g.list;
    *ret_n = g.n;
    return rc;
}

struct chosen {
    const struct ll_rural_section *sections;
    size_t n;
};

static bool is_chosen(const void *ctx, const struct ll_rural_item *x)
{
    const struct chosen *c = ctx;

    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->sections[i].category, x->category) == 0)
            return true;
    return false;
}

int ll_rural_section_reads(const struct ll_rural_list *l, const struct ll_rural_section *sections, size_t n,
                           struct ll_arena *arena, struct ll_service *ret, struct ll_err *err)
{
    const struct chosen c = {sections, n};

    return ll_rural_reads_of(l, is_chosen, &c, arena, ret, err);
}

/* ---- what it was made from ---- */

static int reads_of(const struct ll_rural_report_ask *ask, const struct ll_rural_list *l,
                    struct ll_arena *arena, struct ll_service *ret, struct ll_err *err)
{
    return ll_rural_section_reads(l, ask->sections, ask->n_sections, arena, ret, err);
}

static void add_value(struct ll_buf *out, const struct ll_rural_item *x, const struct ll_household_value *v)
{
    ll_buf_printf(out, "%s=", x->code);
    ll_buf_str(out, v->value);
    ll_buf_c(out, '@');
    ll_buf_str(out, v->day);
    ll_buf_c(out, '\n');
}

/* A hash of all that a resource said of the household, values that lost among it. */
static int source_of(const struct ll_household *h, struct ll_issue_source *s, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(4 << 20);

    for (size_t i = 0; i < h->n_items; i++)
        for (size_t k = 0; k < h->items[i].n; k++) {
            const struct ll_household_value *v = &h->items[i].values[k];
            if (strcmp(v->source->resource->name, s->resource) != 0)
                continue;
            add_value(&text, h->items[i].item, v);
            s->records += v->records;
            if (v->batch > s->batch)
                s->batch = v->batch;
        }
    bool failed = text.failed;
    ll_sha256(text.p ? text.p : "", text.n, s->hash);
    ll_buf_free(&text);
    return failed ? ll_no_memory(err) : LL_OK;
}

static bool shown(const struct ll_rural_report_ask *ask, const struct ll_service_item *it)
{
    return !ask->shows || ask->shows(ask->shows_ctx, ll_str(it->resource), ll_str(it->item));
}

/* Each resource with the items of it that were read, so that it can be read like that again. */
static int sources(const struct ll_rural_draft *d, struct ll_issue *x, struct ll_err *err)
{
    struct ll_issue_source *list;
    struct ll_service reads;
    int rc = reads_of(d->ask, d->r->r->list, d->arena, &reads, err);

    if (rc < 0)
        return rc;
    if (!(list = ll_arena_array(d->arena, reads.n_resources + 1, sizeof *list)))
        return ll_no_memory(err);
    for (size_t i = 0; i < reads.n_resources && rc == LL_OK && x->n_sources < LL_ISSUE_SOURCES; i++) {
        struct ll_buf items = LL_BUF_INIT(1 << 16);
        for (size_t k = 0; k < reads.n_items; k++)
            if (strcmp(reads.items[k].resource, reads.resources[i]) == 0 && shown(d->ask, &reads.items[k]))
                ll_buf_printf(&items, "%s%s", items.n ? " " : "", reads.items[k].item);
        if (items.n) {
            struct ll_issue_source *s = &list[x->n_sources++];
            s->resource = reads.resources[i];
            s->items = ll_arena_dup(d->arena, ll_buf_view(&items));
            rc = s->items ? source_of(d->h, s, err) : ll_no_memory(err);
        }
        ll_buf_free(&items);
    }
    x->sources = list;
    return rc;
}

/* ---- whom it is about ---- */

/* The household, and everybody in it. */
static int subject_of(const struct ll_household *h, struct ll_arena *arena, struct ll_subject **ret,
                      struct ll_err *err)
{
    struct ll_subject *s = ll_arena_alloc(arena, sizeof *s);
    struct ll_serving_person *persons = NULL;
    size_t n = 0;
    int rc = s ? ll_household_persons(h, arena, &persons, &n, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    s->ids = ll_arena_array(arena, n, sizeof *s->ids);
    s->names = ll_arena_array(arena, 1, sizeof *s->names);
    if (!s->ids || !s->names)
        return ll_no_memory(err);
    for (s->n_ids = 0; s->n_ids < n; s->n_ids++)
        s->ids[s->n_ids] = (struct ll_subject_id){.type = persons[s->n_ids].scheme,
                                                  .value = persons[s->n_ids].value};
    if (h->head_name.n)
        s->names[s->n_names++] = h->head_name;
    s->has_kind = true;
    s->kind = LL_KIND_PERSON;
    *ret = s;
    return LL_OK;
}

/* ---- making ---- */

static int check_ask(const struct ll_rural_report_ask *ask, struct ll_err *err)
{
    size_t n = ask->purpose ? ll_utf8_count(ll_str(ask->purpose)) : 0;

    return n >= 2 && n <= LL_ISSUE_PURPOSE_MAX
               ? LL_OK
               : ll_fail(err, LL_USAGE, "请写明报告用途（2 到 %d 个字）",
                         "say what the report is for (2 to %d characters)", LL_ISSUE_PURPOSE_MAX);
}

struct scope {
    const struct ll_rural_report_ask *ask;
    const struct ll_service *reads;
};

/* What no section has is not read, either. */
static bool in_scope(void *ctx, struct ll_str resource, struct ll_str item)
{
    const struct scope *s = ctx;

    for (size_t i = 0; i < s->reads->n_items; i++)
        if (ll_str_is(resource, s->reads->items[i].resource) && ll_str_is(item, s->reads->items[i].item))
            return shown(s->ask, &s->reads->items[i]);
    return false;
}

static int gather(const struct ll_rural *r, const struct ll_rural_report_ask *ask, struct ll_arena *arena,
                  struct ll_household **ret, struct ll_err *err)
{
    struct ll_service reads;
    struct scope scope = {ask, &reads};
    const struct chosen chosen = {ask->sections, ask->n_sections};
    size_t n = 0;
    struct ll_household_ask read = {
        .no = ask->household, .shows = in_scope, .shows_ctx = &scope, .viewer = ask->viewer};
    int rc = reads_of(ask, r->list, arena, &reads, err);

    if (rc == LL_OK)
        rc = ll_household_read(r, &read, arena, ret, err);
    for (size_t i = 0; rc == LL_OK && i < (*ret)->n_items; i++) /* those of the sections */
        if (is_chosen(&chosen, (*ret)->items[i].item))
            (*ret)->items[n++] = (*ret)->items[i];
    if (rc == LL_OK)
        (*ret)->n_items = n;
    return rc;
}

/* Of an indicator whose item this report does not show, neither value nor points are told. */
static int tell_rating(struct ll_rural_draft *d, struct ll_err *err)
{
    struct ll_rural_told *t = d->ask->rating ? ll_arena_alloc(d->arena, sizeof *t) : NULL;

    if (!d->ask->rating || !d->h)
        return LL_OK;
    if (!t)
        return ll_no_memory(err);
    *t = *d->ask->rating;
    for (size_t i = 0; i < t->rated.card->n; i++) {
        bool shown_here = false;
        for (size_t k = 0; k < d->h->n_items; k++)
            shown_here = shown_here || (d->h->items[k].item == t->rated.card->indicators[i].item &&
                                        d->h->items[k].state != LL_RURAL_NOT_GRANTED);
        t->rated.hidden[i] = !shown_here;
    }
    d->told = t;
    return LL_OK;
}

/* Made-up persons are called so by their names (demo/rural_people.py); the document says it across every page. */
static bool is_sample(const struct ll_household *h)
{
    return ll_str_starts(h->head_name, LL_STR("样例"));
}

int ll_rural_report_make(const struct ll_rural_report *r, const struct ll_rural_report_ask *ask,
                         struct ll_arena *arena, struct ll_issue *ret, struct ll_err *err)
{
    struct ll_rural_draft *d = ll_arena_alloc(arena, sizeof *d);
    struct ll_issue x = {.kind = LL_RURAL_REPORT_KIND,
                         .purpose = ask->purpose,
                         .format = ask->format,
                         .actor = ask->actor,
                         .grant = ask->grants,
                         .at = ask->at};
    struct ll_subject *subject = NULL;
    struct ll_doc *doc = NULL;
    int rc = d ? check_ask(ask, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    *d = (struct ll_rural_draft){.r = r, .ask = ask, .arena = arena};
    if ((rc = gather(r->r, ask, arena, &d->h, err)) < 0 || (rc = tell_rating(d, err)) < 0 ||
        (rc = ll_issue_number("RR", ask->at, d->number, d->code, err)) < 0 ||
        (rc = sources(d, &x, err)) < 0 || (rc = subject_of(d->h, arena, &subject, err)) < 0)
        return rc;
    d->sample = is_sample(d->h);
    x.number = d->number;
    x.code = d->code;
    x.subject = subject;
    if (x.format == LL_ISSUE_JSON)
        rc = ll_rural_report_json(d, &x.body, err);
    else if ((rc = ll_rural_report_write(d, &doc, err)) == LL_OK)
        rc = ll_letter_render(doc, &x, err);
    if (rc < 0)
        return rc;
    *ret = x;
    return LL_OK;
}

/* ---- later ---- */

struct kept {
    const struct ll_issued_source *list;
    size_t n;
};

static bool was_read(void *ctx, struct ll_str resource, struct ll_str item)
{
    const struct kept *k = ctx;
    struct ll_str rest, one;

    for (size_t i = 0; i < k->n; i++) {
        if (!ll_str_is(resource, k->list[i].resource) || !k->list[i].items)
            continue;
        for (rest = ll_str(k->list[i].items); rest.n;) {
            ll_str_cut(rest, ' ', &one, &rest);
            if (ll_str_eq(one, item))
                return true;
        }
    }
    return false;
}

int ll_rural_report_compare(struct ll_issuer *i, struct ll_txn *tx, const struct ll_rural *r,
                            const struct ll_issued *row, struct ll_arena *arena, struct ll_issued_now *ret,
                            struct ll_err *err)
{
    struct kept kept = {NULL, 0};
    struct ll_household_ask ask = {.shows = was_read, .shows_ctx = &kept, .viewer = row->organisation};
    static const struct ll_subject nobody = {.n_ids = 0};
    const char **stale = ll_arena_array(arena, LL_ISSUE_SOURCES, sizeof *stale);
    struct ll_subject *subject = NULL;
    struct ll_household *h = NULL;
    char day[DAY_TEXT];
    size_t n_stale = 0;
    int rc = stale ? ll_issued_sources(tx, row->number, arena, &kept.list, &kept.n, err) : ll_no_memory(err);

    if (rc < 0 || (rc = ll_issued_subject(i, tx, row->number, arena, &ask.no, err)) < 0)
        return rc;
    ask.day = day;
    day[ll_date_text(ll_local_day(row->issued_at), day)] = 0;
    rc = ll_household_read(r, &ask, arena, &h, err);
    if (rc < 0 && rc != LL_NOTFOUND)
        return rc;
    rc = h ? subject_of(h, arena, &subject, err) : LL_OK;
    for (size_t k = 0; k < kept.n && rc == LL_OK; k++) {
        struct ll_issue_source now = {.resource = kept.list[k].resource};
        if (h && (rc = source_of(h, &now, err)) < 0)
            break;
        if (!h || memcmp(now.hash, kept.list[k].hash, sizeof now.hash) != 0)
            stale[n_stale++] = kept.list[k].resource;
    }
    *ret = (struct ll_issued_now){subject ? subject : &nobody, stale, n_stale};
    return rc;
}
