/* types.h - the element types: name, SQL type in the lake, SQL type in a segment. */
#define LL_TYPES(X)                                                                                          \
    X(TEXT, "text", "VARCHAR", "TEXT")                                                                       \
    X(INTEGER, "integer", "BIGINT", "INTEGER")                                                               \
    X(DECIMAL, "decimal", "DECIMAL", "TEXT")                                                                 \
    X(DATE, "date", "DATE", "TEXT")                                                                          \
    X(DATETIME, "datetime", "TIMESTAMP", "TEXT")                                                             \
    X(BOOLEAN, "boolean", "BOOLEAN", "INTEGER")                                                              \
    X(CODE, "code", "VARCHAR", "TEXT")                                                                       \
    X(IDENTIFIER, "identifier", "VARCHAR", "TEXT")
