/* The disk is full, or a file may not grow, at any point of the way: the delivery stays where it was, nothing half is visible, readers
 * and other resources go on, and with room again the same job ends as if nothing had happened. */
#include "folder.h"

#include "intake/verify.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ROWS = 20000 };

/* Out of key order, one row in a hundred refused: every stage has something to write. */
static const char *delivery(struct folder *f)
{
    struct ll_buf out = LL_BUF_INIT(16 << 20);

    ll_buf_z(&out, FIRM);
    for (unsigned i = 0; i < ROWS; i++) {
        unsigned at = i * 7919 % ROWS;
        ll_buf_printf(&out, "F%05u,Firm of number %u,%s,L%u\n", at, at * 31 % 9973, i % 100 ? "12" : "x", at);
    }
    const char *text = ll_arena_dup(f->arena, ll_buf_view(&out));
    ll_buf_free(&out);
    return text;
}

/* ---- two ways to be out of room ---- */

static void squeeze_disk(struct folder *f, uint64_t leave)
{
    int fd = open(folder_path(f, "filler"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    struct statvfs st;

    assert_true(fd >= 0);
    assert_int_equal(fstatvfs(fd, &st), 0);
    uint64_t room = st.f_bavail * st.f_frsize;
    if (room > leave)
        assert_int_equal(posix_fallocate(fd, 0, (off_t)(room - leave)), 0);
    close(fd);
}

static void free_disk(struct folder *f)
{
    unlink(folder_path(f, "filler"));
}

static void set_file_limit(rlim_t most)
{
    struct rlimit was;

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    was.rlim_cur = most;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
}

static void squeeze_files(struct folder *f, uint64_t leave)
{
    (void)f;
    set_file_limit(leave);
}

static void free_files(struct folder *f)
{
    (void)f;
    set_file_limit(RLIM_INFINITY);
}

struct way {
    void (*squeeze)(struct folder *f, uint64_t leave);
    void (*release)(struct folder *f);
};
static const struct way disk = {squeeze_disk, free_disk}, files = {squeeze_files, free_files};

/* ---- what must hold ---- */

static void assert_clear(const struct ll_err *err)
{
    bool chinese = false;

    for (const char *p = err->zh; *p; p++)
        chinese |= (*p & 0x80) != 0;
    if (err->rc != LL_IO || !chinese || !err->en[0])
        fail_msg("not a clear error of the disk: %s: %s / %s", ll_rc_name((int)err->rc), err->zh, err->en);
}

static void no_problem(void *ctx, const char *what, const struct ll_err *problem)
{
    (void)ctx;
    fail_msg("verify: %s: %s", what, problem->en);
}

static void assert_whole(struct folder *f)
{
    struct ll_verified done;
    struct ll_err err;
    unsigned n;

    assert_ok(ll_data_verify(f->d, NULL, no_problem, NULL, &done, &err));
    const char *before = folder_shows(f, "firm");
    assert_ok(ll_job_rebuild(f->d, NULL, &n, &err));
    assert_string_equal(folder_shows(f, "firm"), before);
    assert_int_equal(folder_count(f, "service/firm"), 1);
    assert_int_equal(folder_count(f, "inbox"), folder_int(f, "SELECT count(*) FROM delivery"));
}

/* One try with so little room.  True: there was enough. */
static bool try_with(struct folder *f, const struct way *way, const char *id, uint64_t leave,
                     const char *shows)
{
    way->squeeze(f, leave);
    int rc = folder_run(f, id, false);
    struct ll_err why = f->err;
    if (rc < 0) /* readers go on while there is no room */
        assert_string_equal(folder_shows(f, "firm"), shows);
    way->release(f);
    if (rc == LL_OK)
        return true;
    assert_clear(&why);
    const char *state = folder_state(f, id);
    assert_true(strcmp(state, "received") == 0 || strcmp(state, "sealed") == 0);
    assert_false(ll_fs_exists(folder_path(f, "work/%s", id)));
    return false;
}

static void run_out_of_room(struct folder *f, const struct way *way)
{
    static const uint64_t steps[] = {0,   4,   16,  40,  72,  100,  140,  200, 260,
                                     330, 400, 520, 700, 900, 1200, 1600, 2400};
    unsigned refused = 0;
    bool enough = false;

    folder_take(f, "firm", NULL, FIRM "A,Ann,3,\n", LL_OK);
    const char *shows = folder_shows(f, "firm");
    const char *id = folder_receive(f, "firm", "increment", delivery(f));
    for (size_t i = 0; i < LL_COUNT(steps) && !enough; i++) {
        enough = try_with(f, way, id, steps[i] << 10, shows);
        refused += !enough;
    }
    assert_true(refused >= 5);
    if (!enough)
        assert_int_equal(folder_run(f, id, false), LL_OK);
    assert_int_equal(folder_batch(f, id).rows, ROWS - ROWS / 100);
    assert_int_equal(folder_batch(f, id).quarantined, ROWS / 100);
    assert_whole(f);
}

static void test_a_full_disk_at_any_point_of_a_job(void **state)
{
    if (!*state)
        skip();
    run_out_of_room(*state, &disk);
}

static void test_a_limit_of_file_size_at_any_point_of_a_job(void **state)
{
    run_out_of_room(*state, &files);
}

static void receive_without_room(struct folder *f, const struct way *way, uint64_t leave)
{
    struct ll_receive *r = NULL;
    const char *text = delivery(f);
    char id[LL_ID_TEXT];
    struct ll_err err = {0};
    bool again;

    way->squeeze(f, leave);
    int rc = ll_receive_open(f->d, "firm", NULL, "a.csv", &r, &err);
    if (rc == LL_OK && (rc = ll_receive_add(r, text, strlen(text), &err)) < 0)
        ll_receive_abort(r);
    else if (rc == LL_OK)
        rc = ll_receive_done(r, id, &again, &err);
    way->release(f);
    assert_int_equal(rc, LL_IO);
    assert_clear(&err);
    assert_int_equal(folder_int(f, "SELECT count(*) FROM delivery"), 0);
    assert_int_equal(folder_count(f, "inbox"), 0);
}

static void test_a_full_disk_while_receiving(void **state)
{
    struct folder *f = *state;

    if (!f)
        skip();
    receive_without_room(f, &disk, 0);
    receive_without_room(f, &disk, 256 << 10);
    folder_take(f, "firm", NULL, delivery(f), LL_OK);
    assert_whole(f);
}

static void test_a_limit_of_file_size_while_receiving(void **state)
{
    struct folder *f = *state;

    receive_without_room(f, &files, 0);
    receive_without_room(f, &files, 256 << 10);
    folder_take(f, "firm", NULL, delivery(f), LL_OK);
    assert_whole(f);
}

/* Withdrawing, merging and rebuilding without room leave what shows, and are done when there is room. */
static void test_what_changes_the_list_needs_room_too(void **state)
{
    struct folder *f = *state;
    struct ll_err err;
    unsigned n;

    if (!f)
        skip();
    folder_take(f, "firm", NULL, delivery(f), LL_OK);
    const char *first = folder_shows(f, "firm");
    const char *id = folder_take(f, "firm", "increment", FIRM "A,Ann,3,\n", LL_OK);
    const char *second = folder_shows(f, "firm");

    squeeze_disk(f, 200 << 10);
    assert_int_equal(ll_job_rebuild(f->d, "firm", &n, &err), LL_IO);
    assert_clear(&err);
    assert_string_equal(folder_shows(f, "firm"), second);
    assert_int_equal(ll_publish_compact(f->d, folder_resource(f, "firm"), 1, &err), LL_IO);
    assert_clear(&err);
    assert_string_equal(folder_shows(f, "firm"), second);
    assert_int_equal(ll_job_withdraw(f->d, id, &err), LL_IO);
    assert_clear(&err);
    free_disk(f);

    struct ll_job_opts none = {0};
    assert_ok(ll_job_recover(f->d, &none, &n, &err));
    assert_string_equal(folder_shows(f, "firm"),
                        strcmp(folder_state(f, id), "withdrawn") == 0 ? first : second);
    assert_whole(f);
}

#define DISK(name) cmocka_unit_test_setup_teardown(name, folder_open_on_small_disk, folder_close)
#define FILES(name) cmocka_unit_test_setup_teardown(name, folder_open, folder_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        DISK(test_a_full_disk_at_any_point_of_a_job),
        DISK(test_a_full_disk_while_receiving),
        DISK(test_what_changes_the_list_needs_room_too),
        FILES(test_a_limit_of_file_size_at_any_point_of_a_job),
        FILES(test_a_limit_of_file_size_while_receiving),
    };

    signal(SIGXFSZ, SIG_IGN); /* as the program does */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
