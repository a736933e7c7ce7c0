package io.llmaccounting.client;

import io.llmaccounting.call.CallListener;
import io.llmaccounting.client.internal.calls.CallSettings;
import io.llmaccounting.client.internal.recording.RecordingSettings;
import io.llmaccounting.client.internal.spool.SpoolFolder;
import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.usage.Attribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Settings of a client. Confined to one thread. */
public final class LlmAccountingClientBuilder {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final long DEFAULT_SPOOL_BYTES = 1_000_000_000;

  final URI server;
  final String key;
  InstantSource clock = Clock.systemUTC();
  RandomGenerator random = new SecureRandom();
  ErrorPolicy errorPolicy = ErrorPolicy.FAIL;
  Consumer<RuntimeException> errorHandler = error -> {};
  final List<CallListener> listeners = new ArrayList<>();
  Executor executor = ForkJoinPool.commonPool();
  int mostRecords = 100_000;
  long mostBytes = 64_000_000;
  boolean endsOrderly = true;
  private Attribution defaults = Attribution.NONE;
  private Duration timeout = Duration.ofSeconds(30);
  private @Nullable Duration closeTimeout;
  private Duration holdTime = Duration.ofMinutes(10);
  private boolean buffered;
  private int batchRecords = 1_000;
  private Duration batchAge = Duration.ofMillis(200);
  private int requests = 2;
  private @Nullable HttpClient http;
  private @Nullable Path folder;
  private long folderBytes = DEFAULT_SPOOL_BYTES;

  LlmAccountingClientBuilder(URI server, String key) {
    this.server = checked(server);
    this.key = checkedKey(key);
  }

