/* report.c - gathers what a public credit report says (report.h). */
#include "apps/credit/report_impl.h"

#include "catalog/service.h"
#include "report/letter.h"

#include <string.h>

static int no_subject(const struct ll_credit_draft *d, struct ll_err *err)
{
    const struct ll_subject *s = d->subject;

    if (s->n_hits > 1)
        return ll_fail(err, LL_CONFLICT, "名称“%.120s”对应多个主体，请用统一社会信用代码等标识",
                       "several subjects are named '%.120s'; give an identifier such as the credit code",
                       d->ask->who.p);
    return ll_fail(err, LL_NOTFOUND, "没有关于“%.120s”的记录", "nothing is recorded about '%.120s'",
                   d->ask->who.p);
}

/* The resources of the sections, each once. */
static const struct ll_resource **resources_of(const struct ll_credit_draft *d, size_t *n)
{
    const struct ll_resource **list = ll_arena_array(d->arena, d->n + 1, sizeof *list);

    *n = 0;
    for (size_t i = 0; list && i < d->n; i++) {
        const struct ll_resource *r = d->parts[i].section->resource;
        bool known = r == NULL || d->parts[i].withheld;
        for (size_t k = 0; k < *n; k++)
            known = known || list[k] == r;
        if (!known)
            list[(*n)++] = r;
    }
    return list;
}

static int settle_part(struct ll_credit_draft *d, struct ll_credit_part *p, struct ll_err *err)
{
    const struct ll_resource *r = p->section->resource;
    const struct ll_pack_info *pack = r ? ll_catalog_pack(d->c->cat, ll_str(r->pack)) : NULL;
    struct ll_table *t = NULL;
    int rc;

    p->state = p->withheld ? LL_CREDIT_NOT_GRANTED : LL_CREDIT_UNCONNECTED;
    if (!r || p->withheld)
        return LL_OK;
    for (size_t i = 0; i < d->subject->n_groups; i++)
        if (d->subject->groups[i].resource == r && d->subject->groups[i].n)
            p->read = &d->subject->groups[i];
    p->group = d->ask->shows && p->read && p->read->records[0].relation ? NULL : p->read;
    if ((rc = ll_tables_take(d->c->tables, r->name, &t, err)) < 0)
        return rc;
    p->newest = ll_table_newest(t);
    ll_tables_give(d->c->tables, t);
    p->state = p->group ? LL_CREDIT_RECORDS : p->newest ? LL_CREDIT_NONE : LL_CREDIT_NO_DATA;
    d->sample = d->sample || (p->group && pack && pack->sample);
    return LL_OK;
}

/* Leaves of the section what who asked may be shown. */
static int restrict_part(struct ll_credit_draft *d, struct ll_credit_part *p, struct ll_err *err)
{
    const struct ll_credit_section *s = p->section;
    struct ll_credit_section *less = ll_arena_alloc(d->arena, sizeof *less);
    const struct ll_item **items = ll_arena_array(d->arena, s->n_items + 1, sizeof *items);

    if (!less || !items)
        return ll_no_memory(err);
    *less = *s;
    less->items = items;
    less->n_items = 0;
    for (size_t i = 0; s->resource && i < s->n_items; i++)
        if (d->ask->shows(d->ask->shows_ctx, ll_str(s->resource->name), ll_str(s->items[i]->name)))
            items[less->n_items++] = s->items[i];
    p->withheld = s->resource && !less->n_items;
    p->section = less;
    return LL_OK;
}

