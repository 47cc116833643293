/* http: whatever a request line holds, every value that reaches a handler keeps the promises of http/decode.h: valid UTF-8 without
 * NUL, of its parameter's type and range; what is logged is one line without a secret's middle. */
#include "http/decode.h"
#include "routes.gen.h"

#include <string.h>

static void check(const struct ll_param *p, const struct ll_arg *arg)
{
    LL_ASSERT(arg->given || !p->required);
    if (!arg->s.p)
        return;
    LL_ASSERT(ll_utf8_bad(arg->s) == arg->s.n && strlen(arg->s.p) == arg->s.n);
    switch (p->type) {
    case LL_PT_TEXT:
        LL_ASSERT(ll_utf8_count(arg->s) <= (size_t)p->max);
        break;
    case LL_PT_INT:
        LL_ASSERT(arg->i >= p->min && arg->i <= p->max);
        break;
    case LL_PT_CHOICE:
        LL_ASSERT(ll_str_is(arg->s, p->choices[arg->i]));
        break;
    case LL_PT_NAME:
        LL_ASSERT(arg->s.n > 0 && arg->s.n <= 48);
        break;
    case LL_PT_BOOL:
        LL_ASSERT(arg->i == 0 || arg->i == 1);
        break;
    case LL_PT_TIME:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_arena *arena = ll_arena_new(1 << 20);
    struct ll_arg args[LL_ARGS_MAX];
    struct ll_match match;
    struct ll_err err = {0};
    struct ll_str path, query;
    char line[200];

    if (!arena || size < 2)
        goto done;
    ll_str_cut((struct ll_str){(const char *)data + 1, size - 1}, '?', &path, &query);
    ll_route_match(ll_routes, ll_route_count, data[0] % LL_METHOD_COUNT, path, &match);
    LL_ASSERT(!match.route || match.allowed);
    if (!match.route)
        goto done;
    int rc = ll_args_decode(arena, &match, query, args, &err);
    if (rc < 0) {
        LL_ASSERT(err.zh[0] && err.en[0]);
        goto done;
    }
    for (size_t i = 0; i < match.route->n_params; i++)
        check(&match.route->params[i], &args[i]);
    ll_path_for_log(match.route, args, line, sizeof(line));
    LL_ASSERT(strlen(line) < sizeof(line) && !strpbrk(line, "\r\n\t "));
done:
    ll_arena_free(arena);
    return 0;
}
