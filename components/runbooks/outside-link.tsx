/** A runbook that is kept elsewhere: its own tab, which learns nothing of this one. */
export function OutsideLink({ url, name = "Open its page" }: { url: string; name?: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="inline-flex min-h-7 items-center gap-1 text-s text-accent underline max-[900px]:min-h-11"
    >
      <span className="min-w-0 wrap-anywhere">{name}</span>
      <span aria-hidden="true">↗</span>
      <span className="sr-only"> (new tab)</span>
    </a>
  );
}
