# syntax=docker/dockerfile:1
# The server runs from its sources by Node itself; only the pages are built.

FROM node:24.21.0-bookworm-slim AS base
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci --include=dev
COPY . .
RUN NODE_ENV=production node node_modules/next/dist/bin/next build && node scripts/compress-build.mjs && rm -rf .next/cache

FROM base AS dependencies
RUN npm ci --omit=dev && npm cache clean --force

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data
# Owned by root and written by nobody: all that changes is under /data.
COPY package.json package-lock.json next.config.mjs ./
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/.next ./.next
COPY db ./db
COPY scripts ./scripts
COPY server ./server
# A new volume takes over the owner of the folder that it covers. Pages that Next keeps go to memory.
RUN mkdir -p /data/status /app/.next/cache && chown -R node:node /data /app/.next/cache
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=8", "server/main.ts"]
