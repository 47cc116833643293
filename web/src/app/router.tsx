// The pages under the shell.
import { createBrowserRouter, type RouteObject } from "react-router";
import { Missing } from "./Missing";
import { PageFailed } from "./PageFailed";
import { pages } from "./pages";
import { Shell } from "./Shell";

const rows: RouteObject[] = pages.map(({ path, load, section }) => ({
  path,
  handle: section,
  errorElement: <PageFailed />,
  lazy: async () => ({ Component: (await load()).default }),
}));

export const makeRouter = () =>
  createBrowserRouter([{ element: <Shell />, errorElement: <PageFailed />, hydrateFallbackElement: <></>, children: [...rows, { path: "*", element: <Missing /> }] }]);
