/* xlsx_xml.c - see xlsx_xml.h.
 *
 * Expat keeps every distinct name it has seen and the whole of the tag it is in, so a hostile part could make it grow without end.
 * It takes its memory through functions of ours, which have no context argument; the budget of the parser at work is therefore
 * found through a thread-local pointer that is set around each call into Expat. */
#include "intake/decode/xlsx_xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 << 10, DEEPEST = 16 };

struct budget {
    size_t used;
    bool exceeded;
};

struct block {
    struct budget *budget;
    size_t n;
    _Alignas(16) char bytes[];
};

struct ll_xml {
    XML_Parser parser;
    struct budget budget;
    struct ll_xlsx_part *part;
    const struct ll_xml_grammar *grammar;
    void *ctx;
    unsigned char states[DEEPEST]; /* of the known elements that are open */
    unsigned depth;
    uint64_t skipping; /* open elements inside the first unknown one */
    bool paused, ended;
    int rc;
    struct ll_err err;
};

static _Thread_local struct budget *at_work;

static void *budget_realloc(void *old, size_t n)
{
    struct block *b = old ? (struct block *)((char *)old - offsetof(struct block, bytes)) : NULL;
    struct budget *budget = b ? b->budget : at_work;
    size_t had = b ? b->n : 0;

    if (n > LL_XML_MEMORY || budget->used - had > LL_XML_MEMORY - n) {
        budget->exceeded = true;
        return NULL;
    }
    b = realloc(b, sizeof *b + n);
    if (!b)
        return NULL;
    b->budget = budget;
    b->n = n;
    budget->used += n - had;
    return b->bytes;
}

static void *budget_malloc(size_t n)
{
    return budget_realloc(NULL, n);
}

static void budget_free(void *p)
{
    if (!p)
        return;
    struct block *b = (struct block *)((char *)p - offsetof(struct block, bytes));
    b->budget->used -= b->n;
    free(b);
}

static const XML_Memory_Handling_Suite memory = {budget_malloc, budget_realloc, budget_free};

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');

    return colon ? colon + 1 : name;
}

static const struct ll_xml_rule *find_rule(const struct ll_xml_grammar *g, unsigned parent, const char *name)
{
    for (size_t i = 0; i < g->n; i++)
        if (g->rules[i].parent == parent && strcmp(g->rules[i].name, name) == 0)
            return &g->rules[i];
    return NULL;
}

static unsigned state_of(const struct ll_xml *x)
{
    return x->depth ? x->states[x->depth - 1] : 0;
}

static void XMLCALL on_start(void *data, const XML_Char *name, const XML_Char **atts)
{
    struct ll_xml *x = data;
    const struct ll_xml_rule *rule = NULL;

    if (x->rc < 0)
        return;
    if (!x->skipping && x->depth < DEEPEST)
        rule = find_rule(x->grammar, state_of(x), local_name(name));
    if (!rule) {
        x->skipping++;
        return;
    }
    x->states[x->depth++] = rule->state;
    if (x->grammar->start)
        x->grammar->start(x->ctx, rule->state, atts);
}

static void XMLCALL on_end(void *data, const XML_Char *name)
{
    struct ll_xml *x = data;

    (void)name;
    if (x->rc < 0)
        return;
    if (x->skipping) {
        x->skipping--;
        return;
    }
    unsigned state = x->states[--x->depth];
    if (x->grammar->end)
        x->grammar->end(x->ctx, state);
}

static void XMLCALL on_text(void *data, const XML_Char *s, int n)
{
    struct ll_xml *x = data;

    if (x->rc == LL_OK && !x->skipping)
        x->grammar->text(x->ctx, state_of(x), s, (size_t)n);
}

static void XMLCALL on_doctype(void *data, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    struct ll_xml *x = data;

    (void)name, (void)system, (void)public, (void)internal;
    ll_xml_stop(x, ll_fail(&x->err, LL_INVALID, "工作簿的 %s 含有 DOCTYPE（可能是实体攻击），已拒绝",
                           "part %s of the workbook has a DOCTYPE, as entity attacks do; refused",
                           ll_xlsx_part_name(x->part)));
}

void ll_xml_pause(struct ll_xml *x)
{
    x->paused = true;
    XML_StopParser(x->parser, XML_TRUE);
}

struct ll_err *ll_xml_err(struct ll_xml *x)
{
    return &x->err;
}

void ll_xml_stop(struct ll_xml *x, int failed)
{
    if (x->rc < 0)
        return;
    x->rc = failed;
    XML_StopParser(x->parser, XML_FALSE);
}

