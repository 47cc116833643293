/* template_guide.c - see template_guide.h. */
#include "report/template_guide.h"

#include "base/buf.h"
#include "intake/decode/xlsx_form.h"

static const char *const names[] = {[LL_ZH] = LL_XLSX_GUIDE_ZH, [LL_EN] = LL_XLSX_GUIDE_EN};

enum { STEPS = 8 };
static const char *const steps[][STEPS] = {
    [LL_ZH] =
        {"只在第一张表中、表头以下的空白格内填写。标题、表头和灰色的列已锁定，不要改动，也不要插入或删除列。",
         "红色表头为必填。鼠标停在表头上可看到这一列应当填什么。",
         "有下拉箭头的列请从列表中选；“_县（先选）”一列先选县区，右边一列就只列出该县区的乡镇。",
         "日期写成 2026-01-31；金额按表头说明的单位填数字，不写“元”“万元”；身份证号、信用代码填 18 位。",
         "没有的内容留空，不要写“无”“/”。已带出的记录核对后有变化才改。",
         "可以不联网填写。填好后保存为 .xlsx，在庐陵的“交付”或“采集”页面上传。",
         "上传后若有不合规的行，会退回同一份工作簿：错的格子带批注，整行着色，“核查结果”一张表列出全部问题。改好后用退回的文件再次上传。",
         "工作簿中可能有个人信息，请勿通过社交软件转发。"},
    [LL_EN] =
        {"Fill in the empty cells below the header of the first sheet only. Title, header and grey columns are locked: do not change "
         "them, and neither insert nor remove columns.",
         "Red headers are required. Point at a header to see what belongs there.",
         "Where a column has an arrow, choose from its list; with a column \"_county first\" choose the county, and the next column "
         "lists only its towns.",
         "Write dates as 2026-01-31, amounts as numbers in the unit of the header, identity numbers and credit codes with all 18 "
         "characters.",
         "Leave empty what there is not. Rows that are there already: change only what has changed.",
         "No connection is needed. Save as .xlsx and upload it on the page of deliveries or of collection.",
         "When rows are refused the same workbook comes back: comments on the cells that are wrong, their rows coloured, and all of it "
         "listed on a sheet. Correct that file and upload it again.",
         "The workbook may hold personal data: do not pass it on by messengers."},
};
static const char *const heads[][2] = {
    [LL_ZH] = {"列", "填写要求"}, [LL_EN] = {"Column", "What belongs there"}};

bool ll_template_guide(struct ll_arena *arena, const struct ll_template *t, enum ll_lang lang,
                       struct ll_xlsx_side *ret)
{
    size_t rows = STEPS + 2 + t->form->n, at = 0;
    const char **cells = ll_arena_array(arena, rows * 2, sizeof *cells);
    bool whole = cells != NULL;

    for (size_t i = 0; whole && i < STEPS; i++, at++) {
        cells[2 * at] = ll_arena_printf(arena, "%zu", i + 1);
        cells[2 * at + 1] = steps[lang][i];
        whole = cells[2 * at] != NULL;
    }
    at++; /* a blank line */
    for (size_t i = 0; whole && i < 2; i++)
        cells[2 * at + i] = heads[lang][i];
    at++;
    for (size_t i = 0; whole && i < t->form->n; i++, at++) {
        struct ll_buf note = LL_BUF_INIT(4096);
        ll_field_note(&note, &t->form->fields[i], lang);
        cells[2 * at] = t->form->fields[i].title;
        cells[2 * at + 1] = ll_arena_dup(arena, ll_buf_view(&note));
        whole = !note.failed && cells[2 * at + 1];
        ll_buf_free(&note);
    }
    *ret = (struct ll_xlsx_side){.name = names[lang], .cells = cells, .rows = rows, .columns = 2};
    return whole;
}
