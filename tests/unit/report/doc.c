/* A document on pages and as a page: what must not be lost or cut, and what a value may not do to its surroundings. */
#include "../test.h"

#include "base/fs.h"
#include "report/html.h"
#include "report/pdf.h"
#include "report/qr.h"

#include <sys/wait.h>
#include <unistd.h>

struct made {
    struct ll_arena *arena;
    struct ll_doc *doc;
    struct ll_buf out;
};

static struct made begin(const struct ll_doc_opts *given)
{
    struct ll_doc_opts o = {
        .title = "公共信用信息报告", .issuer = "庐陵数据平台", .number = "CR20261130-7K3M9QX2"};
    struct made m = {.arena = ll_arena_new(0), .out = LL_BUF_INIT(32 << 20)};

    m.doc = ll_doc_new(m.arena, given ? given : &o);
    assert_non_null(m.doc);
    return m;
}

static void end(struct made *m)
{
    ll_buf_free(&m->out);
    ll_arena_free(m->arena);
}

static void row(struct ll_doc *d, const char *a, const char *b)
{
    const struct ll_doc_cell cells[] = {{ll_str(a), LL_TONE_PLAIN}, {ll_str(b), LL_TONE_PLAIN}};

    ll_doc_row(d, cells);
}

static const struct ll_doc_column two[] = {{"文号", 1, LL_DOC_LEFT}, {"内容", 3, LL_DOC_LEFT}};

