/* pack_files.c - see pack_files.h.  A pack may come from anyone, so links are not followed and everything has a bound. */
#include "catalog/pack_files.h"

#include "base/fs.h"
#include "catalog/name.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a pack folder holds: folder ("" for the top), whole name or (from '.') ending. */
static const struct {
    const char *folder, *name;
} layout[] = {
    {"", "pack.json"},
    {"", "elements.csv"},
    {"", "organisations.csv"},
    {"", "resources.csv"},
    {"", "items.csv"},
    {"", "checks.csv"},
    {"", "services.csv"},
    {"", "service_items.csv"},
    {"", "pages.json"},
    {"codes", ".csv"},
    {"mappings", ".csv"},
    {"views", ".sql"},
    {"", "report_sections.csv"},
    {"", "scorecards.csv"},
    {"", "score_indicators.csv"},
    {"", "score_bands.csv"},
    {"", "score_grades.csv"},
    {"", "timeline.csv"},
    {"", "relations.csv"},
    {"", "lists.csv"},
    {"", "measures.csv"},
    {"", "list_measures.csv"},
    {"", "warning_rules.csv"},
    {"", "publicity_kinds.csv"},
    {"", "publicity_periods.csv"},
    {"", "publicity_grades.csv"},
    {"", "rural_items.csv"},
    {"", "rural_sources.csv"},
    {"", "collection.csv"},
    {"", "rural_report_sections.csv"},
    {"", "rural_cards.csv"},
    {"", "rural_indicators.csv"},
    {"", "rural_bands.csv"},
    {"", "rural_grades.csv"},
    {"", "rural_credit_areas.csv"},
    {"", "upward.csv"},
    {"", "upward_items.csv"},
    {"", "upward_codes.csv"},
    {"", "indicators.csv"},
    {"", "commercial_sources.csv"},
    {"", "enterprise_fields.csv"},
    {"", "enterprise_sizes.csv"},
    {"", "products.csv"},
    {"", "product_rules.csv"},
    {"", "policies.csv"},
    {"", "policy_rules.csv"},
    {"", "refusal_advice.csv"},
    {"", "region_tiles.csv"},
    {"", "sharing_items.csv"},
    {"", "sharing_sources.csv"},
};
static const char *const left_alone[] = {"README.md", "README.zh-CN.md", "LICENSE"};

struct scan {
    const char *dir;
    const char *folder; /* "" at the top */
    struct ll_problems *ps;
    struct ll_pack_files *files;
    size_t cap, bytes;
};

static bool belongs(const char *folder, struct ll_str name)
{
    for (size_t i = 0; i < LL_COUNT(layout); i++) {
        struct ll_str want = ll_str(layout[i].name);
        bool ending = want.p[0] == '.';
        if (strcmp(layout[i].folder, folder) == 0 &&
            (ending ? name.n > want.n && ll_str_ends(name, want) : ll_str_eq(name, want)))
            return true;
    }
    return false;
}

static bool is_folder(const char *name)
{
    for (size_t i = 0; i < LL_COUNT(layout); i++)
        if (strcmp(layout[i].folder, name) == 0)
            return true;
    return false;
}

static bool ignored(const char *name)
{
    if (name[0] == '.')
        return true;
    for (size_t i = 0; i < LL_COUNT(left_alone); i++)
        if (strcmp(left_alone[i], name) == 0)
            return true;
    return false;
}

static void unknown_file(struct scan *s, const char *path, const char *name)
{
    struct ll_near near = ll_near_start(ll_str(name));

    for (size_t i = 0; i < LL_COUNT(layout); i++)
        if (layout[i].name[0] != '.' && strcmp(layout[i].folder, s->folder) == 0)
            ll_near_try(&near, ll_str(layout[i].name));
    struct ll_place at = {.file = path};
    if (near.best.n)
        ll_problem_warning(s->ps, at, "不是场景包的文件，未读取；是否应为 %.*s？",
                           "not a file of a pack, not read; did you mean %.*s?", LL_STR_ARG(near.best));
    else
        ll_problem_warning(s->ps, at, "不是场景包的文件，未读取", "not a file of a pack, not read");
}

static struct ll_pack_file *add_file(struct scan *s, struct ll_err *err)
{
    struct ll_pack_files *f = s->files;

    if (f->n == LL_PACK_FILES_MAX) {
        ll_fail(err, LL_TOOBIG, "场景包的文件超过 %d 个", "the pack has more than %d files",
                LL_PACK_FILES_MAX);
        return NULL;
    }
    if (f->n == s->cap) {
        s->cap = s->cap ? s->cap * 2 : 32;
        struct ll_pack_file *list = ll_arena_array(f->arena, s->cap, sizeof *list);
        if (!list) {
            ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
            return NULL;
        }
        if (f->n)
            memcpy(list, f->list, f->n * sizeof *list);
        f->list = list;
    }
    return &f->list[f->n];
}

