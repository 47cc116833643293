// The pages under the shell, and those that stand alone.
import { Suspense } from "react";
import { createBrowserRouter, Outlet, type RouteObject } from "react-router";
import { Missing } from "./Missing";
import { PageFailed } from "./PageFailed";
import { pages, type PageRow } from "./pages";
import { Shell } from "./Shell";

const row = ({ path, load, section }: PageRow): RouteObject => ({
  path,
  handle: section,
  errorElement: <PageFailed />,
  lazy: async () => ({ Component: (await load()).default }),
});

export const makeRouter = () =>
  createBrowserRouter([
    { element: <Suspense><Outlet /></Suspense>, errorElement: <PageFailed />, hydrateFallbackElement: <></>, children: pages.filter((p) => p.bare).map(row) },
    { element: <Shell />, errorElement: <PageFailed />, hydrateFallbackElement: <></>, children: [...pages.filter((p) => !p.bare).map(row), { path: "*", element: <Missing /> }] },
  ]);
