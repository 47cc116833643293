/* hints.h - what to change when a cell was refused: code of the fault (standard/tbl/faults.h), zh, en. */
#define LL_HINTS(X)                                                                                                                       \
    X("item.required", "请填写", "fill it in")                                                                                            \
    X("item.type", "请按表头的说明填写：日期写成 2026-01-31，数字不带单位", "write it as the header says: a date as 2026-01-31, a number without its unit") \
    X("item.length", "请缩短", "shorten it")                                                                                              \
    X("item.format", "请按表头的说明填写", "write it as the header says")                                                                 \
    X("item.code", "请从下拉列表中选择，或填写代码表中的代码、名称", "choose from the list, or give a code or title of the code table")   \
    X("item.identifier", "请对照证件逐位核对", "compare it with the document, character by character")                                    \
    X("item.range", "请核对数值和单位", "check the value and its unit")                                                                   \
    X("item.unique", "请核对，同一值只能出现一次", "check it: the value may occur once only")                                             \
    X("item.reference", "请核对，或先补交被引用的记录", "check it, or deliver the record that it refers to first")                        \
    X("row.duplicate", "同一条记录只保留一行", "keep one row of each record")                                                             \
    X("row.rule", "请核对这几项是否相符", "check that these agree")                                                                       \
    X("decode.digits", "请将该格设为文本格式后重新填写全部数字", "make the cell text and type all digits again")                          \
    X("decode.cell", "请重新填写该格", "fill the cell in again")                                                                          \
    X("decode.columns", "请删除表头以外的内容", "remove what stands outside the header's columns")
