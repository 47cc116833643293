/* report_body.c - the text of a public credit report (report.h). */
#include "apps/credit/report_impl.h"

#include "apps/credit/values.h"
#include "base/clock.h"
#include "base/log.h"
#include "report/letter.h"

#include <string.h>

enum { WIDE = 26 /* characters from which a value takes a whole line */ };

struct writing {
    struct ll_letter l;
    const struct ll_credit_draft *d;
    struct ll_err *err;
};

#define SAY(w, zh, en) LL_SAY(&(w)->l, zh, en)

static const char *what(const struct writing *w, const struct ll_credit_part *p)
{
    return SAY(w, p->section->what, p->section->what_en);
}

/* The records' own resource for the subject, or those in which it only occurs? */
static bool is_own(const struct ll_credit_part *p)
{
    return p->group && p->group->n && !p->group->records[0].relation;
}

/* --- what stands before the sections ---------------------------------------------------------------------------------- */

static const char *first_name(const struct ll_subject *s)
{
    return s->n_names ? s->names[0].p : "—";
}

static void about(struct writing *w)
{
    const struct ll_credit_ask *ask = w->d->ask;
    const struct ll_subject *s = w->d->subject;

    ll_letter_section(&w->l, SAY(w, "报告说明", "About this report"));
    ll_doc_pair(w->l.doc, SAY(w, "主体名称", "Subject"), ll_str(first_name(s)));
    for (size_t i = 0; i < s->n_ids && i < 4; i++) {
        char masked[LL_ID_MAX * 4];
        enum ll_scheme scheme;
        bool known = ll_scheme_parse(ll_str(s->ids[i].type), &scheme),
             person = known && scheme == LL_ID_RESIDENT_ID;
        if (!s->ids[i].from && i > 0)
            continue; /* computed, and in no record */
        ll_doc_pair(w->l.doc, known ? ll_scheme_title(scheme, w->l.lang) : s->ids[i].type,
                    person ? ll_str(ll_mask(s->ids[i].value, masked, sizeof masked)) : s->ids[i].value);
    }
    ll_doc_pair(w->l.doc, SAY(w, "报告编号", "Number"), ll_str(w->d->number));
    ll_doc_pair(w->l.doc, SAY(w, "出具时间", "Issued"), ll_str(ll_letter_time(&w->l, ask->at, true)));
    ll_doc_pair(w->l.doc, SAY(w, "查询机构", "Asked by"), ll_str(ask->asked_by));
    ll_doc_pair(w->l.doc, SAY(w, "报告用途", "Purpose"), ll_str(ask->purpose));
    ll_doc_note(
        w->l.doc, LL_TONE_MUTED,
        ll_str(SAY(
            w,
            "本报告汇集各来源机构依法归集的公共信用信息，只陈述记录，不作判断。每一类信息都注明来源机构和发布时间；“来源无记录”指来源已报送"
            "数据而其中没有该主体，“尚未报送”“未接入”指本平台没有可查的数据，不等于没有记录。自然人的标识经过脱敏。对内容有异议的，可向平台"
            "或来源机构申请核查。",
            "This report joins the public credit records that the sources have delivered; it states records and judges nothing.  Each kind "
            "names its source and when it was published.  \"No record\" means that the source has delivered and has none of this subject; "
            "\"not delivered\" and \"not connected\" mean that nothing can be known here.  Identifiers of natural persons are masked.  Doubts "
            "go to the platform or to the source.")));
}

static const char *state_text(struct writing *w, const struct ll_credit_part *p)
{
    switch (p->state) {
    case LL_CREDIT_RECORDS:
        return ll_letter_text(&w->l, SAY(w, "%zu 条%s", "%zu records%s"), p->group->total,
                              p->group->more ? SAY(w, "以上", " and more") : "");
    case LL_CREDIT_NONE:
        return SAY(w, "来源无记录", "no record at the source");
    case LL_CREDIT_NO_DATA:
        return SAY(w, "来源尚未报送", "the source has not delivered");
    case LL_CREDIT_UNCONNECTED:
        return SAY(w, "未接入", "not connected");
    case LL_CREDIT_NOT_GRANTED:
        return SAY(w, "查询机构未获授权", "not granted to who asked");
    }
    return "";
}

