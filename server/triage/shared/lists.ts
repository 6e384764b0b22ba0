/** Waves of one triage incident: with the pauses below about a day, after which it is no longer news. */
export const TELL_WAVES_MAX = 24;
/** Once the fallback list was told, pauses double up to this: by then those who can hear have heard. */
export const REPEAT_PAUSE_MINUTES_MAX = 60;
/** People whose first look at a triage incident stands in its timeline; with more it would be a list of visitors. */
export const SEEN_ENTRIES_MAX = 5;
/** Incidents that are suggested for a merge; whoever looks further searches. */
export const SUGGESTIONS_MAX = 5;
/** Alerts that are ended at their sources with one decision; a storm of more ends there by itself. */
export const SOURCE_ENDS_MAX = 50;
/** Deliveries that a room shows of those who were told, the ones with trouble first. */
export const TOLD_SHOWN_MAX = 50;
