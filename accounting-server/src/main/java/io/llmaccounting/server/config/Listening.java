package io.llmaccounting.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens.
 *
 * @param host the address, for example {@code 127.0.0.1} or {@code 0.0.0.0}
 * @param port the port; 0 takes a free one
 * @param certificate a PEM file with the certificate chain, or null to speak without TLS
 * @param privateKey a PEM file with its key, or null
 */
public record Listening(
    String host, int port, @Nullable Path certificate, @Nullable Path privateKey) {}
