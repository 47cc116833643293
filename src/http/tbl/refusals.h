/* refusals.h - what the server itself refuses before any domain function is asked: code, HTTP status, zh, en. */
#define LL_REFUSALS(X)                                                                                       \
    X(NOT_FOUND, 404, "没有这个地址", "there is nothing at this address")                                    \
    X(METHOD_NOT_ALLOWED, 405, "此地址不支持这种方法，可用的见 Allow 头",                                    \
      "this address does not take that method; the Allow header lists those it takes")                       \
    X(LENGTH_REQUIRED, 411, "请求须写明 Content-Length 或分块传输",                                          \
      "the request needs a Content-Length or chunked transfer")                                              \
    X(BODY_TOO_LARGE, 413, "请求正文超过此地址的上限", "the body is larger than this address takes")         \
    X(URI_TOO_LONG, 414, "请求地址过长", "the request address is too long")                                  \
    X(HOST_REFUSED, 421, "Host 头不是本服务的名称（设置 server_names）", "the Host header is no name of this server (setting server_names)") \
    X(CERTIFICATE_REFUSED, 403, "客户端证书不是认可的机构签发的，或已过期", "the client certificate is not of an accepted authority, or has ended") \
    X(ORIGIN_REFUSED, 403, "来自其他网站的页面不得提交", "a page of another site may not send this request") \
    X(BODY_TIMEOUT, 408, "请求正文传得太慢", "the body arrived too slowly")                                  \
    X(LOCKED, 503, "平台的密钥打不开，无法记入存证日志，因此不作任何答复；请运维人员查看服务日志",           \
      "the platform's keys cannot be opened, so that nothing can be journalled and nothing is answered; the operator finds why in the server's log") \
    X(STOPPING, 503, "服务正在停止", "the server is stopping")
