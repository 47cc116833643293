/* html.c - see html.h. */
#include "report/html.h"

#include "report/doc_impl.h"
#include "report/qr.h"

#include "base/clock.h"
#include "crypto/base64.h"
#include "crypto/digest.h"

#include <stdio.h>

static const char style[] =
    "@page{size:A4;margin:16mm 15mm 18mm}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:#eef1f4;color:#1f2933;font:15px/1.55 'WenQuanYi Zen Hei','Noto Sans CJK SC','PingFang "
    "SC','Microsoft YaHei',sans-serif}"
    "main{max-width:60rem;margin:1.5rem auto;padding:2.2rem 2.6rem;background:#fff;position:relative;overflow-wrap:anywhere}"
    "header{text-align:center;border-bottom:2px solid #1b4f7f;padding-bottom:.8rem}"
    "header p{margin:.2rem 0;color:#667280}header .issuer{color:#1b4f7f}"
    "h1{font-size:1.75rem;font-weight:600;margin:.2rem 0}"
    "h2{font-size:1.2rem;font-weight:600;color:#1b4f7f;border-bottom:1px solid #cfd7df;margin:1.8rem 0 .6rem;padding-bottom:.25rem}"
    "h3{font-size:1rem;margin:1rem 0 .3rem}h3 small{float:right;font-weight:400;color:#667280;font-size:.8rem}"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:0 1.2rem;margin:.4rem 0}"
    "dl>div{display:flex;border-bottom:1px solid #e3e8ed;padding:.28rem 0}dl>div.wide{grid-column:1/-1}"
    "dt{flex:0 0 8.5rem;color:#667280}dd{margin:0}"
    "table{width:100%;border-collapse:collapse;margin:.5rem 0;font-size:.87rem}"
    "th{background:#e8eef4;color:#1b4f7f;text-align:left;font-weight:600}"
    "th,td{padding:.36rem .5rem;border-bottom:1px solid #cfd7df;vertical-align:top}"
    "tbody tr:nth-child(even){background:#f6f8fa}"
    ".right{text-align:right}.centre{text-align:center}"
    ".note{margin:.4rem 0}.muted{color:#667280}.good{color:#17663e}.warn{color:#8a4b06}.bad{color:#a61b12}"
    "p.good,p.warn,p.bad{padding:.5rem .8rem}p.good{background:#e3f4ea}p.warn{background:#fdf1dc}p.bad{background:#fde8e6}"
    ".badges{list-style:none;margin:.5rem 0;padding:0;display:flex;flex-wrap:wrap;gap:.4rem}"
    ".badges li{border-radius:1rem;padding:.1rem .8rem;font-size:.85rem;background:#eef1f4}"
    ".badges .good{background:#e3f4ea}.badges .warn{background:#fdf1dc}.badges .bad{background:#fde8e6}"
    ".bar{display:grid;grid-template-columns:12rem 1fr 9rem;gap:.8rem;align-items:center;margin:.25rem 0}"
    ".bar svg{width:100%;height:.6rem}.track{fill:#e8eef4}.fill{fill:currentColor}"
    ".verify{display:flex;gap:1rem;border:1px solid #cfd7df;border-radius:6px;padding:.9rem;margin:1.4rem 0;break-inside:avoid}"
    ".verify svg{flex:0 0 8rem;width:8rem;height:8rem}.verify p,.signature p{margin:.1rem 0}"
    ".signature{margin:1rem 0 0 auto;max-width:26rem;border:1px solid #1b4f7f;border-radius:6px;padding:.6rem .9rem;break-inside:avoid}"
    "footer{margin-top:2rem;border-top:1px solid #cfd7df;padding-top:.6rem;color:#667280;font-size:.8rem}"
    ".watermark{position:absolute;inset:0;overflow:hidden;pointer-events:none}"
    ".watermark text{fill:#8894a0;fill-opacity:.13;font-size:52px}"
    "hr.page{border:0;border-top:2px dashed #cfd7df;margin:2rem 0}"
    "@media print{body{background:#fff;font-size:10pt}main{margin:0;padding:0;max-width:none}thead{display:table-header-group}"
    "hr.page{break-after:page;visibility:hidden;margin:0}tr,dl>div{break-inside:avoid}h2,h3{break-after:avoid}.watermark{position:fixed}}";

static const char *const tone_class[LL_TONE_COUNT] = {"", "muted", "good", "warn", "bad"};

const char *ll_html_style_source(char out[LL_STYLE_SOURCE])
{
    unsigned char hash[LL_DIGEST];
    struct ll_buf text = LL_BUF_INIT(LL_STYLE_SOURCE);

    ll_sha256(style, sizeof style - 1, hash);
    ll_base64_put(&text, LL_BASE64_STD, hash, sizeof hash);
    snprintf(out, LL_STYLE_SOURCE, "'sha256-" LL_STR_FMT "'", LL_STR_ARG(ll_buf_view(&text)));
    ll_buf_free(&text);
    return out;
}

