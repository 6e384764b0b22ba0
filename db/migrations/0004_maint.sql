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
ALTER TABLE "deliveries" ALTER COLUMN "incident_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "is_group" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "group_id" uuid;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "showcase" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "only_show_if_degraded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "start_on" date;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "left_status" text DEFAULT 'operational' NOT NULL;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "unexplained_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "components" ADD COLUMN "unexplained_reminded" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "maintenance_id" uuid;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "data_lost" text;--> statement-breakpoint
ALTER TABLE "maintenance_updates" ADD CONSTRAINT "maintenance_updates_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenance_updates" ADD CONSTRAINT "maintenance_updates_published_by_id_users_id_fk" FOREIGN KEY ("published_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_mute_id_alert_mutes_id_fk" FOREIGN KEY ("mute_id") REFERENCES "public"."alert_mutes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "maintenances" ADD CONSTRAINT "maintenances_created_by_id_users_id_fk" FOREIGN KEY ("created_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "maintenance_updates_public_id_idx" ON "maintenance_updates" USING btree ("public_id");--> statement-breakpoint
CREATE INDEX "maintenance_updates_of_idx" ON "maintenance_updates" USING btree ("maintenance_id","published_at");--> statement-breakpoint
CREATE UNIQUE INDEX "maintenances_public_id_idx" ON "maintenances" USING btree ("public_id");--> statement-breakpoint
CREATE INDEX "maintenances_from_idx" ON "maintenances" USING btree ("from_at" DESC NULLS LAST);--> statement-breakpoint
ALTER TABLE "components" ADD CONSTRAINT "components_group_id_components_id_fk" FOREIGN KEY ("group_id") REFERENCES "public"."components"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_maintenance_id_maintenances_id_fk" FOREIGN KEY ("maintenance_id") REFERENCES "public"."maintenances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "components_group_idx" ON "components" USING btree ("group_id");--> statement-breakpoint
CREATE INDEX "deliveries_maintenance_idx" ON "deliveries" USING btree ("maintenance_id","created_at");--> statement-breakpoint
ALTER TABLE "components" ADD CONSTRAINT "components_groups_do_not_nest" CHECK (not ("components"."is_group" and "components"."group_id" is not null));--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_have_one_subject" CHECK (("deliveries"."incident_id" is null) <> ("deliveries"."maintenance_id" is null));