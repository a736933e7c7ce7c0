package io.llmaccounting.server.command;

import io.llmaccounting.server.config.Secret;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks an upstream something that costs nothing.
 *
 * @param clock measures, and dates signatures
 */
record UpstreamProbe(InstantSource clock) {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** How it went. */
  enum Verdict {
    /** It answered, and took the credential. */
    WELL,
    /** It answered, and did not take the credential. */
    REFUSED,
    /** It answered something else. */
    FAILED,
    /** It did not answer. */
    UNREACHABLE
  }

  record Result(
      Verdict verdict,
      @Nullable Integer status,
      @Nullable Duration took,
      @Nullable String reason) {}

  Result ask(UpstreamSettings upstream, @Nullable Secret credential) {
    try {
      for (InetAddress address : InetAddress.getAllByName(upstream.base().getHost())) {
        if (!upstream.addresses().allows(address)) {
          return unreachable(
              "its name leads to an address of a private network; see allow-private");
        }
      }
      return answer(upstream, credential);
    } catch (UnknownHostException e) {
      return unreachable("its name is not known: " + upstream.base().getHost());
    } catch (IOException e) {
      return unreachable(e.getMessage() == null ? "no connection" : e.getMessage());
    } catch (IllegalArgumentException e) {
      return new Result(Verdict.FAILED, null, null, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unreachable("given up");
    }
  }

  private static Result unreachable(String reason) {
    return new Result(Verdict.UNREACHABLE, null, null, reason);
  }

  private Result answer(UpstreamSettings upstream, @Nullable Secret credential)
      throws IOException, InterruptedException {
    String target = target(upstream);
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    new UpstreamAuth(clock)
        .apply(
            upstream,
            credential,
            new UpstreamAuth.Outgoing("GET", target, headers, Buffer.buffer()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(root(upstream.base()) + target)).timeout(LONGEST);
    headers.remove("host");
    headers.forEach(header -> request.header(header.getKey(), header.getValue()));
    request.header("anthropic-version", "2023-06-01");
    HttpClient client =
        HttpClient.newBuilder().connectTimeout(upstream.timeouts().connect()).build();
    long begin = clock.millis();
    int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    return new Result(
        verdict(status), status, Duration.ofMillis(clock.millis() - begin), reason(status));
  }

  private static String root(URI base) {
    return base.getScheme() + "://" + base.getRawAuthority();
  }

  private static String target(UpstreamSettings upstream) {
    String path = upstream.base().getRawPath().replaceAll("/+$", "");
    return path
        + switch (upstream.kind()) {
          case GEMINI -> "/v1beta/models?pageSize=1";
          case OLLAMA -> "/api/tags";
          case AZURE -> "/openai/models?api-version=2024-10-21";
          default -> path.endsWith("/v1") ? "/models" : "/v1/models";
        };
  }

  private static Verdict verdict(int status) {
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return Verdict.REFUSED;
    }
    return status / 100 == 2 ? Verdict.WELL : Verdict.FAILED;
  }

  private static @Nullable String reason(int status) {
    return switch (verdict(status)) {
      case REFUSED -> "it does not take the credential";
      case FAILED -> "it answered, and not with its list of models";
      default -> null;
    };
  }
}
