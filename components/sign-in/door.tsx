import type { ReactNode } from "react";

type Props = { title: string; children: ReactNode };

/** The frame of the pages outside: a heading and one thing to do. */
export function Door({ title, children }: Props) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center gap-5 px-4 py-10">
      <p className="text-[15px] font-semibold tracking-tight">Muster</p>
      <div className="flex flex-col gap-4 rounded-lg border border-line bg-panel p-5">
        <h1 className="text-xl font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
