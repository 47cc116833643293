/* session.c - see session.h. */
#include "cli/session.h"

#include "base/log.h"
#include "cli/progress.h"

#include <stdlib.h>
#include <string.h>

bool ll_session_there(const struct ll_cli *c)
{
    char path[LL_PATH];

    return ll_path(path, NULL, "%s/luling.db", c->set->data_dir) == LL_OK && ll_fs_exists(path);
}

int ll_session_open(struct ll_cli *c, struct ll_data **ret, struct ll_err *err)
{
    if (!(c->command->flags & LL_CMD_MAKES) && !ll_session_there(c))
        return ll_fail(err, LL_NOTFOUND, "%s 不是数据目录；用 --data 指定，或先用 luling pack load 建立",
                       "%s is no data folder; name one with --data, or make one with luling pack load",
                       c->set->data_dir);
    return ll_data_open(c->set, ret, err);
}

int ll_scratch_open(const struct ll_cli *c, struct ll_scratch *ret, struct ll_err *err)
{
    const char *tmp = getenv("TMPDIR");
    struct ll_scratch s = {.set = *c->set};
    int rc = ll_path(s.dir, err, "%s/luling-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");

    if (rc < 0)
        return rc;
    if (!mkdtemp(s.dir))
        return ll_fail_errno(err, LL_IO, "不能建立临时目录 %s", "cannot make the temporary folder %s", s.dir);
    *ret = s;
    ret->set.data_dir = ret->dir;
    if ((rc = ll_data_open(&ret->set, &ret->data, err)) < 0)
        ll_scratch_close(ret);
    return rc;
}

void ll_scratch_close(struct ll_scratch *s)
{
    struct ll_err left;

    s->data = ll_data_close(s->data);
    if (s->dir[0] && ll_fs_remove_tree(s->dir, &left) < 0)
        ll_log(LL_WARN, "cli", "%s", left.en);
}

int ll_session_resource(const struct ll_catalog *catalog, const char *name, const struct ll_resource **ret,
                        struct ll_err *err)
{
    const struct ll_resource *r = ll_catalog_resource(catalog, ll_str(name));

    if (!r)
        return ll_fail(err, LL_NOTFOUND, "目录中没有资源“%s”；luling resource list 列出全部",
                       "the catalogue has no resource '%s'; luling resource list shows all", name);
    *ret = r;
    return LL_OK;
}

static const struct word {
    const char *word, *zh, *en;
} words[] = {
    {"received", "已接收", "received"},
    {"sealed", "已封存", "sealed"},
    {"waiting", "待确认", "waiting"},
    {"published", "已发布", "published"},
    {"failed", "已退回", "refused"},
    {"withdrawn", "已撤回", "withdrawn"},
    {"refused", "已否决", "refused"},
    {"snapshot", "全量", "snapshot"},
    {"increment", "增量", "increment"},
    {"source", "数源部门", "source"},
    {"platform", "平台部门", "platform"},
    {"consumer", "用数部门", "consumer"},
    {"regulator", "监管部门", "regulator"},
    {"receive", "接收", "receive"},
    {"decode", "解码", "decode"},
    {"check", "映射与校验", "map and check"},
    {"sort", "排序与复核", "sort and recheck"},
    {"seal", "封存", "seal"},
    {"publish", "发布", "publish"},
    {"done", "完成", "done"},
};

static const struct word *find(const char *word)
{
    for (size_t i = 0; i < LL_COUNT(words); i++)
        if (word && strcmp(words[i].word, word) == 0)
            return &words[i];
    return NULL;
}

const char *ll_word_title(enum ll_lang lang, const char *word)
{
    const struct word *w = find(word);

    return !w ? word : lang == LL_ZH ? w->zh : w->en;
}

static void draw(void *ctx, const char *stage, uint64_t done, uint64_t total)
{
    struct ll_drawing *d = ctx;
    const struct word *w = find(stage);

    if (!d->stage || strcmp(d->stage, stage) != 0)
        ll_progress_stage(d->progress, w ? w->zh : stage, w ? w->en : stage, "行", "rows");
    d->stage = stage;
    if (done || total)
        ll_progress_at(d->progress, done, done, total);
}

struct ll_job_opts ll_job_drawing(struct ll_cli *c, struct ll_drawing *drawing)
{
    *drawing = (struct ll_drawing){.progress = ll_progress_new(c)};
    return (struct ll_job_opts){.progress = draw, .ctx = drawing};
}

void ll_job_drawn(struct ll_drawing *drawing)
{
    ll_progress_end(drawing->progress);
    drawing->progress = NULL;
}
