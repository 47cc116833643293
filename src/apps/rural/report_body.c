/* report_body.c - the text of a special credit report: a page that says what there is, and an annex with every item (report.h). */
#include "apps/rural/report_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "report/letter.h"
#include "standard/ident.h"

#include <string.h>

enum { MASKED_TEXT = 256 };

struct writing {
    struct ll_letter l;
    const struct ll_rural_draft *d;
};

#define SAY(w, zh, en) LL_SAY(&(w)->l, zh, en)

/* ---- values ---- */

static bool identifies(const struct ll_rural_item *x)
{
    const char *check = x->element->check;

    return check &&
           (strcmp(check, ll_scheme_name(LL_ID_RESIDENT_ID)) == 0 || strcmp(check, "subject_id") == 0);
}

static void add_one(struct ll_buf *out, const struct ll_rural_item *x, bool count, struct ll_str v,
                    enum ll_lang lang)
{
    const struct ll_code *code = x->codes && !count ? ll_codeset_by_code(x->codes, v) : NULL;
    char masked[MASKED_TEXT];

    if (code)
        ll_buf_str(out, lang == LL_EN && code->title_en.n ? code->title_en : code->title);
    else if (!count && x->element->type == LL_TYPE_BOOLEAN)
        ll_buf_z(out, ll_str_is(v, "true") ? (lang == LL_ZH ? "是" : "yes") : lang == LL_ZH ? "否" : "no");
    else if (!count && identifies(x))
        ll_buf_z(out, ll_mask(v, masked, sizeof masked));
    else
        ll_buf_str(out, v);
}

struct ll_str ll_household_text(const struct ll_rural_item *x, const struct ll_rural_source *s,
                                struct ll_str value, enum ll_lang lang, struct ll_arena *arena)
{
    bool count = s->combine == LL_RURAL_COUNT;
    struct ll_buf out = LL_BUF_INIT(1 << 16);
    struct ll_str rest = value, one;
    const char *copy;

    while (ll_rural_list_next(&rest, &one)) {
        ll_buf_z(&out, !out.n ? "" : lang == LL_ZH ? "、" : ", ");
        add_one(&out, x, count, one, lang);
    }
    if (*x->unit && out.n)
        ll_buf_printf(&out, " %s", x->unit);
    copy = out.failed ? NULL : ll_arena_dup(arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return copy ? ll_str(copy) : LL_STR("");
}

static struct ll_str text_of(struct writing *w, const struct ll_household_item *x)
{
    return x->n ? ll_household_text(x->item, x->values[0].source, x->values[0].value, w->l.lang, w->l.arena)
                : LL_STR("—");
}

/* What its state looks like. */
static enum ll_tone tone_of(enum ll_rural_state s)
{
    return s == LL_RURAL_PRESENT                                 ? LL_TONE_PLAIN
           : s == LL_RURAL_CONFLICTING || s == LL_RURAL_DISPUTED ? LL_TONE_BAD
           : s == LL_RURAL_OUT_OF_DATE                           ? LL_TONE_WARN
                                                                 : LL_TONE_MUTED;
}

static bool is_of(const struct ll_household_item *x, const struct ll_rural_section *s)
{
    return strcmp(x->item->category, s->category) == 0;
}

static const char *title_of(struct writing *w, const struct ll_rural_section *s)
{
    for (size_t i = 0; i < w->d->h->n_items; i++)
        if (is_of(&w->d->h->items[i], s))
            return w->d->h->items[i].item->category_title[w->l.lang];
    return s->category;
}

/* ---- the first page ---- */

static void consent(struct writing *w)
{
    const struct ll_serving_said *said = w->d->ask->said;

    if (!said || !said->consented) {
        ll_doc_pair_wide(
            w->l.doc, SAY(w, "农户授权", "Consent"),
            ll_str(SAY(w, "本次查询的授权书未要求农户同意", "the grants ask for no consent of the farmer")));
        return;
    }
    ll_doc_pair_wide(w->l.doc, SAY(w, "农户授权", "Consent"),
                     ll_str(ll_letter_text(&w->l, "%s（%s）", ll_consent_kind_title(said->kind, w->l.lang),
                                           said->consent)));
    if (ll_consent_kind_strength(said->kind) < 2)
        ll_doc_badge(w->l.doc, LL_TONE_WARN,
                     SAY(w, "较弱的授权：仅有机构登记的书面材料，请核对原件",
                         "the weaker kind of consent: only recorded from paper"));
}

static void about(struct writing *w)
{
    const struct ll_rural_report_ask *ask = w->d->ask;
    const struct ll_household *h = w->d->h;
    struct ll_doc *doc = w->l.doc;

    ll_letter_section(&w->l, SAY(w, "报告说明", "About this report"));
    ll_doc_pair(doc, SAY(w, "户主", "Head"), h->head_name.n ? h->head_name : LL_STR("—"));
    ll_doc_pair(doc, SAY(w, "户号", "Household"), h->no);
    ll_doc_pair(doc, SAY(w, "村与人口", "Village"),
                ll_str(ll_letter_text(&w->l, SAY(w, "%.*s，%zu 人", "%.*s, %zu members"),
                                      LL_STR_ARG(h->village_name), h->n_members)));
    ll_doc_pair(doc, SAY(w, "查询机构", "Asked by"), ll_str(ask->asked_by));
    ll_doc_pair(doc, SAY(w, "出具时间", "Issued"), ll_str(ll_letter_time(&w->l, ask->at, true)));
    ll_doc_pair(doc, SAY(w, "报告用途", "Purpose"), ll_str(ask->purpose));
    consent(w);
    ll_doc_note(
        doc, LL_TONE_MUTED,
        ll_str(SAY(
            w, "只陈述各来源已报送的记录，逐项的来源与日期见附件；信息项清单为重构。",
            "It states what the sources have delivered; the annex has each item's source and day.  The list is a reconstruction.")));
}

/* How the items of a section stand. */
struct counts {
    size_t of, known, fresh, differ, missing;
    const char *provider; /* of the first that is known */
    bool more;            /* there are others */
};

static void add_provider(struct counts *c, const char *name)
{
    if (!c->provider)
        c->provider = name;
    c->more = c->more || strcmp(c->provider, name) != 0;
}

static struct counts count(const struct writing *w, const struct ll_rural_section *s)
{
    struct counts c = {.of = 0};

