/* problem.c - see problem.h. */
#include "catalog/problem.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP = 1000, ARENA_CEILING = 16 << 20 };

struct ll_problems {
    struct ll_arena *arena;
    struct ll_problem *list;
    size_t n, cap, keep, errors, warnings;
    bool nomem;
};

struct ll_problems *ll_problems_new(size_t keep)
{
    struct ll_problems *ps = calloc(1, sizeof *ps);

    if (!ps)
        return NULL;
    ps->keep = keep ? keep : KEEP;
    ps->arena = ll_arena_new(ARENA_CEILING);
    return ps->arena ? ps : ll_problems_free(ps);
}

struct ll_problems *ll_problems_free(struct ll_problems *ps)
{
    if (!ps)
        return NULL;
    ll_arena_free(ps->arena);
    free(ps->list);
    free(ps);
    return NULL;
}

static struct ll_problem *room(struct ll_problems *ps)
{
    if (ps->n == ps->cap) {
        size_t cap = ps->cap ? ps->cap * 2 : 16;
        struct ll_problem *list = realloc(ps->list, cap * sizeof *list);
        if (!list)
            return NULL;
        ps->list = list;
        ps->cap = cap;
    }
    return &ps->list[ps->n];
}

static char *copy(struct ll_problems *ps, const char *z)
{
    return z ? ll_arena_dup(ps->arena, ll_str(z)) : NULL;
}

static void keep(struct ll_problems *ps, struct ll_place at, bool warning, const struct ll_err *text)
{
    if (warning)
        ps->warnings++;
    else
        ps->errors++;
    if (ps->n >= ps->keep)
        return;
    struct ll_problem *p = room(ps);
    if (!p) {
        ps->nomem = true;
        return;
    }
    *p = (struct ll_problem){.at = at, .warning = warning};
    p->at.file = copy(ps, at.file);
    p->at.column_name = copy(ps, at.column_name);
    p->zh = copy(ps, text->zh);
    p->en = copy(ps, text->en);
    if (!p->zh || !p->en || !p->at.file || (at.column_name && !p->at.column_name))
        ps->nomem = true;
    else
        ps->n++;
}

/* Both texts are made as an error's are: same bounds, same care for whole characters. */
#define KEEP_FORMATTED(ps, at, warning, zh, en)                                                              \
    do {                                                                                                     \
        struct ll_err text_;                                                                                 \
        va_list ap_;                                                                                         \
        va_start(ap_, en);                                                                                   \
        ll_vfail(&text_, LL_INVALID, (zh), (en), ap_);                                                       \
        va_end(ap_);                                                                                         \
        keep((ps), (at), (warning), &text_);                                                                 \
    } while (0)

void ll_problem_error(struct ll_problems *ps, struct ll_place at, const char *zh, const char *en, ...)
{
    KEEP_FORMATTED(ps, at, false, zh, en);
}

void ll_problem_warning(struct ll_problems *ps, struct ll_place at, const char *zh, const char *en, ...)
{
    KEEP_FORMATTED(ps, at, true, zh, en);
}

size_t ll_problems_errors(const struct ll_problems *ps)
{
    return ps->errors;
}

size_t ll_problems_warnings(const struct ll_problems *ps)
{
    return ps->warnings;
}

size_t ll_problems_kept(const struct ll_problems *ps)
{
    return ps->n;
}

const struct ll_problem *ll_problems_at(const struct ll_problems *ps, size_t i)
{
    LL_ASSERT(i < ps->n);
    return &ps->list[i];
}

bool ll_problems_out_of_memory(const struct ll_problems *ps)
{
    return ps->nomem;
}

static int by_place(const void *a, const void *b)
{
    const struct ll_problem *x = a, *y = b;
    int c = (int)x->warning - (int)y->warning;

    if (!c)
        c = strcmp(x->at.file, y->at.file);
    if (!c)
        c = (x->at.line > y->at.line) - (x->at.line < y->at.line);
    if (!c)
        c = (x->at.column > y->at.column) - (x->at.column < y->at.column);
    return c ? c : strcmp(x->en, y->en);
}

void ll_problems_sort(struct ll_problems *ps)
{
    if (ps->n)
        qsort(ps->list, ps->n, sizeof *ps->list, by_place);
}

static void place_text(const struct ll_place *at, struct ll_buf *out)
{
    ll_buf_z(out, at->file);
    if (at->line)
        ll_buf_printf(out, ":%llu", (unsigned long long)at->line);
    if (at->column)
        ll_buf_printf(out, ":%u", at->column);
    if (at->column_name)
        ll_buf_printf(out, " (%s)", at->column_name);
}

void ll_problems_text(const struct ll_problems *ps, enum ll_lang lang, struct ll_buf *out)
{
    for (size_t i = 0; i < ps->n; i++) {
        const struct ll_problem *p = &ps->list[i];
        place_text(&p->at, out);
        ll_buf_z(out, ": ");
        if (p->warning)
            ll_buf_z(out, lang == LL_ZH ? "提示：" : "warning: ");
        ll_buf_z(out, lang == LL_ZH ? p->zh : p->en);
        ll_buf_c(out, '\n');
    }
    size_t more = ps->errors + ps->warnings - ps->n;
    if (more)
        ll_buf_printf(out, lang == LL_ZH ? "…… 另有 %zu 处\n" : "... and %zu more\n", more);
}

void ll_problems_json(const struct ll_problems *ps, struct ll_json *j)
{
    ll_json_arr(j);
    for (size_t i = 0; i < ps->n; i++) {
        const struct ll_problem *p = &ps->list[i];
        ll_json_obj(j);
        ll_json_kz(j, "severity", p->warning ? "warning" : "error");
        ll_json_kz(j, "file", p->at.file);
        if (p->at.line)
            ll_json_ki(j, "line", (int64_t)p->at.line);
        if (p->at.column)
            ll_json_ki(j, "column", p->at.column);
        if (p->at.column_name)
            ll_json_kz(j, "column_name", p->at.column_name);
        ll_json_kz(j, "zh", p->zh);
        ll_json_kz(j, "en", p->en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_problems_fail(const struct ll_problems *ps, struct ll_err *err)
{
    const struct ll_problem *first = NULL;
    struct ll_buf at = LL_BUF_INIT(4096);
    char zh[256], en[256];

    for (size_t i = 0; i < ps->n && !first; i++)
        first = ps->list[i].warning ? NULL : &ps->list[i];
    if (!first)
        return ll_fail(err, LL_INVALID, "场景包有 %zu 处错误", "the pack has %zu errors", ps->errors);
    place_text(&first->at, &at);
    snprintf(zh, sizeof zh, "场景包有 %zu 处错误，第一处：%s", ps->errors, ll_buf_view(&at).p);
    snprintf(en, sizeof en, "the pack has %zu errors, the first: %s", ps->errors, ll_buf_view(&at).p);
    ll_buf_free(&at);
    if (err) {
        err->rc = LL_INVALID;
        snprintf(err->zh, sizeof err->zh, "%s", first->zh);
        snprintf(err->en, sizeof err->en, "%s", first->en);
    }
    ll_fail_in(err, zh, en);
    return LL_INVALID;
}
