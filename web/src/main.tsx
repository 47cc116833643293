// Begins: asks who is signed in and draws the page that the address names.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { ApiFailure } from "#send";
import "./app.css";
import { makeRouter } from "./app/router";
import { startTheme } from "./app/theme";
import { sessionQuery } from "./session";

const RETRIES = 2;

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 0,
      gcTime: 60_000,
      refetchOnWindowFocus: false,
      // An answer that says no will say no again; only silence is asked again.
      retry: (times, error) => times < RETRIES && error instanceof ApiFailure && error.failure.status === 0,
    },
  },
});

/** A refusal of the server is told on the page; anything else is a fault of ours. */
const note = (error: unknown): void => {
  if (!(error instanceof ApiFailure)) console.error(error);
};

startTheme();
void client.prefetchQuery(sessionQuery);
createRoot(document.querySelector("#app")!, { onCaughtError: note }).render(
  <QueryClientProvider client={client}>
    <RouterProvider router={makeRouter()} onError={note} />
  </QueryClientProvider>,
);
