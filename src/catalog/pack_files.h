/* pack_files.h - the files of a pack folder, in memory, bounded; what does not belong there is reported. */
#ifndef LL_CATALOG_PACK_FILES_H
#define LL_CATALOG_PACK_FILES_H

#include "catalog/pack.h"

enum { LL_PACK_FILE_MAX = 64 << 20, LL_PACK_BYTES_MAX = 256 << 20, LL_PACK_FILES_MAX = 2000 };

struct ll_pack_files {
    struct ll_arena *arena;
    struct ll_pack_file *list; /* sorted by path */
    size_t n;
};

/* On success *ret is the caller's to free. */
int ll_pack_files_read(const char *dir, struct ll_problems *ps, struct ll_pack_files *ret,
                       struct ll_err *err) LL_MUST;
void ll_pack_files_free(struct ll_pack_files *files);
/* SHA-256 over path, size and bytes of each file, in hexadecimal. */
int ll_pack_files_hash(const struct ll_pack_file *files, size_t n, char out[65], struct ll_err *err) LL_MUST;

#endif
