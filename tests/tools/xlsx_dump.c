/* xlsx_dump.c - prints every cell of every sheet of workbooks as the sheet reader sees it, so that another program can compare:
 * one JSON object a file, {"file", "error"} or {"file", "epoch1904", "sheets": [{"name", "cells": [[row, column, kind, text, flaw]]}]}.
 *
 * usage: xlsx_dump FILE... */
#include "base/json.h"
#include "intake/decode/xlsx_sheet.h"

#include <stdio.h>

static int dump_cells(struct ll_json *j, struct ll_xlsx_sheet *sheet, struct ll_err *err)
{
    struct ll_xlsx_row row;
    int rc;

    while ((rc = ll_xlsx_sheet_next(sheet, &row, err)) > 0)
        for (size_t i = 0; i < row.n; i++) {
            ll_json_arr(j);
            ll_json_int(j, row.number);
            ll_json_int(j, row.cells[i].column);
            ll_json_int(j, row.cells[i].kind);
            ll_json_str(j, row.cells[i].text);
            ll_json_int(j, row.cells[i].flaw);
            ll_json_end_arr(j);
        }
    return rc;
}

static int dump_sheets(struct ll_json *j, struct ll_xlsx_zip *z, const struct ll_xlsx_book *book,
                       struct ll_err *err)
{
    int rc = LL_OK;

    for (size_t i = 0; rc == LL_OK && i < book->n_tabs; i++) {
        struct ll_xlsx_sheet *sheet = NULL;
        if (!book->tabs[i].cells)
            continue;
        rc = ll_xlsx_sheet_open(&sheet, z, book, book->tabs[i].part, err);
        if (rc < 0)
            return rc;
        ll_json_obj(j);
        ll_json_kz(j, "name", book->tabs[i].name);
        ll_json_key(j, "cells");
        ll_json_arr(j);
        rc = dump_cells(j, sheet, err);
        ll_json_end_arr(j);
        ll_json_end_obj(j);
        ll_xlsx_sheet_close(sheet);
    }
    return rc;
}

static void dump_file(const char *path)
{
    struct ll_buf out = LL_BUF_INIT((size_t)1 << 30);
    struct ll_json j;
    struct ll_err err = {0};
    struct ll_xlsx_zip *z = NULL;
    struct ll_xlsx_book *book = NULL;
    struct ll_bytes file = LL_BYTES_INIT;
    int rc = ll_bytes_open(&file, path, &err);

    if (rc == LL_OK && (rc = ll_xlsx_zip_open(&z, &file, &err)) == LL_OK)
        rc = ll_xlsx_book_open(&book, z, &err);
    ll_json_init(&j, &out);
    ll_json_obj(&j);
    ll_json_kz(&j, "file", path);
    if (rc == LL_OK) {
        ll_json_kb(&j, "epoch1904", book->epoch1904);
        ll_json_key(&j, "sheets");
        ll_json_arr(&j);
        rc = dump_sheets(&j, z, book, &err);
        ll_json_end_arr(&j);
    }
    if (rc < 0)
        ll_json_kz(&j, "error", err.en);
    ll_json_end_obj(&j);
    puts(ll_buf_view(&out).p);
    ll_buf_free(&out);
    ll_xlsx_book_close(book);
    ll_xlsx_zip_close(z);
    ll_bytes_close(&file);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        dump_file(argv[i]);
    return 0;
}
