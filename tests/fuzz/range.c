/* range: whatever a Range header says, the part that it names lies within the file; If-None-Match names a tag or not. */
#include "http/range.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t sizes[] = {0, 1, 10, 65536, INT64_MAX};
    char *text = malloc(size + 1);
    struct ll_range part;

    LL_ASSERT(text);
    memcpy(text, data, size);
    text[size] = 0;
    for (size_t i = 0; i < LL_COUNT(sizes); i++)
        switch (ll_range_parse(text, sizes[i], &part)) {
        case LL_RANGE_ALL:
            LL_ASSERT(part.from == 0 && part.n == sizes[i]);
            break;
        case LL_RANGE_PART:
            LL_ASSERT(part.from >= 0 && part.n > 0 && part.n <= sizes[i] - part.from);
            break;
        case LL_RANGE_NONE:
            break;
        }
    (void)ll_etag_matches(text, "\"0123\"");
    (void)ll_range_holds(text, "\"0123\"");
    free(text);
    return 0;
}
