/* pdf_font.c - the font of our PDFs: the first of a list of families that is installed and has Chinese. */
#include "report/pdf_impl.h"

#include <pango/pangocairo.h>
#include <pthread.h>

/* WenQuanYi first: its subsets are small and quick to make (a page takes 5 ms and 42 KB; Noto CJK 40 ms and 935 KB). */
static const char *const families[] = {"WenQuanYi Zen Hei",  "WenQuanYi Micro Hei", "Noto Sans CJK SC",
                                       "Source Han Sans SC", "Sarasa UI SC",        "Droid Sans Fallback",
                                       "AR PL UMing CN"};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *found;

static bool has_chinese(PangoFontMap *map, PangoContext *context, const char *family)
{
    PangoFontDescription *want = pango_font_description_new();
    pango_font_description_set_family_static(want, family);
    pango_font_description_set_size(want, 10 * PANGO_SCALE);
    PangoFont *font = pango_font_map_load_font(map, context, want);
    bool has = false;

    if (font) { /* fontconfig answers with some font whatever is asked for: is it this one? */
        PangoFontDescription *got = pango_font_describe(font);
        const char *name = pango_font_description_get_family(got);
        has = name && g_ascii_strcasecmp(name, family) == 0 && pango_font_has_char(font, 0x5e90) &&
              pango_font_has_char(font, 0x9675);
        pango_font_description_free(got);
        g_object_unref(font);
    }
    pango_font_description_free(want);
    return has;
}

static void find(void)
{
    PangoFontMap *map = pango_cairo_font_map_get_default();
    PangoContext *context = pango_font_map_create_context(map);

    for (size_t i = 0; i < LL_COUNT(families) && !found; i++)
        if (has_chinese(map, context, families[i]))
            found = families[i];
    g_object_unref(context);
}

int ll_pdf_font(const char **ret_family, struct ll_err *err)
{
    pthread_once(&once, find);
    if (!found)
        return ll_fail(
            err, LL_INVALID, "没有安装中文字体，无法生成 PDF：请安装 Debian 软件包 fonts-wqy-zenhei 后重启",
            "no Chinese font is installed, so no PDF can be made: install the Debian package fonts-wqy-zenhei and restart");
    *ret_family = found;
    return LL_OK;
}
