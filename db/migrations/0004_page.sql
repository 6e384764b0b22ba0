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
CREATE UNIQUE INDEX "webhook_subscribers_url_idx" ON "webhook_subscribers" USING btree ("url_hash");--> statement-breakpoint
CREATE INDEX "webhook_subscribers_created_idx" ON "webhook_subscribers" USING btree ("created_at" DESC NULLS LAST,"id");