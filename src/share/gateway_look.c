/* gateway_look.c - finds the records of a call and writes them with the state of every value (gateway.h). */
#include "share/gateway_impl.h"

#include "base/clock.h"
#include "base/log.h"
#include "share/consent.h"
#include "share/subject_impl.h"

#include <string.h>

enum { MASKED_MAX = 4096, KEY_TEXT_MAX = 1 << 16 };

/* --- finding --------------------------------------------------------------------------------------------------------- */

/* The part of the key that names the subject, where there is one. */
static void who_of_key(const struct ll_resource *r, const struct ll_look *look, struct gate_who *who)
{
    for (size_t i = 0; i < r->n_key; i++)
        if (r->key[i]->role == LL_ROLE_SUBJECT) {
            *who = (struct gate_who){ll_subject_id_type(r->key[i], look->key[i]), look->key[i]};
            return;
        }
}

static int seek_key(struct ll_gate *gate, const struct ll_look *look, struct gate_who *who,
                    struct ll_err *err)
{
    const struct ll_resource *r = gate->resource;
    struct ll_subject_id own;
    int rc;

    if (look->n_key != r->n_key)
        return ll_fail(err, LL_USAGE, "%s 的主键有 %zu 部分，收到 %zu 个",
                       "the key of %s has %zu parts, got %zu", r->name, r->n_key, look->n_key);
    who_of_key(r, look, who);
    rc = ll_table_find(gate->table, look->key, look->n_key, err);
    if (rc > 0 && !who->name && ll_subject_own_id(r, gate->table, &own))
        *who = (struct gate_who){own.type, own.value};
    return rc;
}

/* The item by which the resource finds subjects of such an identifier. */
static const struct ll_item *item_for(const struct ll_resource *r, const char *type)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT && ll_subject_item_holds(&r->items[i], type))
            return &r->items[i];
    return NULL;
}

/* An identifier that has no scheme is one of the resource's own kind, if it has such a kind. */
static const struct ll_item *own_kind(const struct ll_resource *r)
{
    for (size_t i = 0; i < r->n_items; i++)
        if (r->items[i].role == LL_ROLE_SUBJECT && !r->items[i].element->check)
            return &r->items[i];
    return NULL;
}

static int seek_subject(struct ll_gate *gate, const struct ll_look *look, struct gate_who *who,
                        struct ll_err *err)
{
    const struct ll_resource *r = gate->resource;
    const struct ll_item *item = NULL;
    char canon[LL_ID_MAX], *kept;
    enum ll_scheme scheme;
    size_t n = look->subject.n;
    int rc;

    if (ll_id_detect(look->subject, &scheme, canon, &n)) {
        item = item_for(r, ll_scheme_name(scheme));
        kept = ll_arena_dup(gate->arena, (struct ll_str){canon, n});
        *who = (struct gate_who){ll_scheme_name(scheme), {kept, n}};
    } else if ((item = own_kind(r)) != NULL) {
        kept = ll_arena_dup(gate->arena, look->subject);
        *who = (struct gate_who){item->element->name, {kept, n}};
    } else
        return ll_fail(
            err, LL_INVALID, "主体标识有误：既不是有效的统一社会信用代码，也不是有效的公民身份号码等标识",
            "the subject is neither a valid credit code nor another identifier that this resource knows");
    if (!kept)
        return ll_no_memory(err);
    if (!item)
        return ll_fail(err, LL_INVALID, "%s 不能以%s查询", "%s cannot be asked by %s", r->name, who->name);
    rc = ll_table_scan_by(gate->table, item->name, who->value, false, err);
    return rc < 0 ? rc : ll_table_next(gate->table, err);
}

bool ll_gate_withheld(const struct ll_gate *gate)
{
    struct ll_buf key = LL_BUF_INIT(KEY_TEXT_MAX);
    struct ll_json j;

    if (!gate->marked)
        return false;
    ll_json_init(&j, &key);
    ll_record_put_key(gate->resource, gate->table, false, &j);
    bool withheld = ll_marks_withheld(gate->g->marks, gate->resource->name, ll_buf_view(&key));
    ll_buf_free(&key);
    return withheld;
}

/* The one that the table stands on, or the next that is shared. */
static int pass_withheld(struct ll_gate *gate, int found, struct ll_err *err)
{
    while (found > 0 && ll_gate_withheld(gate))
        found = ll_table_next(gate->table, err);
    return found;
}

