"use client";
export { WholePageError as default } from "#/components/shell/page-error.tsx";
