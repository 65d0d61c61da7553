# The bot with the programs it calls: git, kustomize, helm, opa, and bubblewrap, which works where the container may make user namespaces (docs/install.md). Runs as the unprivileged user `node`; keeps its state in /data.

# Renderers, built from source at pinned versions.
FROM golang:1.26-bookworm AS renderers
ARG KUSTOMIZE_VERSION=v5.8.2
ARG HELM_VERSION=v3.22.0
ARG OPA_VERSION=v1.4.2
ENV CGO_ENABLED=0 GOBIN=/renderers
RUN go install -trimpath -ldflags="-s -w" "sigs.k8s.io/kustomize/kustomize/v5@${KUSTOMIZE_VERSION}"
RUN go install -trimpath -ldflags="-s -w" "helm.sh/helm/v3/cmd/helm@${HELM_VERSION}"
RUN go install -trimpath -ldflags="-s -w" "github.com/open-policy-agent/opa@${OPA_VERSION}"

# dist, and node_modules without what only building needs.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends bubblewrap ca-certificates git tini \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node /data
COPY --from=renderers /renderers/kustomize /renderers/helm /renderers/opa /usr/local/bin/
WORKDIR /app
COPY package.json app.yml LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# tini hands SIGTERM on and reaps what git leaves behind. The whole path, so that any directory can be the working one: `docker run -v .:/repository -w /repository lockkeeper plan`.
ENTRYPOINT ["tini", "--", "node", "/app/dist/main.js"]
CMD ["serve"]