static int seek(struct ll_gate *gate, const struct ll_look *look, struct gate_who *who, struct ll_err *err)
{
    int found = ll_marks_any(gate->g->marks, gate->resource->name, &gate->marked, err);

    gate->withheld = false;
    if (found < 0)
        return found;
    if (!look->n_key)
        return pass_withheld(gate, seek_subject(gate, look, who, err), err);
    found = seek_key(gate, look, who, err);
    gate->withheld = found > 0 && ll_gate_withheld(gate);
    return gate->withheld ? 0 : found;
}

int ll_gate_seek(struct ll_gate *gate, const struct ll_look *look, struct gate_who *who, struct ll_err *err)
{
    const struct ll_resource *r = gate->resource;
    bool tells = r->n_key == 1 && (look->n_key || r->key[0]->role == LL_ROLE_SUBJECT);
    int found;

    *who = (struct gate_who){NULL, {NULL, 0}};
    found = seek(gate, look, who, err);
    if (found >= 0 || found == LL_INVALID)
        ll_key_trail_add(&gate->trail, look->n_key ? look->key[look->n_key - 1] : look->subject, found > 0,
                         tells);
    return found;
}

int ll_gate_next(struct ll_gate *gate, struct ll_err *err)
{
    return pass_withheld(gate, ll_table_next(gate->table, err), err);
}

const char *ll_gate_missing(const struct ll_gate *gate)
{
    if (gate->withheld)
        return ll_value_state_word(LL_VALUE_WITHHELD);
    return ll_value_state_word(gate->late ? LL_VALUE_SOURCE_LATE : LL_VALUE_ABSENT);
}

/* --- consent and evidence ---------------------------------------------------------------------------------------------- */

/* Doubling arrays in the arena; what is outgrown stays until the call ends, at most as much again. */
static bool grow(struct ll_arena *arena, void **list, size_t n, size_t *room, size_t size)
{
    size_t more = *room ? *room * 2 : 4;
    void *fresh;

    if (n < *room)
        return true;
    if (!(fresh = ll_arena_array(arena, more, size)))
        return false;
    if (n)
        memcpy(fresh, *list, n * size);
    *list = fresh;
    *room = more;
    return true;
}

