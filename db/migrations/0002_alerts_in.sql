DROP INDEX "intakes_inbox_idx";--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "severity_word" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "reported_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "acknowledged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "source" text;--> statement-breakpoint
UPDATE "intakes" SET "source" = (SELECT "source" FROM "integrations" WHERE "integrations"."id" = "intakes"."integration_id");--> statement-breakpoint
ALTER TABLE "intakes" ALTER COLUMN "source" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "route" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "headers" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "dismissed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "mapping" jsonb;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "secret_sealed" text;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "forward_url_sealed" text;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "source_token_sealed" text;--> statement-breakpoint
CREATE INDEX "intakes_integration_idx" ON "intakes" USING btree ("integration_id","received_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "intakes_inbox_idx" ON "intakes" USING btree ("received_at" DESC NULLS LAST) WHERE ("intakes"."state" = 'failed' or not "intakes"."recognised") and "intakes"."dismissed_at" is null;