static void overview(struct writing *w)
{
    const struct ll_doc_column columns[] = {{SAY(w, "类别", "Section"), 2.4, LL_DOC_LEFT},
                                            {SAY(w, "信息", "Records"), 2.2, LL_DOC_LEFT},
                                            {SAY(w, "来源机构", "Source"), 2.4, LL_DOC_LEFT},
                                            {SAY(w, "数据截至", "Published"), 1.2, LL_DOC_LEFT},
                                            {SAY(w, "情况", "State"), 1.3, LL_DOC_RIGHT}};

    ll_letter_section(&w->l, SAY(w, "信用信息概要", "Overview"));
    for (size_t i = 0; i < w->d->n; i++)
        if (w->d->parts[i].section->tone != LL_TONE_PLAIN && w->d->parts[i].state == LL_CREDIT_RECORDS &&
            is_own(&w->d->parts[i]))
            ll_doc_badge(
                w->l.doc, w->d->parts[i].section->tone,
                ll_letter_text(&w->l, "%s %zu", what(w, &w->d->parts[i]), w->d->parts[i].group->total));
    ll_doc_table(w->l.doc, columns, LL_COUNT(columns));
    for (size_t i = 0; i < w->d->n; i++) {
        const struct ll_credit_part *p = &w->d->parts[i];
        bool again = i > 0 && strcmp(p->section->section, p[-1].section->section) == 0,
             some = p->state == LL_CREDIT_RECORDS;
        const struct ll_doc_cell cells[] = {
            {ll_str(again ? "" : SAY(w, p->section->title, p->section->title_en)), LL_TONE_PLAIN},
            {ll_str(what(w, p)), LL_TONE_PLAIN},
            {ll_str(p->section->resource ? p->section->resource->provider_name : "—"), LL_TONE_PLAIN},
            {ll_str(p->newest ? ll_letter_time(&w->l, p->newest, false) : "—"), LL_TONE_PLAIN},
            {ll_str(state_text(w, p)), some ? p->section->tone : LL_TONE_MUTED}};
        ll_doc_row(w->l.doc, cells);
    }
}

/* --- the sections ------------------------------------------------------------------------------------------------------ */

static void write_pairs(struct writing *w, const struct ll_credit_section *s, const json_t *record)
{
    for (size_t i = 0; i < s->n_items; i++) {
        struct ll_str value = ll_credit_value(record, s->items[i], w->l.lang, w->l.arena);
        const char *title = ll_credit_title(s->items[i], w->l.lang, w->l.arena);
        if (ll_utf8_width(value) > WIDE)
            ll_doc_pair_wide(w->l.doc, title, value);
        else
            ll_doc_pair(w->l.doc, title, value);
    }
}

/* How wide a column's values may be expected to get. */
static double weight_of(const struct ll_item *item)
{
    switch (item->element->type) {
    case LL_TYPE_DATE:
        return 1.1;
    case LL_TYPE_DECIMAL:
        return 1.4;
    case LL_TYPE_INTEGER:
    case LL_TYPE_BOOLEAN:
        return 1;
    case LL_TYPE_CODE:
        return 1.2;
    default:
        return item->element->length > 200 ? 2.6 : item->element->length > 40 ? 1.9 : 1.5;
    }
}

static void write_head(struct writing *w, const struct ll_credit_section *s, size_t n)
{
    struct ll_doc_column columns[LL_DOC_COLUMNS_MAX];

    for (size_t i = 0; i < n; i++) {
        enum ll_type type = s->items[i]->element->type;
        bool number = type == LL_TYPE_INTEGER || type == LL_TYPE_DECIMAL;
        columns[i] = (struct ll_doc_column){ll_credit_title(s->items[i], w->l.lang, w->l.arena),
                                            weight_of(s->items[i]), number ? LL_DOC_RIGHT : LL_DOC_LEFT};
    }
    ll_doc_table(w->l.doc, columns, n);
}

/* In the first cell of its row, so that it is seen where the record is. */
static void mark_disputed(struct writing *w, struct ll_doc_cell *cell)
{
    const char *marked = ll_arena_printf(
        w->l.arena, SAY(w, "%.*s（存在异议，正在核查）", "%.*s (disputed, under examination)"),
        LL_STR_ARG(cell->text));

    cell->tone = LL_TONE_WARN;
    if (marked)
        cell->text = ll_str(marked);
}

