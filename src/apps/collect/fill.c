/* fill.c - see fill.h. */
#include "apps/collect/fill.h"

#include "catalog/region.h"
#include "report/template.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

struct filling {
    struct ll_data *d;
    const struct ll_fill *f;
    struct ll_catalog *cat;
    struct ll_arena *arena;
    struct ll_form form;
    struct ll_areas areas; /* with an area */
    const char *region;    /* of the organisation that provides; NULL */
    struct ll_filled *ret;
    struct ll_err *err;
};

static int read_areas(struct filling *k)
{
    struct ll_txn *tx = NULL;
    int rc = ll_txn_begin(ll_data_store(k->d), false, &tx, k->err);

    if (rc == LL_OK)
        rc = ll_areas_of(tx, k->cat, k->f->resource, k->arena, &k->areas, k->err);
    ll_txn_end(tx);
    if (rc == LL_OK && !ll_form_field(&k->form, k->areas.item->name))
        rc = ll_fail(k->err, LL_INVALID, "数据资源 %s 的映射没有读取 %s 的列",
                     "the mapping of resource %s reads no column for %s", k->areas.resource->name,
                     k->areas.item->name);
    return rc;
}

static int open_form(struct filling *k)
{
    int rc = ll_data_catalog(k->d, &k->cat, k->err);
    const struct ll_resource *r = rc == LL_OK ? ll_catalog_resource(k->cat, k->f->resource) : NULL;

    if (rc < 0)
        return rc;
    if (!r)
        return ll_fail(k->err, LL_NOTFOUND, "没有数据资源 %.*s", "there is no resource %.*s",
                       LL_STR_ARG(k->f->resource));
    const struct ll_organisation *o = ll_catalog_organisation(k->cat, ll_str(r->provider));
    k->region = o ? ll_organisation_region(k->cat, o) : NULL;
    if ((rc = ll_form_make(k->arena, r, &k->form, k->err)) == LL_OK && k->f->area)
        rc = read_areas(k);
    return rc;
}

/* arena: of this workbook alone, so that a thousand of them take no more than one. */
static int write_one(struct filling *k, struct ll_str area, struct ll_arena *arena, const char *path)
{
    char code[LL_AREA_MAX + 1], county[7];
    struct ll_known known = {.n = 0};
    struct ll_template t = {.form = &k->form, .lang = k->f->lang, .region = k->region};
    int rc = LL_OK;

    if (area.n) {
        snprintf(code, sizeof code, LL_STR_FMT, LL_STR_ARG(area));
        snprintf(county, sizeof county, "%.6s", code);
        t.area_item = k->areas.item->name;
        t.area = code;
        t.area_title = ll_area_title(&k->areas, area, arena);
        t.region = county;
        t.rows = k->f->rows;
        if (k->f->known)
            rc = ll_known_read(k->d, &k->areas, &k->form, code, arena, &known, k->err);
        t.known = known.cells;
        t.n_known = known.n;
    }
    k->ret->files++;
    k->ret->records += known.n;
    return rc < 0 ? rc : ll_template_xlsx(&t, path, k->err);
}

static int in_own_arena(struct filling *k, struct ll_str area, const char *path)
{
    struct ll_arena *arena = ll_arena_new(0);
    int rc = arena ? write_one(k, area, arena, path) : ll_no_memory(k->err);

    ll_arena_free(arena);
    return rc;
}

/* ---- several ---- */

static int zip_failed(struct filling *k, zip_t *z)
{
    return ll_fail(k->err, LL_IO, "写压缩包失败：%s", "cannot write the ZIP file: %s",
                   zip_error_strerror(zip_get_error(z)));
}

