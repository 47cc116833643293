/* complaint_sealed.c - what of a complaint is sealed at rest, and the code by which somebody without a passkey finds it again. */
#include "apps/finance/complaint_impl.h"

#include "crypto/base64.h"
#include "crypto/random.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define SEALED_AS "finance_complaint" /* as which values are sealed (vault.h) */

int ll_complaint_prepare(struct ll_vault *vault, struct ll_err *err)
{
    return ll_vault_prepare(vault, SEALED_AS, err);
}

static void put_texts(struct ll_buf *out, const char *const *texts, size_t n)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_arr(&j);
    for (size_t i = 0; i < n; i++)
        if (texts[i])
            ll_json_z(&j, texts[i]);
        else
            ll_json_null(&j);
    ll_json_end_arr(&j);
}

int ll_complaint_seal(const struct ll_complaint_env *env, const char *item, const char *const *texts,
                      size_t n, struct ll_buf *out, struct ll_err *err)
{
    struct ll_buf plain = LL_BUF_INIT(LL_COMPLAINT_SEALED), sealed = LL_BUF_INIT(LL_COMPLAINT_SEALED);
    struct ll_cell *cell = NULL;
    int rc;

    put_texts(&plain, texts, n);
    rc = plain.failed ? ll_no_memory(err)
                      : ll_cell_open(env->vault, LL_STR(SEALED_AS), ll_str(item), &cell, err);
    if (rc == LL_OK && (rc = ll_cell_seal(cell, ll_buf_view(&plain), &sealed, err)) == LL_OK &&
        (rc = ll_vault_used(env->tx, SEALED_AS, 1, err)) == LL_OK)
        ll_base64_put(out, LL_BASE64_STD, sealed.p, sealed.n);
    ll_cell_close(cell);
    ll_buf_wipe(&plain);
    ll_buf_free(&sealed);
    return rc == LL_OK && out->failed ? ll_no_memory(err) : rc;
}

static int take_texts(const struct ll_complaint_env *env, struct ll_str plain, const char **texts, size_t n,
                      struct ll_err *err)
{
    json_t *list = json_loadb(plain.p, plain.n, 0, NULL);
    int rc = LL_OK;

    for (size_t i = 0; i < n && rc == LL_OK; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        texts[i] = text ? ll_arena_dup(env->arena, ll_str(text)) : NULL;
        rc = text && !texts[i] ? ll_no_memory(err) : LL_OK;
    }
    json_decref(list);
    return rc;
}

int ll_complaint_unseal(const struct ll_complaint_env *env, const char *item, struct ll_str sealed,
                        const char **texts, size_t n, struct ll_err *err)
{
    struct ll_buf bytes = LL_BUF_INIT(LL_COMPLAINT_SEALED), plain = LL_BUF_INIT(LL_COMPLAINT_SEALED);
    struct ll_cell *cell = NULL;
    int rc = ll_base64_get(sealed, LL_BASE64_STD, &bytes, err);

    if (rc == LL_OK &&
        (rc = ll_cell_open(env->vault, LL_STR(SEALED_AS), ll_str(item), &cell, err)) == LL_OK &&
        (rc = ll_cell_unseal(cell, ll_buf_view(&bytes), &plain, err)) == LL_OK)
        rc = take_texts(env, ll_buf_view(&plain), texts, n, err);
    ll_cell_close(cell);
    ll_buf_free(&bytes);
    ll_buf_wipe(&plain);
    return rc;
}

/* ---- the code ---- */

enum { LETTERS = 12, GROUP = 4 };
/* 32 letters that are not mistaken for each other when they are read out: no I, L, O, U.  Twelve of them are 60 bits. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int ll_complaint_code_new(char code[LL_COMPLAINT_CODE], struct ll_err *err)
{
    unsigned char bytes[LETTERS];
    size_t at = 0;
    int rc = ll_random(bytes, sizeof bytes, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < LETTERS; i++) {
        if (i && i % GROUP == 0)
            code[at++] = '-';
        code[at++] = alphabet[bytes[i] & 31];
    }
    code[at] = 0;
    ll_wipe(bytes, sizeof bytes);
    return LL_OK;
}

void ll_complaint_code_hash(const char *id, const char *code, char out[LL_COMPLAINT_HASH])
{
    unsigned char hash[LL_DIGEST];
    char typed[LETTERS] = {0};
    size_t n = 0;

    for (; *code && n < LETTERS; code++) {
        char c = *code >= 'a' && *code <= 'z' ? (char)(*code - 'a' + 'A') : *code;
        c = (char)(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
        if (memchr(alphabet, c, sizeof alphabet - 1))
            typed[n++] = c;
    }
    const struct ll_str parts[] = {LL_STR("luling-complaint\0"), ll_str(id), {typed, sizeof typed}};
    ll_digest(LL_SHA256, parts, LL_COUNT(parts), hash);
    for (size_t i = 0; i < LL_DIGEST; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
    ll_wipe(typed, sizeof typed);
}
