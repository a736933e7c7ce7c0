package io.llmaccounting.server.wire;

import io.llmaccounting.server.config.Secret;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signs requests with Amazon's own signer, version 4. Safe for use by many threads. */
final class AmazonSignature {
  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

  private final String region;
  private final String service;
  private final InstantSource time;

  AmazonSignature(String region, String service, InstantSource time) {
    this.region = region;
    this.service = service;
    this.time = time;
  }

  /** Adds the signature's headers to those of {@code request}. */
  void sign(URI base, Secret credential, UpstreamAuth.Outgoing request) {
    byte[] body = Objects.requireNonNullElseGet(request.body(), Buffer::buffer).getBytes();
    SdkHttpRequest signed =
        SIGNER
            .sign(
                sign ->
                    sign.identity(identity(credential))
                        .request(unsigned(base, request))
                        .payload(ContentStreamProvider.fromByteArray(body))
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock()))
            .request();
    for (Map.Entry<String, List<String>> header : signed.headers().entrySet()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("authorization") || name.startsWith("x-amz-")) {
        request.headers().set(name, header.getValue());
      }
    }
  }

  /** What is signed: only what no hop changes on its way. */
  private static SdkHttpRequest unsigned(URI base, UpstreamAuth.Outgoing request) {
    int question = request.target().indexOf('?');
    String path = question < 0 ? request.target() : request.target().substring(0, question);
    SdkHttpRequest.Builder unsigned =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(request.method()))
            .protocol(base.getScheme())
            .host(base.getHost())
            .port(base.getPort() < 0 ? null : base.getPort())
            .encodedPath(path);
    if (question >= 0) {
      for (String parameter : request.target().substring(question + 1).split("&", -1)) {
        int equals = parameter.indexOf('=');
        unsigned.appendRawQueryParameter(
            PercentCoding.decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
            equals < 0 ? "" : PercentCoding.decoded(parameter.substring(equals + 1)));
      }
    }
    for (Map.Entry<String, String> header : request.headers()) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.equals("content-type") || name.startsWith("x-amz-")) {
        unsigned.appendHeader(name, header.getValue());
      }
    }
    return unsigned.build();
  }

  private static AwsCredentialsIdentity identity(Secret credential) {
    String[] parts = credential.reveal().split(":", 3);
    if (parts.length < 2) {
      throw new IllegalArgumentException("credential for a signature must be ID:SECRET[:TOKEN]");
    }
    return parts.length == 2
        ? AwsCredentialsIdentity.create(parts[0], parts[1])
        : AwsSessionCredentialsIdentity.create(parts[0], parts[1], parts[2]);
  }

  private Clock clock() {
    return Clock.fixed(time.instant(), ZoneOffset.UTC);
  }
}
