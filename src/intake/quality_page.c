/* quality_page.c - a quality report for people: text for a terminal, one self-contained HTML page for a browser or a printer. */
#include "intake/quality.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The worst first; more than these nobody reads. */
enum { OFFENDERS = 20 };

struct offender {
    const char *title, *code;
    const char *words; /* the fault in the language of the page */
    json_int_t count;
    json_t *examples;
};

static const char *text_of(json_t *o, const char *key, enum ll_lang lang, const char *key_en)
{
    const char *en = key_en ? json_string_value(json_object_get(o, key_en)) : NULL;
    const char *zh = json_string_value(json_object_get(o, key));

    if (lang == LL_EN && en)
        return en;
    return zh ? zh : "";
}

static void offer(struct offender *list, size_t *n, struct offender o)
{
    size_t at = *n;

    while (at > 0 && list[at - 1].count < o.count)
        at--;
    if (at >= OFFENDERS)
        return;
    if (*n < OFFENDERS)
        ++*n;
    memmove(list + at + 1, list + at, (*n - at - 1) * sizeof *list);
    list[at] = o;
}

static void offer_faults(json_t *faults, const char *title, enum ll_lang lang, struct offender *list,
                         size_t *n)
{
    json_t *f;
    size_t i;

    json_array_foreach(faults, i, f)
    {
        struct offender o = {.title = title, .code = text_of(f, "code", lang, NULL)};
        o.count = json_integer_value(json_object_get(f, "count"));
        o.examples = json_object_get(f, "examples");
        o.words = ll_fault_title(ll_str(o.code), lang);
        if (!o.words)
            o.words = o.code; /* of a report that another version made */
        offer(list, n, o);
    }
}

static size_t offenders_of(json_t *q, enum ll_lang lang, struct offender *list)
{
    json_t *x;
    size_t i, n = 0;

    json_array_foreach(json_object_get(q, "items"), i, x)
        offer_faults(json_object_get(x, "faults"), text_of(x, "title", lang, "title_en"), lang, list, &n);
    json_array_foreach(json_object_get(q, "rules"), i, x)
    {
        struct offender o = {.title = text_of(x, "name", lang, NULL), .code = "row.rule"};
        o.words = text_of(x, "zh", lang, "en");
        o.count = json_integer_value(json_object_get(x, "count"));
        o.examples = json_object_get(x, "examples");
        offer(list, &n, o);
    }
    offer_faults(json_object_get(json_object_get(q, "rows"), "faults"), lang == LL_ZH ? "整行" : "whole row",
                 lang, list, &n);
    return n;
}

static void put_examples(struct ll_buf *out, json_t *examples, bool html)
{
    json_t *e;
    size_t i;

    json_array_foreach(examples, i, e)
    {
        const char *value = json_string_value(json_object_get(e, "value"));
        ll_buf_printf(out, "%s#%lld ", i ? "  " : "",
                      (long long)json_integer_value(json_object_get(e, "row")));
        if (html)
            ll_buf_html(out, ll_str(value));
        else
            ll_buf_str(out, ll_str(value));
    }
}

static long long count_of(json_t *q, const char *key)
{
    return (long long)json_integer_value(json_object_get(q, key));
}

static void pad(struct ll_buf *out, const char *text, size_t width)
{
    size_t w = ll_utf8_width(ll_str(text));

    ll_buf_z(out, text);
    for (; w < width; w++)
        ll_buf_c(out, ' ');
}

static int parse(struct ll_str json, json_t **ret, struct ll_err *err)
{
    *ret = json_loadb(json.p, json.n, 0, NULL);
    return *ret ? LL_OK : ll_fail(err, LL_INVALID, "质量报告无法读取", "the quality report cannot be read");
}

int ll_quality_dimensions(struct ll_str json, double share[LL_DIM_COUNT], struct ll_err *err)
{
    json_t *q = NULL;
    int rc = parse(json, &q, err);

    for (unsigned d = 0; d < LL_DIM_COUNT && rc == LL_OK; d++) {
        json_t *v = json_object_get(json_object_get(q, "dimensions"),
                                    ll_dimension_name((enum ll_dimension)d));
        share[d] = json_is_number(v) ? json_number_value(v) : -1;
    }
    json_decref(q);
    return rc;
}

