/* cmd_finance.c - finance: the platform's own events into the lake, and the figures as of an instant. */
#include "cli/cmd_actor.h"

#include "apps/finance/event_deliver.h"
#include "apps/finance/product.h"
#include "apps/finance/statistic.h"
#include "crypto/keyring.h"
#include "intake/job.h"

#include <inttypes.h>
#include <string.h>

/* ---- deliver ---- */

static int carry(struct ll_data *d, struct ll_keyring *keys, int64_t *events, size_t *deliveries,
                 struct ll_err *err)
{
    const struct ll_job_opts o = {.confirm = false};
    struct ll_event_delivered done = {.more = true};
    int rc = LL_OK;

    while (rc == LL_OK && done.more) {
        if ((rc = ll_event_deliver(d, keys, &done, err)) == LL_OK && done.delivery[0]) {
            rc = ll_job_run(d, done.delivery, &o, err);
            ++*deliveries;
        }
        *events += done.events;
    }
    return rc;
}

int ll_cmd_finance_deliver(struct ll_cli *c, struct ll_err *err)
{
    const struct ll_keyring_opts o = {c->set->data_dir, c->set->key_passphrase_file};
    struct ll_keyring *keys = NULL;
    struct ll_data *d = NULL;
    int64_t events = 0;
    size_t deliveries = 0;
    int rc = ll_session_open(c, &d, err);

    if (rc == LL_OK && (rc = ll_keyring_open(&keys, &o, err)) == LL_OK)
        rc = carry(d, keys, &events, &deliveries, err);
    if (rc == LL_OK && c->json)
        ll_buf_printf(&c->out, "{\"events\":%" PRId64 ",\"deliveries\":%zu}\n", events, deliveries);
    else if (rc == LL_OK)
        ll_out_line(c, "交付 %lld 个事件，分 %zu 次", "%lld events in %zu deliveries", (long long)events,
                    deliveries);
    ll_keyring_close(keys);
    ll_data_close(d);
    return rc;
}

/* ---- statistics ---- */

static int put_line(void *ctx, const struct ll_str *cells, size_t n, struct ll_err *err)
{
    struct ll_buf *out = ctx;

    ll_buf_csv_row(out, cells, n);
    return out->failed ? ll_no_memory(err) : LL_OK;
}

static int show_table(struct ll_cli *c, const struct ll_stat *s, size_t n, const struct ll_stat_names *names,
                      struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < n; i++)
        rc = ll_stat_rows(&s[i], names, c->lang, put_line, &c->out, err);
    return rc;
}

/* One dimension is an object of its own, all of them are a list. */
static int show(struct ll_cli *c, const struct ll_stat *s, size_t n, const struct ll_stat_names *names,
                struct ll_err *err)
{
    struct ll_json j;

    if (!c->json)
        return show_table(c, s, n, names, err);
    ll_json_init(&j, &c->out);
    ll_json_obj(&j);
    if (n > 1) {
        ll_json_key(&j, "all");
        ll_json_arr(&j);
    }
    for (size_t i = 0; i < n; i++) {
        if (n > 1)
            ll_json_obj(&j);
        ll_stat_put(&s[i], names, true, &j);
        if (n > 1)
            ll_json_end_obj(&j);
    }
    if (n > 1)
        ll_json_end_arr(&j);
    ll_json_end_obj(&j);
    ll_buf_c(&c->out, '\n');
    return c->out.failed ? ll_no_memory(err) : LL_OK;
}

/* Returns how many; 0: there is no such dimension. */
static size_t dimensions_of(const char *by, enum ll_stat_by ret[LL_STAT_BY_COUNT])
{
    ret[0] = LL_STAT_TOTAL;
    if (!by)
        return 1;
    if (strcmp(by, "all") != 0)
        return ll_stat_by_of(ll_str(by), &ret[0]);
    for (int i = 0; i < LL_STAT_BY_COUNT; i++)
        ret[i] = (enum ll_stat_by)i;
    return LL_STAT_BY_COUNT;
}

int ll_cmd_finance_statistics(struct ll_cli *c, struct ll_err *err)
{
    enum ll_stat_by by[LL_STAT_BY_COUNT];
    const size_t n = dimensions_of(c->opts[LL_OPT_finance_statistics_by], by);
    const struct ll_products *products = NULL;
    struct ll_err ignored;
    struct ll_stat_ask a = {0};
    struct ll_stat s[LL_STAT_BY_COUNT];
    struct ll_desk d;
    int rc;

    if (!n)
        return ll_fail(err, LL_USAGE,
                       "--by 应为 total、region、industry、size、institution、product、month 或 all",
                       "--by takes total, region, industry, size, institution, product, month or all");
    if ((rc = ll_as_of_read(c->opts[LL_OPT_finance_statistics_as_of], &a.as_of, err)) < 0 ||
        (rc = ll_desk_open(c, LL_DESK_READ, &d, err)) < 0)
        return rc;
    if (ll_products_read(d.tx, d.catalog, d.arena, &products, &ignored) < 0)
        products = NULL;
    ll_txn_end(d.tx);
    d.tx = NULL;
    a.data = d.data;
    a.cat = d.catalog;
    const struct ll_stat_names names = {.cat = d.catalog, .products = products};
    if ((rc = ll_stat_read_each(&a, by, n, d.arena, s, err)) == LL_OK)
        rc = show(c, s, n, &names, err);
    ll_desk_close(&d);
    return rc;
}
