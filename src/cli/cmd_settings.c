/* cmd_settings.c - settings: what is set, and by whom. */
#include "cli/out.h"

int ll_cmd_settings(struct ll_cli *c, struct ll_err *err)
{
    static const struct ll_column columns[] = {{"name", "名称", "name", LL_LEFT},
                                               {"value", "值", "value", LL_LEFT},
                                               {"unit", "单位", "unit", LL_LEFT},
                                               {"origin", "来源", "origin", LL_LEFT},
                                               {"help", "含义", "meaning", LL_LEFT}};
    struct ll_grid *t = ll_grid_new(c, columns, LL_COUNT(columns));
    struct ll_buf value = LL_BUF_INIT(LL_ERR_TEXT * 4);

    for (size_t i = 0; i < ll_setting_count(); i++) {
        const struct ll_setting *s = ll_setting_at(i);
        ll_buf_clear(&value);
        enum ll_origin from = ll_config_show(c->config, i, &value);
        if (c->opts[LL_OPT_settings_changed] && from == LL_FROM_DEFAULT)
            continue;
        ll_grid_z(t, s->name);
        ll_grid_str(t, ll_buf_view(&value));
        ll_grid_z(t, s->unit);
        ll_grid_word(t, ll_origin_title(from, LL_EN), ll_origin_title(from, c->lang));
        ll_grid_z(t, ll_say(c, s->zh, s->en));
    }
    ll_buf_free(&value);
    return ll_grid_end(t, err);
}
