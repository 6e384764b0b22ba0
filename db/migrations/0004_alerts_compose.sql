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
ALTER TABLE "updates" ADD COLUMN "wordings" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "next_update_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "update_drafts" ADD CONSTRAINT "update_drafts_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;