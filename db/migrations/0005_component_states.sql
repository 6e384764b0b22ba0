CREATE TABLE "component_states" (
	"component_id" uuid NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"status" text NOT NULL,
	CONSTRAINT "component_states_component_id_since_pk" PRIMARY KEY("component_id","since")
);
--> statement-breakpoint
ALTER TABLE "component_states" ADD CONSTRAINT "component_states_component_id_components_id_fk" FOREIGN KEY ("component_id") REFERENCES "public"."components"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
INSERT INTO "component_states" ("component_id", "since", "status")
SELECT DISTINCT ON (c."id", u."published_at") c."id", u."published_at", said."change" ->> 'newStatus'
FROM "updates" u
CROSS JOIN LATERAL jsonb_array_elements(u."components") AS said("change")
JOIN "components" c ON c."id"::text = said."change" ->> 'id'
WHERE u."audience" = 'public' AND u."channels" @> '["status_page"]'::jsonb
ORDER BY c."id", u."published_at", u."id" DESC;
