ALTER TABLE "action_items" ADD COLUMN "entry_id" uuid;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "mark" text;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "marked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "marked_by_id" uuid;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "marked_by_name" text;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "pinned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "pinned_by_id" uuid;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "pinned_by_name" text;--> statement-breakpoint
ALTER TABLE "action_items" ADD CONSTRAINT "action_items_entry_id_timeline_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."timeline_entries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_marked_by_id_users_id_fk" FOREIGN KEY ("marked_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_pinned_by_id_users_id_fk" FOREIGN KEY ("pinned_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "action_items_entry_idx" ON "action_items" USING btree ("entry_id");--> statement-breakpoint
CREATE INDEX "timeline_entries_kept_idx" ON "timeline_entries" USING btree ("incident_id") WHERE "timeline_entries"."pinned_at" is not null or "timeline_entries"."mark" is not null;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_mark_is_a_notes" CHECK ("timeline_entries"."mark" is null or "timeline_entries"."kind" = 'note');