int ll_quality_text(struct ll_str json, enum ll_lang lang, struct ll_buf *out, struct ll_err *err)
{
    struct offender list[OFFENDERS + 1];
    json_t *q = NULL;
    int rc = parse(json, &q, err);

    if (rc < 0)
        return rc;
    ll_buf_printf(out,
                  lang == LL_ZH ? "收到 %lld 行，发布 %lld 行，隔离 %lld 行\n\n"
                                : "%lld rows received, %lld published, %lld quarantined\n\n",
                  count_of(q, "received"), count_of(q, "published"), count_of(q, "quarantined"));
    for (unsigned d = 0; d < LL_DIM_COUNT; d++) {
        json_t *v = json_object_get(json_object_get(q, "dimensions"),
                                    ll_dimension_name((enum ll_dimension)d));
        pad(out, ll_dimension_title((enum ll_dimension)d, lang), 16);
        if (json_is_number(v))
            ll_buf_printf(out, "%8.4f%%\n", json_number_value(v) * 100);
        else
            ll_buf_z(out, lang == LL_ZH ? "     —（本次无法判断）\n" : "     - (cannot be judged yet)\n");
    }
    size_t n = offenders_of(q, lang, list);
    if (n)
        ll_buf_z(out, lang == LL_ZH ? "\n问题最多的：\n" : "\nmost frequent:\n");
    for (size_t i = 0; i < n; i++) {
        ll_buf_printf(out, "%8lld  ", (long long)list[i].count);
        pad(out, list[i].title, 22);
        ll_buf_c(out, ' ');
        pad(out, list[i].words, 26);
        ll_buf_c(out, ' ');
        put_examples(out, list[i].examples, false);
        ll_buf_c(out, '\n');
    }
    json_decref(q);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

static const char page_head[] =
    "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
    "<title>%s</title><style>"
    "body{font:16px/1.6 system-ui,'Noto Sans SC','Microsoft YaHei',sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2733}"
    "table{border-collapse:collapse;width:100%%;margin:1rem 0}td,th{padding:.4rem .6rem;border-bottom:1px solid #d8dee6;text-align:left;"
    "vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}meter{width:100%%;height:1rem}"
    "@media(max-width:480px){td.x,th.x{display:none}}</style></head><body><h1>%s</h1>";

static void put_dimensions(struct ll_buf *out, json_t *q, enum ll_lang lang)
{
    ll_buf_z(out, "<table>");
    for (unsigned d = 0; d < LL_DIM_COUNT; d++) {
        json_t *v = json_object_get(json_object_get(q, "dimensions"),
                                    ll_dimension_name((enum ll_dimension)d));
        ll_buf_printf(out, "<tr><th scope=\"row\">%s</th>", ll_dimension_title((enum ll_dimension)d, lang));
        if (json_is_number(v))
            ll_buf_printf(
                out,
                "<td><meter min=\"0\" max=\"1\" low=\"0.9\" high=\"0.98\" optimum=\"1\" value=\"%.6f\"></meter></td>"
                "<td class=\"n\">%.4f%%</td></tr>",
                json_number_value(v), json_number_value(v) * 100);
        else
            ll_buf_z(out, "<td></td><td class=\"n\">—</td></tr>");
    }
    ll_buf_z(out, "</table>");
}

static void put_offenders(struct ll_buf *out, const struct offender *list, size_t n, enum ll_lang lang)
{
    ll_buf_z(
        out,
        lang == LL_ZH
            ? "<h2>问题最多的</h2><table><tr><th>次数</th><th>信息项</th><th>问题</th><th class=\"x\">示例（已遮蔽）</th></tr>"
            : "<h2>Most frequent</h2><table><tr><th>count</th><th>item</th><th>problem</th><th class=\"x\">examples "
              "(masked)</th></tr>");
    for (size_t i = 0; i < n; i++) {
        ll_buf_printf(out, "<tr><td class=\"n\">%lld</td><td>", (long long)list[i].count);
        ll_buf_html(out, ll_str(list[i].title));
        ll_buf_z(out, "</td><td>");
        ll_buf_html(out, ll_str(list[i].words));
        ll_buf_z(out, "</td><td class=\"x\">");
        put_examples(out, list[i].examples, true);
        ll_buf_z(out, "</td></tr>");
    }
    ll_buf_z(out, "</table>");
}

int ll_quality_html(struct ll_str json, enum ll_lang lang, struct ll_buf *out, struct ll_err *err)
{
    const char *title = lang == LL_ZH ? "数据质量报告" : "Data quality report";
    struct offender list[OFFENDERS + 1];
    json_t *q = NULL;
    int rc = parse(json, &q, err);

    if (rc < 0)
        return rc;
    ll_buf_printf(out, page_head, lang == LL_ZH ? "zh-CN" : "en", title, title);
    ll_buf_printf(out,
                  lang == LL_ZH ? "<p>收到 %lld 行，发布 %lld 行，隔离 %lld 行。</p>"
                                : "<p>%lld rows received, %lld published, %lld quarantined.</p>",
                  count_of(q, "received"), count_of(q, "published"), count_of(q, "quarantined"));
    put_dimensions(out, q, lang);
    size_t n = offenders_of(q, lang, list);
    if (n)
        put_offenders(out, list, n, lang);
    ll_buf_z(out, "</body></html>\n");
    json_decref(q);
    return out->failed ? ll_no_memory(err) : LL_OK;
}