  private static URI checked(URI server) {
    Objects.requireNonNull(server, "server is required, was null");
    boolean http =
        "http".equalsIgnoreCase(server.getScheme()) || "https".equalsIgnoreCase(server.getScheme());
    if (!http || server.getHost() == null) {
      throw new IllegalArgumentException(
          "server must be an http or https address with a host, such as https://accounting.example.com, was "
              + server);
    }
    if (server.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "server must not have a user or password in it; give the key apart, as the second argument");
    }
    if (server.getRawQuery() != null || server.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "server must have neither query nor fragment, was " + server);
    }
    String path = server.getRawPath() == null ? "" : server.getRawPath();
    if (path.endsWith("/v1") || path.contains("/v1/")) {
      throw new IllegalArgumentException(
          "server must be the address below which /v1/meter is, without /v1, was " + server);
    }
    return server;
  }

  // what is wrong with a key is said without saying the key
  private static String checkedKey(String key) {
    Objects.requireNonNull(key, "key is required, was null");
    if (key.isBlank()) {
      throw new IllegalArgumentException("key must be a key of the server, was blank");
    }
    if (!key.equals(key.strip()) || key.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new IllegalArgumentException(
          "key must be of visible ASCII characters without blanks, and was not; is a line feed or quote left on it?");
    }
    if (key.startsWith("Bearer")) {
      throw new IllegalArgumentException("key must be the key alone, without the word Bearer");
    }
    return key;
  }

  /** The application's clock; by default the system's. */
  public LlmAccountingClientBuilder clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock is required, was null");
    return this;
  }

  /** Makes the random part of ids, and spreads retries. Must be thread-safe. */
  public LlmAccountingClientBuilder random(RandomGenerator random) {
    this.random = Objects.requireNonNull(random, "random is required, was null");
    return this;
  }

  /** Fills what the attribution of a call lacks, in recording, checking and reserving alike. */
  public LlmAccountingClientBuilder defaults(Attribution defaults) {
    this.defaults = Objects.requireNonNull(defaults, "defaults is required, was null");
    return this;
  }

  /**
   * What happens to the application's call when accounting fails; by default FAIL. With CONTINUE a
   * call that nobody could decide about goes on without a hold, and is recorded.
   */
  public LlmAccountingClientBuilder onError(ErrorPolicy policy) {
    this.errorPolicy = Objects.requireNonNull(policy, "policy is required, was null");
    return this;
  }

  /** Lets calls go on when accounting fails; {@code handler} is told every failure. */
  public LlmAccountingClientBuilder continueOnError(Consumer<RuntimeException> handler) {
    return errorHandler(handler).onError(ErrorPolicy.CONTINUE);
  }

  /**
   * Has {@code handler} told of every failure that no caller is told of: those that CONTINUE keeps
   * from callers, records that the server refuses once their caller has gone on, and under either
   * policy those of the background, on a thread that only news are told on.
   */
  public LlmAccountingClientBuilder errorHandler(Consumer<RuntimeException> handler) {
    this.errorHandler = Objects.requireNonNull(handler, "handler is required, was null");
    return this;
  }

  /** Adds a listener that is told how calls go. There may be any number of listeners. */
  public LlmAccountingClientBuilder listener(CallListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener is required, was null"));
    return this;
  }

  /**
   * Completes the stages of methods that do not wait, and runs what the application adds to them;
   * by default {@link ForkJoinPool#commonPool} does. The client does not close it.
   */
  public LlmAccountingClientBuilder executor(Executor executor) {
    this.executor = Objects.requireNonNull(executor, "executor is required, was null");
    return this;
  }

  /** The longest that a caller waits, 10 ms to 10 minutes; by default 30 s. */
  public LlmAccountingClientBuilder timeout(Duration timeout) {
    this.timeout = range("timeout", timeout, Duration.ofMillis(10));
    return this;
  }

  /** How long {@link LlmAccountingClient#close} may take; by default as long as the timeout. */
  public LlmAccountingClientBuilder closeTimeout(Duration timeout) {
    this.closeTimeout = range("closeTimeout", timeout, Duration.ofMillis(10));
    return this;
  }

  private static Duration range(String field, Duration value, Duration least) {
    Objects.requireNonNull(value, field + " is required, was null");
    if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, was %s".formatted(field, least, LONGEST, value));
    }
    return value;
  }

  /**
   * How often holds of calls under way are renewed: after half of this time. It must be what the
   * server is set to; by default 10 minutes, as there. A request may say its own.
   */
  public LlmAccountingClientBuilder holdTime(Duration holdTime) {
    if (holdTime.compareTo(Duration.ofSeconds(1)) < 0
        || holdTime.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException("holdTime must be from PT1S to P7D, was " + holdTime);
    }
    this.holdTime = holdTime;
    return this;
  }

  /**
   * Keeps records on the local disk while the server is away, up to 1 GB, and sends them once it is
   * back. Without this they wait in memory, and are lost with the process. Several processes may
   * share the folder; what one leaves behind, the next that starts sends.
   *
   * @param folder on a local disk; it is made if it is not there
   */
  public LlmAccountingClientBuilder spool(Path folder) {
    return spool(folder, DEFAULT_SPOOL_BYTES);
  }

  /**
   * Keeps records on the local disk as {@link #spool(Path)} does, at least 10,000 bytes of them.
   */
  public LlmAccountingClientBuilder spool(Path folder, long mostBytes) {
    if (mostBytes < 10_000) {
      throw new IllegalArgumentException("mostBytes must be at least 10000, was " + mostBytes);
    }
    this.folder = Objects.requireNonNull(folder, "folder is required, was null");
    this.folderBytes = mostBytes;
    return this;
  }

  /**
   * Lets callers go on at once: records are sent 1,000 together, or after 200 ms, and receipts say
   * BUFFERED. A process that is killed loses what waits. Without this a caller waits until the
   * server has its record, which is sent with those of callers that wait meanwhile.
   */
  public LlmAccountingClientBuilder buffered() {
    this.buffered = true;
    return this;
  }

  /** As {@link #buffered()}, with so many records together, 1 to 1,000, or after {@code age}. */
  public LlmAccountingClientBuilder buffered(int records, Duration age) {
    if (records < 1 || records > 1_000) {
      throw new IllegalArgumentException("records must be from 1 to 1000, was " + records);
    }
    this.batchRecords = records;
    this.batchAge = range("age", age, Duration.ofMillis(1));
    return buffered();
  }

  /**
   * How many records may wait in memory, and how large they may be together as they are sent; by
   * default 100,000 and 64 MB. A record that finds no room goes to the disk, or where there is no
   * folder is refused to its caller.
   */
  public LlmAccountingClientBuilder memory(int mostRecords, long mostBytes) {
    if (mostRecords < 1 || mostBytes < 10_000) {
      throw new IllegalArgumentException(
          "memory must be for at least 1 record and 10000 bytes, was %d and %d"
              .formatted(mostRecords, mostBytes));
    }
    this.mostRecords = mostRecords;
    this.mostBytes = mostBytes;
    return this;
  }

  /** How many requests with records are under way at once, 1 to 64; by default 2. */
  public LlmAccountingClientBuilder requests(int most) {
    if (most < 1 || most > 64) {
      throw new IllegalArgumentException("requests must be from 1 to 64, was " + most);
    }
    this.requests = most;
    return this;
  }

  /**
   * Sends by {@code http}, which says how: proxies, certificates, versions, its own time for
   * connecting. It must not follow redirects, for the key would not go with them. The client does
   * not close it.
   */
  public LlmAccountingClientBuilder http(HttpClient http) {
    if (http.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "http must not follow redirects, was " + http.followRedirects());
    }
    this.http = http;
    return this;
  }

  /** Installs no shutdown hook: the application closes the client in all cases. */
  public LlmAccountingClientBuilder withoutShutdownHook() {
    this.endsOrderly = false;
    return this;
  }

  HttpClient http() {
    return http != null
        ? http
        : HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(
                timeout.compareTo(Duration.ofSeconds(10)) < 0 ? timeout : Duration.ofSeconds(10))
            .build();
  }

  CallSettings settings() {
    return new CallSettings(clock, random, defaults, holdTime, timeout);
  }

  RecordingSettings recording() {
    return new RecordingSettings(
        timeout, buffered, mostRecords, mostBytes, batchRecords, batchAge, requests);
  }

  Duration closeTimeout() {
    return closeTimeout == null ? timeout : closeTimeout;
  }

  /**
   * Starts the client. The server is not asked for it: an application starts while it is away.
   *
   * @throws UncheckedIOException if the folder of the spool cannot be used
   */
  public LlmAccountingClient build() {
    ClientEngine engine = new ClientEngine(this, opened());
    engine.start();
    return new LlmAccountingClient(engine);
  }

  private @Nullable SpoolFolder opened() {
    Path chosen = folder;
    if (chosen == null) {
      return null;
    }
    try {
      return SpoolFolder.open(chosen, folderBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the spool folder must be one that can be written to, was " + chosen, e);
    }
  }
}