/* What poppler reads in the file; false where it is not installed. */
static bool text_of(const struct made *m, struct ll_buf *text)
{
    char path[] = "/tmp/luling-doc-XXXXXX", command[128], part[4096];
    int fd = mkstemp(path);
    FILE *p;
    size_t n;

    assert_true(fd >= 0 && write(fd, m->out.p, m->out.n) == (ssize_t)m->out.n);
    close(fd);
    snprintf(command, sizeof command, "pdftotext -layout %s - 2>/dev/null", path);
    p = popen(command, "r");
    assert_non_null(p);
    while ((n = fread(part, 1, sizeof part, p)) > 0)
        ll_buf_add(text, part, n);
    ll_buf_c(text, 0);
    int status = pclose(p);
    unlink(path);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

static void test_a_tables_head_stands_on_each_of_its_pages(void **state)
{
    struct ll_buf text = LL_BUF_INIT(8 << 20);
    struct made m = begin(NULL);
    struct ll_pdf_made made;
    struct ll_err err;

    (void)state;
    ll_doc_section(m.doc, "行政处罚");
    ll_doc_table(m.doc, two, 2);
    for (unsigned i = 0; i < 120; i++) {
        char name[32];
        snprintf(name, sizeof name, "R%03u", i);
        row(m.doc, name, "罚款");
    }
    assert_ok(ll_pdf_render(m.doc, &m.out, &made, &err));
    assert_in_range(made.pages, 3, 5);
    if (!text_of(&m, &text)) {
        end(&m);
        skip();
    }
    assert_int_equal(count(text.p, "文号"), made.pages);
    for (unsigned i = 0; i < 120; i++) {
        char name[32];
        snprintf(name, sizeof name, "R%03u", i);
        assert_int_equal(count(text.p, name), 1);
    }
    assert_int_equal(count(text.p, "页/共"), made.pages);
    ll_buf_free(&text);
    end(&m);
}

static void test_a_cell_longer_than_a_page_is_cut_between_lines_and_loses_none(void **state)
{
    struct ll_buf text = LL_BUF_INIT(8 << 20), cell = LL_BUF_INIT(1 << 20);
    struct made m = begin(NULL);
    struct ll_pdf_made made;
    struct ll_err err;

    (void)state;
    for (unsigned i = 0; i < 300; i++)
        ll_buf_printf(&cell, "Q%03u 违反了规定的第若干条。\n", i);
    ll_doc_table(m.doc, two, 2);
    row(m.doc, "短", "一");
    ll_buf_c(&cell, 0);
    row(m.doc, "长", cell.p);
    assert_ok(ll_pdf_render(m.doc, &m.out, &made, &err));
    assert_in_range(made.pages, 5, 9);
    if (text_of(&m, &text))
        for (unsigned i = 0; i < 300; i++) {
            char name[32];
            snprintf(name, sizeof name, "Q%03u", i);
            assert_int_equal(count(text.p, name), 1);
        }
    ll_buf_free(&cell);
    ll_buf_free(&text);
    end(&m);
}

static void test_a_heading_never_stands_alone_at_the_foot(void **state)
{
    struct ll_err err;

    (void)state;
    for (unsigned n = 30; n < 48; n++) {
        struct ll_buf text = LL_BUF_INIT(8 << 20);
        struct made m = begin(NULL);
        struct ll_pdf_made made;
        for (unsigned i = 0; i < n; i++)
            ll_doc_pair_wide(m.doc, "项", LL_STR("值"));
        ll_doc_section(m.doc, "HEADING");
        ll_doc_table(m.doc, two, 2);
        row(m.doc, "FIRST", "一");
        assert_ok(ll_pdf_render(m.doc, &m.out, &made, &err));
        if (text_of(&m, &text)) {
            const char *heading = strstr(text.p, "HEADING"), *first = strstr(text.p, "FIRST"), *feed;
            assert_true(heading && first && heading < first);
            feed = strchr(heading, '\f');
            assert_true(!feed || feed > first);
        }
        ll_buf_free(&text);
        end(&m);
    }
}

static void test_the_same_document_gives_the_same_bytes(void **state)
{
    struct ll_buf again = LL_BUF_INIT(1 << 20);
    struct made m = begin(NULL);
    struct ll_pdf_made made;
    struct ll_err err;

    (void)state;
    ll_doc_note(m.doc, LL_TONE_GOOD, LL_STR("同样的内容"));
    assert_ok(ll_pdf_render(m.doc, &m.out, &made, &err));
    assert_ok(ll_pdf_render(m.doc, &again, &made, &err));
    assert_int_equal(m.out.n, again.n);
    assert_memory_equal(m.out.p, again.p, again.n);
    ll_buf_free(&again);
    end(&m);
}

static void test_a_value_cannot_write_markup_or_turn_text_around(void **state)
{
    struct made m = begin(NULL);
    struct ll_err err;

    (void)state;
    ll_doc_pair(m.doc, "<b>",
                LL_STR("</dd><script>alert(1)</script>\x01\xe2\x80\xae"
                       "cba\xff"));
    assert_ok(ll_html_render(m.doc, &m.out, &err));
    ll_buf_c(&m.out, 0);
    assert_null(strstr(m.out.p, "<script"));
    assert_null(strstr(m.out.p, "\xe2\x80\xae"));
    assert_null(strchr(m.out.p, 1));
    assert_non_null(strstr(m.out.p, "&lt;script&gt;alert(1)&lt;/script&gt;cba\xef\xbf\xbd</dd>"));
    end(&m);
}

static void test_a_page_names_its_own_style_by_its_hash(void **state)
{
    struct made m = begin(NULL);
    char source[LL_STYLE_SOURCE];
    struct ll_err err;

    (void)state;
    ll_doc_bar(m.doc, LL_TONE_GOOD, "得分", 3, 4, "75");
    assert_ok(ll_html_render(m.doc, &m.out, &err));
    ll_buf_c(&m.out, 0);
    assert_non_null(strstr(m.out.p, ll_html_style_source(source)));
    assert_null(strstr(m.out.p, "style=\""));
    assert_non_null(strstr(m.out.p, "width=\"75.00\""));
    end(&m);
}

static void test_limits_are_told(void **state)
{
    struct made m = begin(NULL);
    struct ll_pdf_made made;
    struct ll_err err;
    struct ll_qr q;

    (void)state;
    m.out.ceiling = 500;
    ll_doc_note(m.doc, LL_TONE_PLAIN, LL_STR("一"));
    assert_int_equal(ll_pdf_render(m.doc, &m.out, &made, &err), LL_TOOBIG);
    ll_buf_free(&m.out);
    m.out.ceiling = 500;
    assert_int_equal(ll_html_render(m.doc, &m.out, &err), LL_TOOBIG);
    assert_int_equal(ll_qr_make(m.arena, LL_STR(""), &q, &err), LL_TOOBIG);
    ll_doc_table(m.doc, two, 2);
    for (unsigned i = 0; i < LL_DOC_CELLS_MAX; i++)
        row(m.doc, "a", "b");
    assert_int_equal(ll_html_render(m.doc, &m.out, &err), LL_TOOBIG);
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tables_head_stands_on_each_of_its_pages),
        cmocka_unit_test(test_a_cell_longer_than_a_page_is_cut_between_lines_and_loses_none),
        cmocka_unit_test(test_a_heading_never_stands_alone_at_the_foot),
        cmocka_unit_test(test_the_same_document_gives_the_same_bytes),
        cmocka_unit_test(test_a_value_cannot_write_markup_or_turn_text_around),
        cmocka_unit_test(test_a_page_names_its_own_style_by_its_hash),
        cmocka_unit_test(test_limits_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
