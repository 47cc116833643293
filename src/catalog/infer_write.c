/* infer_write.c - an inference as a pack that a steward corrects in a spreadsheet, and as a summary.
 *
 * Values of the file go into spreadsheets, so cells that would run as formulas are defused in the notes; elsewhere the pack's own
 * rules apply. */
#include "catalog/infer.h"

#include "base/fs.h"

#include <stdio.h>
#include <string.h>

enum { FILE_MAX_BYTES = 16 << 20 };
#define BOM "\xef\xbb\xbf" /* without it Excel takes UTF-8 for GBK */

static const char *const roles[] = {"", "subject", "subject_name", "related"};

static void cell(struct ll_buf *out, const char *z)
{
    ll_buf_csv(out, ll_str(z), false);
    ll_buf_c(out, ',');
}

static void note(struct ll_buf *out, const char *z, char after)
{
    ll_buf_csv(out, ll_str(z), true);
    ll_buf_c(out, after);
}

static void number(struct ll_buf *out, unsigned v)
{
    if (v)
        ll_buf_printf(out, "%u", v);
    ll_buf_c(out, ',');
}

static void write_about(const struct ll_inference *inf, struct ll_buf *out)
{
    struct ll_json j;

    ll_json_init(&j, out);
    ll_json_obj(&j);
    ll_json_kz(&j, "name", inf->name);
    ll_json_kz(&j, "version", "0.1.0");
    ll_json_key(&j, "title");
    ll_json_obj(&j);
    ll_json_kz(&j, "zh", inf->title);
    ll_json_end_obj(&j);
    ll_json_key(&j, "needs");
    ll_json_arr(&j);
    for (size_t i = 0; i < inf->n_needs; i++)
        ll_json_z(&j, inf->needs[i]);
    ll_json_end_arr(&j);
    ll_json_end_obj(&j);
    ll_buf_c(out, '\n');
}

static void write_elements(const struct ll_inference *inf, struct ll_buf *out)
{
    char type[LL_TYPE_TEXT_MAX];

    ll_buf_z(
        out, BOM
        "code,name,title,title_en,type,length,format,code_table,check,grade,unit,synonyms,basis,source,#reason\n");
    for (size_t i = 0; i < inf->n; i++) {
        const struct ll_guess *g = &inf->columns[i];
        const struct ll_element *e = g->element;
        if (!g->is_new)
            continue;
        cell(out, e->code);
        cell(out, e->name);
        cell(out, e->title);
        cell(out, NULL);
        cell(out, ll_element_type(e, type));
        number(out, e->length);
        cell(out, NULL);
        cell(out, NULL);
        cell(out, e->check);
        number(out, e->grade);
        cell(out, e->unit);
        cell(out, NULL);
        cell(out, e->basis);
        cell(out, NULL);
        note(out, g->reason[LL_ZH], '\n');
    }
}

static void write_resource(const struct ll_inference *inf, struct ll_buf *out)
{
    ll_buf_z(
        out, BOM
        "name,code,title,title_en,provider,summary,format,share_type,share_condition,share_mode,open,open_condition,"
        "update_cycle,grade,published,related,version,mode,change_limit,subject_kind,keywords,scenario,legal_basis,basis,#todo\n");
    cell(out, inf->name);
    cell(out, NULL); /* code */
    cell(out, inf->title);
    cell(out, NULL);
    cell(out, inf->provider);
    for (int i = 0; i < 11; i++) /* summary to related: for a person to say */
        cell(out, NULL);
    cell(out, "1");
    cell(out, inf->increment ? "increment" : "snapshot");
    cell(out, NULL);
    cell(out, inf->subject_kind);
    for (int i = 0; i < 4; i++)
        cell(out, NULL);
    note(out,
         "请填写 code、provider、summary、share_type、open、update_cycle 等列；luling pack check 会逐项指出",
         '\n');
}

