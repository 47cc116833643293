/* note.c - see note.h. */
#include "journal/note.h"

#include "crypto/base64.h"
#include "crypto/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DASH "\xe2\x80\x94 " /* U+2014 and a blank */
#define SM2_LABEL "sm2-sm3/v1"

enum { ED25519_BYTES = 32, TIME_BYTES = 8 };

static int malformed(struct ll_err *err, const char *zh, const char *en)
{
    return ll_fail(err, LL_INVALID, "不是签名文本（signed note）：%.0s%s", "not a signed note: %s%.0s", en,
                   zh);
}

/* Unicode's White_Space, which a key's name may not hold. */
static bool space(int32_t cp)
{
    return (cp >= 9 && cp <= 13) || cp == ' ' || cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 || cp == 0x202f || cp == 0x205f ||
           cp == 0x3000;
}

static bool name_valid(struct ll_str name)
{
    if (name.n == 0 || name.n >= LL_NOTE_NAME || ll_utf8_bad(name) < name.n)
        return false;
    for (size_t at = 0; at < name.n;) {
        int32_t cp = ll_utf8_next(name, &at);
        if (space(cp) || cp == '+' || cp < 0x20)
            return false;
    }
    return true;
}

static bool text_valid(struct ll_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 && text.p[i] != '\n')
            return false;
    return ll_utf8_bad(text) == text.n;
}

/* "— name base64" without its line end. */
static int parse_sig(struct ll_str line, struct ll_note_sig *ret, struct ll_err *err)
{
    struct ll_buf raw = LL_BUF_INIT(LL_NOTE_MAX);
    struct ll_str rest, b64;
    int rc = LL_OK;

    if (!ll_str_starts(line, LL_STR(DASH)))
        return malformed(err, "签名行不以破折号开头", "a signature line does not start with a dash");
    rest = (struct ll_str){line.p + sizeof DASH - 1, line.n - (sizeof DASH - 1)};
    if (!ll_str_cut(rest, ' ', &ret->name, &b64) || !name_valid(ret->name))
        return malformed(err, "签名行没有合格的名称", "a signature line has no valid name");
    if (ll_base64_get(b64, LL_BASE64_STD, &raw, NULL) < 0 || raw.n < 5)
        rc = malformed(err, "签名不是 base64", "a signature is not base64");
    if (rc == LL_OK) {
        memcpy(ret->id, raw.p, 4);
        ret->n = raw.n - 4 <= LL_NOTE_BLOB ? raw.n - 4 : 0;
        memcpy(ret->blob, raw.p + 4, ret->n);
    }
    ll_buf_free(&raw);
    return rc;
}

int ll_note_parse(struct ll_str note, struct ll_note *ret, struct ll_err *err)
{
    struct ll_str sigs, line;
    const char *cut;

    ret->n_sigs = 0;
    if (note.n > LL_NOTE_MAX)
        return malformed(err, "过长", "too long");
    if (!text_valid(note))
        return malformed(err, "含控制字符，或不是 UTF-8", "it has control characters, or is not UTF-8");
    cut = note.n ? memrchr(note.p, '\n', note.n) : NULL;
    if (!cut || cut != note.p + note.n - 1)
        return malformed(err, "不以换行结尾", "it does not end with a line end");
    do
        cut = cut > note.p ? memrchr(note.p, '\n', (size_t)(cut - note.p)) : NULL;
    while (cut && cut[1] != '\n');
    if (!cut)
        return malformed(err, "正文与签名之间没有空行", "no empty line between text and signatures");
    ret->text = (struct ll_str){note.p, (size_t)(cut - note.p) + 1};
    sigs = (struct ll_str){cut + 2, note.n - ret->text.n - 1};
    if (sigs.n == 0)
        return malformed(err, "没有签名", "it has no signature");
    while (sigs.n > 0) {
        if (ret->n_sigs == LL_NOTE_SIGS)
            return malformed(err, "签名过多", "it has too many signatures");
        ll_str_cut(sigs, '\n', &line, &sigs);
        int rc = parse_sig(line, &ret->sig[ret->n_sigs++], err);
        if (rc < 0)
            return rc;
    }
    return LL_OK;
}

static enum ll_alg alg_of(enum ll_note_type type)
{
    return type == LL_NOTE_SM2 ? LL_SM2 : LL_ED25519;
}

static void put_type_and_key(const struct ll_vkey *v, struct ll_buf *out)
{
    unsigned char raw[LL_KEY_PUBLIC];
    size_t n = ll_key_public(v->key, raw);

    ll_buf_c(out, (char)v->type);
    if (v->type == LL_NOTE_SM2)
        ll_buf_z(out, SM2_LABEL);
    ll_buf_add(out, raw, n);
}

