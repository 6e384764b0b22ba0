import { describe, expect, it } from "vitest";
import { escapeSlack, fitSlack, SLACK_TEXT_LENGTH_MAX, slackMessage } from "./slack-text.ts";

describe("Slack's text", () => {
  it("shows what would call a channel or make a link", () => {
    expect(escapeSlack("<!channel> & <https://evil.example|ok>")).toBe(
      "&lt;!channel&gt; &amp; &lt;https://evil.example|ok&gt;",
    );
  });

  it.each([0, 1, 2, 3, 4, 5, 6])("never cuts inside an escape (%i)", (pad) => {
    const fitted = fitSlack(`${"x".repeat(pad)}${"&".repeat(50)}`, 40);
    expect(fitted.length).toBeLessThanOrEqual(40);
    expect(fitted.replaceAll("&amp;", "")).toMatch(/^x*…$/);
  });

  it("keeps a short text as it is", () => {
    const { text, blocks } = slackMessage({ heading: "Identified: Cart", body: "We know.", context: [] });
    expect(text).toBe("Identified: Cart: We know.");
    expect(blocks).toHaveLength(2);
  });

  it.each(["&".repeat(3_500), "<a>\n".repeat(2_000), "é".repeat(20_000), "word ".repeat(4_000)])(
    "stays within Slack's limits in sum and by section (%#)",
    (body) => {
      const { text, blocks } = slackMessage({
        heading: "H".repeat(400),
        body,
        context: ["c".repeat(900), { text: "Status page", url: "https://status.example/<a|b>" }],
      });
      const texts = blocks.flatMap((block) => {
        if (block.type === "header") return [block.text.text];
        if (block.type === "section") return [block.text?.text ?? ""];
        return block.type === "context" ? [(block.elements[0] as { text: string }).text] : [];
      });
      expect(text.length + texts.join("").length).toBeLessThanOrEqual(SLACK_TEXT_LENGTH_MAX);
      expect(texts[0]?.length).toBeLessThanOrEqual(150);
      for (const section of texts.slice(1)) expect(section.length).toBeLessThanOrEqual(3_000);
      expect(blocks.length).toBeLessThanOrEqual(50);
      for (const section of texts.slice(1, -1)) expect(section.replace(/&(amp|lt|gt);/g, "")).not.toMatch(/[<>&]/);
    },
  );
});
