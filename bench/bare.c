/* bare.c - the reference of the intake benchmark: the engine alone, without mapping or checks.
 *
 *     bare FILE.csv OUT.parquet THREADS MEMORY_MB       read_csv(all_varchar) -> COPY TO parquet */
#include <duckdb.h>
#include <stdio.h>

static int run(duckdb_connection c, const char *sql)
{
    duckdb_result r;
    int ok = duckdb_query(c, sql, &r) == DuckDBSuccess;

    if (!ok)
        fprintf(stderr, "%s\n", duckdb_result_error(&r));
    duckdb_destroy_result(&r);
    return ok;
}

int main(int argc, char **argv)
{
    duckdb_database db;
    duckdb_connection c;
    char sql[8192];

    if (argc != 5 || duckdb_open(NULL, &db) != DuckDBSuccess || duckdb_connect(db, &c) != DuckDBSuccess)
        return 64;
    snprintf(sql, sizeof sql, "SET threads = %s; SET memory_limit = '%sMB'", argv[3], argv[4]);
    if (!run(c, sql))
        return 1;
    snprintf(
        sql, sizeof sql,
        "COPY (SELECT * FROM read_csv('%s', all_varchar = true)) TO '%s' (FORMAT parquet, COMPRESSION zstd)",
        argv[1], argv[2]);
    int ok = run(c, sql);
    duckdb_disconnect(&c);
    duckdb_close(&db);
    return ok ? 0 : 1;
}
