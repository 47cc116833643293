/* timeline_kinds.h - kinds of facts in a subject's timeline: name, zh, en.  timeline.csv of a pack names one a row (LL_TIMELINE_WORDS). */
#define LL_TIMELINE_KINDS(X)                                                                                 \
    X("registration", "登记", "Registration")                                                                \
    X("permit", "行政许可", "Permits")                                                                       \
    X("penalty", "行政处罚", "Penalties")                                                                    \
    X("list", "名单", "Lists")                                                                               \
    X("court", "司法", "Courts")                                                                             \
    X("tax", "纳税", "Tax")                                                                                  \
    X("insurance", "社会保险", "Social insurance")                                                           \
    X("fund", "公积金", "Housing fund")                                                                      \
    X("utility", "水电气", "Utilities")                                                                      \
    X("honour", "荣誉", "Honours")                                                                           \
    X("qualification", "资质", "Qualifications")                                                             \
    X("property", "财产", "Property")                                                                        \
    X("ip", "知识产权", "Intellectual property")                                                             \
    X("trade", "进出口", "Trade")                                                                            \
    X("environment", "环境", "Environment")                                                                  \
    X("repair", "信用修复", "Credit repair")                                                                 \
    X("other", "其他", "Other")
