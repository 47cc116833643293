/* manifest.c - see manifest.h. */
#include "intake/manifest.h"

#include "base/clock.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "intake/quality.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { MANIFEST_MAX = 64 << 20, FORMAT = 1 };

/* ---- writing ---- */

struct file_ctx {
    struct ll_json *j;
    const char *dir;
};

static int put_file(void *ctx, const char *name, struct ll_err *err)
{
    struct file_ctx *f = ctx;
    char path[LL_PATH], sha[LL_SHA256_HEX];
    int rc;

    if ((rc = ll_path(path, err, "%s/%s", f->dir, name)) < 0 || (rc = ll_fs_sync_file(path, err)) < 0 ||
        (rc = ll_hash_file(path, sha, err)) < 0)
        return rc;
    ll_json_obj(f->j);
    ll_json_kz(f->j, "name", name);
    ll_json_ki(f->j, "bytes", ll_fs_size(path));
    ll_json_kz(f->j, "sha256", sha);
    ll_json_end_obj(f->j);
    return LL_OK;
}

static void put_source(struct ll_json *j, const struct ll_manifest_in *in)
{
    ll_json_key(j, "source");
    ll_json_obj(j);
    ll_json_kz(j, "file_name", in->delivery->file_name);
    ll_json_kz(j, "sha256", in->delivery->sha256);
    ll_json_ki(j, "bytes", in->delivery->bytes);
    ll_json_kz(j, "found", in->source->text[LL_ZH]);
    ll_json_kz(j, "found_en", in->source->text[LL_EN]);
    ll_json_kz(j, "mapping", in->plan->mapping->variant ? in->plan->mapping->variant : "");
    ll_json_key(j, "columns");
    ll_json_arr(j);
    for (size_t i = 0; i < in->plan->n_names; i++)
        ll_json_str(j, in->plan->names[i]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

static void put_schema(struct ll_json *j, const struct ll_plan *p)
{
    ll_json_key(j, "schema");
    ll_json_arr(j);
    for (size_t i = 0; i < p->n_columns; i++) {
        const struct ll_pass_column *c = &p->columns[i];
        char type[32];
        if (c->type == LL_TYPE_DECIMAL)
            snprintf(type, sizeof type, "decimal(%u,%u)", c->precision, c->scale);
        else
            snprintf(type, sizeof type, "%s", ll_type_name(c->type));
        ll_json_obj(j);
        ll_json_kz(j, "name", c->name);
        ll_json_kz(j, "type", type);
        if (i < p->n_cells && ll_item_sealed(p->cells[i].item))
            ll_json_kb(j, "sealed", true);
        ll_json_end_obj(j);
    }
    ll_json_end_arr(j);
}

/* Sealed itself: of use to whoever has the platform's key. */
static void put_key(struct ll_json *j, const struct ll_data_key *k)
{
    if (!k->id)
        return;
    ll_json_key(j, "data_key");
    ll_json_obj(j);
    ll_json_ki(j, "id", k->id);
    ll_json_ki(j, "alg", k->alg);
    ll_json_ki(j, "made_at", k->made_at);
    ll_json_kz(j, "item_key", k->item_key);
    ll_json_kz(j, "index_key", k->index_key);
    ll_json_kz(j, "sealed", k->sealed);
    ll_json_end_obj(j);
}

static void put_counts(struct ll_json *j, const struct ll_manifest_in *in)
{
    const struct ll_sift_stats *s = &in->sealed->stats;
    char when[LL_TIME_TEXT];

    ll_json_kz(j, "received_at", ll_time_text(in->delivery->received_at, when));
    ll_json_kz(j, "sealed_at", ll_time_text(ll_now_ms(), when));
    ll_json_ki(j, "received", (int64_t)s->received);
    ll_json_ki(j, "rows", (int64_t)s->published);
    ll_json_ki(j, "deletes", in->deletes);
    ll_json_ki(j, "quarantined", (int64_t)s->quarantined);
}

int ll_manifest_write(const char *dir, const struct ll_manifest_in *in, struct ll_err *err)
{
    struct ll_quality_in q = {in->plan, &in->sealed->stats, in->delivery->received_at, in->previous_at};
    struct ll_buf out = LL_BUF_INIT(MANIFEST_MAX);
    struct ll_json j;
    struct file_ctx f = {&j, dir};
    char path[LL_PATH];

    ll_json_init(&j, &out);
    ll_json_obj(&j);
    ll_json_ki(&j, "format", FORMAT);
    ll_json_kz(&j, "batch", in->delivery->id);
    ll_json_kz(&j, "resource", in->plan->resource->name);
    ll_json_ki(&j, "version", in->plan->resource->version);
    ll_json_kz(&j, "mode", in->delivery->mode);
    put_source(&j, in);
    put_counts(&j, in);
    put_schema(&j, in->plan);
    put_key(&j, &in->key);
    ll_json_key(&j, "files");
    ll_json_arr(&j);
    int rc = ll_fs_each(dir, put_file, &f, err);
    ll_json_end_arr(&j);
    ll_json_key(&j, "quality");
    ll_quality_json(&j, &q);
    ll_json_end_obj(&j);
    ll_buf_c(&out, '\n');
    if (rc == LL_OK && out.failed)
        rc = ll_no_memory(err);
    if (rc == LL_OK && (rc = ll_path(path, err, "%s/manifest.json", dir)) == LL_OK)
        rc = ll_fs_write_atomic(path, ll_buf_view(&out), err);
    ll_buf_free(&out);
    return rc;
}

/* ---- reading ---- */

static int load(const char *dir, json_t **ret, char sha[LL_SHA256_HEX], struct ll_err *err)
{
    struct ll_buf b = LL_BUF_INIT((size_t)MANIFEST_MAX + 65536 * 2);
    json_error_t why;
    char path[LL_PATH];
    int rc;

    if ((rc = ll_path(path, err, "%s/manifest.json", dir)) < 0 ||
        (rc = ll_fs_read(path, MANIFEST_MAX, &b, err)) < 0 ||
        (rc = ll_hash_str(ll_buf_view(&b), sha, err)) < 0)
        goto done;
    *ret = json_loadb(b.p, b.n, 0, &why);
    if (!json_is_object(*ret)) {
        json_decref(*ret);
        rc = ll_fail(err, LL_INVALID, "%s 不是有效的清单：%s", "%s is not a manifest: %s", path, why.text);
    }
done:
    ll_buf_free(&b);
    return rc;
}

static const char *text_of(json_t *o, const char *key, struct ll_arena *arena)
{
    const char *s = json_string_value(json_object_get(o, key));

    return s ? ll_arena_dup(arena, ll_str(s)) : NULL;
}

static int64_t int_of(json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static void read_key(json_t *o, struct ll_arena *arena, struct ll_data_key *ret)
{
    const struct ll_data_key k = {int_of(o, "id"),
                                  int_of(o, "alg"),
                                  int_of(o, "made_at"),
                                  text_of(o, "item_key", arena),
                                  text_of(o, "index_key", arena),
                                  text_of(o, "sealed", arena)};

    if (k.id > 0 && k.item_key && k.index_key && k.sealed)
        *ret = k;
}

int ll_manifest_read(const char *dir, struct ll_arena *arena, struct ll_manifest *ret, struct ll_err *err)
{
    json_t *m = NULL;
    int rc = load(dir, &m, ret->sha256, err);

    if (rc < 0)
        return rc;
    char *quality = json_dumps(json_object_get(m, "quality"), JSON_COMPACT);
    const char *sealed = json_string_value(json_object_get(m, "sealed_at"));
    ret->batch = text_of(m, "batch", arena);
    ret->resource = text_of(m, "resource", arena);
    ret->mode = text_of(m, "mode", arena);
    ret->quality = quality ? ll_arena_dup(arena, ll_str(quality)) : NULL;
    read_key(json_object_get(m, "data_key"), arena, &ret->key);
    ret->version = int_of(m, "version");
    ret->received = int_of(m, "received");
    ret->rows = int_of(m, "rows");
    ret->deletes = int_of(m, "deletes");
    ret->quarantined = int_of(m, "quarantined");
    if (!ret->batch || !ret->resource || !ret->mode || !ret->quality || !sealed ||
        !ll_time_parse(sealed, &ret->sealed_at))
        rc = ll_fail(err, LL_INVALID, "%s 中的清单不完整", "the manifest in %s is not whole", dir);
    free(quality);
    json_decref(m);
    return rc;
}

/* ---- verifying ---- */

static int verify_file(const char *dir, json_t *f, struct ll_err *err)
{
    const char *name = json_string_value(json_object_get(f, "name"));
    const char *want = json_string_value(json_object_get(f, "sha256"));
    char path[LL_PATH], got[LL_SHA256_HEX];
    int rc;

    if (!name || !want || strchr(name, '/'))
        return ll_fail(err, LL_INVALID, "%s 的清单中有无效的文件条目",
                       "the manifest of %s has a bad file entry", dir);
    if ((rc = ll_path(path, err, "%s/%s", dir, name)) < 0)
        return rc;
    if (!ll_fs_exists(path))
        return ll_fail(err, LL_INVALID, "文件不见了：%s", "file is missing: %s", path);
    if ((rc = ll_hash_file(path, got, err)) < 0)
        return rc;
    if (strcmp(got, want) != 0)
        return ll_fail(err, LL_INVALID, "文件已被改动：%s（SHA-256 应为 %s，实为 %s）",
                       "file was changed: %s (SHA-256 should be %s, is %s)", path, want, got);
    return LL_OK;
}

static int listed(void *ctx, const char *name, struct ll_err *err)
{
    json_t *files = ctx, *f;
    size_t i;

    if (strcmp(name, "manifest.json") == 0)
        return LL_OK;
    json_array_foreach(files, i, f)
    {
        const char *known = json_string_value(json_object_get(f, "name"));
        if (known && strcmp(known, name) == 0)
            return LL_OK;
    }
    return ll_fail(err, LL_INVALID, "清单之外的文件：%s", "a file that the manifest does not list: %s", name);
}

int ll_manifest_verify(const char *dir, struct ll_err *err)
{
    char sha[LL_SHA256_HEX];
    json_t *m = NULL, *f;
    size_t i;
    int rc = load(dir, &m, sha, err);

    if (rc < 0)
        return rc;
    json_t *files = json_object_get(m, "files");
    json_array_foreach(files, i, f)
    {
        if ((rc = verify_file(dir, f, err)) < 0)
            break;
    }
    if (rc == LL_OK)
        rc = ll_fs_each(dir, listed, files, err);
    json_decref(m);
    return rc;
}
