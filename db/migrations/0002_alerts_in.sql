ALTER TABLE "alerts" ADD COLUMN "severity_word" text;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "reported_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "alerts" ADD COLUMN "acknowledged_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "source" text NOT NULL;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "route" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "intakes" ADD COLUMN "headers" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "mapping" jsonb;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "secret_sealed" text;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "forward_url_sealed" text;--> statement-breakpoint
ALTER TABLE "integrations" ADD COLUMN "source_token_sealed" text;