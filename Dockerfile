# The image contains the command of a release, its licenses, and the CA certificates with which it verifies servers.
# goreleaser builds it (.goreleaser.yaml): $TARGETPLATFORM is a folder with the command, such as linux/amd64.
FROM scratch
ARG TARGETPLATFORM VERSION COMMIT
LABEL org.opencontainers.image.title="atlasint" \
      org.opencontainers.image.description="Checks payloads of MongoDB Atlas third-party integrations, and fakes the API" \
      org.opencontainers.image.source="https://github.com/atlasint/atlasint" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT"
COPY bin/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY LICENSE bin/THIRD-PARTY-LICENSES /
COPY $TARGETPLATFORM/atlasint /usr/local/bin/atlasint
WORKDIR /data
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/usr/local/bin/atlasint", "ping"]
ENTRYPOINT ["/usr/local/bin/atlasint"]
CMD ["serve", "--addr", "0.0.0.0:8080"]
