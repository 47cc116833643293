// Ant Design with our own tokens, language and colours; loaded only with pages and parts that use it.
import { ConfigProvider, theme as themes } from "antd";
import en from "antd/locale/en_US";
import zh from "antd/locale/zh_CN";
import type { ReactNode } from "react";
import { useText } from "../text";
import { useDark } from "./theme";

const FONT = 'system-ui, "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Zen Hei", sans-serif';

// The same colours as app.css: there as custom properties, here as antd works its shades out from them.
const light = { colorPrimary: "#0f5f5c", colorSuccess: "#14693c", colorWarning: "#855000", colorError: "#a3261e", colorInfo: "#0f5f5c", colorTextBase: "#1c2624", colorBgBase: "#ffffff" };
const dark = { colorPrimary: "#6cc7bf", colorSuccess: "#7fd6a2", colorWarning: "#f0c274", colorError: "#f5a097", colorInfo: "#6cc7bf", colorTextBase: "#e6ecea", colorBgBase: "#1a2321", colorTextLightSolid: "#0c1f1d" };

export function Antd({ children }: { children: ReactNode }) {
  const { lang } = useText();
  const isDark = useDark();
  return (
    <ConfigProvider
      locale={lang === "zh" ? zh : en}
      theme={{
        algorithm: isDark ? themes.darkAlgorithm : themes.defaultAlgorithm,
        token: { ...(isDark ? dark : light), fontFamily: FONT, fontSize: 15, borderRadius: 8, controlHeight: 38, wireframe: false },
      }}
    >
      {children}
    </ConfigProvider>
  );
}
