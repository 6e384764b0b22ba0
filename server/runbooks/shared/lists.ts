/** As long as Markdown is rendered; a longer text is a handbook: keep it elsewhere and give its address. */
export const RUNBOOK_LENGTH_MAX = 32 * 1024;
/** Steps of one runbook that become tasks; a longer checklist is several runbooks. */
export const RUNBOOK_STEPS_MAX = 100;
/** Runbooks that one room lists. */
export const RUNBOOKS_MAX = 50;
