/* detect.h - what a file is, by its first and last bytes. */
#ifndef LL_INTAKE_DECODE_DETECT_H
#define LL_INTAKE_DECODE_DETECT_H

#include "base/err.h"
#include "base/str.h"

/* LL_OK and *xlsx for a workbook; LL_OK for what may be text; otherwise LL_INVALID with the format's name and what to send instead. */
int ll_detect_container(struct ll_str head, struct ll_str tail, bool *xlsx, struct ll_err *err) LL_MUST;
/* Refuses text-like formats that are no table (HTML, XML, RTF) and bytes that are no text.  head is UTF-8 or one of its kin. */
int ll_detect_text(struct ll_str head, struct ll_err *err) LL_MUST;
/* JSON by the first characters of UTF-8 text, or by the name when these could be either. */
bool ll_detect_json(struct ll_str head, const char *file_name);

#endif