/* The library reads a file when it closes; a workbook of a village is small enough to be handed over whole. */
static int add_file(struct filling *k, zip_t *z, const struct ll_code *area, const char *part)
{
    enum { ENTRY_MAX = 32 << 20 };
    struct ll_buf bytes = LL_BUF_INIT(ENTRY_MAX);
    char name[512];
    int rc = in_own_arena(k, area->code, part);

    if (rc == LL_OK)
        rc = ll_fs_read(part, ENTRY_MAX - 131072, &bytes, k->err);
    unlink(part);
    if (rc < 0) {
        ll_buf_free(&bytes);
        return rc;
    }
    snprintf(name, sizeof name, LL_STR_FMT "-%.*s.xlsx", LL_STR_ARG(area->code),
             (int)(area->title.n < 200 ? area->title.n : 200), area->title.p);
    for (char *p = name; *p; p++)
        if (strchr("/\\:*?\"<>|", *p))
            *p = '_';
    zip_source_t *source = zip_source_buffer(z, bytes.p, bytes.n, 1); /* takes the bytes */
    if (!source) {
        ll_buf_free(&bytes);
        return zip_failed(k, z);
    }
    if (zip_file_add(z, name, source, ZIP_FL_ENC_UTF_8) < 0) {
        zip_source_free(source);
        return zip_failed(k, z);
    }
    return LL_OK;
}

static int write_zip(struct filling *k, const struct ll_code **list, size_t n, const char *path)
{
    char part[LL_PATH];
    zip_t *z = NULL;
    int rc = ll_path(part, k->err, "%s.part", path);

    if (rc < 0)
        return rc;
    if (!(z = zip_open(path, ZIP_CREATE | ZIP_EXCL, NULL)))
        return ll_fail(k->err, LL_IO, "无法写入 %s", "cannot write %s", path);
    for (size_t i = 0; i < n && rc == LL_OK; i++)
        rc = add_file(k, z, list[i], part);
    if (rc < 0) {
        zip_discard(z);
        return rc;
    }
    if (zip_close(z) < 0) {
        rc = zip_failed(k, z);
        zip_discard(z);
    }
    return rc;
}

/* ---- the whole ---- */

static int write_area(struct filling *k, const char *path)
{
    struct ll_str area = ll_str(k->f->area);
    const struct ll_code **list;
    size_t n;
    int rc;

    k->ret->name = ll_arena_printf(k->arena, "%s-%s.xlsx", k->areas.resource->title, k->f->area);
    if (ll_area_is(&k->areas, area))
        return in_own_arena(k, area, path);
    if ((rc = ll_areas_in(&k->areas, area, k->arena, &list, &n, k->err)) < 0)
        return rc;
    if (n == 0)
        return ll_fail(k->err, LL_NOTFOUND, "没有采集区域 %s（代码表 %s）",
                       "there is no area %s (code table %s)", k->f->area, ll_codeset_name(k->areas.codes));
    if (n > LL_FILL_FILES)
        return ll_fail(k->err, LL_TOOBIG, "%s 有 %zu 个区域，一次至多 %d 份模板；请按乡镇下载",
                       "%s has %zu areas, and there are at most %d templates at once: take them town by town",
                       k->f->area, n, LL_FILL_FILES);
    k->ret->zip = true;
    k->ret->name = ll_arena_printf(k->arena, "%s-%s.zip", k->areas.resource->title, k->f->area);
    return write_zip(k, list, n, path);
}

int ll_fill_write(struct ll_data *d, const struct ll_fill *f, const char *path, struct ll_arena *arena,
                  struct ll_filled *ret, struct ll_err *err)
{
    struct filling k = {.d = d, .f = f, .arena = arena, .ret = ret, .err = err};
    int rc;

    *ret = (struct ll_filled){.zip = false};
    rc = open_form(&k);
    if (rc == LL_OK && f->area && strlen(f->area) > LL_AREA_MAX)
        rc = ll_fail(err, LL_INVALID, "区域代码过长", "the code of the area is too long");
    if (rc == LL_OK && f->area) {
        rc = write_area(&k, path);
    } else if (rc == LL_OK) {
        ret->name = ll_arena_printf(arena, "%s.xlsx", k.form.resource->title);
        rc = in_own_arena(&k, LL_STR(""), path);
    }
    ll_catalog_unref(k.cat);
    return rc == LL_OK && !ret->name ? ll_no_memory(err) : rc;
}
