import type { Leaf } from "./leaves.ts";

/** How telling a name is for a part of an alert, from 0 to 110. */
type Names = Readonly<Record<string, number>>;

/** Names are compared without their underscores: senders write `rulename`, `ruleName` and `rule_name`. */
function squashed(name: string): string {
  return name.replaceAll("_", "");
}

function ranked(...groups: [number, string][]): Names {
  return Object.fromEntries(
    groups.flatMap(([score, names]) => names.split(/\s+/).map((name) => [squashed(name), score])),
  );
}

export const titleNames = ranked(
  [
    110,
    "problem_title alert_title incident_title event_title issue_title monitor_friendly_name event_definition_title",
  ],
  [106, "title headline short_description"],
  [104, "summary alert_summary"],
  [
    102,
    "subject alertname alert_name alert_rule rule_name monitor_name check_name search_name trigger_name alarm_name",
  ],
  [
    100,
    "alarm_message alert_message condition_name policy_name job_name workflow_name builder_name entity_display_name",
  ],
  [98, "error_message message exception_message"],
  [90, "rule trigger monitor alert check service_desc"],
  [86, "name display_name friendly_name text"],
  [70, "description details result_description event_type_code event_type_name event_description"],
  [71, "exception_class error_class klass info event state_message cause reason msg output"],
  [60, "body type entity_id detail_type test_name"],
);
export const descriptionNames = ranked(
  [106, "description details long_description"],
  [98, "message body text output error_message summary"],
  [80, "reason cause state_message comment notes info"],
);
export const severityNames = ranked(
  [106, "severity alert_severity problem_severity max_severity security_severity_level alarm_level severity_slug"],
  [100, "criticality severity_level event_severity trigger_severity"],
  [92, "priority alert_priority importance importance_level"],
  [84, "urgency"],
  [80, "level alert_level log_level"],
  [70, "impact"],
);
export const statusNames = ranked(
  [112, "alert_transition transition monitor_condition new_state_value incident_status conclusion"],
  [108, "event_action current_state new_state new_status alert_status message_type notification_type alert_event"],
  [106, "state status monitor_status check_state_name problem_state incident_state current_milestone alert_state"],
  [98, "event event_type event_name alert_action trigger_action state_name build_status statusname status_name"],
  [92, "action alert_type subtype webhook_event type trigger alert_type_friendly_name"],
  [70, "level result results outcome severity operation kind"],
);
export const keyNames = ranked(
  [110, "dedup_key dedupkey deduplication_key fingerprint incident_key aggreg_key correlation_key alert_uid"],
  [106, "alias alert_correlation_id alarm_arn event_arn issue_identifier incident_hash"],
  [104, "alert_id incident_id issue_id problem_id alarm_id monitor_id monitor_uuid check_id fault_id error_id item_id"],
  [100, "snitch_id heartbeat_id trigger_id rule_id event_definition_id pid alert_group_id entity_id"],
  [92, "origin_alert_id monitor_key check_key condition_id resource_id connection_id workflow_id"],
  [80, "number id uuid uid key token short_id slug slug_perm"],
  [74, "resources resource_arn"],
  [62, "group_id workspace_id project_id"],
);
export const serviceNames = ranked(
  [110, "service service_name"],
  [104, "application application_name app app_name"],
  [100, "component component_name system"],
  [96, "project project_name repository repository_name repo repo_full_name"],
  [92, "resource_name impacted_entity entity_label entity_name resource_display_name affected_services"],
  [88, "host hostname host_name hostname_and_port server server_name device node agent agent_name canary_name"],
  [84, "cluster_name workspace workspace_name dataset stream job"],
  [80, "instance pod container_name resource target namespace cluster entity environment_name"],
  [72, "monitor monitor_name check_name url target_url monitor_url request_url"],
  [60, "source"],
);
export const linkNames = ranked(
  [110, "permalink html_url web_url alert_url incident_url problem_url issue_url link_to_upstream_details"],
  [104, "url link web_link href result_url rule_url panel_url dashboard_url details_url build_url console_url"],
  [96, "generator_url external_url target_url monitor_url report_url results_link source_url"],
);

/** What surrounds the alert itself, and what surrounds people, code and machinery. */
const CLOSE = new Set(
  "alert alerts incident issue problem event monitor check item error data essentials annotations labels payload detail details snitch trigger rule fault alert_group issue_details violation condition alarm notification resource_data context event_data attributes webhook_event_data triggered_condition heartbeat service service_name application app project component host agent repository labels fields entity resource".split(
    " ",
  ),
);
const FAR = new Set(
  "user users actor author owner owners sender organization organisation account team creator committer commit contact webhook hook integration documentation assignee assigned assignments pusher license requester policy channel tenant plan enterprise installation browser os device headers request response env sdk account pull merge user_data performer responder escalation".split(
    " ",
  ),
);
/** Things that something runs on or belongs to: their names are no titles, their ids no keys. */
export const THING = new Set(
  "service application app component project repository host agent workspace node device cluster org page dataset stream".split(
    " ",
  ),
);

function isFar(name: string): boolean {
  return FAR.has(name) || name.split("_").some((word) => word !== "device" && word !== "request" && FAR.has(word));
}

/** The name and what stands around it, as a score; 0 for a name that tells nothing. */
export function nameScore(names: Names, leaf: Leaf): number {
  const base = names[squashed(leaf.name)] ?? 0;
  if (base === 0) return 0;
  const around = (CLOSE.has(leaf.parent) ? 5 : 0) - (leaf.path.some(isFar) ? 70 : 0);
  return Math.max(0, base + around - leaf.depth * 4);
}
