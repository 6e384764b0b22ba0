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
	"tell_list_ids" text[] DEFAULT '{}'::text[] NOT NULL,
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
CREATE TABLE "service_dependencies" (
	"service_id" uuid NOT NULL,
	"depends_on_id" uuid NOT NULL,
	CONSTRAINT "service_dependencies_service_id_depends_on_id_pk" PRIMARY KEY("service_id","depends_on_id")
);
--> statement-breakpoint
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
ALTER TABLE "alert_groups" ADD CONSTRAINT "alert_groups_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_groups" ADD CONSTRAINT "alert_groups_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_mutes" ADD CONSTRAINT "alert_mutes_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alert_routes" ADD CONSTRAINT "alert_routes_set_service_id_services_id_fk" FOREIGN KEY ("set_service_id") REFERENCES "public"."services"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_dependencies" ADD CONSTRAINT "service_dependencies_service_id_services_id_fk" FOREIGN KEY ("service_id") REFERENCES "public"."services"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_dependencies" ADD CONSTRAINT "service_dependencies_depends_on_id_services_id_fk" FOREIGN KEY ("depends_on_id") REFERENCES "public"."services"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_ends_received_idx" ON "alert_ends" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "alert_groups_incident_idx" ON "alert_groups" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "alert_mutes_until_idx" ON "alert_mutes" USING btree ("until_at");--> statement-breakpoint
CREATE UNIQUE INDEX "alert_routes_default_idx" ON "alert_routes" USING btree ("is_default") WHERE "alert_routes"."is_default";--> statement-breakpoint
CREATE INDEX "service_dependencies_depends_on_idx" ON "service_dependencies" USING btree ("depends_on_id");--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_route_id_alert_routes_id_fk" FOREIGN KEY ("route_id") REFERENCES "public"."alert_routes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_held_for_id_incidents_id_fk" FOREIGN KEY ("held_for_id") REFERENCES "public"."incidents"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alerts_due_idx" ON "alerts" USING btree ("due_at") WHERE "alerts"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_unplaced_idx" ON "alerts" USING btree ("group_key") WHERE "alerts"."incident_id" is null and "alerts"."status" <> 'resolved';--> statement-breakpoint
CREATE INDEX "alerts_held_idx" ON "alerts" USING btree ("held_for_id") WHERE "alerts"."held_for_id" is not null;--> statement-breakpoint
CREATE INDEX "alerts_first_idx" ON "alerts" USING btree ("first_at" DESC NULLS LAST,"id");