static int read_sections(struct ll_credit_draft *d, struct ll_err *err)
{
    struct ll_credit_section *list = NULL;
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(d->c->store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_credit_sections(tx, d->c->cat, LL_CREDIT_KIND, d->arena, &list, &d->n, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    if (!(d->parts = ll_arena_array(d->arena, d->n + 1, sizeof *d->parts)))
        return ll_no_memory(err);
    for (size_t i = 0; i < d->n; i++)
        d->parts[i].section = &list[i];
    for (size_t i = 0; d->ask->shows && i < d->n && rc == LL_OK; i++)
        rc = restrict_part(d, &d->parts[i], err);
    return rc;
}

static int gather(struct ll_credit_draft *d, struct ll_err *err)
{
    struct ll_subject_opts o = {
        .max_records = LL_REPORT_RECORDS, .mask = true, .marks = ll_marks_record, .marks_ctx = d->c->marks};
    const struct ll_resource **resources;
    size_t n;
    int rc = read_sections(d, err);

    if (rc < 0)
        return rc;
    if (!(resources = resources_of(d, &n)))
        return ll_no_memory(err);
    if ((rc = ll_subject_profile(d->c->tables, resources, n, d->ask->who, &o, d->arena, &d->subject, err)) <
        0)
        return rc;
    if (d->subject->n_groups == 0 || d->subject->n_ids == 0)
        return no_subject(d, err);
    for (size_t i = 0; i < d->n && rc == LL_OK; i++)
        rc = settle_part(d, &d->parts[i], err);
    return rc;
}

/* Resources without records are sources, too: a record that comes to be there makes the report stale. */
static int sources(const struct ll_credit_draft *d, struct ll_issue *x, struct ll_err *err)
{
    struct ll_issue_source *list = ll_arena_array(d->arena, d->n + 1, sizeof *list);

    if (!list)
        return ll_no_memory(err);
    for (size_t i = 0; i < d->n; i++) {
        const struct ll_credit_part *p = &d->parts[i];
        struct ll_subject_group none = {.resource = p->section->resource};
        bool twice = p->section->resource == NULL || p->withheld || x->n_sources == LL_ISSUE_SOURCES;
        for (size_t k = 0; k < x->n_sources && !twice; k++)
            twice = strcmp(list[k].resource, p->section->resource->name) == 0;
        if (!twice)
            ll_issue_source_of(p->read ? p->read : &none, &list[x->n_sources++]);
    }
    x->sources = list;
    return LL_OK;
}

static int check_ask(const struct ll_credit_ask *ask, struct ll_err *err)
{
    size_t n = ask->purpose ? ll_utf8_count(ll_str(ask->purpose)) : 0;

    if (ask->who.n == 0 || ask->who.n > 400)
        return ll_fail(err, LL_USAGE, "主体应为标识或名称", "the subject is an identifier or a name");
    return n >= 2 && n <= LL_ISSUE_PURPOSE_MAX
               ? LL_OK
               : ll_fail(err, LL_USAGE, "请写明报告用途（2 到 %d 个字）",
                         "say what the report is for (2 to %d characters)", LL_ISSUE_PURPOSE_MAX);
}

int ll_credit_make(const struct ll_credit *c, const struct ll_credit_ask *ask, struct ll_arena *arena,
                   struct ll_issue *ret, struct ll_err *err)
{
    struct ll_credit_draft *d = ll_arena_alloc(arena, sizeof *d);
    struct ll_issue x = {.kind = LL_CREDIT_KIND,
                         .purpose = ask->purpose,
                         .format = ask->format,
                         .actor = ask->actor,
                         .grant = ask->grants,
                         .at = ask->at};
    struct ll_doc *doc = NULL;
    int rc = d ? check_ask(ask, err) : ll_no_memory(err);

    if (rc < 0)
        return rc;
    *d = (struct ll_credit_draft){.c = c, .ask = ask, .arena = arena};
    if ((rc = gather(d, err)) < 0 || (rc = ll_issue_number("CR", ask->at, d->number, d->code, err)) < 0 ||
        (rc = sources(d, &x, err)) < 0 || (rc = ll_credit_write(d, &doc, err)) < 0)
        return rc;
    x.number = d->number;
    x.code = d->code;
    x.subject = d->subject;
    if ((rc = ll_letter_render(doc, &x, err)) < 0)
        return rc;
    *ret = x;
    return LL_OK;
}

int ll_credit_reads(const struct ll_credit *c, struct ll_arena *arena, struct ll_service *ret,
                    struct ll_err *err)
{
    struct ll_credit_section *list = NULL;
    struct ll_txn *tx = NULL;
    size_t n = 0, room = 1;
    int rc = ll_txn_begin(c->store, false, &tx, err);

    if (rc == LL_OK)
        rc = ll_credit_sections(tx, c->cat, LL_CREDIT_KIND, arena, &list, &n, err);
    ll_txn_end(tx);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        room += list[i].n_items;
    *ret = (struct ll_service){.name = LL_CREDIT_KIND,
                               .items = ll_arena_array(arena, room, sizeof *ret->items)};
    if (!ret->items)
        return ll_no_memory(err);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; list[i].resource && k < list[i].n_items; k++)
            ret->items[ret->n_items++] = (struct ll_service_item){.name = list[i].items[k]->name,
                                                                  .use = LL_SERVICE_OUTPUT,
                                                                  .resource = list[i].resource->name,
                                                                  .item = list[i].items[k]->name};
    return ll_service_collect(ret, arena, err);
}
