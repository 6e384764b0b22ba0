"use client";

import { Button } from "#/components/ui/button.tsx";

type Props = { error: Error & { digest?: string }; reset: () => void };

/** What a page shows when it could not be rendered; the digest finds the cause in the server's log. */
export function PageError({ error, reset }: Props) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 p-6">
      <h1 className="text-xl font-semibold">This page could not be shown</h1>
      <p className="text-muted">
        Nothing that was saved is lost. Try again; if it stays so, the server's log has the reason
        {error.digest ? ` under ${error.digest}` : ""}.
      </p>
      <div className="flex gap-2">
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
        {/* A whole load on purpose: the page's code itself may be what failed. */}
        <a href="/incidents" className="inline-flex min-h-[34px] items-center px-2 text-accent underline">
          All incidents
        </a>
      </div>
    </main>
  );
}

/** The same when even the layout failed: it brings its own document, and no style but the browser's. */
export function WholePageError({ reset }: Props) {
  return (
    <html lang="en">
      <body style={{ fontFamily: "system-ui, sans-serif", padding: 24 }}>
        <h1>This page could not be shown</h1>
        <p>Nothing that was saved is lost. Try again; if it stays so, the server's log has the reason.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