    for (size_t i = 0; i < w->d->h->n_items; i++) {
        const struct ll_household_item *x = &w->d->h->items[i];
        if (!is_of(x, s))
            continue;
        c.of++;
        c.known += x->n > 0;
        c.missing += x->n == 0;
        c.fresh += x->n && x->values[0].fresh;
        c.differ += x->state == LL_RURAL_CONFLICTING || x->state == LL_RURAL_DISPUTED;
        if (x->n)
            add_provider(&c, x->values[0].source->resource->provider_name);
    }
    return c;
}

static struct ll_doc_cell number(struct writing *w, size_t n, enum ll_tone tone)
{
    return (struct ll_doc_cell){ll_str(ll_letter_text(&w->l, "%zu", n)), n ? tone : LL_TONE_PLAIN};
}

static void overview(struct writing *w)
{
    const struct ll_rural_report_ask *ask = w->d->ask;
    const struct ll_doc_column columns[] = {
        {SAY(w, "类别", "Category"), 2.2, LL_DOC_LEFT},     {SAY(w, "信息项", "Items"), 0.8, LL_DOC_RIGHT},
        {SAY(w, "有值", "Known"), 0.7, LL_DOC_RIGHT},       {SAY(w, "时效内", "Fresh"), 0.8, LL_DOC_RIGHT},
        {SAY(w, "来源不一", "Differ"), 0.95, LL_DOC_RIGHT}, {SAY(w, "缺", "None"), 0.6, LL_DOC_RIGHT},
        {SAY(w, "主要来源", "Sources"), 3.9, LL_DOC_LEFT}};

    ll_letter_section(&w->l, SAY(w, "信息概要", "Overview"));
    ll_doc_table(w->l.doc, columns, LL_COUNT(columns));
    for (size_t i = 0; i < ask->n_sections; i++) {
        struct counts c = count(w, &ask->sections[i]);
        const char *from = !c.provider ? "—"
                           : c.more    ? ll_letter_text(&w->l, SAY(w, "%s等", "%s and others"), c.provider)
                                       : c.provider;
        const struct ll_doc_cell cells[] = {{ll_str(title_of(w, &ask->sections[i])), LL_TONE_PLAIN},
                                            number(w, c.of, LL_TONE_PLAIN),
                                            number(w, c.known, LL_TONE_PLAIN),
                                            number(w, c.fresh, LL_TONE_PLAIN),
                                            number(w, c.differ, LL_TONE_BAD),
                                            number(w, c.missing, LL_TONE_MUTED),
                                            {ll_str(from), LL_TONE_PLAIN}};
        ll_doc_row(w->l.doc, cells);
    }
}

static const struct ll_household_item *find(const struct writing *w, const struct ll_rural_item *item)
{
    for (size_t i = 0; i < w->d->h->n_items; i++)
        if (w->d->h->items[i].item == item)
            return &w->d->h->items[i];
    return NULL;
}

static void front(struct writing *w)
{
    const struct ll_rural_report_ask *ask = w->d->ask;

    ll_letter_section(&w->l, SAY(w, "主要信息与评级", "Main items and rating"));
    for (size_t i = 0; i < ask->n_sections; i++)
        for (size_t k = 0; k < ask->sections[i].n_front; k++) {
            const struct ll_household_item *x = find(w, ask->sections[i].front[k]);
            if (x && x->n)
                ll_doc_pair(w->l.doc, x->item->title[w->l.lang], text_of(w, x));
            else if (x)
                ll_doc_pair(w->l.doc, x->item->title[w->l.lang],
                            ll_str(ll_rural_state_title(x->state, w->l.lang)));
        }
}

/* ---- the annex ---- */

static const struct ll_doc_column *annex_columns(const struct writing *w, struct ll_doc_column out[5])
{
    out[0] = (struct ll_doc_column){SAY(w, "信息项", "Item"), 2, LL_DOC_LEFT};
    out[1] = (struct ll_doc_column){SAY(w, "内容", "Value"), 2.6, LL_DOC_LEFT};
    out[2] = (struct ll_doc_column){SAY(w, "来源", "Source"), 2.7, LL_DOC_LEFT};
    out[3] = (struct ll_doc_column){SAY(w, "日期", "As of"), 1.15, LL_DOC_LEFT};
    out[4] = (struct ll_doc_column){SAY(w, "状态", "State"), 1.45, LL_DOC_LEFT};
    return out;
}

static const char *source_text(struct writing *w, const struct ll_household_value *v)
{
    const struct ll_resource *r = v->source->resource;

    return ll_letter_text(&w->l, "%s · %s", r->provider_name,
                          w->l.lang == LL_EN && r->title_en ? r->title_en : r->title);
}

/* Where an item without a value would have come from. */
static const char *would_be(struct writing *w, const struct ll_rural_item *x)
{
    const struct ll_resource *r = x->n_sources ? x->sources[0].resource : NULL;

    if (!x->n_sources)
        return "—";
    return r ? ll_letter_text(&w->l, "%s · %s", r->provider_name,
                              w->l.lang == LL_EN && r->title_en ? r->title_en : r->title)
             : x->sources[0].resource_name;
}

static const char *day_text(struct writing *w, const struct ll_household_value *v)
{
    if (v->day.n)
        return ll_letter_text(&w->l, "%.*s", (int)(v->day.n < 10 ? v->day.n : 10), v->day.p);
    return v->published_at ? ll_letter_text(&w->l, SAY(w, "%s 发布", "pub. %s"),
                                            ll_letter_time(&w->l, v->published_at, false))
                           : "—";
}

/* "30 万元（其中本行 5 万元，1 笔）" */
static struct ll_str with_own(struct writing *w, const struct ll_household_item *x)
{
    const struct ll_household_value *v = &x->values[0];
    struct ll_str all = text_of(w, x);

