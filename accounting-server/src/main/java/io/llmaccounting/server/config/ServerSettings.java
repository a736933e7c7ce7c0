package io.llmaccounting.server.config;

import io.llmaccounting.health.ErrorPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that the server is told.
 *
 * @param listening where it listens
 * @param store where it keeps what it records
 * @param gateway how requests are treated
 * @param rest how the REST interface is
 * @param errorPolicy whether calls go on when they cannot be recorded
 * @param buffered whether records wait in memory, to be stored many at a time
 * @param notice how long the server says that it stops and still takes requests; zero for not at
 *     all
 * @param drain how long requests under way may take while the server stops
 * @param sealing the key that credentials are encrypted with, or null where {@code sealingFile} or
 *     a file beside the store has it
 * @param sealingFile the file of that key, or null
 * @param prices files of prices that come before the bundled ones, the last one first
 * @param enforceNames whether projects and users must be in the directory
 * @param log what is logged
 * @param sinks who is passed on what was recorded
 */
public record ServerSettings(
    Listening listening,
    StoreSettings store,
    GatewaySettings gateway,
    RestSettings rest,
    ErrorPolicy errorPolicy,
    boolean buffered,
    Duration notice,
    Duration drain,
    @Nullable Secret sealing,
    @Nullable Path sealingFile,
    List<Path> prices,
    boolean enforceNames,
    LogSettings log,
    List<RunSink> sinks) {
  /** Copies the lists. */
  public ServerSettings {
    prices = List.copyOf(prices);
    sinks = List.copyOf(sinks);
  }
}
