"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Nearer than this to the end counts as at the end. */
const NEAR_PX = 80;
/** Nearer than this to the start, what came before is read. */
const NEAR_START_PX = 600;

type Bottom = {
  box: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  /** Something new lies below what is shown. */
  hasNews: boolean;
  toBottom: () => void;
  /** The reader goes elsewhere. */
  leave: () => void;
};

type List = {
  /** The first and last entry that are drawn. */
  first: string | undefined;
  last: string | undefined;
  onNearStart: () => void;
};

/**
 * Keeps a scrolling list at its end while the reader is there, says when there is news further down, and holds what
 * is being read in its place when older entries come above it.
 */
export function useBottom({ first, last, onNearStart }: List): Bottom {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const belowPx = useRef(0);
  const [hasNews, setNews] = useState(false);
  const measure = useCallback(() => {
    const element = box.current;
    if (element) belowPx.current = element.scrollHeight - element.scrollTop;
  }, []);
  const toBottom = useCallback(() => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    isAtEnd.current = true;
    measure();
    setNews(false);
  }, [measure]);
  const leave = useCallback(() => {
    isAtEnd.current = false;
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when the list got another end.
  useLayoutEffect(() => {
    if (isAtEnd.current) toBottom();
    else setNews(true);
  }, [last, toBottom]);
  const lastFirst = useRef(first);
  useLayoutEffect(() => {
    const element = box.current;
    if (element && lastFirst.current !== first && !isAtEnd.current) {
      element.scrollTop = element.scrollHeight - belowPx.current;
    }
    lastFirst.current = first;
  }, [first]);
  useEffect(() => {
    const element = box.current?.firstElementChild;
    if (!element) return;
    // Images come late, notes grow while they are written, and panels change their width.
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) toBottom();
      else measure();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [toBottom, measure]);
  const onScroll = useCallback(() => {
    const element = box.current;
    if (!element) return;
    measure();
    isAtEnd.current = belowPx.current - element.clientHeight < NEAR_PX;
    if (isAtEnd.current) setNews(false);
    else if (element.scrollTop < NEAR_START_PX) onNearStart();
  }, [measure, onNearStart]);
  return { box, onScroll, hasNews, toBottom, leave };
}
