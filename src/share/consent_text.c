/* consent_text.c - the texts that a subject signs, word for word.  They are made of what is stored and enforced, and of titles of the
 * catalogue.  Changing a word here changes what later subjects sign; what was signed is kept as it was. */
#include "share/consent_impl.h"

#include "base/clock.h"

#include <inttypes.h>
#include <string.h>

enum { TO_THE_MINUTE = 16 };
#define BEIJING_MS (INT64_C(8) * 3600 * 1000)

/* "2026-11-24 16:15", in Beijing time, which is everybody's here whatever the server's clock shows. */
static void put_time(struct ll_buf *out, int64_t ms)
{
    char text[LL_TIME_TEXT];

    ll_time_text(ms + BEIJING_MS, text);
    text[10] = ' ';
    ll_buf_add(out, text, TO_THE_MINUTE);
}

static int put_items(const struct ll_resource *r, const struct ll_consent_scope *scope, struct ll_buf *out,
                     struct ll_err *err)
{
    size_t n = scope->n_items ? scope->n_items : r->n_items;

    for (size_t i = 0; i < n; i++) {
        const struct ll_item *item = scope->n_items ? ll_resource_item(r, ll_str(scope->items[i]))
                                                    : &r->items[i];
        if (!item)
            return ll_fail(err, LL_INVALID, "资源“%s”没有信息项“%s”", "resource '%s' has no item '%s'",
                           r->name, scope->items[i]);
        ll_buf_printf(out, "%s%s", i ? "、" : "", item->title);
    }
    return LL_OK;
}

static int put_scopes(const struct ll_consent_env *env, const struct ll_consent_ask *ask, struct ll_buf *out,
                      struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < ask->n_scopes; i++) {
        const struct ll_resource *r = ll_catalog_resource(env->catalog, ll_str(ask->scopes[i].resource));
        if (!r)
            return ll_fail(err, LL_INVALID, "目录中没有资源“%s”", "the catalogue has no resource '%s'",
                           ask->scopes[i].resource);
        ll_buf_printf(out, "  %zu. %s（%s）：", i + 1, r->title,
                      r->provider_name ? r->provider_name : r->provider);
        rc = put_items(r, &ask->scopes[i], out, err);
        ll_buf_z(out, "\n");
    }
    return rc;
}

static const char *scheme_title(const char *name)
{
    enum ll_scheme s;

    return ll_scheme_parse(ll_str(name), &s) ? ll_scheme_title(s, LL_ZH) : name;
}

int ll_consent_text(const struct ll_consent_env *env, const struct ll_consent_ask *ask,
                    const struct consent_subject *subject, const char *id, struct ll_buf *out,
                    struct ll_err *err)
{
    const struct ll_organisation *o = ll_catalog_organisation(env->catalog, ll_str(ask->organisation));
    int rc;

    if (!o)
        return ll_fail(err, LL_INVALID, "没有机构“%s”", "there is no organisation '%s'", ask->organisation);
    ll_buf_printf(out, "数据查询授权书（编号 %s）\n\n", id);
    ll_buf_printf(out, "授权人：%s（%s %s）\n", subject->title, scheme_title(subject->scheme), subject->mask);
    ll_buf_printf(out, "被授权机构：%s（%s）\n用途：%s\n可以查询的内容：\n", o->name, o->code, ask->purpose);
    if ((rc = put_scopes(env, ask, out, err)) < 0)
        return rc;
    ll_buf_z(out, "有效期：自 ");
    put_time(out, ask->from_at);
    ll_buf_z(out, " 起，至 ");
    put_time(out, ask->until_at);
    ll_buf_z(out, " 止（北京时间）\n");
    if (ask->uses)
        ll_buf_printf(out, "次数：最多 %" PRId64 " 次\n", ask->uses);
    else
        ll_buf_z(out, "次数：有效期内不限\n");
    ll_buf_z(
        out,
        "\n授权人可以随时撤回本授权，撤回后不能再查询；撤回以前的查询不受影响。每次查询都留有记录，授权人可以查看是谁、"
        "何时、为何查询了什么。\n");
    return out->failed ? ll_fail(err, LL_TOOBIG, "授权内容过长", "the consent covers too much for one text")
                       : LL_OK;
}

void ll_consent_withdrawal_text(const struct ll_consent_env *env, const struct ll_consent *c, const char *id,
                                struct ll_buf *out)
{
    const struct ll_organisation *o = ll_catalog_organisation(env->catalog, ll_str(c->organisation));

    ll_buf_printf(
        out,
        "撤回数据查询授权（编号 %s）\n\n授权人：%s（%s %s）\n撤回的授权书编号：%s\n被授权机构：%s（%s）\n用途：%s\n\n签署后该授权立即失效。\n",
        id, c->title, scheme_title(c->scheme), c->mask, c->id, o ? o->name : c->organisation, c->organisation,
        c->purpose);
}
