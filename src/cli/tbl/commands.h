/* commands.h - every command: id, words, arguments, flags, summary zh, summary en, details zh, details en.
 *
 * Makes the dispatch, --help, completion, the manual page and docs/commands.md.  The function is ll_cmd_<id> in cmd_<id>.c (or in the
 * file of the family: cmd_pack.c has all of `pack ...`).
 *
 * Arguments: NAME is required, [NAME] optional, NAME... one or more, [NAME...] any number; a|b lists the only words allowed;
 * FILE, DIR and PATH complete as paths.  Flags: JSON takes --json; NODATA runs without a data folder and its luling.conf; JSON_NODATA. */
#define LL_COMMANDS(X)                                                                                       \
    X(serve, "serve", "", JSON, "启动服务与控制台网页", "serve the API and the console",                     \
      "监听设置项 listen_address 与 listen_port；收到 SIGTERM 或 SIGINT 后答完手头的请求再退出。",           \
      "Listens on the settings listen_address and listen_port; on SIGTERM or SIGINT it answers what is under way and ends.") \
    X(identify, "identify", "VALUE...", JSON_NODATA, "识别并拆解标识：统一社会信用代码、公民身份号码、组织机构代码、注册号", \
      "take an identifier apart: credit code, resident number, organisation code, registration number",      \
      "说明每一部分的含义；无效时说明错在哪里，应有的校验位是什么。有无效的标识时退出码为 65。",              \
      "Says what each part means and, where one is not valid, what is wrong and which check character is right.  The exit code is 65 " \
      "when any is not valid.")                                                                              \
    X(settings, "settings", "", JSON, "列出所有设置项、当前值及其来源", "list every setting, its value and where it came from", \
      "来源按优先级从低到高：默认值、数据目录下的 luling.conf（名称 = 值，# 开头为注释）、环境变量 LULING_<大写名称>、命令行 --set 名称=值。", \
      "Sources from lowest to highest rank: the default, luling.conf in the data folder (name = value, # starts a comment), the "  \
      "environment (LULING_<NAME>), the command line (--set name=value).")                                   \
    X(errors, "errors", "", JSON_NODATA, "列出所有错误代码、含义和退出码", "list every error code, its meaning and exit code", \
      "", "")                                                                                                \
    X(help, "help", "[COMMAND...]", NODATA, "显示帮助", "show help", "", "")                                 \
    X(completion, "completion", "bash|zsh", NODATA, "输出命令行补全脚本", "print a shell completion script", \
      "bash：luling completion bash > /etc/bash_completion.d/luling；zsh：luling completion zsh > /usr/share/zsh/vendor-completions/_luling。", \
      "bash: luling completion bash > /etc/bash_completion.d/luling; zsh: luling completion zsh > "          \
      "/usr/share/zsh/vendor-completions/_luling.")                                                          \
    X(man, "man", "", NODATA, "输出手册页（roff）", "print the manual page (roff)",                          \
      "阅读：luling man | man -l -", "To read it: luling man | man -l -")