/* <name class="...">text</name> */
static void element(struct ll_buf *out, const char *name, const char *class, struct ll_str text)
{
    if (class && *class)
        ll_buf_printf(out, "<%s class=\"%s\">", name, class);
    else
        ll_buf_printf(out, "<%s>", name);
    ll_buf_html(out, text);
    ll_buf_printf(out, "</%s>\n", name);
}

/* --- blocks --------------------------------------------------------------------------------------------------------- */

static void subsection(struct ll_buf *out, const struct ll_block *b)
{
    ll_buf_z(out, "<h3>");
    if (b->text.n) {
        ll_buf_z(out, "<small>");
        ll_buf_html(out, b->text);
        ll_buf_z(out, "</small>");
    }
    ll_buf_html(out, b->head);
    ll_buf_z(out, "</h3>\n");
}

static void note(struct ll_buf *out, const struct ll_block *b)
{
    char class[32];

    snprintf(class, sizeof class, "note %s", tone_class[b->tone]);
    element(out, "p", class, b->text);
}

static const struct ll_block *pairs(struct ll_buf *out, const struct ll_block *b)
{
    const struct ll_block *last = b;

    ll_buf_z(out, "<dl>\n");
    for (; b && b->kind == LL_BLOCK_PAIR; last = b, b = b->next) {
        ll_buf_z(out, b->wide ? "<div class=\"wide\">" : "<div>");
        ll_buf_z(out, "<dt>");
        ll_buf_html(out, b->head);
        ll_buf_z(out, "</dt><dd>");
        ll_buf_html(out, b->text);
        ll_buf_z(out, "</dd></div>\n");
    }
    ll_buf_z(out, "</dl>\n");
    return last;
}

static void cell(struct ll_buf *out, const char *name, const char *more, const struct ll_doc_column *column,
                 enum ll_tone tone, struct ll_str text)
{
    static const char *const align[] = {"", "centre", "right"};
    const char *a = align[column->align], *t = tone_class[tone];

    ll_buf_printf(out, "<%s%s", name, more);
    if (*a || *t)
        ll_buf_printf(out, " class=\"%s%s%s\"", a, *a && *t ? " " : "", t);
    ll_buf_c(out, '>');
    ll_buf_html(out, text);
    ll_buf_printf(out, "</%s>", name);
}

static void table(struct ll_buf *out, const struct ll_block *b)
{
    ll_buf_z(out, "<table>\n<thead><tr>");
    for (size_t i = 0; i < b->n_columns; i++)
        cell(out, "th", " scope=\"col\"", &b->columns[i], LL_TONE_PLAIN, ll_str(b->columns[i].title));
    ll_buf_z(out, "</tr></thead>\n<tbody>\n");
    for (const struct ll_doc_line *line = b->first; line; line = line->next) {
        ll_buf_z(out, "<tr>");
        for (size_t i = 0; i < b->n_columns; i++)
            cell(out, "td", "", &b->columns[i], line->cells[i].tone, line->cells[i].text);
        ll_buf_z(out, "</tr>\n");
    }
    ll_buf_z(out, "</tbody>\n</table>\n");
}

static const struct ll_block *badges(struct ll_buf *out, const struct ll_block *b)
{
    const struct ll_block *last = b;

    ll_buf_z(out, "<ul class=\"badges\">\n");
    for (; b && b->kind == LL_BLOCK_BADGE; last = b, b = b->next)
        element(out, "li", tone_class[b->tone], b->text);
    ll_buf_z(out, "</ul>\n");
    return last;
}

/* A drawing's attributes are no inline style: the policy lets them be. */
static void bar(struct ll_buf *out, const struct ll_block *b)
{
    ll_buf_printf(out, "<div class=\"bar %s\">", tone_class[b->tone]);
    element(out, "span", NULL, b->head);
    ll_buf_printf(
        out,
        "<svg viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"100\" "
        "height=\"4\"/><rect class=\"fill\" width=\"%.2f\" height=\"4\"/></svg>\n",
        b->share * 100);
    element(out, "span", NULL, b->text);
    ll_buf_z(out, "</div>\n");
}

static void qr(struct ll_buf *out, const struct ll_qr *q, enum ll_lang lang)
{
    unsigned side = q->width + 2 * LL_QR_QUIET;

    ll_buf_printf(
        out,
        "<svg viewBox=\"0 0 %u %u\" role=\"img\" aria-label=\"%s\" shape-rendering=\"crispEdges\"><rect width=\"%u\" "
        "height=\"%u\" fill=\"#fff\"/><path d=\"",
        side, side, lang == LL_ZH ? "核验网址的二维码" : "QR code of the address to verify at", side, side);
    for (unsigned y = 0; y < q->width; y++)
        for (unsigned x = 0, n; x < q->width; x += n ? n : 1) {
            for (n = 0; x + n < q->width && q->cells[y * q->width + x + n];)
                n++;
            if (n)
                ll_buf_printf(out, "M%u %uh%uv1h-%uz", x + LL_QR_QUIET, y + LL_QR_QUIET, n, n);
        }
    ll_buf_z(out, "\"/></svg>\n");
}

