/* serving_subject.c - a document, or an answer, about one subject or one household under the grants that there are (serving.h). */
#include "share/serving_impl.h"

#include "crypto/random.h"

#include <string.h>

/* --- about one subject ------------------------------------------------------------------------------------------------ */

/* Whether a gate refused for what the grants are, rather than for how they are used. */
static bool lacks_grant(const struct ll_gate *gate)
{
    const char *condition = ll_gate_condition(gate);

    for (unsigned c = 0; condition && c < LL_GATE_CONDITION_COUNT; c++)
        if (c != LL_GATE_GRANT && strcmp(condition, ll_gate_condition_word((enum ll_gate_condition)c)) == 0)
            return false;
    return condition != NULL;
}

static bool gives_any(const struct ll_gate *gate)
{
    for (size_t i = 0; i < gate->n_items; i++)
        if (gate->items[i].granted)
            return true;
    return false;
}

/* What is not granted is left out; the first that was is kept, to say why nothing is given where nothing is. */
static int open_granted(struct ll_serving *sv, const char *resource, struct ll_err *err)
{
    struct ll_call *c = &sv->calls[sv->n];
    struct ll_gate *gate = NULL;
    int rc;

    *c = (struct ll_call){.actor = sv->call->actor,
                          .mode = sv->call->mode ? sv->call->mode : LL_USE_QUERY,
                          .resource = ll_str(resource),
                          .purpose = sv->call->purpose,
                          .officer = sv->call->officer,
                          .addr = sv->call->addr,
                          .partial = true,
                          .was_signed = sv->call->was_signed,
                          .keys = sv->call->keys ? sv->call->keys : 1};
    if ((rc = ll_serving_list_items(sv, resource, c, err)) < 0)
        return rc;
    rc = ll_gate_open(sv->g, c, sv->arena, &gate, err);
    if (rc == LL_OK && !gives_any(gate))
        rc = ll_gate_refuse(gate, LL_GATE_GRANT, err);
    if (rc == LL_OK) {
        sv->gates[sv->n++] = gate;
        return LL_OK;
    }
    if (gate && lacks_grant(gate) && !sv->lacking) {
        sv->lacking = gate;
        sv->lacking_call = *c; /* its place goes to the next */
        gate->call = &sv->lacking_call;
        sv->lacking_err = *err;
        return LL_OK;
    }
    if (gate && !lacks_grant(gate) && ll_gate_condition(gate)) {
        sv->gates[sv->n++] = gate;
        sv->refused = gate;
        return rc;
    }
    rc = gate && ll_gate_condition(gate) ? LL_OK : rc;
    ll_gate_close(gate);
    return rc;
}

int ll_serving_open_granted(struct ll_gateway *g, const struct ll_serving_call *call,
                            const struct ll_service *of, struct ll_arena *arena, struct ll_serving **ret,
                            struct ll_err *err)
{
    struct ll_serving *sv = ll_arena_alloc(arena, sizeof *sv);
    int rc;

    *ret = sv;
    if (!sv)
        return ll_no_memory(err);
    *sv = (struct ll_serving){.g = g, .call = call, .arena = arena, .service = of};
    if ((rc = ll_catalog_live_get(g->o.catalog, false, &sv->cat, err)) < 0 ||
        (rc = ll_serving_make_room(sv, err)) < 0)
        return rc;
    for (size_t i = 0; i < of->n_resources && rc == LL_OK; i++)
        rc = open_granted(sv, of->resources[i], err);
    if (rc == LL_OK && !sv->n && sv->lacking) {
        sv->gates[sv->n++] = sv->refused = sv->lacking;
        sv->lacking = NULL;
        *err = sv->lacking_err;
        rc = err->rc;
    }
    return rc == LL_OK && !sv->n
               ? ll_fail(err, LL_NOTFOUND, "没有可查的数据资源", "there is no resource to look into")
               : rc;
}

