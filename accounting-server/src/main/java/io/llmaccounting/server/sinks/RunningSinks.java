package io.llmaccounting.server.sinks;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.server.config.RunSink;
import io.llmaccounting.sinks.Sinks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sinks that the server runs. The store is asked every ten seconds how they stand, on a thread
 * of its own, so that nobody who wants to know waits for a store that is away. Safe for use by many
 * threads.
 */
public final class RunningSinks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningSinks.class);
  private static final long EVERY_SECONDS = 10;

  private final Sinks sinks;
  private final InstantSource clock;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "llm-accounting-sinks-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Map<String, SinkState> states = Map.of();

  private RunningSinks(Sinks sinks, InstantSource clock) {
    this.sinks = sinks;
    this.clock = clock;
  }

  /** Starts them; waits for no store and no receiver. */
  public static RunningSinks start(
      List<RunSink> settings, UsageBackend backend, InstantSource clock) {
    Sinks.Builder builder = Sinks.of(backend);
    for (RunSink sink : settings) {
      builder.add(sink.maker().get(), sink.settings());
      LOG.info("sink {} of kind {} is passed on what is recorded", sink.name(), sink.kind());
    }
    RunningSinks running = new RunningSinks(builder.start(), clock);
    if (!settings.isEmpty()) {
      var unused =
          running.watch.scheduleWithFixedDelay(running::look, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }
    return running;
  }

  private void look() {
    Map<String, SinkState> seen = new HashMap<>();
    try {
      sinks.states().forEach(state -> seen.put(state.name(), state));
    } catch (BackendException e) {
      LOG.debug("how sinks stand is not known while the store is away", e);
    } catch (RuntimeException e) {
      LOG.warn("how sinks stand is not known", e); // and looked at again, which a throw would end
    }
    states = Map.copyOf(seen);
  }

  /** How each stands, in the order of their names, as known for up to ten seconds. Asks nobody. */
  public List<SinkStatus> statuses() {
    Map<String, SinkState> known = states;
    Instant now = clock.instant();
    return sinks.progress().stream()
        .map(one -> new SinkStatus(one, known.get(one.name()), now))
        .toList();
  }

  /** Stops them. What was not delivered waits in the store. Closing again does nothing. */
  @Override
  public void close() {
    watch.shutdown();
    sinks.close();
    try {
      if (!watch.awaitTermination(EVERY_SECONDS, TimeUnit.SECONDS)) {
        watch.shutdownNow();
      }
    } catch (InterruptedException e) {
      watch.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
