# syntax=docker/dockerfile:1
# The image contains only the command and the CA certificates with which it verifies servers.
# docs/release.md explains how to build and use it.
ARG GO_VERSION=1.26.8

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The build reads VERSION, COMMIT and SOURCE_DATE_EPOCH from git if they are empty.
ARG TARGETOS TARGETARCH VERSION COMMIT SOURCE_DATE_EPOCH
RUN go run cmd/atlasint/internal/dist/gen.go -targets "$TARGETOS/$TARGETARCH" -binary /out/atlasint && \
    go run cmd/atlasint/internal/dist/gen.go -targets "$TARGETOS/$TARGETARCH" -docs /out

FROM scratch
ARG VERSION COMMIT
LABEL org.opencontainers.image.title="atlasint" \
      org.opencontainers.image.description="Checks payloads of MongoDB Atlas third-party integrations, and fakes the API" \
      org.opencontainers.image.source="https://github.com/atlasint/atlasint" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/LICENSE /out/THIRD-PARTY-LICENSES /
COPY --from=build /out/atlasint /usr/local/bin/atlasint
WORKDIR /data
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/usr/local/bin/atlasint", "ping"]
ENTRYPOINT ["/usr/local/bin/atlasint"]
CMD ["serve", "--addr", "0.0.0.0:8080"]
