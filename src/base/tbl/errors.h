/* errors.h - every error a caller may test for: name, value, HTTP status, exit code, what it means in Chinese and English.
 * Makes the enum, the names, the HTTP status, the exit codes, `luling errors` and docs/errors.md.  Exit codes follow sysexits.h. */
#define LL_ERRORS(X)                                                                                         \
    X(FAIL, -1, 500, 1, "无法归类的失败，请看错误信息", "something we cannot act on; read the message")      \
    X(NOMEM, -2, 503, 71, "内存不足，或超出规定的上限", "out of memory or over a stated ceiling")            \
    X(NOTFOUND, -3, 404, 66, "没有这个对象，或调用者无权知道", "no such object, or the caller may not know of it") \
    X(CONFLICT, -4, 409, 75, "已被改动，或已经存在", "changed since the caller read it, or already there")   \
    X(INVALID, -5, 422, 65, "格式正确但违反规则，错误信息指出位置", "well-formed but breaks a rule; the message says where") \
    X(USAGE, -6, 400, 64, "命令或请求的写法不对", "the command or request is not of the form it takes")      \
    X(IO, -7, 500, 74, "文件、磁盘或引擎操作失败", "a file, disk or engine operation failed")                \
    X(TOOBIG, -8, 413, 65, "超出错误信息所说的上限", "larger than the limit that the message names")         \
    X(BUSY, -9, 503, 75, "另一个作业正在使用，请稍后再试", "another job holds it; try again")                \
    X(WAITING, -10, 409, 75, "已收下，但等待人工确认", "stored, but waits for a person's confirmation")      \
    X(INTERNAL, -11, 500, 70, "程序内部的约束被破坏，请报告", "an invariant of ours did not hold; please report") \
    X(SIGNIN, -12, 401, 77, "没有登录，或登录、令牌已失效", "not signed in, or the sign-in or token has ended") \
    X(DENIED, -13, 403, 77, "无权进行此操作，错误信息说明缺少什么", "not permitted; the message says what is missing") \
    X(TOOMANY, -14, 429, 75, "过于频繁，错误信息说明何时再试", "too often; the message says when to try again")