int ll_gate_subject(struct ll_gate *gate, const struct ll_look *look, const struct gate_who *who,
                    char out[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(KEY_TEXT_MAX);
    int rc;

    if (who->name)
        return ll_gateway_pseudonym(gate->g, who->name, who->value, out, err);
    for (size_t i = 0; i < look->n_key; i++) { /* a record that is nobody's: its key stands for it */
        ll_buf_str(&text, look->key[i]);
        ll_buf_c(&text, 0);
    }
    rc = text.failed ? ll_fail(err, LL_TOOBIG, "主键过长", "the key is too long")
                     : ll_gateway_pseudonym(gate->g, gate->resource->name, ll_buf_view(&text), out, err);
    ll_buf_free(&text);
    return rc;
}

int ll_gate_note_pseudonym(struct ll_gate *gate, const char pseudonym[LL_PSEUDONYM_TEXT], struct ll_err *err)
{
    void *list = gate->subjects;
    bool room = grow(gate->arena, &list, gate->n_subjects, &gate->room, LL_PSEUDONYM_TEXT);

    gate->subjects = list;
    if (!room)
        return ll_no_memory(err);
    memcpy(gate->subjects[gate->n_subjects++], pseudonym, LL_PSEUDONYM_TEXT);
    return LL_OK;
}

int ll_gate_note_subject(struct ll_gate *gate, const struct ll_look *look, const struct gate_who *who,
                         struct ll_err *err)
{
    char pseudonym[LL_PSEUDONYM_TEXT];
    int rc = ll_gate_subject(gate, look, who, pseudonym, err);

    return rc < 0 ? rc : ll_gate_note_pseudonym(gate, pseudonym, err);
}

int ll_gate_give(struct ll_gate *gate, struct ll_err *err)
{
    void *list = gate->given;

    if (!gate->n_subjects || (gate->n_given && gate->given[gate->n_given - 1] == gate->n_subjects - 1))
        return LL_OK;
    if (!grow(gate->arena, &list, gate->n_given, &gate->given_room, sizeof *gate->given))
        return ll_no_memory(err);
    gate->given = list;
    gate->given[gate->n_given++] = (uint32_t)gate->n_subjects - 1;
    return LL_OK;
}

int ll_gate_keep_consent(struct ll_gate *gate, const char *id, struct ll_err *err)
{
    void *list = gate->consents;
    bool ok = grow(gate->arena, &list, gate->n_consents, &gate->consent_room, sizeof *gate->consents);

    gate->consents = list;
    if (!ok || !(gate->consents[gate->n_consents] = ll_arena_dup(gate->arena, ll_str(id))))
        return ll_no_memory(err);
    gate->n_consents++;
    return LL_OK;
}

int ll_gate_consented(struct ll_gate *gate, const struct gate_who *who, bool count, struct ll_txn *tx,
                      struct ll_consent_used *ret, struct ll_err *err)
{
    struct ll_str *items = ll_arena_array(gate->arena, gate->n_items + 1, sizeof *items);
    struct ll_consent_use use = {.value = who->value,
                                 .organisation = gate->call->actor->organisation,
                                 .purpose = gate->grant->purpose,
                                 .resource = gate->resource->name,
                                 .items = items,
                                 .now = ll_now_ms()};
    struct ll_consent_env env = {.tx = tx,
                                 .keys = ll_journaling_keys(gate->g->o.journaling),
                                 .catalog = gate->cat,
                                 .actor = gate->call->actor,
                                 .arena = gate->arena};
    int rc;

    if (!items)
        return ll_no_memory(err);
    if (!who->name || !ll_scheme_parse(ll_str(who->name), &use.scheme))
        return ll_gate_refuse(gate, LL_GATE_CONSENT, err); /* nobody who could consent */
    for (size_t i = 0; i < gate->n_items; i++)
        if (gate->items[i].granted)
            items[use.n_items++] = ll_str(gate->items[i].item->name);
    rc = count ? ll_consent_use(&env, &use, ret, err) : ll_consent_covers(&env, &use, ret, err);
    if (rc == LL_DENIED)
        gate->condition = ll_gate_condition_word(LL_GATE_CONSENT);
    return rc;
}

/* One transaction for all that a call uses; it is committed with the call's entry (gateway_entry.c). */
static int use_consent(struct ll_gate *gate, const struct gate_who *who, struct ll_err *err)
{
    struct ll_consent_used used;
    int rc = gate->uses ? LL_OK : ll_txn_begin(gate->g->o.store, true, &gate->uses, err);

    if (rc == LL_OK)
        rc = ll_gate_consented(gate, who, true, gate->uses, &used, err);
    return rc < 0 ? rc : ll_gate_keep_consent(gate, used.id, err);
}

int ll_gate_note(struct ll_gate *gate, const struct ll_look *look, const struct gate_who *who,
                 struct ll_err *err)
{
    int rc = ll_gate_note_subject(gate, look, who, err);

    return rc < 0 || !gate->grant->consent ? rc : use_consent(gate, who, err);
}

/* --- writing --------------------------------------------------------------------------------------------------------- */

bool ll_gate_shown(const struct gate_item *it)
{
    return it->granted && (it->item->grade < 3 || it->granted->plain);
}

/* Its ends show, of a text; of anything else nothing does. */
bool ll_gate_masks_text(const struct ll_item *item, struct ll_seg_value v)
{
    return v.kind == LL_SV_TEXT && item->element->type != LL_TYPE_CODE &&
           item->element->type != LL_TYPE_DECIMAL && item->element->type != LL_TYPE_DATE &&
           item->element->type != LL_TYPE_DATETIME;
}

static void put_masked(const struct ll_item *item, struct ll_seg_value v, struct ll_json *j)
{
    char masked[MASKED_MAX];

    ll_json_kz(j, "status", ll_value_state_word(LL_VALUE_MASKED));
    if (ll_gate_masks_text(item, v))
        ll_json_kz(j, "value", ll_mask(v.s, masked, sizeof masked));
}

static void put_state(struct ll_json *j, enum ll_value_state s)
{
    ll_json_kz(j, "status", ll_value_state_word(s));
}

/* A value that is there and may be seen, which is the usual one. */
static void put_present(const struct gate_item *it, struct ll_seg_value v, struct ll_json *j)
{
    ll_json_raw_key(j, it->present);
    ll_record_put_value(it->item, v, j);
    ll_buf_c(j->out, '}');
}

void ll_gate_put_item(const struct gate_item *it, struct ll_seg_value v, bool disputed, struct ll_json *j)
{
    if (v.kind != LL_SV_NULL && ll_gate_shown(it) && !disputed) {
        put_present(it, v, j);
        return;
    }
    ll_json_key(j, it->item->name);
    ll_json_obj(j);
    if (!it->granted)
        put_state(j, LL_VALUE_NOT_GRANTED);
    else if (v.kind == LL_SV_NULL)
        put_state(j, LL_VALUE_ABSENT);
    else if (!ll_gate_shown(it))
        put_masked(it->item, v, j);
    else {
        put_state(j, LL_VALUE_DISPUTED);
        ll_json_key(j, "value");
        ll_record_put_value(it->item, v, j);
    }
    ll_json_end_obj(j);
}

/* The key says no more than the caller may see: it is there when each of its parts is granted and plain. */
bool ll_gate_key_shown(const struct ll_gate *gate)
{
    for (size_t i = 0; i < gate->resource->n_key; i++) {
        const struct ll_item *part = gate->resource->key[i];
        const struct ll_grant_item *granted = ll_gate_granted(gate, ll_str(part->name));
        if (!granted || (part->grade >= 3 && !granted->plain))
            return false;
    }
    return true;
}

static void put_values(struct ll_gate *gate, struct ll_str key, bool doubts, struct ll_json *j)
{
    const struct ll_resource *r = gate->resource;

    ll_json_key(j, "values");
    ll_json_obj(j);
    for (size_t i = 0; i < gate->n_items; i++) {
        const struct gate_item *it = &gate->items[i];
        struct ll_seg_value v = {.kind = LL_SV_NULL};
        if (it->granted)
            v = ll_record_value(r, it->at, gate->table);
        ll_gate_put_item(it, v, doubts && ll_marks_disputed(gate->g->marks, r->name, key, it->item->name), j);
    }
    ll_json_end_obj(j);
}

int ll_gate_put_record(struct ll_gate *gate, struct ll_json *j, struct ll_err *err)
{
    char when[LL_TIME_TEXT];
    struct ll_buf key = LL_BUF_INIT(KEY_TEXT_MAX);
    struct ll_json k;
    bool marked = false;
    int rc = ll_marks_any(gate->g->marks, gate->resource->name, &marked, err);

    if (rc < 0)
        return rc;
    ll_json_init(&k, &key);
    ll_record_put_key(gate->resource, gate->table, false, &k);
    ll_json_obj(j);
    if (ll_gate_key_shown(gate)) {
        ll_json_key(j, "key");
        ll_json_raw(j, ll_buf_view(&key));
    }
    ll_json_ki(j, "batch", ll_table_batch(gate->table));
    ll_json_kz(j, "published_at", ll_time_text(ll_table_published_at(gate->table), when));
    put_values(gate, ll_buf_view(&key), marked, j);
    ll_json_end_obj(j);
    ll_buf_free(&key);
    gate->found++;
    return LL_OK;
}

static int put_records(struct ll_gate *gate, const struct ll_look *look, struct ll_json *j,
                       struct ll_err *err)
{
    size_t most = look->n_key ? 1 : look->most;
    bool more = false;
    int rc = 1;

    ll_json_kz(j, "status", "found");
    ll_json_key(j, "records");
    ll_json_arr(j);
    for (size_t n = 0; rc > 0; n++) {
        if ((more = n == most))
            break;
        if ((rc = ll_gate_put_record(gate, j, err)) < 0)
            return rc;
        rc = look->n_key ? 0 : ll_gate_next(gate, err);
    }
    ll_json_end_arr(j);
    ll_json_kb(j, "more", more);
    ll_table_rewind(gate->table);
    return rc < 0 ? rc : LL_OK;
}

static int put_refused(struct ll_gate *gate, struct ll_json *j)
{
    ll_table_rewind(gate->table);
    ll_json_kz(j, "status", "refused");
    ll_json_kz(j, "condition", gate->condition);
    gate->condition = NULL; /* of this result, not of the call */
    return LL_OK;
}

int ll_gate_look(struct ll_gate *gate, const struct ll_look *look, bool alone, struct ll_json *j,
                 struct ll_err *err)
{
    struct gate_who who;
    int found, rc;

    ll_json_obj(j);
    if (gate->call->until_us && ll_mono_us() > gate->call->until_us) {
        put_state(j, LL_VALUE_TIMED_OUT);
        ll_json_end_obj(j);
        return LL_OK;
    }
    found = ll_gate_seek(gate, look, &who, err);
    if (found == LL_INVALID && !alone) { /* one bad identifier among many */
        ll_json_kz(j, "status", "invalid");
        ll_json_end_obj(j);
        return LL_OK;
    }
    if (found < 0)
        return found;
    rc = ll_gate_note(gate, look, &who, err);
    if (rc == LL_DENIED && gate->condition && !alone)
        rc = put_refused(gate, j);
    else if (rc == LL_OK && found)
        rc = (rc = ll_gate_give(gate, err)) < 0 ? rc : put_records(gate, look, j, err);
    else if (rc == LL_OK)
        ll_json_kz(j, "status", ll_gate_missing(gate));
    ll_json_end_obj(j);
    return rc;
}
