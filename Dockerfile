# One image for the programs of this repository; without a command it is the billing service.
# Build: docker build -t farebox .    Run alone (embedded database): docker run -p 3000:3000 -v farebox-data:/data farebox

FROM node:24.20.0-trixie-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts/build.mjs scripts/build-client.mjs scripts/outputs.mjs scripts/empty-cluster.mjs scripts/
COPY common/ common/
COPY billing-service/ billing-service/
COPY bot-client/ bot-client/
COPY cli/ cli/
# The compiler stays behind, and what was compiled only for it to see.
RUN node scripts/build.mjs && \
    rm -rf dist/*/test dist/bench dist/.build-stamp node_modules/esbuild node_modules/@esbuild

FROM node:24.20.0-trixie-slim
ENV NODE_ENV=production \
    # Nobody outside a container reaches its loopback address; which ports are published decides who gets in.
    HOST=0.0.0.0 \
    METRICS_HOST=0.0.0.0 \
    DATA_DIR=/data
WORKDIR /app
# The only folder that is written to; everything else works on a read-only root.
RUN install -d -o node -g node -m 0700 /data
COPY --from=build /app/node_modules/ node_modules/
COPY --from=build /app/dist/ dist/
COPY package.json ./
COPY drizzle/ drizzle/
# `docker compose exec billing-service farebox doctor`
RUN printf '#!/bin/sh\nexec node /app/dist/cli/src/main.js "$@"\n' > /usr/local/bin/farebox && chmod 755 /usr/local/bin/farebox
USER node
VOLUME /data
EXPOSE 3000 9091
# The image has no curl; node is there anyway. /livez touches no dependency: a database that is away is no reason to
# kill the service.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/livez`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm: the signal that stops the container must reach node itself.
CMD ["node", "dist/billing-service/src/server.js"]
