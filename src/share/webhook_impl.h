/* webhook_impl.h - what the parts of webhook.h share: webhook.c keeps subscriptions, webhook_due.c says what is to be sent. */
#ifndef LL_SHARE_WEBHOOK_IMPL_H
#define LL_SHARE_WEBHOOK_IMPL_H

#include "share/gateway_impl.h"
#include "share/webhook.h"

#endif
