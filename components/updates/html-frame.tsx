"use client";

import { useRef, useState } from "react";

/** Higher than this and the other previews are out of sight; it scrolls. */
const HEIGHT_MAX = 460;
const HEIGHT_START = 220;

/** HTML as its readers see it: in a frame of its own, without scripts, as high as its content. */
export function HtmlFrame({ title, html }: { title: string; html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(HEIGHT_START);
  function measure(): void {
    const content = frame.current?.contentDocument?.documentElement;
    if (content) setHeight(Math.min(HEIGHT_MAX, Math.max(80, content.scrollHeight)));
  }
  return (
    <iframe
      ref={frame}
      title={title}
      srcDoc={html}
      // Same origin only so that its height can be read; nothing in it may run.
      sandbox="allow-same-origin"
      tabIndex={-1}
      onLoad={measure}
      style={{ height }}
      className="w-full rounded-sm border border-line bg-bg"
    />
  );
}
