package io.llmaccounting.server.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.llmaccounting.server.config.UpstreamSettings;
import io.llmaccounting.server.sealing.SealingException;
import io.llmaccounting.server.wire.Refusal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what an upstream cannot be told, and how that is mended: to the caller each time, to the
 * operator's log once a minute for each upstream and project. Safe for use by many threads.
 */
final class MissingCredentials {
  private static final int MOST_KNOWN = 1_000;
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]+");

  private final Consumer<String> log;
  private final Cache<List<String>, Boolean> told;

  /**
   * @param log is told what the operator has to do
   * @param nanos a clock like {@link System#nanoTime}
   */
  MissingCredentials(Consumer<String> log, LongSupplier nanos) {
    this.log = log;
    this.told =
        Caffeine.newBuilder()
            .maximumSize(MOST_KNOWN)
            .expireAfterWrite(PAUSE)
            .ticker(nanos::getAsLong)
            .executor(Runnable::run)
            .build();
  }

  /** There is none. */
  RefusedException none(@Nullable String project, UpstreamSettings upstream) {
    String message =
        "the gateway has no credential for upstream %s, neither of %s nor in its settings; its operator adds one with: %s"
            .formatted(upstream.name(), whose(project), command(project, upstream));
    tell(message, "none", project, upstream);
    return refused(message);
  }

  /** There is one, and it cannot be opened. */
  RefusedException sealed(
      @Nullable String project, UpstreamSettings upstream, SealingException why) {
    String message =
        "the gateway cannot open its credential for upstream %s; its operator starts it with the sealing key that it was encrypted with (sealing.key or sealing.key-file), or adds the credential again with: %s"
            .formatted(upstream.name(), command(project, upstream));
    tell(message + " (" + why.getMessage() + ")", "sealed", project, upstream);
    return refused(message);
  }

  private void tell(
      String message, String what, @Nullable String project, UpstreamSettings upstream) {
    List<String> about = Arrays.asList(what, upstream.name(), String.valueOf(project));
    if (told.asMap().putIfAbsent(about, true) == null) {
      log.accept(message);
    }
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.of(Refusal.Code.UPSTREAM_UNAVAILABLE, message).inVain());
  }

  private static String whose(@Nullable String project) {
    return project == null ? "all projects" : "project %s nor of all projects".formatted(project);
  }

  private static String command(@Nullable String project, UpstreamSettings upstream) {
    String of = "";
    if (project != null) {
      of =
          " --project "
              + (PLAIN.matcher(project).matches()
                  ? project
                  : "'" + project.replace("'", "'\\''") + "'");
    }
    return "llm-accounting-server projects add-credential %s%s --file FILE"
        .formatted(upstream.name(), of);
  }
}
