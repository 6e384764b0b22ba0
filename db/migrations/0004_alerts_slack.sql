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
ALTER TABLE "slack_channels" ADD CONSTRAINT "slack_channels_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_channels" ADD CONSTRAINT "slack_channels_requested_by_id_users_id_fk" FOREIGN KEY ("requested_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slack_messages" ADD CONSTRAINT "slack_messages_author_id_users_id_fk" FOREIGN KEY ("author_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "slack_channels_channel_idx" ON "slack_channels" USING btree ("channel_id");--> statement-breakpoint
CREATE UNIQUE INDEX "slack_messages_ts_idx" ON "slack_messages" USING btree ("channel_id","ts");--> statement-breakpoint
CREATE INDEX "slack_messages_seq_idx" ON "slack_messages" USING btree ("incident_id","seq");--> statement-breakpoint
CREATE INDEX "slack_messages_at_idx" ON "slack_messages" USING btree ("incident_id","at");--> statement-breakpoint
CREATE INDEX "slack_requests_received_idx" ON "slack_requests" USING btree ("received_at");