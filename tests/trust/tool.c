/* tool.c - what src/crypto does with what other programs made, for tests in JavaScript: a request a line, an answer a line, both JSON.
 *
 *   {"op":"jws_verify","jwk":{...},"token":"..."}   ->   {"ok":true,"claims":{...}}   or   {"ok":false,"code":"INVALID","en":"..."} */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(const json_t *in, json_t *out, struct ll_err *err);
} ops[] = {
#define X(name) {#name, tool_##name},
    TOOL_OPS(X)
#undef X
};

struct ll_str tool_text(const json_t *in, const char *name)
{
    const json_t *v = json_object_get(in, name);

    return (struct ll_str){json_string_value(v), json_string_length(v)};
}

int tool_bytes(const json_t *in, const char *name, struct ll_buf *out, struct ll_err *err)
{
    return ll_base64_get(tool_text(in, name), LL_BASE64_URL, out, err);
}

void tool_put(json_t *out, const char *name, struct ll_str s)
{
    json_object_set_new(out, name, json_stringn(s.p ? s.p : "", s.n));
}

void tool_put_bytes(json_t *out, const char *name, const void *p, size_t n)
{
    struct ll_buf text = LL_BUF_INIT(1 << 20);

    ll_base64_put(&text, LL_BASE64_URL, p, n);
    tool_put(out, name, ll_buf_view(&text));
    ll_buf_free(&text);
}

static int run(const json_t *in, json_t *out, struct ll_err *err)
{
    for (size_t i = 0; i < LL_COUNT(ops); i++)
        if (ll_str_is(tool_text(in, "op"), ops[i].name))
            return ops[i].run(in, out, err);
    return ll_fail(err, LL_USAGE, "没有这个操作", "no such operation");
}

static void answer(const json_t *in)
{
    struct ll_err err = {0};
    json_t *out = json_object();
    int rc = run(in, out, &err);

    json_object_set_new(out, "ok", json_boolean(rc == LL_OK));
    if (rc < 0) {
        tool_put(out, "code", ll_str(ll_rc_name(rc)));
        tool_put(out, "en", ll_str(err.en));
        tool_put(out, "zh", ll_str(err.zh));
    }
    json_dumpf(out, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(out);
}

int main(void)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n;

    while ((n = getline(&line, &cap, stdin)) > 0) {
        json_t *in = json_loadb(line, (size_t)n, 0, NULL);
        answer(in);
        json_decref(in);
    }
    free(line);
    return 0;
}