static void lines(struct ll_buf *out, const struct ll_block *b)
{
    for (const struct ll_doc_line *line = b->first; line; line = line->next)
        element(out, "p", NULL, line->cells[0].text);
}

static int verify(const struct ll_doc *d, struct ll_buf *out, const struct ll_block *b, struct ll_err *err)
{
    struct ll_qr q;
    int rc;

    ll_buf_z(out, "<div class=\"verify\">\n");
    if (b->text.n) {
        if ((rc = ll_qr_make(d->arena, b->text, &q, err)) < 0)
            return rc;
        qr(out, &q, d->o.lang);
    }
    ll_buf_z(out, "<div>\n");
    lines(out, b);
    ll_buf_z(out, "</div></div>\n");
    return LL_OK;
}

static int block(const struct ll_doc *d, struct ll_buf *out, const struct ll_block **at, struct ll_err *err)
{
    const struct ll_block *b = *at;

    switch (b->kind) {
    case LL_BLOCK_PAGE:
        ll_buf_z(out, "<hr class=\"page\">\n");
        break;
    case LL_BLOCK_SECTION:
        element(out, "h2", NULL, b->head);
        break;
    case LL_BLOCK_SUBSECTION:
        subsection(out, b);
        break;
    case LL_BLOCK_NOTE:
        note(out, b);
        break;
    case LL_BLOCK_PAIR:
        *at = pairs(out, b);
        break;
    case LL_BLOCK_TABLE:
        table(out, b);
        break;
    case LL_BLOCK_BADGE:
        *at = badges(out, b);
        break;
    case LL_BLOCK_BAR:
        bar(out, b);
        break;
    case LL_BLOCK_VERIFY:
        return verify(d, out, b, err);
    case LL_BLOCK_SIGNATURE:
        ll_buf_z(out, "<div class=\"signature\">\n");
        lines(out, b);
        ll_buf_z(out, "</div>\n");
        break;
    }
    return LL_OK;
}

/* --- the page ------------------------------------------------------------------------------------------------------- */

static void head(const struct ll_doc *d, struct ll_buf *out)
{
    const struct ll_doc_opts *o = &d->o;
    char source[LL_STYLE_SOURCE];

    ll_buf_printf(
        out,
        "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" "
        "content=\"default-src 'none'; style-src %s; base-uri 'none'; form-action 'none'\">\n",
        o->lang == LL_ZH ? "zh-CN" : "en", ll_html_style_source(source));
    element(out, "title", NULL, ll_str(o->title));
    ll_buf_printf(out, "<style>%s</style>\n</head>\n<body>\n<main>\n", style);
    if (o->watermark) {
        ll_buf_z(
            out,
            "<svg class=\"watermark\" width=\"100%\" height=\"100%\" aria-hidden=\"true\"><text x=\"50%\" y=\"30%\" "
            "text-anchor=\"middle\" transform=\"rotate(-25 400 300)\">");
        ll_buf_html(out, ll_str(o->watermark));
        ll_buf_z(out, "</text></svg>\n");
    }
    ll_buf_z(out, "<header>\n");
    if (o->issuer)
        element(out, "p", "issuer", ll_str(o->issuer));
    element(out, "h1", NULL, ll_str(o->title));
    if (o->subtitle)
        element(out, "p", NULL, ll_str(o->subtitle));
    ll_buf_z(out, "</header>\n");
}

static void foot(const struct ll_doc *d, struct ll_buf *out)
{
    ll_buf_z(out, "<footer>\n");
    if (d->o.number)
        element(out, "p", NULL, ll_str(d->o.number));
    if (d->o.footer)
        element(out, "p", NULL, ll_str(d->o.footer));
    if (d->o.watermark) /* said once more where a picture is not seen */
        element(out, "p", NULL, ll_str(d->o.watermark));
    ll_buf_z(out, "</footer>\n</main>\n</body>\n</html>\n");
}

int ll_html_render(const struct ll_doc *d, struct ll_buf *out, struct ll_err *err)
{
    bool open = false;
    int rc = ll_doc_whole(d, err);

    if (rc < 0)
        return rc;
    head(d, out);
    for (const struct ll_block *b = d->first; b && rc == LL_OK; b = b->next) {
        if (b->kind == LL_BLOCK_SECTION) {
            ll_buf_z(out, open ? "</section>\n<section>\n" : "<section>\n");
            open = true;
        }
        rc = block(d, out, &b, err);
    }
    if (rc < 0)
        return rc;
    ll_buf_z(out, open ? "</section>\n" : "");
    foot(d, out);
    return out->failed ? ll_fail(err, LL_TOOBIG, "网页超过 %zu 字节", "the page is longer than %zu bytes",
                                 out->ceiling)
                       : LL_OK;
}