int ll_serving_look(struct ll_serving *sv, struct ll_str subject, struct ll_err *err)
{
    const struct ll_look look = {.subject = subject, .most = LL_CALL_RECORDS_MAX};
    struct ll_err why = {.rc = LL_OK};
    size_t answered = 0;
    int rc = LL_OK;

    for (size_t i = 0; i < sv->n && rc == LL_OK; i++) {
        struct ll_buf scrap = LL_BUF_INIT(64 << 20);
        struct ll_json j;
        ll_json_init(&j, &scrap);
        rc = ll_gate_look(sv->gates[i], &look, true, &j, err);
        ll_buf_wipe(&scrap);
        if (rc == LL_DENIED)
            sv->refused = sv->gates[i];
        sv->looked[i] = rc == LL_OK;
        answered += rc == LL_OK;
        if (rc == LL_INVALID) { /* its records are of subjects of another kind */
            why = *err;
            rc = LL_OK;
        }
        ll_serving_pass_uses(sv, i);
    }
    if (rc == LL_OK && !answered) {
        *err = why;
        rc = why.rc;
    }
    sv->answered = rc == LL_OK;
    return rc;
}

static const struct gate_item *item_of(const struct ll_serving *sv, struct ll_str resource,
                                       struct ll_str item)
{
    for (size_t i = 0; i < sv->n; i++) {
        const struct ll_gate *gate = sv->gates[i];
        if (!ll_str_is(resource, gate->resource->name) || !sv->looked[i])
            continue;
        for (size_t k = 0; k < gate->n_items; k++)
            if (ll_str_is(item, gate->items[k].item->name))
                return &gate->items[k];
    }
    return NULL;
}

bool ll_serving_shows(const struct ll_serving *sv, struct ll_str resource, struct ll_str item)
{
    const struct gate_item *it = item_of(sv, resource, item);

    return it && ll_gate_shown(it);
}

bool ll_serving_grants_item(const struct ll_serving *sv, struct ll_str resource, struct ll_str item)
{
    const struct gate_item *it = item_of(sv, resource, item);

    return it && it->granted;
}

void ll_serving_grants(const struct ll_serving *sv, struct ll_buf *ids, const char **ret_purpose)
{
    *ret_purpose = sv->n ? sv->gates[0]->grant->purpose : NULL;
    for (size_t i = 0; i < sv->n; i++)
        ll_buf_printf(ids, "%s%s", i ? " " : "", sv->gates[i]->grant->id);
}

/* --- about a household ------------------------------------------------------------------------------------------------- */

int ll_serving_may(struct ll_serving *sv, const struct ll_serving_person *speaks, struct ll_serving_said *ret,
                   struct ll_err *err)
{
    const struct gate_who who = {speaks->value.n ? speaks->scheme : NULL, speaks->value};
    struct ll_txn *tx = NULL;
    size_t may = 0;
    int rc = ll_txn_begin(sv->g->o.store, false, &tx, err);

    *ret = (struct ll_serving_said){.looked = ll_arena_array(sv->arena, sv->n + 1, sizeof *ret->looked)};
    if (rc == LL_OK && !ret->looked)
        rc = ll_no_memory(err);
    for (size_t i = 0; i < sv->n && rc == LL_OK; i++) {
        struct ll_consent_used used = {.why = LL_CONSENT_COVERS};
        bool asks = sv->gates[i]->grant->consent;
        int covered = asks ? ll_gate_consented(sv->gates[i], &who, false, tx, &used, err) : LL_OK;
        if (covered == LL_DENIED) {
            ret->condition = sv->gates[i]->condition;
            ret->why = *err;
            sv->gates[i]->condition = NULL; /* of this subject, not of the call */
        } else if (covered < 0)
            rc = covered;
        ret->looked[i] = sv->looked[i] = covered == LL_OK;
        may += covered == LL_OK;
        if (asks && covered == LL_OK && (!ret->consented || used.kind > ret->kind)) {
            ret->consented = true;
            ret->kind = used.kind;
            memcpy(ret->consent, used.id, sizeof ret->consent);
        }
    }
    ll_txn_end(tx);
    if (rc == LL_OK && may)
        ret->condition = NULL;
    return rc;
}

/* Counts one use of each consent, however many of the resources it covers. */
static int use_once(struct ll_serving *sv, size_t i, const struct gate_who *who, struct ll_txn *tx,
                    struct ll_str *used, size_t *n_used, struct ll_err *err)
{
    struct ll_consent_used now;
    int rc = ll_gate_consented(sv->gates[i], who, false, tx, &now, err);

    for (size_t k = 0; k < *n_used && rc == LL_OK; k++)
        if (ll_str_is(used[k], now.id))
            return ll_gate_keep_consent(sv->gates[i], now.id, err);
    if (rc == LL_OK && (rc = ll_gate_keep_consent(sv->gates[i], now.id, err)) == LL_OK)
        used[(*n_used)++] = ll_str(sv->gates[i]->consents[sv->gates[i]->n_consents - 1]);
    return rc;
}

