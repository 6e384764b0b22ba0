CREATE TABLE "file_chunks" (
	"file_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "file_chunks_file_id_seq_pk" PRIMARY KEY("file_id","seq")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" uuid NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"size_bytes" integer NOT NULL,
	"width" integer,
	"height" integer,
	"sha256" text NOT NULL,
	"added_by_id" uuid,
	"added_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"stored_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "files_size_in_limit" CHECK ("files"."size_bytes" between 1 and 10485760)
);
--> statement-breakpoint
CREATE TABLE "incident_presence" (
	"incident_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"left_at" timestamp (3) with time zone,
	"idle_since" timestamp (3) with time zone,
	CONSTRAINT "incident_presence_incident_id_user_id_pk" PRIMARY KEY("incident_id","user_id")
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"incident_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"service_name" text,
	"message" text DEFAULT '' NOT NULL,
	"invited_by_id" uuid,
	"invited_by_name" text NOT NULL,
	"invited_at" timestamp (3) with time zone NOT NULL,
	"times" integer DEFAULT 1 NOT NULL,
	"delivered_at" timestamp (3) with time zone,
	"delivered_by" text,
	"seen_at" timestamp (3) with time zone,
	"joined_at" timestamp (3) with time zone,
	"declined_at" timestamp (3) with time zone,
	"decline_reason" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notifications" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"user_id" uuid NOT NULL,
	"incident_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"cause" text NOT NULL,
	"title" text NOT NULL,
	"body" text DEFAULT '' NOT NULL,
	"entry_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"shown_at" timestamp (3) with time zone,
	"seen_at" timestamp (3) with time zone,
	"settled_at" timestamp (3) with time zone,
	"withheld" text
);
--> statement-breakpoint
CREATE TABLE "role_reminders" (
	"incident_id" uuid NOT NULL,
	"role" text NOT NULL,
	"missing_since" timestamp (3) with time zone NOT NULL,
	"reminded" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	CONSTRAINT "role_reminders_incident_id_role_pk" PRIMARY KEY("incident_id","role")
);
--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "projected_seq" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "reach_by" text DEFAULT 'both' NOT NULL;--> statement-breakpoint
ALTER TABLE "action_items" ADD COLUMN "task_id" uuid;--> statement-breakpoint
ALTER TABLE "action_items" ADD COLUMN "entry_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "overdue_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "done_by_id" uuid;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "runbook_id" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "runbook_step" text;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "position" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "mark" text;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "marked_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "marked_by_id" uuid;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "marked_by_name" text;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "pinned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "pinned_by_id" uuid;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD COLUMN "pinned_by_name" text;--> statement-breakpoint
ALTER TABLE "services" ADD COLUMN "runbook" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "deliveries" ADD COLUMN "notification_id" uuid;--> statement-breakpoint
ALTER TABLE "file_chunks" ADD CONSTRAINT "file_chunks_file_id_files_id_fk" FOREIGN KEY ("file_id") REFERENCES "public"."files"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "files" ADD CONSTRAINT "files_added_by_id_users_id_fk" FOREIGN KEY ("added_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_presence" ADD CONSTRAINT "incident_presence_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "incident_presence" ADD CONSTRAINT "incident_presence_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_users_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notifications" ADD CONSTRAINT "notifications_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "role_reminders" ADD CONSTRAINT "role_reminders_incident_id_incidents_id_fk" FOREIGN KEY ("incident_id") REFERENCES "public"."incidents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "files_incident_idx" ON "files" USING btree ("incident_id","created_at","id");--> statement-breakpoint
CREATE INDEX "files_unstored_idx" ON "files" USING btree ("created_at") WHERE "files"."stored_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_person_idx" ON "invitations" USING btree ("incident_id","user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "notifications_cause_idx" ON "notifications" USING btree ("user_id","cause");--> statement-breakpoint
CREATE INDEX "notifications_user_idx" ON "notifications" USING btree ("user_id","created_at" DESC NULLS LAST,"id");--> statement-breakpoint
CREATE INDEX "notifications_subject_idx" ON "notifications" USING btree ("incident_id","subject");--> statement-breakpoint
ALTER TABLE "action_items" ADD CONSTRAINT "action_items_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "action_items" ADD CONSTRAINT "action_items_entry_id_timeline_entries_id_fk" FOREIGN KEY ("entry_id") REFERENCES "public"."timeline_entries"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_done_by_id_users_id_fk" FOREIGN KEY ("done_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_marked_by_id_users_id_fk" FOREIGN KEY ("marked_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_pinned_by_id_users_id_fk" FOREIGN KEY ("pinned_by_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "public"."notifications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "action_items_task_idx" ON "action_items" USING btree ("task_id");--> statement-breakpoint
CREATE UNIQUE INDEX "action_items_entry_idx" ON "action_items" USING btree ("entry_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_runbook_step_idx" ON "tasks" USING btree ("incident_id","runbook_id","runbook_step");--> statement-breakpoint
CREATE INDEX "timeline_entries_kept_idx" ON "timeline_entries" USING btree ("incident_id") WHERE "timeline_entries"."pinned_at" is not null or "timeline_entries"."mark" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_notification_idx" ON "deliveries" USING btree ("notification_id","channel");--> statement-breakpoint
ALTER TABLE "timeline_entries" ADD CONSTRAINT "timeline_entries_mark_is_a_notes" CHECK ("timeline_entries"."mark" is null or "timeline_entries"."kind" = 'note');--> statement-breakpoint
-- One call appends to the logs of many documents: its plan is kept, which planning anew at every key press would not be.
-- heads: [{d: document, e: epoch, n: rows, p: whether the tables made from it are up to date}]
-- updates: [{d: document, i: 1…n, o: offset in blob, l: length, a: author}]
CREATE FUNCTION append_updates(heads text, updates text, blob bytea, written_at text)
RETURNS TABLE (document_id uuid, base integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH raised AS (
    UPDATE documents
    SET head_seq = head_seq + h.n,
        projected_seq = CASE WHEN h.p THEN head_seq + h.n ELSE projected_seq END
    FROM jsonb_to_recordset(heads::jsonb) AS h(d uuid, e integer, n integer, p boolean)
    WHERE documents.id = h.d AND documents.epoch = h.e
    RETURNING documents.id AS raised_id, documents.head_seq - h.n AS raised_base
  ), written AS (
    INSERT INTO document_updates (document_id, seq, bytes, author_id, created_at)
    SELECT raised_id, raised_base + u.i, substring(blob FROM u.o + 1 FOR u.l), u.a, written_at::timestamptz
    FROM jsonb_to_recordset(updates::jsonb) AS u(d uuid, i integer, o integer, l integer, a uuid)
    JOIN raised ON raised_id = u.d
  )
  SELECT raised_id, raised_base FROM raised;
END
$$;
