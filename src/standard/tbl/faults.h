/* faults.h - every reason a cell or row can be refused or warned about: name, code shown to people and programs, dimension of
 * GB/T 36344-2018 it counts against, what it is called in a table of counts, and the text of one case, each in both languages.
 * {item} {value} {detail} are filled in. */
#define LL_FAULTS(X)                                                                                         \
    X(DECODE_COLUMNS, "decode.columns", CONFORMITY, "列数不符", "wrong number of columns", "列数不符：{detail}", "wrong number of columns: {detail}")   \
    X(DECODE_QUOTE, "decode.quote", CONFORMITY, "引号没有闭合", "quote never closed", "引号没有闭合", "a quote is opened and never closed")           \
    X(DECODE_LONG, "decode.long", CONFORMITY, "行过长", "line too long", "行过长：{detail}", "line too long: {detail}")                    \
    X(DECODE_NUL, "decode.nul", CONFORMITY, "含有空字节", "NUL byte", "含有空字节（NUL）", "holds a NUL byte")                            \
    X(DECODE_CHARSET, "decode.charset", CONFORMITY, "字符编码错误", "broken text encoding", "字符编码错误：{detail}", "broken text encoding: {detail}")  \
    X(DECODE_JSON, "decode.json", CONFORMITY, "不是有效的 JSON", "not valid JSON", "不是有效的 JSON：{detail}", "not valid JSON: {detail}")          \
    X(DECODE_CELL, "decode.cell", CONFORMITY, "单元格无法读取", "cell cannot be read", "单元格无法读取：{detail}", "a cell cannot be read: {detail}")       \
    X(DECODE_DIGITS, "decode.digits", ACCURACY, "数字被表格软件改动", "number changed by a spreadsheet", "数字超过 15 位，表格软件已改动末尾数字：{detail}", "a number of more digits than the 15 that a spreadsheet keeps: {detail}") \
    X(REQUIRED, "item.required", COMPLETENESS, "必填项为空", "required and empty", "{item} 为空", "{item} is empty")                              \
    X(TYPE, "item.type", CONFORMITY, "类型不符", "wrong type", "{item} 的值 {value} 不是{detail}", "{item}: {value} is not {detail}")     \
    X(LENGTH, "item.length", CONFORMITY, "超过长度", "too long", "{item} 超过 {detail} 个字符", "{item} is longer than {detail} characters") \
    X(FORMAT, "item.format", CONFORMITY, "格式不符", "wrong format", "{item} 的值 {value} 不符合格式", "{item}: {value} does not fit the format") \
    X(CODE, "item.code", CONFORMITY, "不在代码表中", "not in the code table", "{item} 的值 {value} 不在代码表 {detail} 中", "{item}: {value} is not in code table {detail}") \
    X(CODE_HISTORICAL, "item.code_historical", TIMELINESS, "代码已停用（仅提示）", "code no longer in use (warning only)", "{item} 的代码 {value} 已停用", "{item}: code {value} is no longer in use") \
    X(IDENTIFIER, "item.identifier", ACCURACY, "标识校验不通过", "identifier fails its check", "{item} 的值 {value} 无效：{detail}", "{item}: {value} is not valid: {detail}") \
    X(RANGE, "item.range", ACCURACY, "超出范围", "out of range", "{item} 的值 {value} 超出范围 {detail}", "{item}: {value} is outside {detail}")  \
    X(DUPLICATE, "row.duplicate", CONSISTENCY, "主键重复", "key repeated", "主键在本批中重复：{detail}", "the key occurs more than once in this batch: {detail}") \
    X(UNIQUE, "item.unique", CONSISTENCY, "唯一项重复", "unique value repeated", "{item} 的值 {value} 在本批中重复", "{item}: {value} occurs more than once in this batch") \
    X(REFERENCE, "item.reference", CONSISTENCY, "引用不存在", "reference to nothing", "{item} 的值 {value} 在 {detail} 中不存在", "{item}: {value} does not exist in {detail}") \
    X(RULE, "row.rule", CONSISTENCY, "不符合规则", "rule does not hold", "{detail}", "{detail}")

/* The six dimensions of GB/T 36344-2018, clause 6 (recalled): name, zh, en. */
#define LL_DIMENSIONS(X)                                                                                     \
    X(CONFORMITY, "conformity", "规范性", "conformity")                                                      \
    X(COMPLETENESS, "completeness", "完整性", "completeness")                                                \
    X(ACCURACY, "accuracy", "准确性", "accuracy")                                                            \
    X(CONSISTENCY, "consistency", "一致性", "consistency")                                                   \
    X(TIMELINESS, "timeliness", "时效性", "timeliness")                                                      \
    X(ACCESSIBILITY, "accessibility", "可访问性", "accessibility")
