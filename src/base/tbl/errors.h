/* errors.h - every error a caller may test for: name, value, HTTP status, exit code, text.
 * Makes the enum, the names, the HTTP status, the exit codes and docs/errors.md. */
#define LL_ERRORS(X)                                                                     \
	X(FAIL, -1, 500, 1, "something we cannot act on; read the message")              \
	X(NOMEM, -2, 503, 71, "out of memory or over a stated ceiling")                  \
	X(NOTFOUND, -3, 404, 66, "no such object, or the caller may not know of it")     \
	X(CONFLICT, -4, 409, 75, "changed since the caller read it, or already there")   \
	X(INVALID, -5, 422, 65, "well-formed but breaks a rule; the message says where") \
	X(USAGE, -6, 400, 64, "the command or request is not of the form it takes")      \
	X(IO, -7, 500, 74, "a file, disk or engine operation failed")                    \
	X(TOOBIG, -8, 413, 65, "larger than the limit that the message names")           \
	X(BUSY, -9, 503, 75, "another job holds it; try again")                          \
	X(WAITING, -10, 409, 75, "stored, but waits for a person's confirmation")        \
	X(INTERNAL, -11, 500, 70, "an invariant of ours did not hold; please report")