    if (!v->own_records)
        return all;
    struct ll_str own = ll_household_text(x->item, v->source, v->own, w->l.lang, w->l.arena);
    return ll_str(ll_letter_text(&w->l, SAY(w, "%.*s（本机构 %.*s，%zu 条）", "%.*s (own %.*s, %zu records)"),
                                 LL_STR_ARG(all), LL_STR_ARG(own), v->own_records));
}

static void lost(struct writing *w, const struct ll_household_item *x, const struct ll_household_value *v)
{
    struct ll_str text = ll_household_text(x->item, v->source, v->value, w->l.lang, w->l.arena);
    const struct ll_doc_cell cells[] = {{LL_STR(""), LL_TONE_MUTED},
                                        {text, LL_TONE_MUTED},
                                        {ll_str(source_text(w, v)), LL_TONE_MUTED},
                                        {ll_str(day_text(w, v)), LL_TONE_MUTED},
                                        {ll_str(v->differs ? SAY(w, "未采用，不一致", "not taken, differs")
                                                           : SAY(w, "未采用，一致", "not taken, the same")),
                                         v->differs ? LL_TONE_WARN : LL_TONE_MUTED}};

    ll_doc_row(w->l.doc, cells);
}

static void item(struct writing *w, const struct ll_household_item *x)
{
    const struct ll_doc_cell cells[] = {
        {ll_str(ll_letter_text(&w->l, "%s %s", x->item->code, x->item->title[w->l.lang])), LL_TONE_PLAIN},
        {x->n ? with_own(w, x) : LL_STR("—"), x->n ? LL_TONE_PLAIN : LL_TONE_MUTED},
        {ll_str(x->n ? source_text(w, &x->values[0]) : would_be(w, x->item)),
         x->n ? LL_TONE_PLAIN : LL_TONE_MUTED},
        {ll_str(x->n ? day_text(w, &x->values[0]) : "—"), x->n ? LL_TONE_PLAIN : LL_TONE_MUTED},
        {ll_str(ll_rural_state_title(x->state, w->l.lang)), tone_of(x->state)}};

    ll_doc_row(w->l.doc, cells);
    for (size_t i = 1; i < x->n; i++)
        lost(w, x, &x->values[i]);
}

static void annex(struct writing *w)
{
    const struct ll_rural_report_ask *ask = w->d->ask;
    struct ll_doc_column columns[5];

    ll_doc_page(w->l.doc);
    ll_letter_section(&w->l, SAY(w, "附件：全部信息项及其来源", "Annex: every item and its source"));
    ll_doc_note(
        w->l.doc, LL_TONE_MUTED,
        ll_str(SAY(
            w, "没有取值的项写明原因与应有的来源，不等于没有该情况；未采用的取值列在其下，注明是否一致。",
            "An item without a value says why and where it would come from, which does not mean that there is nothing.  Values that were not "
            "taken stand below, and whether they differ.")));
    for (size_t s = 0; s < ask->n_sections; s++) {
        ll_doc_subsection(w->l.doc, title_of(w, &ask->sections[s]), NULL);
        ll_doc_table(w->l.doc, annex_columns(w, columns), LL_COUNT(columns));
        for (size_t i = 0; i < w->d->h->n_items; i++)
            if (is_of(&w->d->h->items[i], &ask->sections[s]))
                item(w, &w->d->h->items[i]);
    }
}

/* What the bank delivered itself, record by record. */
static void own(struct writing *w)
{
    const struct ll_household *h = w->d->h;

    if (!h->n_own)
        return;
    ll_doc_subsection(w->l.doc, SAY(w, "本机构报送的记录", "Records that who asked delivered"),
                      SAY(w, "其他机构的只计合计", "others' are told as totals"));
    for (size_t i = 0; i < h->n_own; i++) {
        const struct ll_resource *r = h->own[i].resource;
        ll_doc_note(w->l.doc, LL_TONE_MUTED,
                    ll_str(w->l.lang == LL_EN && r->title_en ? r->title_en : r->title));
        for (size_t k = 0; k < r->n_items; k++) {
            const struct ll_item *it = &r->items[k];
            const struct ll_code *code = it->codes ? ll_codeset_by_code(it->codes, h->own[i].values[k])
                                                   : NULL;
            if (h->own[i].values[k].n && it->role != LL_ROLE_SUBJECT)
                ll_doc_pair(w->l.doc, w->l.lang == LL_EN && it->title_en ? it->title_en : it->title,
                            code ? code->title : h->own[i].values[k]);
        }
    }
}

int ll_rural_report_write(const struct ll_rural_draft *d, struct ll_doc **ret, struct ll_err *err)
{
    struct writing w = {.l = {.arena = d->arena, .lang = d->ask->lang}, .d = d};
    const struct ll_letter_issue x = {d->r->origin, d->number,      d->code,
                                      d->r->issuer, d->ask->format, d->ask->at};
    struct ll_doc_opts o = {
        .lang = w.l.lang,
        .title = SAY(&w, "农村经营户专项信用报告", "Special Credit Report of a Rural Household"),
        .issuer = ll_issuer_name(d->r->issuer),
        .number = ll_letter_text(&w.l, SAY(&w, "报告编号 %s", "No. %s"), d->number),
        .watermark = d->sample ? "样例 SAMPLE" : NULL,
        .made_at = d->ask->at};

    o.footer = ll_letter_text(&w.l, SAY(&w, "%s · 仅用于：%s", "%s · only for: %s"), o.number,
                              d->ask->purpose);
    if (!(w.l.doc = ll_doc_new(d->arena, &o)))
        return ll_no_memory(err);
    about(&w);
    overview(&w);
    front(&w);
    ll_rural_report_rating(&w.l, d); /* in the same list */
    ll_letter_verify(&w.l, &x);
    ll_letter_signature(&w.l, &x);
    annex(&w);
    ll_rural_report_explain(&w.l, d);
    own(&w);
    *ret = w.l.doc;
    return LL_OK;
}
