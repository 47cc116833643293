/* The parts of a delivered workbook that are edited when it goes back: the first byte says which part the rest is taken for. */
#include "report/xlsx_mark_impl.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ll_xlsx_fault faults[] = {{3, 1, "【核查】a"}, {3, 2, NULL}, {5, 0, "【核查】<b>"}};
static const struct ll_xlsx_bad_row rows[] = {{3, 1}, {5, 3}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_xlsx_marks m = {.sheet = "s",
                              .header = 2,
                              .n_columns = 3,
                              .batch_column = size > 1 && data[0] & 16 ? 3 : -1,
                              .row_column = 4,
                              .batch = "20260101-000000-0000",
                              .faults = faults,
                              .n_faults = LL_COUNT(faults),
                              .rows = rows,
                              .n_rows = LL_COUNT(rows)};
    struct mark_rel rels[] = {{.type = "comments", .target = "/xl/c.xml", .add_id = "rIdLuling1"},
                              {.type = "styles"}};
    const char *const parts[][2] = {{"/xl/c.xml", "comments"}};
    struct ll_buf out = LL_BUF_INIT(1 << 24);
    struct ll_mark_gone gone = {.n = 0};
    size_t dxf[2] = {0, 1};
    struct ll_err err;

    if (size < 2)
        return 0;
    struct ll_str part = {(const char *)data + 1, size - 1};
    switch (data[0] & 7) {
    case 0:
        (void)!ll_mark_sheet(part, &m, dxf, "rId1", &out, &err);
        break;
    case 1:
        (void)!ll_mark_comments(part, &m, &gone, &out, &err);
        break;
    case 2:
        (void)!ll_mark_shapes(part, &m, &gone, &out, &err);
        break;
    case 3:
        (void)!ll_mark_styles(part, dxf, &out, &err);
        break;
    case 4:
        (void)!ll_mark_rels(part, "xl/worksheets/sheet1.xml", rels, LL_COUNT(rels), &out, &err);
        break;
    case 5:
        (void)!ll_mark_types(part, parts, LL_COUNT(parts), &out, &err);
        break;
    default:
        (void)!ll_mark_book(part, "x", "rIdLuling3", &out, &err);
        break;
    }
    ll_buf_free(&out);
    free(gone.list);
    return 0;
}