static int count_uses(struct ll_serving *sv, struct ll_serving_about *about, struct ll_err *err)
{
    const struct gate_who who = {about->speaks.value.n ? about->speaks.scheme : NULL, about->speaks.value};
    struct ll_str *used = ll_arena_array(sv->arena, sv->n + 1, sizeof *used);
    struct ll_gate *first = sv->gates[0]; /* which commits them, with its entry */
    size_t n_used = 0;
    int rc = used ? LL_OK : ll_no_memory(err);

    for (size_t i = 0; i < sv->n && rc == LL_OK; i++) {
        if (!about->said->looked[i] || !sv->gates[i]->grant->consent)
            continue;
        if (!first->uses)
            rc = ll_txn_begin(sv->g->o.store, true, &first->uses, err);
        if (rc == LL_OK)
            rc = use_once(sv, i, &who, first->uses, used, &n_used, err);
        if (rc == LL_DENIED)
            sv->refused = sv->gates[i];
    }
    for (size_t k = 0; k < n_used && rc == LL_OK; k++)
        rc = ll_exec(first->uses, err, "UPDATE consent SET used = used + 1 WHERE id = $1", "s", used[k]);
    return rc;
}

/* Of this subject alone, where there are others; otherwise of the call. */
static int settle_refusal(struct ll_serving *sv, struct ll_serving_about *about, bool others,
                          struct ll_err *err)
{
    about->said->condition = sv->refused->condition;
    about->said->why = *err;
    if (!others)
        return err->rc;
    sv->refused->condition = NULL;
    sv->refused = NULL;
    sv->answered = true;
    return LL_OK;
}

/* Everybody whose records they are, by pseudonym; in the call's arena. */
static int pseudonyms_of(struct ll_serving *sv, const struct ll_serving_about *about,
                         char (**ret)[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    char(*list)[LL_PSEUDONYM_TEXT] = ll_arena_array(sv->arena, about->n + 1, sizeof *list);
    int rc = list ? LL_OK : ll_no_memory(err);

    for (size_t k = 0; k < about->n && rc == LL_OK; k++)
        rc = ll_gateway_pseudonym(sv->g, about->whole[k].scheme, about->whole[k].value, list[k], err);
    *ret = list;
    return rc;
}

static int note_whole(struct ll_serving *sv, struct ll_gate *gate, size_t n,
                      const char (*pseudonyms)[LL_PSEUDONYM_TEXT], bool attempt, struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t k = 0; k < n && rc == LL_OK; k++) {
        rc = ll_gate_note_pseudonym(gate, pseudonyms[k], err);
        if (rc == LL_OK && attempt && k == 0 && (rc = ll_gate_attempt(gate, err)) < 0 && gate->condition)
            sv->refused = gate;
        if (rc == LL_OK)
            rc = ll_gate_give(gate, err);
    }
    gate->found += rc == LL_OK;
    return rc;
}

int ll_serving_note(struct ll_serving *sv, struct ll_serving_about *about, bool others, struct ll_err *err)
{
    bool attempt = sv->call->mode == LL_USE_VERIFY;
    char(*pseudonyms)[LL_PSEUDONYM_TEXT] = NULL;
    int rc = pseudonyms_of(sv, about, &pseudonyms, err);

    for (size_t i = 0; i < sv->n && rc == LL_OK; i++) {
        if (!about->said->looked[i])
            continue;
        rc = note_whole(sv, sv->gates[i], about->n, (const char(*)[LL_PSEUDONYM_TEXT])pseudonyms, attempt,
                        err);
        attempt = false;
    }
    if (rc == LL_OK)
        rc = count_uses(sv, about, err);
    if (rc < 0 && sv->refused)
        return settle_refusal(sv, about, others, err);
    sv->answered = rc == LL_OK;
    return rc;
}

int ll_serving_refuse(struct ll_serving *sv, const struct ll_serving_about *about, struct ll_err *err)
{
    static const struct ll_look none = {.n_key = 0};
    struct ll_gate *gate = sv->gates[0];
    int rc = LL_OK;

    for (size_t k = 0; k < about->n && rc == LL_OK; k++) {
        const struct gate_who who = {about->whole[k].scheme, about->whole[k].value};
        rc = ll_gate_note_subject(gate, &none, &who, err);
    }
    if (rc < 0)
        return rc;
    sv->refused = gate;
    gate->condition = about->said->condition;
    *err = about->said->why;
    return about->said->why.rc;
}
