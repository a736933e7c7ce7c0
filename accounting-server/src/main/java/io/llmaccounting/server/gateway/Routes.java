package io.llmaccounting.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaccounting.server.wire.Refusal;
import io.llmaccounting.server.wire.RequestPathRules;
import io.llmaccounting.server.wire.Wire;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds where requests lead: {@code /NAME/...} to the upstream of that name, {@code /v1/...} to the
 * default one. Paths stay as they were sent. Safe for use by many threads.
 */
final class Routes {
  private static final int MOST_KNOWN = 1_000;
  private static final int LONGEST_KNOWN = 256;

  private final Map<String, Upstream> upstreams;
  private final @Nullable Upstream otherwise;
  // nearly all requests go to a few paths, and reading one is dear
  private final Cache<String, Route> known =
      Caffeine.newBuilder().maximumSize(MOST_KNOWN).executor(Runnable::run).build();

  Routes(Map<String, Upstream> upstreams, @Nullable Upstream otherwise) {
    this.upstreams = Map.copyOf(upstreams);
    this.otherwise = otherwise;
  }

  /** The upstream of this name. */
  Optional<Upstream> upstream(String name) {
    return Optional.ofNullable(upstreams.get(name));
  }

  /**
   * Where {@code path} leads.
   *
   * @throws RefusedException if it leads nowhere, or is not one that can be passed on
   */
  Route find(String path) {
    return path.length() > LONGEST_KNOWN ? found(path) : known.get(path, this::found);
  }

  private Route found(String path) {
    Optional<Refusal> unsafe = RequestPathRules.unsafe(path);
    if (unsafe.isPresent()) {
      throw new RefusedException(unsafe.get());
    }
    int second = path.indexOf('/', 1);
    String first = path.substring(Math.min(1, path.length()), second < 0 ? path.length() : second);
    Upstream named = upstreams.get(first);
    if (named != null) {
      return checked(named, second < 0 ? "/" : path.substring(second));
    }
    if (otherwise != null && first.startsWith("v1")) {
      return checked(otherwise, path);
    }
    throw new RefusedException(
        Refusal.of(
            Refusal.Code.NOT_FOUND,
            "no upstream is named by this path; it must begin with one of %s%s"
                .formatted(
                    new TreeSet<>(upstreams.keySet()),
                    otherwise == null ? "" : ", or with /v1 for " + otherwise.settings().name())));
  }

  private static Route checked(Upstream upstream, String path) {
    Optional<Refusal> wrong = RequestPathRules.check(upstream.settings(), path);
    if (wrong.isPresent()) {
      throw new RefusedException(wrong.get());
    }
    return new Route(upstream, path, Wire.of(upstream.settings().kind(), path));
  }
}
