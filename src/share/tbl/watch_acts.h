/* watch_acts.h - what may happen to a watched subject: name, word, zh, en.  The words stand in warning_rules.csv, in events and in the console. */
#define LL_WATCH_ACTS(X)                                                                                     \
    X(NEW, "new", "新增记录", "a new record")                                                                \
    X(CHANGED, "changed", "记录有变化", "a record changed")                                                  \
    X(DELETED, "deleted", "记录已删除", "a record is gone")                                                  \
    X(WITHDRAWN, "withdrawn", "批次撤回", "its batch was withdrawn")                                         \
    X(DISPUTED, "disputed", "记录存在异议", "a record is disputed")                                          \
    X(SETTLED, "settled", "异议已办结", "the dispute is over")                                               \
    X(WITHHELD, "withheld", "记录不再共享（信用修复）", "a record is no longer shared (repair)")             \
    X(RESTORED, "restored", "记录恢复共享", "a record is shared again")                                      \
    X(LISTED, "listed", "列入名单", "put on a list")                                                         \
    X(UNLISTED, "unlisted", "移出名单", "taken off a list")                                                  \
    X(WHOLE, "whole", "数据资源整体更新，请重新查询", "so much changed that all is to be asked anew")
