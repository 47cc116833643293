/* sql_keywords.h - words that PostgreSQL, DuckDB or SQLite reserve: an item of such a name could not stand bare in a check or a
 * view.  Sorted. */
#define LL_SQL_KEYWORDS(X)                                                                                   \
    X("add")                                                                                                 \
    X("all")                                                                                                 \
    X("alter") X("analyse") X("analyze") X("and") X("anti") X("any") X("array") X("as") X("asc") X(          \
        "asof") X("asymmetric") X("at") X("authorization") X("autoincrement") X("between") X("binary")       \
        X("both") X("by") X("case") X("cast") X("check") X("collate") X("collation") X("column") X(          \
            "commit") X("concurrently") X("constraint") X("create") X("cross") X("current_catalog")          \
            X("current_date") X("current_role") X("current_schema") X("current_time") X("current_timestamp") \
                X("current_user") X("default") X("deferrable") X("delete") X("desc") X("describe") X(        \
                    "distinct") X("do") X("drop") X("else") X("end") X("escape") X("except") X("exists")     \
                    X("false") X("fetch") X("for") X("foreign") X("freeze") X("from") X("full") X(           \
                        "generated") X("glob") X("grant") X("group") X("having") X("if") X("ilike") X("in")  \
                        X("index") X("initially") X("inner") X("insert") X(                                  \
                            "intersect") X("into") X("is") X("isnull") X("join") X("lambda") X("lateral")    \
                            X("leading") X("left") X("like") X(                                              \
                                "limit") X("localtime") X("localtimestamp") X("map") X("natural")            \
                                X("not") X("nothing") X("notnull") X("null") X("offset") X("on") X(          \
                                    "only") X("or") X("order") X("outer") X("overlaps")                      \
                                    X("pivot") X("pivot_longer") X("pivot_wider") X(                         \
                                        "placing") X("positional") X("primary") X("qualify") X("references") \
                                        X("returning") X("right") X("rowid") X("select") X("semi")           \
                                            X("session_user") X("set") X("show") X("similar")                \
                                                X("some") X("struct") X("summarize") X("symmetric")          \
                                                    X("system_user") X("table")                              \
                                                        X("tablesample") X("then") X("to") X("trailing")     \
                                                            X("transaction") X("true") X("try_cast")         \
                                                                X("union") X("unique")                       \
                                                                    X("unpivot") X("update") X("user")       \
                                                                        X("using") X("values") X("variadic") \
                                                                            X("verbose") X("when")           \
                                                                                X("where") X("window")       \
                                                                                    X("with") X("within")