static int make_id(struct ll_vkey *v, struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT(LL_NOTE_NAME + 128);
    unsigned char hash[LL_DIGEST];

    ll_buf_z(&b, v->name);
    ll_buf_c(&b, '\n');
    put_type_and_key(v, &b);
    int rc = b.failed ? ll_no_memory(err) : LL_OK;
    if (rc == LL_OK)
        ll_sha256(b.p, b.n, hash);
    if (rc == LL_OK)
        memcpy(v->id, hash, sizeof v->id);
    ll_buf_free(&b);
    return rc;
}

int ll_vkey_borrow(struct ll_vkey *ret, const char *name, enum ll_note_type type, const struct ll_key *key,
                   struct ll_err *err)
{
    struct ll_vkey v = {.type = type, .key = key};
    int rc;

    if (!name_valid(ll_str(name)))
        return ll_fail(
            err, LL_INVALID, "“%s”不能作签名密钥的名称：不可为空，不可有空白和加号",
            "'%s' cannot be the name of a note's key: it must not be empty nor hold a blank or a plus sign",
            name);
    if (ll_key_alg(key) != alg_of(type))
        return ll_fail(err, LL_INVALID, "密钥“%s”的算法与其类型不符",
                       "key '%s' is not of the algorithm that its type asks for", name);
    snprintf(v.name, sizeof v.name, "%s", name);
    if ((rc = make_id(&v, err)) == LL_OK)
        *ret = v;
    return rc;
}

int ll_vkey_make(struct ll_vkey *ret, const char *name, enum ll_note_type type, struct ll_key *key,
                 struct ll_err *err)
{
    int rc = ll_vkey_borrow(ret, name, type, key, err);

    if (rc < 0)
        ll_key_free(key);
    else
        ret->own = key;
    return rc;
}

/* The type byte and the key behind it. */
static int parse_public(struct ll_str raw, enum ll_note_type *type, struct ll_key **ret, struct ll_err *err)
{
    struct ll_str rest = {raw.p + 1, raw.n - 1};

    *type = (enum ll_note_type)(unsigned char)raw.p[0];
    switch (*type) {
    case LL_NOTE_ED25519:
    case LL_NOTE_COSIGNATURE:
        return ll_key_from_public(LL_ED25519, rest, ret, err);
    case LL_NOTE_SM2:
        if (ll_str_starts(rest, LL_STR(SM2_LABEL))) {
            size_t n = sizeof SM2_LABEL - 1;
            return ll_key_from_public(LL_SM2, (struct ll_str){rest.p + n, rest.n - n}, ret, err);
        }
        break;
    }
    return ll_fail(err, LL_INVALID, "不认识的密钥类型 0x%02x", "unknown type of key 0x%02x", (unsigned)*type);
}

int ll_vkey_parse(struct ll_vkey *ret, struct ll_str text, struct ll_err *err)
{
    struct ll_buf raw = LL_BUF_INIT(128);
    struct ll_str name, id, b64, rest;
    unsigned char want[4];
    char name_z[LL_NOTE_NAME];
    enum ll_note_type type = LL_NOTE_ED25519;
    struct ll_key *key = NULL;
    int rc;

    if (!ll_str_cut(text, '+', &name, &rest) || !ll_str_cut(rest, '+', &id, &b64) || !name_valid(name) ||
        id.n != 8 || !ll_hex_exact(id, want, sizeof want) ||
        ll_base64_get(b64, LL_BASE64_STD, &raw, NULL) < 0 || raw.n < 2) {
        ll_buf_free(&raw);
        return ll_fail(err, LL_INVALID, "公钥应写作“名称+8 位十六进制编号+base64”",
                       "a public key is written as name+8 hexadecimal digits+base64");
    }
    snprintf(name_z, sizeof name_z, "%.*s", LL_STR_ARG(name));
    rc = parse_public(ll_buf_view(&raw), &type, &key, err);
    if (rc == LL_OK)
        rc = ll_vkey_make(ret, name_z, type, key, err);
    ll_buf_free(&raw);
    if (rc == LL_OK && memcmp(want, ret->id, sizeof want) != 0) {
        ll_vkey_free(ret);
        rc = ll_fail(err, LL_INVALID, "公钥“%s”的编号与其内容不符",
                     "the id of public key '%s' does not fit it", name_z);
    }
    return rc;
}