static int read_file(struct scan *s, const char *full, const char *path, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT((size_t)LL_PACK_FILE_MAX + 65536);
    int rc = ll_fs_read(full, LL_PACK_FILE_MAX, &text, err);

    if (rc == LL_TOOBIG) {
        ll_problem_error(s->ps, (struct ll_place){.file = path}, "文件超过 %d MiB", "the file is over %d MiB",
                         LL_PACK_FILE_MAX >> 20);
        rc = LL_OK;
    } else if (rc == LL_OK && (s->bytes += text.n) > LL_PACK_BYTES_MAX) {
        rc = ll_fail(err, LL_TOOBIG, "场景包超过 %d MiB", "the pack is over %d MiB", LL_PACK_BYTES_MAX >> 20);
    } else if (rc == LL_OK) {
        struct ll_pack_file *f = add_file(s, err);
        if (f) {
            f->path = ll_arena_dup(s->files->arena, ll_str(path));
            f->text.p = ll_arena_dup(s->files->arena, ll_buf_view(&text));
            f->text.n = text.n;
        }
        if (f && f->path && f->text.p)
            s->files->n++;
        else
            rc = f || !err ? ll_fail(err, LL_NOMEM, "内存不足", "out of memory") : (int)err->rc;
    }
    ll_buf_free(&text);
    return rc;
}

static int visit(void *ctx, const char *name, struct ll_err *err);

static int visit_folder(struct scan *s, const char *full, const char *name, struct ll_err *err)
{
    struct scan inner = *s;

    inner.dir = full;
    inner.folder = name;
    int rc = ll_fs_each(full, visit, &inner, err);
    s->cap = inner.cap;
    s->bytes = inner.bytes;
    return rc;
}

static int visit(void *ctx, const char *name, struct ll_err *err)
{
    struct scan *s = ctx;
    char full[LL_PATH], path[LL_PATH];
    struct stat st;
    bool top = s->folder[0] == 0;

    if (ll_path(full, err, "%s/%s", s->dir, name) < 0 ||
        ll_path(path, err, "%s%s%s", s->folder, top ? "" : "/", name) < 0)
        return LL_TOOBIG;
    if (ignored(name))
        return LL_OK;
    if (lstat(full, &st) < 0)
        return ll_fail_errno(err, LL_IO, "无法查看 %s", "cannot look at %s", full);
    if (S_ISLNK(st.st_mode)) {
        ll_problem_warning(s->ps, (struct ll_place){.file = path}, "是链接，未读取；请放入文件本身",
                           "a link, not read; put the file itself there");
        return LL_OK;
    }
    if (S_ISDIR(st.st_mode) && top && is_folder(name))
        return visit_folder(s, full, name, err);
    if (!S_ISREG(st.st_mode) || !belongs(s->folder, ll_str(name))) {
        unknown_file(s, path, name);
        return LL_OK;
    }
    return read_file(s, full, path, err);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct ll_pack_file *)a)->path, ((const struct ll_pack_file *)b)->path);
}

int ll_pack_files_read(const char *dir, struct ll_problems *ps, struct ll_pack_files *ret, struct ll_err *err)
{
    struct ll_pack_files files = {.arena = ll_arena_new(0)};
    struct scan s = {.dir = dir, .folder = "", .ps = ps, .files = &files};

    if (!files.arena)
        return ll_fail(err, LL_NOMEM, "内存不足", "out of memory");
    int rc = ll_fs_each(dir, visit, &s, err);
    if (rc < 0) {
        ll_pack_files_free(&files);
        return rc;
    }
    if (files.n)
        qsort(files.list, files.n, sizeof *files.list, by_path);
    *ret = files;
    return LL_OK;
}

void ll_pack_files_free(struct ll_pack_files *files)
{
    ll_arena_free(files->arena);
    *files = (struct ll_pack_files){0};
}

static bool hash_files(EVP_MD_CTX *md, const struct ll_pack_file *files, size_t n, unsigned char digest[32])
{
    char size[32];

    if (EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
        return false;
    for (size_t i = 0; i < n; i++) {
        int len = snprintf(size, sizeof size, "%zu", files[i].text.n);
        if (EVP_DigestUpdate(md, files[i].path, strlen(files[i].path) + 1) != 1 ||
            EVP_DigestUpdate(md, size, (size_t)len + 1) != 1 ||
            EVP_DigestUpdate(md, files[i].text.p, files[i].text.n) != 1)
            return false;
    }
    return EVP_DigestFinal_ex(md, digest, NULL) == 1;
}

int ll_pack_files_hash(const struct ll_pack_file *files, size_t n, char out[65], struct ll_err *err)
{
    unsigned char digest[32];
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool ok = md && hash_files(md, files, n, digest);

    EVP_MD_CTX_free(md);
    if (!ok)
        return ll_fail(err, LL_FAIL, "无法计算 SHA-256", "cannot compute SHA-256");
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
    return LL_OK;
}
