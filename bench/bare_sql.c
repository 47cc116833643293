/* bare_sql.c - a reference of the engine alone: runs the statements of a file, one a line, and prints the seconds that each took.
 *
 *     bare_sql FILE THREADS MEMORY_MB */
#include <duckdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int run(duckdb_connection c, const char *sql)
{
    duckdb_result r;
    double began = now();
    int ok = duckdb_query(c, sql, &r) == DuckDBSuccess;

    if (ok)
        printf("%.3f\n", now() - began);
    else
        fprintf(stderr, "%s\n", duckdb_result_error(&r));
    duckdb_destroy_result(&r);
    return ok;
}

int main(int argc, char **argv)
{
    char first[64], *line = NULL;
    size_t room = 0;
    duckdb_database db;
    duckdb_connection c;
    FILE *f;
    int ok = 1;

    if (argc != 4 || !(f = fopen(argv[1], "r")) || duckdb_open(NULL, &db) != DuckDBSuccess ||
        duckdb_connect(db, &c) != DuckDBSuccess)
        return 64;
    snprintf(first, sizeof first, "SET threads = %s; SET memory_limit = '%sMB'", argv[2], argv[3]);
    ok = run(c, first);
    while (ok && getline(&line, &room, f) > 0)
        ok = run(c, line);
    free(line);
    fclose(f);
    duckdb_disconnect(&c);
    duckdb_close(&db);
    return ok ? 0 : 1;
}
