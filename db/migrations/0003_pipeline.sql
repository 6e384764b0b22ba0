CREATE TABLE "alert_ends" (
	"integration_id" uuid NOT NULL,
	"dedup_key" text NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "alert_ends_integration_id_dedup_key_pk" PRIMARY KEY("integration_id","dedup_key")
);
--> statement-breakpoint
CREATE TABLE "alert_groups" (
	"key" text PRIMARY KEY NOT NULL,
	"incident_id" uuid,
	"service_id" uuid,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	"recent" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"evidence" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_mutes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"condition" text,
	"service_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"created_by_id" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "alert_routes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"is_default" boolean DEFAULT false NOT NULL,
	"condition" text NOT NULL,
	"set_service_id" uuid,
	"set_severity" text,
	"set_team" text,
	"suppress" boolean DEFAULT false NOT NULL,
	"group_by" text[] DEFAULT '{}'::text[] NOT NULL,
	"group_window_minutes" integer,
	"group_window_kind" text DEFAULT 'fixed' NOT NULL,
	"threshold_count" integer,
	"threshold_minutes" integer,
	"debounce_minutes" integer NOT NULL,
	"correlate" boolean DEFAULT true NOT NULL,
	"opens" text DEFAULT 'triage' NOT NULL,
	"auto_resolve" text DEFAULT 'never' NOT NULL,
	"stale_after_minutes" integer,
	"tell_emails" text[] DEFAULT '{}'::text[] NOT NULL,
	"tell_sealed" text,
	"version" integer DEFAULT 1 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "alert_routes_threshold_is_whole" CHECK (("alert_routes"."threshold_count" is null) = ("alert_routes"."threshold_minutes" is null))
);
--> statement-breakpoint
CREATE TABLE "alert_routing" (
	"name" text PRIMARY KEY NOT NULL,
	"revision" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"integration_id" uuid,
	"source" text NOT NULL,
	"dedup_key" text NOT NULL,
	"title" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT '' NOT NULL,
	"service_id" uuid,
	"service_name" text,
	"by" text,
	"links" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"labels" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "forwards" (
	"intake_id" uuid PRIMARY KEY NOT NULL,
	"method" text NOT NULL,
	"path" text DEFAULT '' NOT NULL,
	"headers_sealed" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"sent_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "heartbeats" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"integration_id" uuid NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"interval_seconds" integer NOT NULL,
	"alert_message" text,
	"alert_severity" text DEFAULT 'error' NOT NULL,
	"alert_tags" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"owner_team" text,
	"last_ping_at" timestamp (3) with time zone,
	"due_at" timestamp (3) with time zone,
	"missing_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "silences" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"integration_id" uuid NOT NULL,
	"matchers" jsonb NOT NULL,
	"starts_at" timestamp (3) with time zone NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL,
	"created_by" text NOT NULL,
	"comment" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_aliases" (
	"service_id" uuid NOT NULL,
	"alias" text NOT NULL,
	CONSTRAINT "service_aliases_service_id_alias_pk" PRIMARY KEY("service_id","alias")
);
--> statement-breakpoint
CREATE TABLE "service_dependencies" (
	"service_id" uuid NOT NULL,
	"depends_on_id" uuid NOT NULL,
	CONSTRAINT "service_dependencies_service_id_depends_on_id_pk" PRIMARY KEY("service_id","depends_on_id"),
	CONSTRAINT "service_dependencies_not_itself" CHECK ("service_dependencies"."service_id" <> "service_dependencies"."depends_on_id")
);
--> statement-breakpoint
CREATE TABLE "tellings" (
	"incident_id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"wave" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "first_reported_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "route_id" uuid;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "team" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "as_reported" jsonb;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "group_key" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "opened" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "held_for_id" uuid;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "recent_starts" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "flaps" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "flapping_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "folded_status" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "due_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "holds_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "ending" jsonb;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "details" jsonb;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "sns_topic" text;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "tell_sealed" text;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "tier" smallint;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "team" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "links" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "alert_groups" ADD CONSTRAINT "alert_groups_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_groups" ADD CONSTRAINT "alert_groups_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_mutes" ADD CONSTRAINT "alert_mutes_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_routes" ADD CONSTRAINT "alert_routes_set_service_id_services_id_fk" FOREIGN KEY ("set_service_id") REFERENCES "public"."services"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_integration_id_integrations_id_fk" FOREIGN KEY ("integration_id") REFERENCES "public"."integrations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "changes" ADD CONSTRAINT "changes_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forwards" ADD CONSTRAINT "forwards_intake_id_intakes_id_fk" FOREIGN KEY ("intake_id") REFERENCES "public"."intakes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "heartbeats" ADD CONSTRAINT "heartbeats_integration_id_integrations_id_fk" FOREIGN KEY ("integration_id") REFERENCES "public"."integrations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "silences" ADD CONSTRAINT "silences_integration_id_integrations_id_fk" FOREIGN KEY ("integration_id") REFERENCES "public"."integrations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_aliases" ADD CONSTRAINT "service_aliases_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_dependencies" ADD CONSTRAINT "service_dependencies_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_dependencies" ADD CONSTRAINT "service_dependencies_depends_on_id_services_id_fk" FOREIGN KEY ("depends_on_id") REFERENCES "public"."services"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tellings" ADD CONSTRAINT "tellings_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_ends_received_idx" ON "alert_ends" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "alert_groups_incident_idx" ON "alert_groups" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "alert_mutes_until_idx" ON "alert_mutes" USING btree ("until_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_routes_default_idx" ON "alert_routes" USING btree ("is_default") WHERE "alert_routes"."is_default";--> statement-breakpoint
CREATE UNIQUE INDEX "changes_key_idx" ON "changes" USING btree (coalesce("integration_id", '00000000-0000-0000-0000-000000000000'::uuid),"dedup_key");--> statement-breakpoint
CREATE INDEX "changes_at_idx" ON "changes" USING btree ("at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "changes_service_idx" ON "changes" USING btree ("service_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "heartbeats_name_idx" ON "heartbeats" USING btree ("integration_id","name");--> statement-breakpoint
CREATE INDEX "heartbeats_due_idx" ON "heartbeats" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "silences_ends_idx" ON "silences" USING btree ("integration_id","ends_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "service_aliases_alias_idx" ON "service_aliases" USING btree (lower("alias"));--> statement-breakpoint
CREATE INDEX "service_dependencies_depends_on_idx" ON "service_dependencies" USING btree ("depends_on_id");--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_route_id_alert_routes_id_fk" FOREIGN KEY ("route_id") REFERENCES "public"."alert_routes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_held_for_id_incidents_id_fk" FOREIGN KEY ("held_for_id") REFERENCES "public"."incidents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_due_idx" ON "alerts" USING btree ("due_at") WHERE "alerts"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_unplaced_idx" ON "alerts" USING btree ("group_key") WHERE "alerts"."incident_id" is null and "alerts"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_held_idx" ON "alerts" USING btree ("held_for_id") WHERE "alerts"."held_for_id" is not null;--> statement-breakpoint
CREATE INDEX "alerts_first_idx" ON "alerts" USING btree ("first_at" DESC NULLS LAST,"id");--> statement-breakpoint
ALTER TABLE "services" ADD CONSTRAINT "services_tier_range" CHECK ("services"."tier" between 1 and 4);