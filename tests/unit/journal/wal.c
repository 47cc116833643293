/* wal: a write-ahead file that was cut at any byte, or in which any byte was changed, gives whole groups from the front, or says so. */
#include "../test.h"

#include "base/fs.h"
#include "journal/wal.h"

#include <unistd.h>

enum { GROUPS = 4 };

static char dir[] = "/tmp/luling-wal-XXXXXX";
static char path[64], spare[64], copy[64];

static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/w", dir);
    snprintf(spare, sizeof spare, "%s/spare", dir);
    snprintf(copy, sizeof copy, "%s/copy", dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return ll_fs_remove_tree(dir, NULL);
}

static struct ll_wal_state state_of(uint64_t size)
{
    struct ll_wal_state s = {.size = size};

    memset(s.root, (int)size, sizeof s.root);
    return s;
}

/* Groups of 1, 2, 3, ... entries, the third one larger than a block; after[i] is where group i ends. */
static void write_groups(struct ll_wal *w, size_t after[GROUPS])
{
    static char large[6000];
    struct ll_err err;
    uint64_t size = 10;
    bool broken;

    memset(large, 'x', sizeof large);
    for (unsigned g = 0; g < GROUPS; g++) {
        ll_wal_begin(w);
        for (unsigned i = 0; i <= g; i++)
            ll_wal_add(w, g == 2 ? (struct ll_str){large, sizeof large} : LL_STR("entry"), LL_STR("sealed"));
        size += g + 1;
        struct ll_wal_state s = state_of(size);
        assert_ok(ll_wal_commit(w, &s, &broken, &err));
        after[g] = LL_WAL_BLOCK + ll_wal_bytes(w);
    }
}

/* How many whole groups there are; -1 where damage is told. */
static int groups_of(const char *file)
{
    struct ll_wal_reader *r = NULL;
    struct ll_wal_state start;
    struct ll_wal_group g;
    struct ll_str entry, sealed;
    struct ll_err err;
    int n = 0, rc = ll_wal_open(file, &r, &start, &err);

    while (rc >= 0 && (rc = ll_wal_next(r, &g, &err)) > 0) {
        unsigned count = 0;
        while (ll_wal_entry(&g.body, &entry, &sealed))
            count++;
        assert_int_equal(count, g.count);
        assert_int_equal(count, ++n);
    }
    ll_wal_reader_close(r);
    return rc < 0 ? -1 : n;
}

static void put_copy(const char *p, size_t n)
{
    FILE *f = fopen(copy, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(p, 1, n, f), n);
    fclose(f);
}

static struct ll_wal *new_wal(void)
{
    struct ll_wal_state start = state_of(10);
    struct ll_wal *w = NULL;
    struct ll_err err;

    assert_ok(ll_wal_create(path, spare, &start, &w, &err));
    return w;
}

static void a_file_cut_at_any_byte_keeps_its_whole_groups(void **state)
{
    struct ll_wal *w = new_wal();
    struct ll_buf file = LL_BUF_INIT(1 << 21);
    size_t after[GROUPS];
    struct ll_err err;

    (void)state;
    write_groups(w, after);
    ll_wal_close(w);
    assert_ok(ll_fs_read(path, 1 << 20, &file, &err));
    assert_int_equal(groups_of(path), GROUPS);
    for (size_t cut = 0; cut <= after[GROUPS - 1]; cut++) {
        int want = 0;
        if (cut % 61 && cut > 200 &&
            cut < after[GROUPS - 1] - 200) /* the ends at every byte, what lies between in steps */
            continue;
        while (want < GROUPS && after[want] <= cut)
            want++;
        put_copy(file.p, cut);
        assert_int_equal(groups_of(copy), cut < LL_WAL_BLOCK ? -1 : want);
    }
    ll_buf_free(&file);
}

static void a_changed_byte_is_damage_or_the_end_but_never_another_group(void **state)
{
    struct ll_wal *w = new_wal();
    struct ll_buf file = LL_BUF_INIT(1 << 21);
    size_t after[GROUPS];
    struct ll_err err;

    (void)state;
    write_groups(w, after);
    ll_wal_close(w);
    assert_ok(ll_fs_read(path, 1 << 20, &file, &err));
    for (size_t at = 0; at < after[GROUPS - 1]; at += at % LL_WAL_BLOCK < 200 ? 1 : 97) {
        bool last = at >= after[GROUPS - 2];
        file.p[at] ^= 0x40;
        put_copy(file.p, file.n);
        file.p[at] ^= 0x40;
        /* before the last group there is a whole one behind it: damage; in the last one it looks like a crash */
        assert_int_equal(groups_of(copy), last ? GROUPS - 1 : -1);
    }
    ll_buf_free(&file);
}

static void blocks_that_arrived_in_another_order_are_no_group(void **state)
{
    struct ll_wal *w = new_wal();
    struct ll_buf file = LL_BUF_INIT(1 << 21);
    size_t after[GROUPS];
    struct ll_err err;

    (void)state;
    write_groups(w, after);
    ll_wal_close(w);
    assert_ok(ll_fs_read(path, 1 << 20, &file, &err));
    /* the third group has several blocks: without any one of them, and nothing behind it, there are two */
    for (size_t block = after[1]; block < after[2]; block += LL_WAL_BLOCK) {
        struct ll_buf torn = LL_BUF_INIT(1 << 21);
        ll_buf_add(&torn, file.p, after[2]);
        memset(torn.p + block, 0, LL_WAL_BLOCK);
        put_copy(torn.p, torn.n);
        assert_int_equal(groups_of(copy), 2);
        ll_buf_free(&torn);
    }
    ll_buf_free(&file);
}

static void what_a_recycled_file_held_before_is_not_taken_for_its_own(void **state)
{
    struct ll_wal *w = new_wal();
    size_t after[GROUPS];

    (void)state;
    write_groups(w, after);
    ll_wal_close(w);
    assert_int_equal(rename(path, spare), 0);
    w = new_wal();
    ll_wal_close(w);
    assert_int_equal(groups_of(path), 0);
    assert_false(ll_fs_exists(spare));
    assert_true(ll_fs_size(path) > LL_WAL_BLOCK);
}

static void a_full_disk_fails_the_group_and_the_next_one_can_succeed(void **state)
{
    struct ll_wal_state start = state_of(10), s = state_of(11);
    struct ll_wal *w = NULL;
    struct ll_err err;
    bool broken = true;

    (void)state;
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_int_equal(symlink("/dev/full", spare), 0); /* every write to it says: no space */
    assert_int_equal(ll_wal_create(path, spare, &start, &w, &err), LL_IO);
    assert_null(w);
    unlink(spare);
    char temp[80];
    snprintf(temp, sizeof temp, "%s.new", path);
    unlink(temp);
    w = new_wal();
    ll_wal_begin(w);
    ll_wal_add(w, LL_STR("entry"), LL_STR(""));
    assert_ok(ll_wal_commit(w, &s, &broken, &err));
    assert_false(broken);
    ll_wal_close(w);
    assert_int_equal(groups_of(path), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_at_any_byte_keeps_its_whole_groups),
        cmocka_unit_test(a_changed_byte_is_damage_or_the_end_but_never_another_group),
        cmocka_unit_test(blocks_that_arrived_in_another_order_are_no_group),
        cmocka_unit_test(what_a_recycled_file_held_before_is_not_taken_for_its_own),
        cmocka_unit_test(a_full_disk_fails_the_group_and_the_next_one_can_succeed),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
