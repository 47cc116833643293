/* cmd_actor.h - commands that somebody must answer for: who acts, in one write transaction on the data folder. */
#ifndef LL_CLI_CMD_ACTOR_H
#define LL_CLI_CMD_ACTOR_H

#include "cli/out.h"
#include "cli/session.h"
#include "share/flow.h"

/* An open data folder with its catalogue, and a transaction. */
struct ll_desk {
    struct ll_data *data;
    struct ll_catalog *catalog;
    struct ll_txn *tx; /* NULL where none was asked for */
    struct ll_arena *arena;
};
enum ll_desk_use { LL_DESK_READ, LL_DESK_WRITE, LL_DESK_STORE };
int ll_desk_open(struct ll_cli *c, enum ll_desk_use use, struct ll_desk *ret, struct ll_err *err) LL_MUST;
void ll_desk_close(struct ll_desk *d);

enum { LL_DESK_SHOWN = 200 }; /* rows that a list asks for */
/* Puts the rows that the command's options ask for; *total: how many there are in all, which stays 0 where all were asked for. */
typedef int ll_desk_rows_fn(struct ll_cli *c, struct ll_desk *d, struct ll_grid *t, int64_t *total,
                            struct ll_err *err);
/* A list, in a read transaction; below it how many there are when it shows but the first. */
int ll_desk_list(struct ll_cli *c, const struct ll_column *columns, size_t n, ll_desk_rows_fn *rows,
                 struct ll_err *err) LL_MUST;
/* One object, in a read transaction. */
typedef int ll_desk_show_fn(struct ll_cli *c, struct ll_desk *d, const char *id, struct ll_err *err);
int ll_desk_show(struct ll_cli *c, const char *id, ll_desk_show_fn *show, struct ll_err *err) LL_MUST;

/* The actor of LL_ACTOR_OPTIONS, whose first option is `as`. */
int ll_desk_actor(struct ll_cli *c, enum ll_option_id as, struct ll_actor *ret, struct ll_err *err) LL_MUST;
/* The step of LL_REASON_OPTIONS beside them, whose first option is `reason`. */
struct ll_flow_act ll_desk_act(const struct ll_cli *c, const char *action, const struct ll_actor *actor,
                               enum ll_option_id reason);
/* Makes the step of an object's flow and shows what it came to. */
typedef int ll_desk_step_fn(struct ll_cli *c, struct ll_desk *d, const char *id,
                            const struct ll_flow_act *act, struct ll_err *err);
/* `action` on object `id` by the actor and for the reason of those options, in one write transaction, which is kept when the step
 * succeeds. */
int ll_desk_step(struct ll_cli *c, const char *action, const char *id, enum ll_option_id as,
                 enum ll_option_id reason, ll_desk_step_fn *step, struct ll_err *err) LL_MUST;
/* A whole number given with an option; 0 when it is not given. */
int ll_desk_number(const struct ll_cli *c, enum ll_option_id option, int64_t *ret,
                   struct ll_err *err) LL_MUST;
/* What happened to an object, as a list below its card. */
int ll_desk_history(struct ll_cli *c, struct ll_desk *d, enum ll_flow flow, const char *id,
                    struct ll_err *err) LL_MUST;
/* With --json: "history" as an array. */
int ll_desk_history_json(struct ll_desk *d, struct ll_json *j, enum ll_flow flow, const char *id,
                         struct ll_err *err) LL_MUST;
void ll_grid_state(struct ll_cli *c, struct ll_grid *t, enum ll_state s);

#endif