static void write_items(const struct ll_inference *inf, struct ll_buf *out)
{
    ll_buf_z(
        out,
        BOM "resource,item,element,title,title_en,required,key,role,relation,unique,references,grade,default,"
            "#source,#confidence,#reason,#examples,#empty,#different\n");
    for (size_t i = 0; i < inf->n; i++) {
        const struct ll_guess *g = &inf->columns[i];
        struct ll_buf examples = LL_BUF_INIT(4096);
        cell(out, inf->name);
        cell(out, g->item);
        cell(out, g->element->name);
        cell(out, g->title);
        cell(out, NULL);
        cell(out, g->key ? "Y" : NULL);
        number(out, g->key);
        cell(out, roles[g->role]);
        cell(out, g->relation);
        for (int k = 0; k < 4; k++)
            cell(out, NULL);
        note(out, g->header, ',');
        ll_buf_printf(out, "%u%%,", g->confidence);
        note(out, g->reason[LL_ZH], ',');
        for (size_t k = 0; k < LL_INFER_EXAMPLES && g->examples[k]; k++)
            ll_buf_printf(&examples, "%s%s", k ? " | " : "", g->examples[k]);
        note(out, ll_buf_view(&examples).p, ',');
        ll_buf_printf(out, "%llu,%llu\n", (unsigned long long)g->nulls, (unsigned long long)g->distinct);
        ll_buf_free(&examples);
    }
}

static void write_mapping(const struct ll_inference *inf, struct ll_buf *out)
{
    ll_buf_z(out, BOM "source,item,transform,arguments\n");
    for (size_t i = 0; i < inf->n; i++) {
        const struct ll_guess *g = &inf->columns[i];
        cell(out, g->source);
        cell(out, g->item);
        cell(out, g->transform);
        ll_buf_csv(out, ll_str(g->arguments), false);
        ll_buf_c(out, '\n');
    }
}

static int write_file(const char *dir, const char *name,
                      void (*fill)(const struct ll_inference *, struct ll_buf *),
                      const struct ll_inference *inf, struct ll_err *err)
{
    struct ll_buf text = LL_BUF_INIT(FILE_MAX_BYTES);
    char path[LL_PATH];
    int rc = ll_path(path, err, "%s/%s", dir, name);

    fill(inf, &text);
    if (rc == LL_OK)
        rc = text.failed ? ll_fail(err, LL_NOMEM, "内存不足", "out of memory")
                         : ll_fs_write_atomic(path, ll_buf_view(&text), err);
    ll_buf_free(&text);
    return rc;
}

static int not_empty(void *ctx, const char *name, struct ll_err *err)
{
    return ll_fail(err, LL_CONFLICT, "文件夹 %s 不是空的（有 %s）；请换一个",
                   "folder %s is not empty (it has %s); choose another", (const char *)ctx, name);
}

static bool any_new(const struct ll_inference *inf)
{
    for (size_t i = 0; i < inf->n; i++)
        if (inf->columns[i].is_new)
            return true;
    return false;
}

int ll_infer_write(const struct ll_inference *inf, const char *dir, struct ll_err *err)
{
    char mapping[64], folder[LL_PATH];
    int rc = ll_path(folder, err, "%s/mappings", dir);

    if (rc == LL_OK && ll_fs_exists(dir))
        rc = ll_fs_each(dir, not_empty, (void *)dir, err);
    if (rc == LL_OK)
        rc = ll_fs_mkdirs(folder, err);
    snprintf(mapping, sizeof mapping, "mappings/%s.csv", inf->name);
    if (rc == LL_OK && any_new(inf))
        rc = write_file(dir, "elements.csv", write_elements, inf, err);
    if (rc == LL_OK)
        rc = write_file(dir, "resources.csv", write_resource, inf, err);
    if (rc == LL_OK)
        rc = write_file(dir, "items.csv", write_items, inf, err);
    if (rc == LL_OK)
        rc = write_file(dir, mapping, write_mapping, inf, err);
    return rc < 0 ? rc : write_file(dir, "pack.json", write_about, inf, err);
}

static void pad(struct ll_buf *out, const char *z, size_t width)
{
    size_t w = ll_utf8_width(ll_str(z));

    ll_buf_z(out, z);
    for (; w < width; w++)
        ll_buf_c(out, ' ');
    ll_buf_c(out, ' ');
}