int ll_xml_open(struct ll_xml **ret, struct ll_xlsx_zip *z, const char *part, uint64_t limit,
                const struct ll_xml_grammar *g, void *ctx, struct ll_err *err)
{
    struct ll_xml *x = calloc(1, sizeof *x);

    if (!x)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    int rc = ll_xlsx_part_open(&x->part, z, part, limit, err);
    if (rc < 0) {
        free(x);
        return rc;
    }
    x->grammar = g;
    x->ctx = ctx;
    at_work = &x->budget;
    x->parser = XML_ParserCreate_MM(NULL, &memory, NULL);
    at_work = NULL;
    if (!x->parser) {
        ll_xml_close(x);
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    if (g->text)
        XML_SetCharacterDataHandler(x->parser, on_text);
    *ret = x;
    return LL_OK;
}

struct ll_xml *ll_xml_close(struct ll_xml *x)
{
    if (!x)
        return NULL;
    if (x->parser)
        XML_ParserFree(x->parser);
    ll_xlsx_part_close(x->part);
    free(x);
    return NULL;
}

static enum XML_Status feed(struct ll_xml *x)
{
    void *chunk = XML_GetBuffer(x->parser, CHUNK);

    if (!chunk)
        return XML_STATUS_ERROR;
    int64_t n = ll_xlsx_part_read(x->part, chunk, CHUNK, &x->err);
    if (n < 0) {
        x->rc = (int)n;
        return XML_STATUS_ERROR;
    }
    x->ended = n == 0;
    return XML_ParseBuffer(x->parser, (int)n, n == 0);
}

static int syntax_error(const struct ll_xml *x, struct ll_err *err)
{
    enum XML_Error code = XML_GetErrorCode(x->parser);

    if (x->budget.exceeded)
        return ll_fail(err, LL_TOOBIG, "工作簿的 %s 结构异常（标签过长、过深或过多），已拒绝",
                       "part %s of the workbook has tags too long, too deep or of too many names; refused",
                       ll_xlsx_part_name(x->part));
    if (code == XML_ERROR_NO_MEMORY)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    return ll_fail(err, LL_INVALID, "工作簿的 %s 第 %lu 行不是有效的 XML：%s",
                   "part %s of the workbook, line %lu, is not valid XML: %s", ll_xlsx_part_name(x->part),
                   (unsigned long)XML_GetCurrentLineNumber(x->parser), XML_ErrorString(code));
}

int ll_xml_run(struct ll_xml *x, struct ll_err *err)
{
    enum XML_Status status = XML_STATUS_OK;

    at_work = &x->budget;
    if (x->paused) {
        x->paused = false;
        status = XML_ResumeParser(x->parser);
    }
    while (status == XML_STATUS_OK && !x->ended)
        status = feed(x);
    at_work = NULL;
    if (x->rc < 0) {
        if (err)
            *err = x->err;
        return x->rc;
    }
    if (status == XML_STATUS_ERROR)
        return syntax_error(x, err);
    return status == XML_STATUS_SUSPENDED ? 1 : 0;
}

static const char *find_att(const char **atts, const char *name, bool prefixed)
{
    for (; *atts; atts += 2) {
        const char *local = local_name(*atts);
        if (strcmp(local, name) == 0 && (!prefixed || local != *atts))
            return atts[1];
    }
    return NULL;
}

const char *ll_xml_att(const char **atts, const char *name)
{
    return find_att(atts, name, false);
}

const char *ll_xml_prefixed_att(const char **atts, const char *name)
{
    return find_att(atts, name, true);
}

bool ll_xml_true(const char *value)
{
    return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0 || strcmp(value, "on") == 0);
}

/* The code unit of an escape _xHHHH_ at p, or -1. */
static int32_t escaped_unit(const char *p, size_t n)
{
    int32_t unit = 0;

    if (n < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        char c = p[i];
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'A' && c <= 'F') && !(c >= 'a' && c <= 'f'))
            return -1;
        unit = unit << 4 | (digit ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

size_t ll_xml_unescape(char *s, size_t n)
{
    char *first = memmem(s, n, "_x", 2);
    size_t out, i;

    if (!first)
        return n;
    for (out = i = (size_t)(first - s); i < n;) {
        int32_t unit = s[i] == '_' ? escaped_unit(s + i, n - i) : -1;
        if (unit < 0) {
            s[out++] = s[i++];
            continue;
        }
        i += 7;
        int32_t low = unit >= 0xd800 && unit < 0xdc00 ? escaped_unit(s + i, n - i) : -1;
        if (low >= 0xdc00 && low < 0xe000) {
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            i += 7;
        }
        size_t put = ll_utf8_put(s + out, (uint32_t)unit);
        out += put ? put : ll_utf8_put(s + out, 0xfffd);
    }
    return out;
}

int ll_xml_whole(struct ll_xlsx_zip *z, const char *part, uint64_t limit, const struct ll_xml_grammar *g,
                 void *ctx, struct ll_err *err)
{
    struct ll_xml *x = NULL;
    int rc = ll_xml_open(&x, z, part, limit, g, ctx, err);

    if (rc < 0)
        return rc;
    while ((rc = ll_xml_run(x, err)) > 0)
        continue;
    ll_xml_close(x);
    return rc;
}