void ll_vkey_put(const struct ll_vkey *v, struct ll_buf *out)
{
    struct ll_buf raw = LL_BUF_INIT(128);

    put_type_and_key(v, &raw);
    ll_buf_z(out, v->name);
    ll_buf_c(out, '+');
    ll_hex_put(out, v->id, sizeof v->id);
    ll_buf_c(out, '+');
    ll_base64_put(out, LL_BASE64_STD, raw.p, raw.n);
    out->failed |= raw.failed;
    ll_buf_free(&raw);
}

void ll_vkey_free(struct ll_vkey *v)
{
    v->key = v->own = ll_key_free(v->own);
}

/* What is signed: the text itself, or the text under the line of a cosignature. */
static void put_message(const struct ll_vkey *v, struct ll_str text, int64_t seconds, struct ll_buf *out)
{
    if (v->type == LL_NOTE_COSIGNATURE)
        ll_buf_printf(out, "cosignature/v1\ntime %lld\n", (long long)seconds);
    ll_buf_str(out, text);
}

void ll_note_put_sig(const struct ll_vkey *v, const void *blob, size_t n, struct ll_buf *out)
{
    unsigned char raw[4 + LL_NOTE_BLOB];

    memcpy(raw, v->id, 4);
    memcpy(raw + 4, blob, n);
    ll_buf_z(out, DASH);
    ll_buf_z(out, v->name);
    ll_buf_c(out, ' ');
    ll_base64_put(out, LL_BASE64_STD, raw, 4 + n);
    ll_buf_c(out, '\n');
}

int ll_note_sign(const struct ll_vkey *v, struct ll_str text, int64_t seconds, struct ll_buf *out,
                 struct ll_err *err)
{
    struct ll_buf message = LL_BUF_INIT(LL_NOTE_MAX + 64);
    unsigned char blob[TIME_BYTES + LL_SIGNATURE];
    size_t at = v->type == LL_NOTE_COSIGNATURE ? TIME_BYTES : 0;
    int rc;

    for (size_t i = 0; i < at; i++)
        blob[i] = (unsigned char)((uint64_t)seconds >> (56 - 8 * i));
    put_message(v, text, seconds, &message);
    rc = message.failed ? ll_no_memory(err) : ll_sign(v->key, ll_buf_view(&message), blob + at, err);
    ll_buf_free(&message);
    if (rc == LL_OK)
        ll_note_put_sig(v, blob, at + LL_SIGNATURE, out);
    return rc;
}

const struct ll_note_sig *ll_note_find(const struct ll_note *note, const struct ll_vkey *v)
{
    for (size_t i = 0; i < note->n_sigs; i++)
        if (memcmp(note->sig[i].id, v->id, sizeof v->id) == 0 && ll_str_is(note->sig[i].name, v->name))
            return &note->sig[i];
    return NULL;
}

int ll_note_check(const struct ll_note *note, const struct ll_vkey *v, const struct ll_note_sig *sig,
                  int64_t *ret_seconds, struct ll_err *err)
{
    size_t at = v->type == LL_NOTE_COSIGNATURE ? TIME_BYTES : 0;
    struct ll_buf message = LL_BUF_INIT(LL_NOTE_MAX + 64);
    uint64_t seconds = 0;
    int rc = LL_INVALID;

    if (sig->n == at + LL_SIGNATURE) {
        for (size_t i = 0; i < at; i++)
            seconds = seconds << 8 | sig->blob[i];
        put_message(v, note->text, (int64_t)seconds, &message);
        if (seconds <= INT64_MAX && !message.failed)
            rc = ll_verify(v->key, ll_buf_view(&message),
                           (struct ll_str){(const char *)sig->blob + at, LL_SIGNATURE}, NULL);
        ll_buf_free(&message);
    }
    if (rc < 0)
        return ll_fail(err, LL_INVALID, "“%s”的签名无效", "the signature of '%s' is not valid", v->name);
    if (ret_seconds)
        *ret_seconds = (int64_t)seconds;
    return LL_OK;
}

int ll_note_verify(const struct ll_note *note, const struct ll_vkey *keys, size_t n, bool *good,
                   struct ll_err *err)
{
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        const struct ll_note_sig *sig = ll_note_find(note, &keys[i]);
        if (sig) {
            int rc = ll_note_check(note, &keys[i], sig, NULL, err);
            if (rc < 0)
                return rc;
        }
        if (good)
            good[i] = sig != NULL;
        any |= sig != NULL;
    }
    return any ? LL_OK : ll_fail(err, LL_INVALID, "没有已知密钥的签名", "it has no signature of a known key");
}