void ll_infer_text(const struct ll_inference *inf, enum ll_lang lang, struct ll_buf *out)
{
    bool zh = lang == LL_ZH;

    ll_buf_printf(out, zh ? "%s（%s）：看了 %llu 行，%zu 列" : "%s (%s): looked at %llu rows, %zu columns",
                  inf->title, inf->name, (unsigned long long)inf->rows, inf->n);
    if (inf->faulty)
        ll_buf_printf(out, zh ? "；%llu 行无法读取" : "; %llu rows could not be read",
                      (unsigned long long)inf->faulty);
    ll_buf_printf(out, zh ? "\n主体：%s\n\n" : "\nsubject: %s\n\n", inf->subject_kind);
    for (size_t i = 0; i < inf->n; i++) {
        const struct ll_guess *g = &inf->columns[i];
        char mark[32];
        snprintf(mark, sizeof mark, "%s%s", g->is_new ? "+" : " ", g->key ? "*" : " ");
        ll_buf_printf(out, "%3u%% %s ", g->confidence, mark);
        pad(out, g->header[0] ? g->header : g->source, 24);
        pad(out, g->item, 24);
        ll_buf_z(out, g->reason[lang]);
        ll_buf_c(out, '\n');
    }
    ll_buf_printf(out, zh ? "\n*：主键（%s）　+：新数据元\n" : "\n*: key (%s)   +: new element\n",
                  inf->key_reason[lang]);
}

static void column_json(const struct ll_guess *g, struct ll_json *j)
{
    char type[LL_TYPE_TEXT_MAX];

    ll_json_obj(j);
    ll_json_ki(j, "position", g->position);
    ll_json_kz(j, "header", g->header);
    ll_json_kz(j, "source", g->source);
    ll_json_kz(j, "item", g->item);
    ll_json_kz(j, "title", g->title);
    ll_json_kz(j, "element", g->element->name);
    ll_json_kz(j, "element_code", g->element->code);
    ll_json_kz(j, "element_title", g->element->title);
    ll_json_kz(j, "type", ll_element_type(g->element, type));
    ll_json_ki(j, "length", g->element->length);
    ll_json_kz(j, "check", g->element->check);
    ll_json_ki(j, "grade", g->element->grade);
    ll_json_kz(j, "basis", g->element->basis);
    ll_json_kb(j, "new", g->is_new);
    ll_json_kz(j, "transform", g->transform);
    ll_json_kz(j, "arguments", g->arguments);
    ll_json_ki(j, "key", g->key);
    ll_json_kz(j, "role", roles[g->role]);
    ll_json_kz(j, "relation", g->relation);
    ll_json_ki(j, "confidence", g->confidence);
    ll_json_kz(j, "reason", g->reason[LL_ZH]);
    ll_json_kz(j, "reason_en", g->reason[LL_EN]);
    ll_json_ki(j, "empty", (int64_t)g->nulls);
    ll_json_ki(j, "different", (int64_t)g->distinct);
    ll_json_key(j, "examples");
    ll_json_arr(j);
    for (size_t k = 0; k < LL_INFER_EXAMPLES && g->examples[k]; k++)
        ll_json_z(j, g->examples[k]);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}

void ll_infer_json(const struct ll_inference *inf, struct ll_json *j)
{
    ll_json_obj(j);
    ll_json_kz(j, "name", inf->name);
    ll_json_kz(j, "title", inf->title);
    ll_json_kz(j, "subject_kind", inf->subject_kind);
    ll_json_kz(j, "mode", inf->increment ? "increment" : "snapshot");
    ll_json_key(j, "needs");
    ll_json_arr(j);
    for (size_t i = 0; i < inf->n_needs; i++)
        ll_json_z(j, inf->needs[i]);
    ll_json_end_arr(j);
    ll_json_ki(j, "rows", (int64_t)inf->rows);
    ll_json_ki(j, "faulty", (int64_t)inf->faulty);
    ll_json_kz(j, "key_reason", inf->key_reason[LL_ZH]);
    ll_json_kz(j, "key_reason_en", inf->key_reason[LL_EN]);
    ll_json_key(j, "columns");
    ll_json_arr(j);
    for (size_t i = 0; i < inf->n; i++)
        column_json(&inf->columns[i], j);
    ll_json_end_arr(j);
    ll_json_end_obj(j);
}