static int write_records(struct writing *w, const struct ll_credit_part *p)
{
    const struct ll_credit_section *s = p->section;
    struct ll_doc_cell cells[LL_DOC_COLUMNS_MAX];
    size_t n = s->n_items < LL_DOC_COLUMNS_MAX ? s->n_items : LL_DOC_COLUMNS_MAX;
    int rc = LL_OK;

    if (n == 0)
        return LL_OK;
    if (!s->pairs)
        write_head(w, s, n);
    for (size_t i = 0; i < p->group->n && rc == LL_OK; i++) {
        json_t *record = NULL;
        if ((rc = ll_credit_parse(p->group->records[i].body, &record, w->err)) < 0)
            break;
        for (size_t k = 0; k < n && !s->pairs; k++)
            cells[k] = (struct ll_doc_cell){ll_credit_value(record, s->items[k], w->l.lang, w->l.arena),
                                            LL_TONE_PLAIN};
        bool disputed = p->group->records[i].marks & LL_RECORD_DISPUTED;
        if (disputed && !s->pairs)
            mark_disputed(w, &cells[0]);
        if (s->pairs)
            write_pairs(w, s, record);
        else
            ll_doc_row(w->l.doc, cells);
        if (disputed && s->pairs)
            ll_doc_note(w->l.doc, LL_TONE_WARN,
                        ll_str(SAY(w, "以上记录存在异议，正在核查。",
                                   "This record is disputed and under examination.")));
        json_decref(record);
    }
    return rc;
}

static int write_part(struct writing *w, const struct ll_credit_part *p)
{
    const struct ll_resource *r = p->section->resource;
    const char *aside = !r ? NULL
                        : p->newest
                            ? ll_letter_text(&w->l, SAY(w, "%s · %s 发布", "%s · published %s"),
                                             r->provider_name, ll_letter_time(&w->l, p->newest, false))
                            : ll_letter_text(&w->l, "%s", r->provider_name);
    size_t left;
    int rc;

    ll_doc_subsection(w->l.doc, what(w, p), aside);
    if (p->state != LL_CREDIT_RECORDS) {
        ll_doc_note(w->l.doc, LL_TONE_MUTED,
                    ll_str(ll_letter_text(&w->l, SAY(w, "%s。", "%s."), state_text(w, p))));
        return LL_OK;
    }
    if (!is_own(p))
        ll_doc_note(w->l.doc, LL_TONE_MUTED,
                    ll_str(SAY(w, "以下记录属于其他主体，本主体在其中以关联方出现。",
                               "These records are of other subjects, in which this one occurs.")));
    if ((rc = write_records(w, p)) < 0)
        return rc;
    if ((left = p->group->total - p->group->n) > 0)
        ll_doc_note(
            w->l.doc, LL_TONE_MUTED,
            ll_str(ll_letter_text(&w->l, SAY(w, "另有 %zu 条未列出。", "%zu more are not shown."), left)));
    return LL_OK;
}

static int sections(struct writing *w)
{
    const struct ll_credit_draft *d = w->d;
    int rc = LL_OK;

    for (size_t i = 0; i < d->n && rc == LL_OK; i++) {
        if (i == 0 || strcmp(d->parts[i].section->section, d->parts[i - 1].section->section) != 0)
            ll_letter_section(&w->l, SAY(w, d->parts[i].section->title, d->parts[i].section->title_en));
        rc = write_part(w, &d->parts[i]);
    }
    return rc;
}

int ll_credit_write(const struct ll_credit_draft *d, struct ll_doc **ret, struct ll_err *err)
{
    struct writing w = {.l = {.arena = d->arena, .lang = d->ask->lang}, .d = d, .err = err};
    const struct ll_letter_issue x = {d->c->origin, d->number,      d->code,
                                      d->c->issuer, d->ask->format, d->ask->at};
    struct ll_doc_opts o = {.lang = w.l.lang,
                            .title = SAY(&w, "公共信用信息报告", "Public Credit Report"),
                            .subtitle = first_name(d->subject),
                            .issuer = ll_issuer_name(d->c->issuer),
                            .number = ll_letter_text(&w.l, SAY(&w, "报告编号 %s", "No. %s"), d->number),
                            .watermark = d->sample ? "样例 SAMPLE" : NULL,
                            .made_at = d->ask->at};
    int rc;

    o.footer = ll_letter_text(&w.l, SAY(&w, "%s · 仅用于：%s", "%s · only for: %s"), o.number,
                              d->ask->purpose);
    if (!(w.l.doc = ll_doc_new(d->arena, &o)))
        return ll_no_memory(err);
    about(&w);
    overview(&w);
    if ((rc = sections(&w)) < 0)
        return rc;
    ll_letter_verify(&w.l, &x);
    ll_letter_signature(&w.l, &x);
    *ret = w.l.doc;
    return LL_OK;
}
