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
ALTER TABLE "deliveries" ADD COLUMN "destination_id" uuid;--> statement-breakpoint
ALTER TABLE "updates" ADD COLUMN "audiences" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "audience_destinations" ADD CONSTRAINT "audience_destinations_audience_id_audiences_id_fk" FOREIGN KEY ("audience_id") REFERENCES "public"."audiences"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audience_destinations" ADD CONSTRAINT "audience_destinations_destination_id_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."destinations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audience_destinations_destination_idx" ON "audience_destinations" USING btree ("destination_id");--> statement-breakpoint
CREATE UNIQUE INDEX "audiences_name_idx" ON "audiences" USING btree (lower("name"));--> statement-breakpoint
CREATE UNIQUE INDEX "destinations_name_idx" ON "destinations" USING btree (lower("name"));--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_destination_id_destinations_id_fk" FOREIGN KEY ("destination_id") REFERENCES "public"."destinations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deliveries_destination_idx" ON "deliveries" USING btree ("destination_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_update_destination_idx" ON "deliveries" USING btree ("update_id","destination_id") WHERE "deliveries"."kind" = 'update';