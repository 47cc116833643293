/* decode.c - see decode.h. */
#include "http/decode.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *ll_method_name(enum ll_method m)
{
    static const char *const names[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    return (size_t)m < LL_COUNT(names) ? names[m] : "?";
}

/* Walks pattern and path together; true when the whole path fits, with the raw {values} in order. */
static bool path_fits(const char *pattern, struct ll_str path, struct ll_match *m)
{
    size_t at = 0, n = 0;

    for (const char *p = pattern; *p;) {
        if (*p != '{') {
            if (at >= path.n || path.p[at++] != *p++)
                return false;
            continue;
        }
        size_t from = at;
        while (at < path.n && path.p[at] != '/')
            at++;
        if (at == from || n == LL_ARGS_MAX)
            return false;
        m->segments[n++] = (struct ll_str){path.p + from, at - from};
        p = strchr(p, '}') + 1;
    }
    m->n_segments = n;
    return at == path.n;
}

void ll_route_match(const struct ll_route *routes, size_t n, enum ll_method method, struct ll_str path,
                    struct ll_match *ret)
{
    struct ll_match try = {0};

    *ret = try;
    for (size_t i = 0; i < n; i++) {
        if (!path_fits(routes[i].path, path, &try))
            continue;
        /* A literal path beats a pattern that also fits it: the table lists literals first. */
        if (routes[i].method == method && !ret->route) {
            unsigned allowed = ret->allowed;
            *ret = try;
            ret->allowed = allowed;
            ret->route = &routes[i];
        }
        ret->allowed |= 1u << routes[i].method;
    }
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int ll_url_decode(struct ll_arena *a, struct ll_str raw, bool form, const char *what, struct ll_str *ret,
                  struct ll_err *err)
{
    char *out = ll_arena_alloc(a, raw.n + 1);
    size_t n = 0;

    if (!out)
        return ll_fail(err, LL_NOMEM, "请求过大", "the request is too large");
    for (size_t i = 0; i < raw.n; i++) {
        int c = (unsigned char)raw.p[i];
        if (c == '%') {
            int hi = raw.n - i > 2 ? hex(raw.p[i + 1]) : -1, lo = raw.n - i > 2 ? hex(raw.p[i + 2]) : -1;
            if (hi < 0 || lo < 0)
                return ll_fail(err, LL_USAGE, "%s：%% 后面须是两位十六进制数",
                               "%s: %% must be followed by two hexadecimal digits", what);
            c = hi << 4 | lo;
            i += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        if (c == 0)
            return ll_fail(err, LL_USAGE, "%s：含有空字节", "%s: holds a NUL byte", what);
        out[n++] = (char)c;
    }
    *ret = (struct ll_str){out, n};
    if (ll_utf8_bad(*ret) != n)
        return ll_fail(err, LL_USAGE, "%s：不是有效的 UTF-8", "%s: not valid UTF-8", what);
    return LL_OK;
}

static bool is_name(struct ll_str s)
{
    if (s.n == 0 || s.n > 48 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_'))
            return false;
    return true;
}

static int type_text(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    int64_t n = (int64_t)ll_utf8_count(arg->s);

    if (n < p->min || n > p->max)
        return ll_fail(err, LL_USAGE, "%s：应为 %" PRId64 " 到 %" PRId64 " 个字符，收到 %" PRId64 " 个",
                       "%s: takes %" PRId64 " to %" PRId64 " characters, got %" PRId64, p->name, p->min,
                       p->max, n);
    return LL_OK;
}

static int type_int(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    if (!ll_str_i64(arg->s, p->min, p->max, &arg->i))
        return ll_fail(err, LL_USAGE, "%s：应为 %" PRId64 " 到 %" PRId64 " 的整数",
                       "%s: takes a whole number from %" PRId64 " to %" PRId64, p->name, p->min, p->max);
    return LL_OK;
}

static int type_bool(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    arg->i = ll_str_is(arg->s, "true");
    if (!arg->i && !ll_str_is(arg->s, "false"))
        return ll_fail(err, LL_USAGE, "%s：应为 true 或 false", "%s: takes true or false", p->name);
    return LL_OK;
}

static int type_choice(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    char list[256] = "";
    size_t n = 0;

    for (arg->i = 0; p->choices[arg->i]; arg->i++) {
        if (ll_str_is(arg->s, p->choices[arg->i]))
            return LL_OK;
        int more = snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "", p->choices[arg->i]);
        n = more < 0 || n + (size_t)more >= sizeof(list) ? sizeof(list) - 1 : n + (size_t)more;
    }
    return ll_fail(err, LL_USAGE, "%s：可取 %s", "%s: takes one of %s", p->name, list);
}

static int type_name(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    if (!is_name(arg->s))
        return ll_fail(
            err, LL_USAGE, "%s：应以小写字母开头，只含小写字母、数字和下划线，至多 48 个字符",
            "%s: starts with a small letter and holds only small letters, digits and _, 48 at most", p->name);
    return LL_OK;
}

static int type_time(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    if (!ll_time_parse(arg->s.p, &arg->i))
        return ll_fail(err, LL_USAGE, "%s：应为 2026-11-23 或 2026-11-23T08:15:30.123Z 的形式",
                       "%s: takes the form 2026-11-23 or 2026-11-23T08:15:30.123Z", p->name);
    return LL_OK;
}

static int arg_type(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    static int (*const by_type[])(const struct ll_param *, struct ll_arg *, struct ll_err *) = {
        [LL_PT_TEXT] = type_text,     [LL_PT_INT] = type_int,   [LL_PT_BOOL] = type_bool,
        [LL_PT_CHOICE] = type_choice, [LL_PT_NAME] = type_name, [LL_PT_TIME] = type_time,
    };

    return by_type[p->type](p, arg, err);
}

static int arg_add(struct ll_arena *a, const struct ll_param *p, struct ll_str value, struct ll_arg *arg,
                   struct ll_err *err)
{
    struct ll_str *all = (struct ll_str *)arg->all;

    if (arg->given && !p->multiple)
        return ll_fail(err, LL_USAGE, "%s：只能给一次", "%s: may be given once only", p->name);
    if (arg->n == LL_ARG_LIST_MAX)
        return ll_fail(err, LL_USAGE, "%s：至多给 %d 次", "%s: may be given %d times at most", p->name,
                       LL_ARG_LIST_MAX);
    arg->given = true;
    arg->s = value;
    if (p->multiple && !all && !(all = ll_arena_array(a, LL_ARG_LIST_MAX, sizeof(*all))))
        return ll_fail(err, LL_NOMEM, "请求过大", "the request is too large");
    if (all)
        all[arg->n++] = value;
    arg->all = all;
    return arg_type(p, arg, err);
}

/* The names that a route knows, for the refusal of one that it does not. */
static int unknown_param(const struct ll_route *r, struct ll_str name, struct ll_err *err)
{
    char known[256] = "", shown[64];
    size_t n = 0;

    for (size_t i = 0; i < r->n_params; i++) {
        if (r->params[i].in != LL_IN_QUERY)
            continue;
        int more = snprintf(known + n, sizeof(known) - n, "%s%s", n ? ", " : "", r->params[i].name);
        n = more < 0 || n + (size_t)more >= sizeof(known) ? sizeof(known) - 1 : n + (size_t)more;
    }
    snprintf(shown, sizeof(shown), LL_STR_FMT, (int)(name.n < 40 ? name.n : 40), name.p);
    return ll_fail(err, LL_USAGE, "没有参数 %s，可用的有：%s", "no parameter %s; those known are: %s", shown,
                   n ? known : "-");
}

static int query_pair(struct ll_arena *a, const struct ll_route *r, struct ll_str pair, struct ll_arg *args,
                      struct ll_err *err)
{
    struct ll_str raw_name, raw_value, name, value;
    int rc;

    ll_str_cut(pair, '=', &raw_name, &raw_value);
    if ((rc = ll_url_decode(a, raw_name, true, "query", &name, err)) < 0)
        return rc;
    for (size_t i = 0; i < r->n_params; i++) {
        const struct ll_param *p = &r->params[i];
        if (p->in != LL_IN_QUERY || !ll_str_is(name, p->name))
            continue;
        if ((rc = ll_url_decode(a, raw_value, true, p->name, &value, err)) < 0)
            return rc;
        return arg_add(a, p, value, &args[i], err);
    }
    return unknown_param(r, name, err);
}

static int fill_missing(const struct ll_param *p, struct ll_arg *arg, struct ll_err *err)
{
    if (arg->given)
        return LL_OK;
    if (p->required)
        return ll_fail(err, LL_USAGE, "缺少参数 %s", "parameter %s is missing", p->name);
    if (!p->fallback)
        return LL_OK;
    arg->s = ll_str(p->fallback);
    return arg_type(p, arg, err);
}

int ll_args_decode(struct ll_arena *a, const struct ll_match *m, struct ll_str query, struct ll_arg *args,
                   struct ll_err *err)
{
    const struct ll_route *r = m->route;
    struct ll_str pair, value;
    size_t at = 0;
    int rc;

    memset(args, 0, r->n_params * sizeof(*args));
    for (size_t i = 0; i < r->n_params; i++) {
        if (r->params[i].in != LL_IN_PATH)
            continue;
        LL_ASSERT(at < m->n_segments);
        if ((rc = ll_url_decode(a, m->segments[at++], false, r->params[i].name, &value, err)) < 0 ||
            (rc = arg_add(a, &r->params[i], value, &args[i], err)) < 0)
            return rc;
    }
    while (query.n && !r->any_query) {
        ll_str_cut(query, '&', &pair, &query);
        if (pair.n && (rc = query_pair(a, r, pair, args, err)) < 0)
            return rc;
    }
    for (size_t i = 0; i < r->n_params; i++)
        if ((rc = fill_missing(&r->params[i], &args[i], err)) < 0)
            return rc;
    return LL_OK;
}

/* A value as the log may show it: masked when secret, cut, and without bytes that would break the line. */
static void value_for_log(const struct ll_param *p, const struct ll_arg *arg, char *out, size_t n)
{
    if (p->secret)
        ll_mask(arg->s, out, n);
    else
        snprintf(out, n, LL_STR_FMT, LL_STR_ARG(arg->s));
    for (char *c = out; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            *c = '?';
}

char *ll_path_for_log(const struct ll_route *route, const struct ll_arg *args, char *out, size_t n)
{
    struct ll_buf line = LL_BUF_INIT(1024);
    size_t param = 0;
    char value[96];

    for (const char *p = route->path; *p;) {
        if (*p != '{') {
            ll_buf_c(&line, *p++);
            continue;
        }
        while (route->params[param].in != LL_IN_PATH)
            param++;
        value_for_log(&route->params[param], &args[param], value, sizeof(value));
        ll_buf_z(&line, value);
        param++;
        p = strchr(p, '}') + 1;
    }
    snprintf(out, n, "%s", line.p ? line.p : "");
    ll_buf_free(&line);
    return out;
}
