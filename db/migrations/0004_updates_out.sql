CREATE TABLE "audience_destinations" (
	"audience_id" uuid NOT NULL,
	"destination_id" uuid NOT NULL,
	CONSTRAINT "audience_destinations_audience_id_destination_id_pk" PRIMARY KEY("audience_id","destination_id")
);
--> statement-breakpoint
CREATE TABLE "audiences" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"services" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"components" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"severities" text[] DEFAULT '{}'::text[] NOT NULL,
	"emails" text[] DEFAULT '{}'::text[] NOT NULL,
	"slack_channels" text[] DEFAULT '{}'::text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "destinations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"url_sealed" text NOT NULL,
	"url_shown" text NOT NULL,
	"secret_sealed" text,
	"previous_sealed" text,
	"previous_until" timestamp (3) with time zone,
	"events" text[] DEFAULT '{}'::text[] NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"disabled_reason" text,
	"tested_at" timestamp (3) with time zone,
	"test_error" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "maintenance_updates" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"maintenance_id" uuid NOT NULL,
	"public_id" text NOT NULL,
	"status" text NOT NULL,
	"body" text NOT NULL,
	"components" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_notified" boolean NOT NULL,
	"published_by_id" uuid,
	"published_by_name" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"corrected_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "maintenances" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"public_id" text NOT NULL,
	"title" text NOT NULL,
	"status" text DEFAULT 'scheduled' NOT NULL,
	"component_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"verify_minutes" integer DEFAULT 0 NOT NULL,
	"reminders" integer[] DEFAULT '{}'::integer[] NOT NULL,
	"reminded" integer[] DEFAULT '{}'::integer[] NOT NULL,
	"channels" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"mute_service_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"mute_id" uuid,
	"created_by_id" uuid,
	"created_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "maintenances_window_has_length" CHECK ("maintenances"."until_at" > "maintenances"."from_at"),
	CONSTRAINT "maintenances_end_matches_status" CHECK (("maintenances"."status" in ('completed', 'cancelled')) = ("maintenances"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "planned_updates" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"audience" text NOT NULL,
	"content" jsonb NOT NULL,
	"content_before" jsonb,
	"corrects_id" uuid,
	"version" integer DEFAULT 1 NOT NULL,
	"state" text NOT NULL,
	"incident_status" text NOT NULL,
	"publish_at" timestamp (3) with time zone,
	"asked_by_id" uuid,
	"asked_by_name" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"approved_by_id" uuid,
	"approved_by_name" text,
	"approved_at" timestamp (3) with time zone,
	"approved_rule" text,
	"is_bypassed" boolean DEFAULT false NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"ended_by_name" text,
	"ended_at" timestamp (3) with time zone,
	"published_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "planned_updates_scheduled_has_time" CHECK ("planned_updates"."state" <> 'scheduled' or "planned_updates"."publish_at" is not null),
	CONSTRAINT "planned_updates_correction_names_update" CHECK (("planned_updates"."kind" = 'correction') = ("planned_updates"."corrects_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "update_clocks" (
	"incident_id" uuid PRIMARY KEY NOT NULL,
	"pace" text DEFAULT 'usual' NOT NULL,
	"is_promised" boolean DEFAULT false NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"has_spoken" boolean DEFAULT false NOT NULL,
	"due_at" timestamp (3) with time zone,
	"reminded" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "slack_channels" (
	"incident_id" uuid PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"channel_id" text,
	"name" text DEFAULT '' NOT NULL,
	"url" text DEFAULT '' NOT NULL,
	"topic" text DEFAULT '' NOT NULL,
	"invited" text[] DEFAULT '{}'::text[] NOT NULL,
	"unknown" text[] DEFAULT '{}'::text[] NOT NULL,
	"bot_user_id" text DEFAULT '' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	"requested_by_id" uuid,
	"requested_by_name" text NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"archived_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "slack_messages" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" uuid NOT NULL,
	"channel_id" text NOT NULL,
	"ts" text NOT NULL,
	"thread_ts" text,
	"slack_user_id" text NOT NULL,
	"author_id" uuid,
	"author_name" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"edited_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"note_id" uuid,
	"seq" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slack_requests" (
	"id" text PRIMARY KEY NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone,
	"answer" jsonb
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"cause" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "update_drafts" (
	"incident_id" uuid PRIMARY KEY NOT NULL,
	"fields" jsonb NOT NULL,
	"changed_by_name" text NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "update_templates" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"body" text NOT NULL,
	"severities" jsonb NOT NULL,
	"statuses" jsonb NOT NULL,
	"is_holding" boolean DEFAULT false NOT NULL,
	"position" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_subscribers" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text,
	"url_sealed" text NOT NULL,
	"url_hash" text NOT NULL,
	"host" text NOT NULL,
	"components" text[] DEFAULT '{}'::text[] NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"last_sent_at" timestamp (3) with time zone,
	"last_error" text
);
--> statement-breakpoint
ALTER TABLE "deliveries" ALTER COLUMN "incident_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD COLUMN "done_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "is_group" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "showcase" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "only_show_if_degraded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "start_on" date;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "left_status" text DEFAULT 'operational' NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "unexplained_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "unexplained_reminded" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "maintenance_id" uuid;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "destination_id" uuid;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "wordings" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "next_update_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "data_lost" text;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "audiences" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "audience_destinations" ADD CONSTRAINT "audience_destinations_audience_id_audiences_id_fk" FOREIGN KEY ("audience_id") REFERENCES "public"."audiences"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_destinations" ADD CONSTRAINT "audience_destinations_destination_id_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."destinations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_updates" ADD CONSTRAINT "maintenance_updates_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_updates" ADD CONSTRAINT "maintenance_updates_published_by_id_users_id_fk" FOREIGN KEY ("published_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_mute_id_alert_mutes_id_fk" FOREIGN KEY ("mute_id") REFERENCES "public"."alert_mutes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_updates" ADD CONSTRAINT "planned_updates_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_updates" ADD CONSTRAINT "planned_updates_corrects_id_updates_id_fk" FOREIGN KEY ("corrects_id") REFERENCES "public"."updates"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_updates" ADD CONSTRAINT "planned_updates_asked_by_id_users_id_fk" FOREIGN KEY ("asked_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_updates" ADD CONSTRAINT "planned_updates_approved_by_id_users_id_fk" FOREIGN KEY ("approved_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "planned_updates" ADD CONSTRAINT "planned_updates_published_id_updates_id_fk" FOREIGN KEY ("published_id") REFERENCES "public"."updates"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "update_clocks" ADD CONSTRAINT "update_clocks_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_channels" ADD CONSTRAINT "slack_channels_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_channels" ADD CONSTRAINT "slack_channels_requested_by_id_users_id_fk" FOREIGN KEY ("requested_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "update_drafts" ADD CONSTRAINT "update_drafts_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audience_destinations_destination_idx" ON "audience_destinations" USING btree ("destination_id");--> statement-breakpoint
CREATE UNIQUE INDEX "audiences_name_idx" ON "audiences" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "destinations_name_idx" ON "destinations" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "maintenance_updates_public_id_idx" ON "maintenance_updates" USING btree ("public_id");--> statement-breakpoint
CREATE INDEX "maintenance_updates_of_idx" ON "maintenance_updates" USING btree ("maintenance_id","published_at");--> statement-breakpoint
CREATE UNIQUE INDEX "maintenances_public_id_idx" ON "maintenances" USING btree ("public_id");--> statement-breakpoint
CREATE INDEX "maintenances_from_idx" ON "maintenances" USING btree ("from_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "planned_updates_open_idx" ON "planned_updates" USING btree ("incident_id","created_at") WHERE "planned_updates"."state" in ('waiting', 'scheduled', 'declined', 'refused');--> statement-breakpoint
CREATE UNIQUE INDEX "slack_channels_channel_idx" ON "slack_channels" USING btree ("channel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "slack_messages_ts_idx" ON "slack_messages" USING btree ("channel_id","ts");--> statement-breakpoint
CREATE INDEX "slack_messages_seq_idx" ON "slack_messages" USING btree ("incident_id","seq");--> statement-breakpoint
CREATE INDEX "slack_messages_at_idx" ON "slack_messages" USING btree ("incident_id","at");--> statement-breakpoint
CREATE INDEX "slack_requests_received_idx" ON "slack_requests" USING btree ("received_at");--> statement-breakpoint
CREATE UNIQUE INDEX "suppressions_email_idx" ON "suppressions" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_subscribers_url_idx" ON "webhook_subscribers" USING btree ("url_hash");--> statement-breakpoint
CREATE INDEX "webhook_subscribers_created_idx" ON "webhook_subscribers" USING btree ("created_at" DESC NULLS LAST,"id");--> statement-breakpoint
ALTER TABLE "components" ADD CONSTRAINT "components_group_id_components_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."components"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_destination_id_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."destinations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "components_group_idx" ON "components" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "deliveries_destination_idx" ON "deliveries" USING btree ("destination_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_update_destination_idx" ON "deliveries" USING btree ("update_id","destination_id") WHERE "deliveries"."kind" = 'update';--> statement-breakpoint
CREATE INDEX "deliveries_place_idx" ON "deliveries" USING btree ("incident_id","channel","destination");--> statement-breakpoint
CREATE INDEX "deliveries_provider_idx" ON "deliveries" USING btree ("provider_id");--> statement-breakpoint
CREATE INDEX "deliveries_maintenance_idx" ON "deliveries" USING btree ("maintenance_id","created_at");--> statement-breakpoint
ALTER TABLE "components" ADD CONSTRAINT "components_groups_do_not_nest" CHECK (not ("components"."is_group" and "components"."group_id" is not null));--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_have_one_subject" CHECK (("deliveries"."incident_id" is null) <> ("deliveries"."maintenance_id" is null));