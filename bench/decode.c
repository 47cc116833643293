/* decode.c - how fast a delivery is cut into ranges and read as rows.
 *
 * usage: decode [ROWS [FILE]]    makes FILE (default: a temporary one) in the shape of enterprise registrations, 12 columns, and prints MB/s and
 * rows/s of each step for one thread and for as many as there are cores.  An existing FILE is read as it is. */
#include "base/clock.h"
#include "base/fs.h"
#include "intake/decode/source.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static void fail(const struct ll_err *err)
{
    fprintf(stderr, "bench/decode: %s\n", err->en);
    exit(1);
}

static unsigned below(uint64_t *x, unsigned n)
{
    *x = *x * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(*x >> 33) % n;
}

static void one_row(FILE *f, uint64_t *x, size_t i)
{
    static const char *const towns[] = {"敦厚镇", "永阳镇", "天河镇", "横江镇", "固江镇", "万福镇", "永和镇"};
    static const char *const trades[] = {"农业开发", "电子科技", "建材", "商贸", "物流", "食品"};
    static const char *const states[] = {"存续", "注销", "吊销"};

    fprintf(
        f,
        "91360821MA%08zu,吉安县%s%s有限公司,%u,P_%010u,%u.%04u,20%02u-%02u-%02u,%s,吉安市吉安县%s工业大道%u号,%s,A%02u,1%010u,36082%u\n",
        i, towns[below(x, 7)], trades[below(x, 6)], 1000 + below(x, 9000), below(x, 1u << 31),
        below(x, 100000), below(x, 10000), below(x, 24), 1 + below(x, 12), 1 + below(x, 28),
        states[below(x, 3)], towns[below(x, 7)], below(x, 900), trades[below(x, 6)], below(x, 97),
        below(x, 1u << 31), below(x, 10));
}

static void make_file(const char *path, size_t rows)
{
    FILE *f = fopen(path, "wb");
    uint64_t x = 1;

    if (!f) {
        perror(path);
        exit(1);
    }
    fputs(
        "统一社会信用代码,企业名称,从业人数,法定代表人,注册资本,成立日期,登记状态,住所,行业,行业代码,联系电话,行政区划\n",
        f);
    for (size_t i = 0; i < rows; i++)
        one_row(f, &x, i);
    fclose(f);
}

struct job {
    struct ll_source *source;
    const struct ll_range *range;
    uint64_t rows, faults, bytes;
    pthread_t thread;
};

static void *read_range(void *arg)
{
    struct job *j = arg;
    struct ll_rows *rows;
    struct ll_row row;
    struct ll_err err;
    int rc = ll_source_rows(j->source, j->range, &rows, &err);

    while (rc >= 0 && (rc = rows->ops->next(rows, &row, &err)) > 0) {
        j->rows++;
        j->faults += row.fault >= 0;
        for (size_t i = 0; i < row.n; i++)
            j->bytes += row.cells[i].n;
    }
    if (rc < 0)
        fail(&err);
    rows->ops->close(rows);
    return NULL;
}

struct clock {
    uint64_t wall, cpu; /* us */
};

static struct clock now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (struct clock){ll_mono_us(), (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000};
}

/* Per second of the clock, and per second of processor time: on a busy machine only the latter says something. */
static void print(const char *step, int64_t bytes, uint64_t rows, struct clock from)
{
    struct clock to = now();
    double wall = (double)(to.wall - from.wall + 1) / 1e6, cpu = (double)(to.cpu - from.cpu + 1) / 1e6;

    printf("%-18s %7.2f s %7.0f MB/s %11.0f rows/s   processor %7.2f s %7.0f MB/s %11.0f rows/s\n", step,
           wall, (double)bytes / 1e6 / wall, (double)rows / wall, cpu, (double)bytes / 1e6 / cpu,
           (double)rows / cpu);
}

static void read_all(struct ll_source *source, unsigned threads)
{
    struct ll_range ranges[64];
    struct job jobs[64];
    struct ll_err err;
    uint64_t total, rows = 0, faults = 0;
    struct clock from = now();
    unsigned n;
    char step[40];

    if (ll_source_scan(source, threads, ranges, &n, &total, &err) < 0)
        fail(&err);
    snprintf(step, sizeof step, "scan into %u", threads);
    print(step, ll_source_info(source)->bytes, total, from);
    from = now();
    for (unsigned i = 0; i < n; i++) {
        jobs[i] = (struct job){.source = source, .range = &ranges[i]};
        pthread_create(&jobs[i].thread, NULL, read_range, &jobs[i]);
    }
    for (unsigned i = 0; i < n; i++) {
        pthread_join(jobs[i].thread, NULL);
        rows += jobs[i].rows;
        faults += jobs[i].faults;
    }
    snprintf(step, sizeof step, "rows, %u threads", n);
    print(step, ll_source_info(source)->bytes, rows, from);
    if (rows != total || faults)
        printf("%llu rows counted, %llu read, %llu of them faulty\n", (unsigned long long)total,
               (unsigned long long)rows, (unsigned long long)faults);
}

int main(int argc, char **argv)
{
    char path[] = "/tmp/luling-bench-XXXXXX", *file = argc > 2 ? argv[2] : path;
    struct ll_source *source = NULL;
    struct ll_err err;
    struct rusage usage;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    if (argc <= 2)
        close(mkstemp(path));
    if (argc <= 2 || !ll_fs_exists(file))
        make_file(file, argc > 1 ? strtoul(argv[1], NULL, 10) : 2000000);
    struct clock from = now();
    if (ll_source_open(file, file, "/tmp", NULL, &source, &err) < 0)
        fail(&err);
    printf("%s\n", ll_source_info(source)->text[LL_EN]);
    print("open", ll_source_info(source)->bytes, 0, from);
    read_all(source, 1);
    if (cores > 1)
        read_all(source, cores < 64 ? (unsigned)cores : 64);
    ll_source_close(source);
    getrusage(RUSAGE_SELF, &usage);
    printf("peak memory %ld MB\n", usage.ru_maxrss >> 10);
    if (argc <= 2)
        unlink(path);
    return 0;
}
