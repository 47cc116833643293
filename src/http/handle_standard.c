/* handle_standard.c - the unified standard: identifiers. */
#include "http/app.h"
#include "http/request.h"
#include "routes.gen.h"
#include "standard/ident.h"

static const char *const fault_names[] = {
#define X(name, ...) #name,
    LL_ID_FAULTS(X)
#undef X
};

/* {"zh","en","value","meaning_zh","meaning_en"} for each part. */
static void write_parts(struct ll_json *j, enum ll_scheme scheme, struct ll_str canon)
{
    struct ll_id_part parts[LL_ID_PARTS];
    size_t n = ll_id_parts(scheme, canon, parts);

    ll_json_key(j, "parts");
    ll_json_arr(j);
    for (size_t i = 0; i < n; i++) {
        ll_json_obj(j);
        ll_json_kz(j, "zh", parts[i].zh);
        ll_json_kz(j, "en", parts[i].en);
        ll_json_kz(j, "value", parts[i].value);
        ll_json_kz(j, "meaning_zh", parts[i].meaning_zh);
        ll_json_kz(j, "meaning_en", parts[i].meaning_en);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

int ll_h_identify(struct ll_app *app, struct ll_request *rq, struct ll_err *err)
{
    const struct ll_arg *value = ll_arg(rq, LL_P_IDENTIFY_VALUE), *given = ll_arg(rq, LL_P_IDENTIFY_SCHEME);
    struct ll_json *j = &rq->json;
    char canon[LL_ID_MAX], zh[256], en[256];
    enum ll_scheme scheme;
    enum ll_kind kind;
    size_t n;

    (void)app;
    if (given->given)
        (void)ll_scheme_parse(given->s, &scheme); /* the route's choices are the schemes' names */
    else if (!ll_id_detect(value->s, &scheme, canon, &n))
        return ll_fail(err, LL_INVALID, "认不出这是哪种标识；可用 scheme 参数指明",
                       "no known kind of identifier has this form; say which with the parameter scheme");
    enum ll_id_fault fault = ll_id_check(scheme, value->s, canon, &n);
    struct ll_str id = {canon, n};
    ll_id_explain(scheme, id, fault, LL_ZH, zh, sizeof(zh));
    ll_id_explain(scheme, id, fault, LL_EN, en, sizeof(en));
    ll_json_obj(j);
    ll_json_kz(j, "scheme", ll_scheme_name(scheme));
    ll_json_kz(j, "title", ll_scheme_title(scheme, LL_ZH));
    ll_json_kz(j, "title_en", ll_scheme_title(scheme, LL_EN));
    ll_json_ks(j, "canonical", id);
    ll_json_kb(j, "valid", fault == LL_IDF_OK);
    ll_json_kz(j, "fault", fault_names[fault]);
    ll_json_kz(j, "fault_zh", zh);
    ll_json_kz(j, "fault_en", en);
    ll_json_kz(j, "kind", ll_id_kind(scheme, id, &kind) ? ll_kind_name(kind) : NULL);
    write_parts(j, scheme, id);
    ll_json_end_obj(j);
    return LL_OK;
}
