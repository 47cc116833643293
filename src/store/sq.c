/* sq.c - see sq.h. */
#include "store/sq.h"

#include <errno.h>
#include <pthread.h>

static void init_once(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* refused, harmlessly, when another part was first */
    sqlite3_initialize();
}

void ll_sq_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, init_once);
}

/* What a primary result code means: our code, and two sentences that take the file and SQLite's own words. */
static const struct fault {
    int code;
    enum ll_rc rc;
    const char *zh, *en;
} faults[] = {
    {SQLITE_FULL, LL_IO, "磁盘已满，无法写入 %s（%s）", "the disk is full, cannot write %s (%s)"},
    {SQLITE_IOERR, LL_IO, "%s 读写失败（%s）", "cannot read or write %s (%s)"},
    {SQLITE_CANTOPEN, LL_IO, "无法打开 %s（%s）", "cannot open %s (%s)"},
    {SQLITE_READONLY, LL_IO, "%s 只读，无法写入（%s）", "%s is read-only (%s)"},
    {SQLITE_PERM, LL_IO, "没有权限访问 %s（%s）", "no permission for %s (%s)"},
    {SQLITE_AUTH, LL_IO, "没有权限访问 %s（%s）", "no permission for %s (%s)"},
    {SQLITE_CORRUPT, LL_IO, "文件 %s 已损坏（%s）", "the file %s is damaged (%s)"},
    {SQLITE_NOTADB, LL_IO, "%s 不是数据库文件（%s）", "%s is not a database file (%s)"},
    {SQLITE_BUSY, LL_BUSY, "%s 正被另一个任务占用（%s）", "%s is in use by another job (%s)"},
    {SQLITE_LOCKED, LL_BUSY, "%s 正被另一个任务占用（%s）", "%s is in use by another job (%s)"},
    {SQLITE_NOMEM, LL_NOMEM, "处理 %s 时内存不足（%s）", "out of memory on %s (%s)"},
    {SQLITE_TOOBIG, LL_TOOBIG, "值过大，无法存入 %s（%s）", "a value is too large for %s (%s)"},
    {SQLITE_CONSTRAINT, LL_CONFLICT, "与 %s 中已有的数据冲突（%s）", "conflicts with what is in %s (%s)"},
};

int ll_sq_fail(sqlite3 *db, int code, const char *what, struct ll_err *err)
{
    const char *why = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    int system = db ? sqlite3_system_errno(db) : 0;

    for (size_t i = 0; i < LL_COUNT(faults); i++) {
        const struct fault *f = &faults[i];
        if (f->code != (code & 0xff))
            continue;
        if (f->rc != LL_IO || !system)
            return ll_fail(err, f->rc, f->zh, f->en, what, why);
        errno = system;
        return ll_fail_errno(err, f->rc, f->zh, f->en, what, why);
    }
    return ll_fail(err, LL_INTERNAL, "%s 的语句失败（%d）：%s", "a statement on %s failed (%d): %s", what,
                   code, why);
}

int ll_sq_exec(sqlite3 *db, const char *what, const char *sql, struct ll_err *err)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? LL_OK : ll_sq_fail(db, code, what, err);
}

int ll_sq_prepare(sqlite3 *db, const char *what, const char *sql, sqlite3_stmt **ret, struct ll_err *err)
{
    int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);

    return code == SQLITE_OK ? LL_OK : ll_sq_fail(db, code, what, err);
}

int ll_sq_int(sqlite3 *db, const char *what, const char *sql, int64_t *ret, struct ll_err *err)
{
    sqlite3_stmt *st = NULL;
    int rc = ll_sq_prepare(db, what, sql, &st, err);

    if (rc < 0)
        return rc;
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW)
        *ret = sqlite3_column_int64(st, 0);
    else if (code == SQLITE_DONE)
        rc = ll_fail(err, LL_NOTFOUND, "%s 中没有所查的值", "%s does not hold the value asked for", what);
    else
        rc = ll_sq_fail(db, code, what, err);
    sqlite3_finalize(st);
    return rc;
}
