/* export_formats.h - the forms in which a granted resource leaves as a file: name, word, extension, media type, zh, en. */
#define LL_EXPORT_FORMATS(X)                                                                                 \
    X(CSV, "csv", "csv", "text/csv; charset=utf-8", "CSV（UTF-8）", "CSV in UTF-8")                          \
    X(JSONL, "jsonl", "jsonl", "application/x-ndjson", "JSON 行，每行一条记录", "JSON lines, a record each")    \
    X(PARQUET, "parquet", "parquet", "application/vnd.apache.parquet", "Parquet", "Parquet")                 \
    X(XLSX, "xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",             \
      "Excel 工作簿", "Excel workbook")
