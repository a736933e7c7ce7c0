package io.llmaccounting.server.wire;

import io.llmaccounting.server.config.AuthScheme;
import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Tells an upstream who calls, in exactly one form. Headers must have been {@linkplain
 * Credentials#strip(MultiMap) stripped} before. Safe for use by many threads.
 */
public final class UpstreamAuth {
  private final InstantSource time;

  /**
   * Signs with this clock.
   *
   * @param time tells when a request is signed
   */
  public UpstreamAuth(InstantSource time) {
    this.time = time;
  }

  /**
   * A request as it is about to be sent.
   *
   * @param method the method
   * @param target the path with its query, percent-encoded
   * @param headers its headers, to which those of the scheme are added
   * @param body its whole body, or null where that is not known because it passes by in pieces
   */
  public record Outgoing(String method, String target, MultiMap headers, @Nullable Buffer body) {}

  /**
   * Adds the credential in the form that {@code upstream} wants. For a signature the headers {@code
   * content-type} and {@code x-amz-*} must be there already and stay as they are; the request must
   * be sent with the host of the upstream.
   *
   * @throws IllegalArgumentException if a signature is wanted and the upstream has no region, the
   *     body is not known, or the credential is not {@code ID:SECRET[:TOKEN]}
   */
  public void apply(UpstreamSettings upstream, @Nullable Secret credential, Outgoing request) {
    AuthScheme scheme = upstream.auth();
    if (scheme == AuthScheme.NONE || credential == null) {
      return;
    }
    MultiMap headers = request.headers();
    switch (scheme) {
      case BEARER -> headers.set("authorization", "Bearer " + credential.reveal());
      case X_API_KEY -> headers.set("x-api-key", credential.reveal());
      case API_KEY -> headers.set("api-key", credential.reveal());
      case X_GOOG_API_KEY -> headers.set("x-goog-api-key", credential.reveal());
      case AWS_SIGV4 -> sign(upstream, credential, request);
      default -> throw new AssertionError(scheme);
    }
  }

  private void sign(UpstreamSettings upstream, Secret credential, Outgoing request) {
    String region = upstream.region();
    if (region == null) {
      throw new IllegalArgumentException(
          "upstream %s needs a region for its requests to be signed".formatted(upstream.name()));
    }
    if (request.body() == null) {
      throw new IllegalArgumentException(
          "a request to upstream %s must be read whole to be signed".formatted(upstream.name()));
    }
    new AmazonSignature(region, "bedrock", time).sign(upstream.base(), credential, request);
  }
}
