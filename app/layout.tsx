import "@fontsource-variable/inter/wght.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { ClockProvider } from "#/components/ui/clock.tsx";
import { THEME_COOKIE, themeFrom, ZONE_COOKIE, zoneFrom } from "#/components/ui/preferences.ts";
import { Toasts } from "#/components/ui/toasts.tsx";

export const metadata: Metadata = {
  title: { default: "Muster", template: "%s · Muster" },
  description: "A self-hosted, real-time war room for incidents",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, viewportFit: "cover" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const kept = await cookies();
  return (
    <html lang="en" data-theme={themeFrom(kept.get(THEME_COOKIE)?.value)}>
      <body>
        <ClockProvider serverTime={new Date().toISOString()} zone={zoneFrom(kept.get(ZONE_COOKIE)?.value)}>
          {children}
          <Toasts />
        </ClockProvider>
      </body>
    </html>
  );
}
