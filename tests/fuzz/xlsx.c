/* xlsx: any bytes as a file, and any text as the parts of a workbook, are read to the end or refused; the rows that come are as many as
 * were counted, and none is narrower than the header.
 *
 * First byte '#': the rest is the file.  Otherwise the input is sheet, shared strings, styles and workbook, divided by U+001E; a part that is
 * missing or empty is left out (the workbook: replaced by a plain one). */
#include "base/buf.h"
#include "intake/decode/backend.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#define RELATION(id, type, target) "<Relationship Id=\"" id "\" Type=\"x/" type "\" Target=\"" target "\"/>"

enum { PARTS = 5, DIVIDER = 0x1e };

struct part {
    const char *name;
    struct ll_str content;
};

static const char relations[] = "<Relationships>" RELATION("a", "worksheet", "1.xml")
    RELATION("b", "worksheet", "1.xml") RELATION("c", "sharedStrings", "2.xml")
        RELATION("d", "styles", "3.xml") "</Relationships>";
static const char workbook[] =
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"s\" r:id=\"a\"/></sheets></workbook>";

static void little(struct ll_buf *b, uint32_t v, unsigned n)
{
    for (; n--; v >>= 8)
        ll_buf_c(b, (char)(v & 0xff));
}

/* The fields that a member's local header and its entry in the directory share, for a member that is stored as it is. */
static void member(struct ll_buf *b, const struct part *p)
{
    little(b, 20, 2);
    little(b, 0, 8);
    little(b, (uint32_t)crc32(0, (const unsigned char *)p->content.p, (unsigned)p->content.n), 4);
    little(b, (uint32_t)p->content.n, 4);
    little(b, (uint32_t)p->content.n, 4);
    little(b, (uint32_t)strlen(p->name), 2);
    little(b, 0, 2);
}

static void zip(struct ll_buf *b, const struct part *parts, unsigned n)
{
    uint32_t at[PARTS];
    unsigned count = 0;

    for (unsigned i = 0; i < n; i++) {
        at[i] = (uint32_t)b->n;
        if (!parts[i].content.n)
            continue;
        count++;
        ll_buf_add(b, "PK\3\4", 4);
        member(b, &parts[i]);
        ll_buf_z(b, parts[i].name);
        ll_buf_str(b, parts[i].content);
    }
    uint32_t directory = (uint32_t)b->n;
    for (unsigned i = 0; i < n; i++) {
        if (!parts[i].content.n)
            continue;
        ll_buf_add(b, "PK\1\2\24\0", 6);
        member(b, &parts[i]);
        little(b, 0, 10);
        little(b, at[i], 4);
        ll_buf_z(b, parts[i].name);
    }
    uint32_t size = (uint32_t)b->n - directory;
    ll_buf_add(b, "PK\5\6\0\0\0\0", 8);
    little(b, count, 2);
    little(b, count, 2);
    little(b, size, 4);
    little(b, directory, 4);
    little(b, 0, 2);
}

static void assemble(struct ll_buf *file, struct ll_str input)
{
    struct part parts[PARTS] = {{"xl/1.xml", {0}},
                                {"xl/2.xml", {0}},
                                {"xl/3.xml", {0}},
                                {"xl/workbook.xml", {0}},
                                {"xl/_rels/workbook.xml.rels", {relations, sizeof relations - 1}}};

    for (unsigned i = 0; i < PARTS - 1 && input.n; i++)
        ll_str_cut(input, DIVIDER, &parts[i].content, &input);
    if (!parts[3].content.n)
        parts[3].content = (struct ll_str){workbook, sizeof workbook - 1};
    zip(file, parts, PARTS);
}

static void read_rows(void *impl, const struct ll_source_info *info)
{
    struct ll_rows *rows = NULL;
    struct ll_range range;
    struct ll_row row;
    struct ll_err err;
    uint64_t counted, n = 0;
    unsigned ranges;
    int rc;

    LL_ASSERT(ll_decode_xlsx.scan(impl, 1, &range, &ranges, &counted, &err) == LL_OK);
    LL_ASSERT(ll_decode_xlsx.rows(impl, &range, &rows, &err) == LL_OK);
    while ((rc = rows->ops->next(rows, &row, &err)) > 0) {
        LL_ASSERT(row.number == ++n && row.n >= info->n_columns);
        for (size_t i = 0; i < row.n; i++)
            LL_ASSERT(ll_utf8_bad(row.cells[i]) == row.cells[i].n);
    }
    LL_ASSERT(rc < 0 || n == counted);
    rows->ops->close(rows);
}

static void open_file(struct ll_str bytes)
{
    struct ll_source_opts opts = LL_SOURCE_OPTS_INIT;
    struct ll_source_info info = {0};
    struct ll_err err = {0};
    void *impl = NULL;
    int fd = memfd_create("xlsx", MFD_CLOEXEC);

    LL_ASSERT(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    const struct ll_bytes file = {.fd = fd, .size = (int64_t)bytes.n};
    struct ll_decode_input in = {.file = &file, .size = file.size, .opts = &opts, .arena = ll_arena_new(0)};
    if (ll_decode_xlsx.open(&in, &info, &impl, &err) == LL_OK)
        read_rows(impl, &info);
    else
        LL_ASSERT(err.zh[0] && err.en[0]);
    ll_decode_xlsx.close(impl);
    ll_arena_free(in.arena);
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ll_str input = {(const char *)data, size};
    struct ll_buf file = LL_BUF_INIT((size_t)64 << 20);

    if (size && data[0] == '#') {
        open_file((struct ll_str){input.p + 1, input.n - 1});
        return 0;
    }
    assemble(&file, input);
    open_file(ll_buf_view(&file));
    ll_buf_free(&file);
    return 0;
}
