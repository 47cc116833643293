/* settings.h - everything an operator may set: name, type, min, max, default, unit or choices, flags, help zh, help en.
 *
 * Makes struct ll_settings, the reader of luling.conf, `luling settings`, the manual page and docs/commands.md.
 *   UINT    a whole number within [min, max]
 *   BYTES   a size: bytes, or with KiB, MiB, GiB, TiB
 *   TEXT    min and max count bytes
 *   CHOICE  one of the words in the unit column; the field holds its position, from 0
 * Flag NOFILE: may not stand in luling.conf, because the file is found with it. */
#define LL_SETTINGS(X)                                                                                       \
    X(data_dir, TEXT, 1, 900, "data", "", NOFILE,                                                            \
      "数据目录：控制库、收件箱、数据湖和服务表都在其中", "The data folder: control database, inbox, lake and service tables") \
    X(lang, CHOICE, 0, 0, "auto", "auto|zh|en", PLAIN,                                                       \
      "输出语言；auto 按 LC_ALL、LC_MESSAGES、LANG 判断，英文环境用英文，其余用中文",                        \
      "Language of output; auto reads LC_ALL, LC_MESSAGES, LANG: English for en*, otherwise Chinese")        \
    X(log_level, CHOICE, 0, 0, "info", "debug|info|warn|error", PLAIN,                                       \
      "写到标准错误的日志的最低级别", "Lowest level of the log lines on standard error")                     \
    X(threads, UINT, 0, 256, "0", "", PLAIN,                                                                 \
      "一个作业使用的线程数；0 表示处理器核数", "Threads of one job; 0 means as many as there are processors") \
    X(duckdb_memory, BYTES, 67108864, 1099511627776, "1GiB", "", PLAIN,                                      \
      "DuckDB 可用的内存上限，超出时溢写到工作目录", "Memory that DuckDB may use; beyond it, it spills to the work folder") \
    X(max_upload, BYTES, 1024, 17592186044416, "16GiB", "", PLAIN,                                           \
      "一次交付的文件大小上限", "Largest file of one delivery")                                              \
    X(max_decompressed, BYTES, 1024, 17592186044416, "64GiB", "", PLAIN,                                     \
      "压缩的交付解压后的大小上限（防压缩炸弹）", "Most bytes that a compressed delivery may expand to (zip bombs)") \
    X(max_record, BYTES, 1024, 268435456, "16MiB", "", PLAIN,                                                \
      "一行（一条记录）的字节上限，更长的行进隔离区", "Longest row in bytes; a longer one goes to quarantine") \
    X(max_columns, UINT, 1, 10000, "2000", "", PLAIN,                                                        \
      "一个文件的列数上限", "Most columns of one file")                                                      \
    X(change_limit, UINT, 0, 100, "30", "%", PLAIN,                                                          \
      "资源未自定时的变更上限：一次交付要删除或改动的比例超过它时等待确认",                                  \
      "Change limit of resources that state none: a delivery that deletes or changes more waits for confirmation") \
    X(max_conns, UINT, 1, 256, "8", "", PLAIN,                                                               \
      "控制库的连接数上限", "Most connections to the control database")                                      \
    X(busy_ms, UINT, 0, 600000, "5000", "ms", PLAIN,                                                         \
      "写控制库时等待锁的时间上限", "How long a writer waits for the control database's lock")               \
    X(listen_address, TEXT, 2, 64, "127.0.0.1", "", PLAIN,                                                   \
      "luling serve 监听的地址；本机以外的地址须有 HTTPS 或 trusted_proxies",                                 \
      "Address luling serve listens on; one beyond this machine takes HTTPS or trusted_proxies")            \
    X(listen_port, UINT, 0, 65535, "8780", "", PLAIN,                                                        \
      "luling serve 监听的端口；0 表示由系统选一个空闲端口", "Port luling serve listens on; 0 lets the system choose a free one") \
    X(public_origin, TEXT, 0, 200, "", "", PLAIN,                                                            \
      "外人访问平台的网址（如 https://hub.example.gov.cn），授权凭证、签署页面与通行密钥都以它为准，定下后不要改；不给则为 http://localhost:端口（有证书时为 https）", \
      "Address by which others reach the platform (https://hub.example.gov.cn); credentials, signing pages and passkeys go by it, so settle it once; without it http://localhost:PORT, or https with a certificate") \
    X(public_rate, UINT, 1, 60000, "120", "/min", PLAIN,                                                     \
      "一个地址每分钟最多请求无须登录的授权、凭证接口的次数", "How often one address may ask the routes of consents and credentials that need no sign-in, a minute") \
    X(server_names, TEXT, 0, 900, "", "", PLAIN,                                                             \
      "访问本服务可用的主机名，逗号分隔（hub.example.gov.cn）；本机名称、证书中的名称和 public_origin 总是可用",              \
      "Host names by which the server may be called, with commas (hub.example.gov.cn); the loopback's, the certificate's and public_origin's always may") \
    X(tls_certificate, TEXT, 0, 900, "", "", PLAIN,                                                          \
      "HTTPS 的证书文件（PEM，服务器证书在前，中间证书在后）；更换后数秒内生效，不需重启",                   \
      "Certificate for HTTPS (PEM, the server's first, then intermediate ones); a new one serves within seconds, without restart") \
    X(tls_key, TEXT, 0, 900, "", "", PLAIN,                                                                  \
      "该证书的私钥文件（PEM，不加密，不得人人可读）", "Private key of that certificate (PEM, plain, not open to everybody)") \
    X(tls_client_ca, TEXT, 0, 900, "", "", PLAIN,                                                            \
      "签发客户端证书的机构（PEM）；给出后，系统须出示其证书才能调用，人员登录不必",                         \
      "Authorities of client certificates (PEM); where given, systems must show one to call; people who sign in need none") \
    X(trusted_proxies, TEXT, 0, 900, "", "", PLAIN,                                                          \
      "可信代理的网段，空格或逗号分隔（10.0.0.5 10.1.0.0/16）；只有它们说的来源地址与协议才算数",            \
      "Networks of the proxies in front (10.0.0.5 10.1.0.0/16); only their word on a request's origin counts") \
    X(forwarded_header, CHOICE, 0, 0, "x-forwarded-for", "x-forwarded-for|forwarded", PLAIN,                 \
      "代理写哪一种头：X-Forwarded-For 与 X-Forwarded-Proto，或 Forwarded（RFC 7239）；另一种总被忽略",      \
      "Which header the proxies write: X-Forwarded-For with -Proto, or Forwarded (RFC 7239); the other is always ignored") \
    X(signin_rate, UINT, 1, 6000, "20", "/min", PLAIN,                                                       \
      "一个地址每分钟最多尝试登录的次数", "How often one address may try to sign in, a minute")                  \
    X(passkey_approval, CHOICE, 0, 0, "held", "off|held|always", PLAIN,                                      \
      "要紧的办理（审批、授职责、启用系统、冻结等）何时须以通行密钥逐项确认：off 从不，held 账号登记了通行密钥时，always 一律", \
      "When acts of consequence (approving, giving duties, enabling systems, freezing) take a confirmation by passkey: off never, held of accounts that have one, always") \
    X(http_threads, UINT, 1, 256, "4", "", PLAIN,                                                            \
      "luling serve 处理请求的线程数", "Threads of luling serve that answer requests")                       \
    X(views_at_once, UINT, 1, 256, "2", "", PLAIN,                                                           \
      "同时运行的视图查询（场景包的服务与页面）数上限，也总比 http_threads 少一个；再来的回 503 与 Retry-After", \
      "Most queries of views (services and pages of packs) that run at once, and always one less than http_threads; further ones are answered 503 with Retry-After") \
    X(http_conns, UINT, 4, 100000, "1024", "", PLAIN,                                                        \
      "luling serve 同时打开的连接数上限", "Most connections open to luling serve at once")                  \
    X(http_idle_s, UINT, 1, 3600, "60", "s", PLAIN,                                                          \
      "连接在这么久内没有送来完整的请求头或下一段正文就被关闭",                                              \
      "A connection that sends no whole request head, or no further piece of a body, for so long is closed") \
    X(key_passphrase_file, TEXT, 0, 900, "", "", PLAIN,                                                      \
      "平台密钥文件的口令所在的文件（权限 0600）；不给时用 $CREDENTIALS_DIRECTORY/luling-passphrase，再没有则自动生成 <数据目录>.secret", \
      "File with the passphrase of the platform's keys (mode 0600); without it $CREDENTIALS_DIRECTORY/luling-passphrase, and without that <data folder>.secret is made") \
    X(item_cipher, CHOICE, 0, 0, "aes-256-gcm", "aes-256-gcm|sm4-gcm", PLAIN,                                 \
      "三、四级信息项落盘加密所用的算法；已加密的不受影响", "Cipher that items of grades 3 and 4 are sealed with; what is sealed stays as it is") \
    X(journal_origin, TEXT, 3, 200, "luling.local/journal", "", PLAIN,                                       \
      "日志的名称（不含协议的网址，如 hub.example.gov.cn/journal），收据与见证者都以它为准，定下后不要改",   \
      "Name of the journal (an address without scheme, hub.example.gov.cn/journal); receipts and witnesses go by it, so settle it once") \
    X(journal_publish_ms, UINT, 5, 60000, "200", "ms", PLAIN,                                                \
      "日志最迟多久公布一次检查点", "The journal's checkpoint is published this long after an entry at the latest") \
    X(journal_witnesses, TEXT, 0, 900, "", "", PLAIN,                                                        \
      "见证者策略文件（witness、group、quorum 行，写法见 C2SP tlog-policy）；不给则无须联署",                \
      "File with the policy of witnesses (lines witness, group, quorum as in C2SP tlog-policy); without it nobody has to cosign") \
    X(open_licence, TEXT, 8, 300, "https://creativecommons.org/licenses/by/4.0/", "", PLAIN,                 \
      "开放数据所用许可协议的网址", "Address of the licence under which open data are given")                \
    X(looks_commit_s, UINT, 1, 86400, "60", "s", PLAIN,                                                      \
      "每隔多久在日志中承诺一次全部主体的查看清单；其间有人被查看才承诺",                                    \
      "How often the journal commits to all subjects' lists of looks, when anybody was looked at meanwhile") \
    X(indicators_run_s, UINT, 0, 86400, "1800", "s", PLAIN,                                                  \
      "数据更新后自动重算企业指标表，至多隔这么久一次（零点后另算一次）；0 为不自动算", \
      "The table of firms' indicators is computed anew after data came, so often at most, and once after midnight; 0: never by itself") \
    X(export_jobs, UINT, 1, 1000, "2", "", PLAIN,                                                            \
      "一个机构同时进行的导出数上限；批量报告另计，上限相同", "Most exports that one organisation may have under way; bundles of reports count apart, by the same number")              \
    X(export_keep_h, UINT, 1, 8760, "24", "h", PLAIN,                                                        \
      "导出与批量报告的文件保留多久，到期即删除", "How long the file of an export, or of a bundle of reports, is kept before it is removed") \
    X(webhook_networks, TEXT, 0, 900, "", "", PLAIN,                                                         \
      "推送可以连接的内网网段，空格或逗号分隔（10.8.0.0/16）；公网地址总可连接，其余内网、本机、链路、组播地址一律不连", \
      "Internal networks that webhooks may connect to (10.8.0.0/16); public addresses always may be, and no other private, loopback, link-local or multicast one") \
    X(webhook_ca, TEXT, 0, 900, "", "", PLAIN,                                                               \
      "核验接收方证书的机构（PEM）；不给则用系统的", "Authorities that endpoints' certificates are checked against (PEM); the system's unless given") \
    X(webhook_timeout_ms, UINT, 100, 60000, "10000", "ms", PLAIN,                                            \
      "推送一次最长用时", "Longest time that sending one event may take")                                    \
    X(webhook_retry_ms, UINT, 10, 3600000, "2000", "ms", PLAIN,                                              \
      "推送失败后首次重试的间隔，此后每次加倍，至多一小时", "Wait after the first failure of a webhook; twice as long each time, an hour at most") \
    X(webhook_attempts, UINT, 1, 100, "12", "", PLAIN,                                                       \
      "一个事件推送失败多少次后列为死信", "Failures after which an event becomes a dead letter") \
    X(webhook_keep_days, UINT, 1, 3650, "90", "d", PLAIN,                                                    \
      "推送事件与死信保留多久，到期删除并记下条数；暂停中的订阅未送达的也在内",                              \
      "How long events and dead letters of webhooks are kept before they go, and are counted; also those that a paused subscription was not sent") \
    X(watch_changes, UINT, 1, 1000000, "1000000", "", PLAIN,                                                 \
      "一批数据中逐个主体告知的变化至多多少条，更多时告知“数据资源整体更新，请重新查询”",                    \
      "Changes of one batch that are told subject by subject; where there are more, that all is to be asked anew") \
    X(watch_keep_days, UINT, 31, 3650, "400", "d", PLAIN,                                                    \
      "监测事件保留多久，到期删除并记下条数；谁在何时因何被告知仍在存证日志中",                              \
      "How long events of watched subjects are kept before they go, and are counted; who was told of whom, and when, stays in the journal") \
    X(complaint_accept_days, UINT, 1, 60, "3", "d", PLAIN,                                                  \
      "投诉受理并转办的时限（工作日）", "Working days in which a complaint is taken up and forwarded")       \
    X(complaint_answer_days, UINT, 1, 60, "10", "d", PLAIN,                                                 \
      "答复投诉的时限（工作日；由15日折算，未核对原文）", "Working days in which a complaint is answered (from 15 days; the text was not confirmed)") \
    X(complaint_extension_days, UINT, 1, 60, "10", "d", PLAIN,                                              \
      "情况复杂的投诉延长一次的时限（工作日）", "Working days of the one extension of a complex complaint")  \
    X(upward_url, TEXT, 0, 500, "", "", PLAIN,                                                               \
      "上级平台的网址（https://hub.example.gov.cn）；不给则不上报。http 只用于本机", "Address of the upper platform (https://hub.example.gov.cn); without it nothing is reported upward. http is for the machine itself only") \
    X(upward_client, TEXT, 0, 64, "", "", PLAIN,                                                             \
      "本平台在上级平台登记的系统编号；公钥见 luling upward key", "Id under which this platform is registered as a system above; luling upward key shows its public key") \
    X(upward_ca, TEXT, 0, 900, "", "", PLAIN,                                                                \
      "核验上级平台证书的机构（PEM）；不给则用系统的", "Authorities that the upper platform's certificate is checked against (PEM); the system's unless given") \
    X(upward_networks, TEXT, 0, 900, "", "", PLAIN,                                                          \
      "上级平台所在的内网网段（10.8.0.0/16）；公网地址总可连接，其余内网、本机地址须在此列出", "Internal networks in which the upper platform may lie (10.8.0.0/16); public addresses may be connected to, private ones and the machine itself only when they are named here") \
    X(upward_rows, UINT, 1, 50000, "20000", "", PLAIN,                                                       \
      "一份上报报文最多多少条记录", "Most records of one message to the upper platform")                     \
    X(upward_retry_ms, UINT, 10, 3600000, "2000", "ms", PLAIN,                                               \
      "上报失败后首次重试的间隔，此后每次加倍，至多十分钟", "Wait after the first failure to reach the upper platform; twice as long each time, ten minutes at most") \
    X(upward_keep_days, UINT, 1, 3650, "30", "d", PLAIN,                                                     \
      "已有回执的报文保留多久，以备上级平台要求重发", "How long messages are kept after they were acknowledged, should the upper platform ask for them again") \
    X(report_issuer, TEXT, 1, 64, "庐陵数据平台", "", PLAIN,                                                 \
      "出具报告的机构名称，印在报告上，也是平台自签证书的名称", "Who issues reports: printed on them, and the name in the platform's own certificate") \
    X(report_certificate, TEXT, 0, 900, "", "", PLAIN,                                                       \
      "签署报告的证书（PEM，签名证书在前，中间证书在后）；不给则用平台自签的证书（luling key certificate）",  \
      "Certificate that reports are signed with (PEM, the signer's first, then intermediate ones); without it the platform's own (luling key certificate)") \
    X(report_key, TEXT, 0, 900, "", "", PLAIN,                                                               \
      "该证书的私钥文件（PEM，不加密；P-256 或 2048 位以上的 RSA）", "Private key of that certificate (PEM, plain; P-256, or RSA of 2048 bits and more)") \
    X(anomaly_volume_times, UINT, 2, 1000, "5", "times", PLAIN, "一个系统当日调用超过平日（近 14 天）多少倍算异常", \
      "A client's day counts as unusual at this many times its average day (of the last 14)") \
    X(anomaly_volume_min, UINT, 1, 1000000000, "2000", "", PLAIN, "当日调用少于此数的不算异常", \
      "A day with fewer look-ups is never unusual") \
    X(anomaly_night_from, UINT, 0, 23, "22", "h", PLAIN, "非工作时段从几点起（本地时间）", \
      "Unusual hours begin at (local time)") \
    X(anomaly_night_to, UINT, 1, 24, "6", "h", PLAIN, "非工作时段到几点止", \
      "and end at") \
    X(anomaly_night_calls, UINT, 1, 1000000000, "2000", "", PLAIN, "一夜内超过多少次调用算异常", \
      "Calls in one night that are unusual") \
    X(anomaly_run, UINT, 10, 1000000, "100", "", PLAIN, "连续多少个相邻的主键算逐个尝试", \
      "Keys in a row, each next to the one before, that count as trying them out") \
    X(anomaly_miss_percent, UINT, 1, 100, "70", "%", PLAIN, "十分钟内查无记录的比例达到多少算异常", \
      "Share of look-ups within ten minutes that find nothing and are unusual") \
    X(anomaly_miss_min, UINT, 10, 1000000, "200", "", PLAIN, "至少有这么多次查询才计算该比例", \
      "Look-ups from which on that share counts") \
    X(anomaly_officer, UINT, 2, 60000, "10", "", PLAIN, "同一人员一天内查看同一主体多少次算异常", \
      "Looks of one officer at one subject in a day that are unusual") \
    X(anomaly_percent, UINT, 1, 100, "10", "%", PLAIN, "异常未处置时，授权的每秒次数只给这一部分", \
      "Share of a grant's calls a second that is left while a flag is open") \
    X(anomaly_rate, UINT, 1, 1000000, "60", "/min", PLAIN, "授权不限每秒次数的，此时每分钟给多少次", \
      "and calls a minute where the grant has no limit a second") \
    X(looks_delay_max_days, UINT, 1, 730, "180", "d", PLAIN, "依法延迟告知主体的最长天数", \
      "How long a lawful investigation may keep a look from its subject, at most")
