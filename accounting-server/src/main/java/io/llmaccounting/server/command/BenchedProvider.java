package io.llmaccounting.server.command;

import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.load.InstantProvider;
import io.llmaccounting.server.load.Load;
import io.llmaccounting.server.wire.UpstreamAuth;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The provider behind an upstream: what stands in for it, where that is on this machine and nothing
 * listens there. For one thread.
 */
final class BenchedProvider implements AutoCloseable {
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Vertx vertx;
  private final UpstreamSettings upstream;
  private final @Nullable HttpServer standIn;

  private BenchedProvider(Vertx vertx, UpstreamSettings upstream, @Nullable HttpServer standIn) {
    this.vertx = vertx;
    this.upstream = upstream;
    this.standIn = standIn;
  }

  static BenchedProvider of(Vertx vertx, UpstreamSettings upstream) {
    URI base = upstream.base();
    boolean here = THIS_MACHINE.contains(base.getHost()) && "http".equals(base.getScheme());
    if (!here || base.getPort() < 0) {
      return new BenchedProvider(vertx, upstream, null);
    }
    try {
      String host = base.getHost().replaceAll("[\\[\\]]", "");
      return new BenchedProvider(
          vertx, upstream, await(InstantProvider.listen(vertx, host, base.getPort())));
    } catch (CompletionException somebodyListens) {
      return new BenchedProvider(vertx, upstream, null);
    }
  }

  /** Asks the provider itself, with the credential of the settings. */
  Load load(Buffer body) {
    String before = upstream.base().getRawPath() == null ? "" : upstream.base().getRawPath();
    String path = before.replaceAll("/+$", "") + "/v1/chat/completions";
    MultiMap headers = headers();
    new UpstreamAuth(InstantSource.system())
        .apply(
            upstream,
            upstream.credential(),
            new UpstreamAuth.Outgoing("POST", path, headers, body));
    return new Load(vertx, upstream.base().resolve(path), headers, body);
  }

  /** Asks {@code target} with a key. */
  static Load load(Vertx vertx, URI target, String key, Buffer body) {
    return new Load(vertx, target, headers().set("Authorization", "Bearer " + key), body);
  }

  private static MultiMap headers() {
    return MultiMap.caseInsensitiveMultiMap()
        .set("Content-Type", "application/json")
        // an answer that is kept would measure nothing
        .set("Cache-Control", "no-store");
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public void close() {
    if (standIn != null) {
      await(standIn.close());
    }
  }
}
