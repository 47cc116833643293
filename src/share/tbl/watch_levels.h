/* watch_levels.h - early-warning levels, the gravest first: name, word, zh, en.  Four, in the colours that 突发事件应对法 uses for warnings; what of credit is of
 * which level is data of packs (warning_rules.csv). */
#define LL_WATCH_LEVELS(X)                                                                                   \
    X(RED, "red", "红色", "red")                                                                             \
    X(ORANGE, "orange", "橙色", "orange")                                                                    \
    X(YELLOW, "yellow", "黄色", "yellow")                                                                    \
    X(BLUE, "blue", "蓝色", "blue")
