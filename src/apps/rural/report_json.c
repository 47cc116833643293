/* report_json.c - the special credit report for machines: the same as on paper, with every item's source, and how it is verified. */
#include "apps/rural/report_impl.h"

#include "apps/rural/check.h"
#include "base/clock.h"

#define REPORT_FORM "luling-rural-report/v1"

static void put_head(const struct ll_rural_draft *d, struct ll_json *j)
{
    const struct ll_rural_report_ask *ask = d->ask;
    struct ll_buf url = LL_BUF_INIT(4096);
    char at[LL_TIME_TEXT];

    ll_json_kz(j, "form", REPORT_FORM);
    ll_json_kz(j, "kind", LL_RURAL_REPORT_KIND);
    ll_json_kz(j, "number", d->number);
    ll_json_kz(j, "code", d->code);
    ll_json_kz(j, "issuer", ll_issuer_name(d->r->issuer));
    ll_json_kz(j, "certificate", ll_issuer_cert(d->r->issuer)->fingerprint);
    ll_json_kz(j, "issued_at", ll_time_text(ask->at, at));
    ll_json_kz(j, "asked_by", ask->asked_by);
    ll_json_kz(j, "purpose", ask->purpose);
    ll_buf_printf(&url, "%s/r/%s?code=%s", d->r->origin, d->number, d->code);
    ll_json_ks(j, "verify_url", ll_buf_view(&url));
    ll_json_kb(j, "sample", d->sample);
    ll_buf_free(&url);
}

static void put_own(struct ll_json *j, const struct ll_household *h)
{
    ll_json_key(j, "own_records");
    ll_json_arr(j);
    for (size_t i = 0; i < h->n_own; i++) {
        const struct ll_household_own *o = &h->own[i];
        ll_json_obj(j);
        ll_json_kz(j, "resource", o->resource->name);
        ll_json_key(j, "values");
        ll_json_obj(j);
        for (size_t k = 0; k < o->resource->n_items; k++)
            if (o->values[k].n && o->resource->items[k].role != LL_ROLE_SUBJECT)
                ll_json_ks(j, o->resource->items[k].name, o->values[k]);
        ll_json_end_obj(j);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_rural_report_json(const struct ll_rural_draft *d, struct ll_buf *out, struct ll_err *err)
{
    static const struct ll_household_put o = {.mask = true, .others = true};
    static const struct ll_serving_said nothing = {.consented = false};
    struct ll_json j;

    *out = LL_BUF_INIT(LL_ISSUE_BYTES);
    ll_json_init(&j, out);
    ll_json_obj(&j);
    put_head(d, &j);
    ll_household_put(&j, d->h, &o);
    ll_consent_said_put(&j, d->ask->said ? d->ask->said : &nothing);
    ll_rural_told_put(&j, d->told);
    put_own(&j, d->h);
    if (!out->failed)
        return LL_OK;
    ll_buf_free(out);
    return ll_no_memory(err);
}
