ALTER TABLE "action_items" ADD COLUMN "task_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "overdue_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "done_by_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "runbook_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "runbook_step" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "position" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "runbook" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "action_items" ADD CONSTRAINT "action_items_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_done_by_id_users_id_fk" FOREIGN KEY ("done_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "action_items_task_idx" ON "action_items" USING btree ("task_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_runbook_step_idx" ON "tasks" USING btree ("incident_id","runbook_id","runbook_step");