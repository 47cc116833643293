/* report_rating.c - what a special credit report says of the rating: the grade on the first page, and behind the annex why. */
#include "apps/rural/report_impl.h"

#include "report/letter.h"

enum { WAN = 10000 };

void ll_rural_report_rating(struct ll_letter *w, const struct ll_rural_draft *d)
{
    const struct ll_rural_told *t = d->told;

    if (!t) {
        ll_doc_pair(w->doc, LL_SAY(w, "平台评级", "Rating"),
                    ll_str(LL_SAY(w, "本户尚无平台评级", "not rated by the platform")));
        ll_doc_pair(w->doc, LL_SAY(w, "建议额度", "Suggested limit"), LL_STR("—"));
        return;
    }
    const struct ll_rural_card *c = t->rated.card;
    int64_t limit = ll_rated_limit(&t->rated);
    ll_doc_pair(
        w->doc, LL_SAY(w, "平台评级", "Rating"),
        ll_str(ll_letter_text(w, LL_SAY(w, "%s（%s），%.1f 分", "%s (%s), %.1f points"),
                              ll_rated_grade(&t->rated), c->grades[t->rated.scored.grade].title[w->lang],
                              t->rated.scored.score / (double)LL_CARD_POINTS)));
    ll_doc_pair(w->doc, LL_SAY(w, "建议额度", "Suggested limit"),
                ll_str(limit ? ll_letter_text(w, LL_SAY(w, "不超过 %.1f 万元", "at most %.1f x 10,000 yuan"),
                                              (double)limit / WAN)
                             : LL_SAY(w, "不建议授信", "none")));
    ll_doc_pair_wide(w->doc, LL_SAY(w, "评定", "Rated"),
                     ll_str(ll_letter_text(w, "%s · %s · %s", c->title[w->lang],
                                           ll_review_mark_title(t->rated.mark, w->lang),
                                           ll_letter_time(w, t->rated.at, false))));
}

/* ---- why this rating ---- */

/* What grants and consent do not show is not told by its points, either. */
static void hidden_row(struct ll_letter *w, const struct ll_rural_indicator *x)
{
    const struct ll_doc_cell cells[] = {
        {ll_str(x->title[w->lang]), LL_TONE_MUTED},
        {LL_STR("—"), LL_TONE_MUTED},
        {ll_str(LL_SAY(w, "未获授权，不作说明", "not granted, not told")), LL_TONE_MUTED},
        {LL_STR("—"), LL_TONE_MUTED},
        {ll_str(ll_letter_text(w, "%d", x->weight)), LL_TONE_MUTED}};

    ll_doc_row(w->doc, cells);
}

static void explain_indicators(struct ll_letter *w, const struct ll_rated *r)
{
    const struct ll_doc_column columns[] = {{LL_SAY(w, "指标", "Indicator"), 1.6, LL_DOC_LEFT},
                                            {LL_SAY(w, "取值", "Value"), 1.6, LL_DOC_LEFT},
                                            {LL_SAY(w, "说明", "Why"), 3, LL_DOC_LEFT},
                                            {LL_SAY(w, "得分", "Points"), 0.9, LL_DOC_RIGHT},
                                            {LL_SAY(w, "满分", "Of"), 0.7, LL_DOC_RIGHT}};

    ll_doc_table(w->doc, columns, LL_COUNT(columns));
    for (size_t i = 0; i < r->card->n; i++) {
        const struct ll_rural_indicator *x = &r->card->indicators[i];
        const struct ll_rural_band *b = &x->bands[r->scored.band[i]];
        if (r->hidden[i]) {
            hidden_row(w, x);
            continue;
        }
        struct ll_str value = r->value[i].n ? ll_household_text(x->item, &x->item->sources[0], r->value[i],
                                                                w->lang, w->arena)
                                            : LL_STR("—");
        const char *cap = b->cap == LL_CARD_NO_CAP
                              ? ""
                              : ll_letter_text(w, LL_SAY(w, "（总分不超过 %d）", " (all at most %d)"),
                                               b->cap);
        const struct ll_doc_cell cells[] = {
            {ll_str(x->title[w->lang]), LL_TONE_PLAIN},
            {value, r->value[i].n ? LL_TONE_PLAIN : LL_TONE_MUTED},
            {ll_str(ll_letter_text(w, "%s%s", b->what[w->lang], cap)), *cap ? LL_TONE_BAD : LL_TONE_PLAIN},
            {ll_str(ll_letter_text(w, "%.1f", x->weight * b->points / (double)LL_CARD_POINTS)),
             LL_TONE_PLAIN},
            {ll_str(ll_letter_text(w, "%d", x->weight)), LL_TONE_MUTED}};
        ll_doc_row(w->doc, cells);
    }
}

static void explain_offers(struct ll_letter *w, const struct ll_rural_told *t)
{
    const struct ll_doc_column columns[] = {{LL_SAY(w, "机构", "Bank"), 2.4, LL_DOC_LEFT},
                                            {LL_SAY(w, "产品", "Product"), 1.8, LL_DOC_LEFT},
                                            {LL_SAY(w, "年利率", "Rate a year"), 1.1, LL_DOC_RIGHT},
                                            {LL_SAY(w, "额度（万元）", "Limit (10,000)"), 1.3, LL_DOC_RIGHT},
                                            {LL_SAY(w, "期限（月）", "Months"), 1, LL_DOC_RIGHT}};

    if (!t->n_offers)
        return;
    ll_doc_note(w->doc, LL_TONE_MUTED,
                ll_str(LL_SAY(w, "各机构自行公布的优惠，不构成放款承诺。",
                              "As the banks declare them; no promise to lend.")));
    ll_doc_table(w->doc, columns, LL_COUNT(columns));
    for (size_t i = 0; i < t->n_offers; i++) {
        const struct ll_offer *o = &t->offers[i];
        const struct ll_organisation *bank = ll_catalog_organisation(t->cat, ll_str(o->organisation));
        const struct ll_doc_cell cells[] = {
            {ll_str(bank ? bank->name : o->organisation), LL_TONE_PLAIN},
            {ll_str(o->product), LL_TONE_PLAIN},
            {ll_str(ll_letter_text(w, "%.2f%%", (double)o->rate_bp / LL_CARD_POINTS)), LL_TONE_PLAIN},
            {ll_str(ll_letter_text(w, "%.1f", (double)o->limit_yuan / WAN)), LL_TONE_PLAIN},
            {ll_str(ll_letter_text(w, "%d", (int)o->term_months)), LL_TONE_PLAIN}};
        ll_doc_row(w->doc, cells);
    }
}

void ll_rural_report_explain(struct ll_letter *w, const struct ll_rural_draft *d)
{
    const struct ll_rural_told *t = d->told;

    if (!t)
        return;
    ll_doc_subsection(w->doc, LL_SAY(w, "评级说明", "Why this rating"), t->rated.card->title[w->lang]);
    ll_doc_note(
        w->doc, LL_TONE_MUTED,
        ll_str(ll_letter_text(
            w,
            LL_SAY(
                w,
                "村级评议：%s%s%s。评议结果与得分按规则表得出等级；农户可对评议结果或任一来源的记录提出异议。",
                "Village review: %s%s%s.  Mark and score become the grade by a table; the household may object to the mark or to any record."),
            ll_review_mark_title(t->rated.mark, w->lang), *t->reasons[w->lang] ? LL_SAY(w, "，", ", ") : "",
            t->reasons[w->lang])));
    explain_indicators(w, &t->rated);
    explain_offers(w, t);
}
