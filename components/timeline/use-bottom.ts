"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Nearer than this to the end counts as at the end. */
const NEAR_PX = 80;

type Bottom = {
  box: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  /** Something new lies below what is shown. */
  hasNews: boolean;
  toBottom: () => void;
};

/** Keeps a scrolling list at its end while the reader is there, and says when there is news further down. */
export function useBottom(count: number): Bottom {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [hasNews, setNews] = useState(false);
  const toBottom = useCallback(() => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    isAtEnd.current = true;
    setNews(false);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the number of entries changes.
  useLayoutEffect(() => {
    if (isAtEnd.current) toBottom();
    else setNews(true);
  }, [count, toBottom]);
  useEffect(() => {
    const element = box.current?.firstElementChild;
    if (!element) return;
    // Images come late, notes grow while they are written, and panels change their width.
    const observer = new ResizeObserver(() => isAtEnd.current && toBottom());
    observer.observe(element);
    return () => observer.disconnect();
  }, [toBottom]);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    if (isAtEnd.current) setNews(false);
  }, []);
  return { box, onScroll, hasNews, toBottom };
}
