/* xlsx_strings.c - see xlsx_strings.h.
 *
 * One buffer of text and one array of the offsets where strings end: 4 bytes of overhead a string.  We do not spill to disk: 512 MiB is
 * more text than a sheet of a million rows of a dozen distinct texts holds, and a spilled string costs a seek for every cell. */
#include "intake/decode/xlsx_strings.h"

#include "intake/decode/xlsx_xml.h"

#include <stdlib.h>

enum { SST = 1, SI, RUN, T };

struct ll_xlsx_strings {
    struct ll_buf text;
    struct ll_buf ends; /* uint32_t each */
    struct ll_xml *xml; /* while loading */
};

static size_t count_of(const struct ll_xlsx_strings *s)
{
    return s->ends.n / sizeof(uint32_t);
}

static uint32_t end_of(const struct ll_xlsx_strings *s, size_t i)
{
    return ((const uint32_t *)(const void *)s->ends.p)[i];
}

static void on_text(void *ctx, unsigned state, const char *text, size_t n)
{
    struct ll_xlsx_strings *s = ctx;

    if (state == T)
        ll_buf_add(&s->text, text, n);
}

static void on_end(void *ctx, unsigned state)
{
    struct ll_xlsx_strings *s = ctx;

    if (state != SI)
        return;
    size_t start = count_of(s) ? end_of(s, count_of(s) - 1) : 0;
    if (s->text.n > start)
        s->text.n = start + ll_xml_unescape(s->text.p + start, s->text.n - start);
    uint32_t end = (uint32_t)s->text.n;
    ll_buf_add(&s->ends, &end, sizeof end);
    if (s->text.failed || s->ends.failed || s->text.n + s->ends.n > LL_XLSX_STRINGS_HELD)
        ll_xml_stop(
            s->xml,
            ll_fail(
                ll_xml_err(s->xml), LL_TOOBIG,
                "工作簿的文本超过 %d MiB（或内存不足）；请拆分后再提交，或改用 CSV",
                "the workbook holds over %d MiB of text, or memory is out; split it, or deliver it as CSV",
                (int)(LL_XLSX_STRINGS_HELD >> 20)));
}

static const struct ll_xml_rule rules[] = {
    {SI, T, "t"}, {SST, SI, "si"}, {SI, RUN, "r"}, {RUN, T, "t"}, {0, SST, "sst"},
};
static const struct ll_xml_grammar grammar = {rules, LL_COUNT(rules), NULL, on_end, on_text};

static int load(struct ll_xlsx_strings *s, struct ll_xlsx_zip *z, const char *part, struct ll_err *err)
{
    int rc = ll_xml_open(&s->xml, z, part, LL_XLSX_STRINGS_MAX, &grammar, s, err);

    while (rc >= 0 && (rc = ll_xml_run(s->xml, err)) > 0)
        continue;
    s->xml = ll_xml_close(s->xml);
    return rc;
}

int ll_xlsx_strings_load(struct ll_xlsx_strings **ret, struct ll_xlsx_zip *z, const char *part,
                         struct ll_err *err)
{
    struct ll_xlsx_strings *s = calloc(1, sizeof *s);

    if (!s)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    s->text = LL_BUF_INIT(LL_XLSX_STRINGS_HELD);
    s->ends = LL_BUF_INIT(LL_XLSX_STRINGS_HELD);
    int rc = part ? load(s, z, part, err) : LL_OK;
    if (rc < 0) {
        ll_xlsx_strings_free(s);
        return rc;
    }
    *ret = s;
    return LL_OK;
}

struct ll_xlsx_strings *ll_xlsx_strings_free(struct ll_xlsx_strings *s)
{
    if (!s)
        return NULL;
    ll_xml_close(s->xml);
    ll_buf_free(&s->text);
    ll_buf_free(&s->ends);
    free(s);
    return NULL;
}

size_t ll_xlsx_strings_count(const struct ll_xlsx_strings *s)
{
    return count_of(s);
}

struct ll_str ll_xlsx_string(const struct ll_xlsx_strings *s, size_t i)
{
    LL_ASSERT(i < count_of(s));
    size_t start = i ? end_of(s, i - 1) : 0;
    return (struct ll_str){s->text.p ? s->text.p + start : "", end_of(s, i) - start};
}
