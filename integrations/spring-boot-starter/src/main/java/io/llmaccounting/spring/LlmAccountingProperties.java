package io.llmaccounting.spring;

import io.llmaccounting.health.ErrorPolicy;
import io.llmaccounting.recording.Buffering;
import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.ReportedCostPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * What the properties below {@code llm.accounting} say. One that is not known here is an error: a
 * mistyped limit would be no limit.
 *
 * @param enabled Whether there is an accounting at all.
 * @param backend Where usage is kept. By default in what is there: a PostgreSQL DataSource, else
 *     the file of llm.accounting.sqlite.path, else, in tests that have accounting-testkit, memory.
 * @param postgres How a PostgreSQL database is used.
 * @param sqlite How a SQLite file is used.
 * @param mode Whether a record is stored before its call returns, or waits in memory.
 * @param buffer What waits in memory in the mode "buffered".
 * @param spool What is kept on the local disk while the database is away.
 * @param defaults To whom calls are attributed that do not say it themselves.
 * @param prices From what costs are computed.
 * @param reportedCosts Which cost counts where a provider reports one and prices give another.
 * @param onError What happens to a call of the application if recording it fails.
 * @param timeout How long storing a record may take, repeats included.
 * @param closeTimeout How long closing may take to store what waits. By default as long as
 *     llm.accounting.timeout.
 * @param staleness How old limits and names may be where they are only read.
 * @param holdTime How long room is held for a call that does not end, 1 second to 7 days.
 * @param expectedTokens What calls are expected to consume that do not say it.
 * @param rememberDenials For how long a request that was just denied is answered from memory, at
 *     most 5 ms. By default not at all.
 * @param deniedSubjects How many subjects of a limit are told apart in the counts of denials of a
 *     day.
 * @param admitWhileLimitsAreUnknown Whether calls go ahead while the database has not been reached
 *     since the start, so that nobody knows which limits there are.
 * @param enforceNames Whether projects and users are refused that the directory does not know.
 * @param actor Who changes limits, for the audit log.
 * @param limits The limits of this application. They are applied at every start: made, changed, and
 *     removed if this application made them.
 * @param limitSet The name of the set that owns these limits. By default "spring-boot:" and
 *     spring.application.name.
 * @param limitZone The time zone of windows of the calendar that name none.
 * @param takeLimitsOver Whether limits of the same names that were made otherwise become those of
 *     this application.
 * @param carryContext Whether it is known who calls on other threads, too: those of Spring's
 *     executors, and those of reactive chains, for which Reactor's automatic context propagation is
 *     switched on.
 * @param web Who calls in web applications, and what denied calls are answered with.
 * @param metering Which beans are metered.
 * @param health When the health of the application is down because of the accounting.
 * @param metrics What Micrometer is told; needs accounting-micrometer.
 * @param telemetry What OpenTelemetry is told; needs accounting-opentelemetry.
 */
@ConfigurationProperties(prefix = "llm.accounting", ignoreUnknownFields = false)
record LlmAccountingProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("auto") BackendKind backend,
    @DefaultValue Postgres postgres,
    @DefaultValue Sqlite sqlite,
    @DefaultValue("durable") RecordingMode mode,
    @DefaultValue Buffer buffer,
    @DefaultValue SpoolFolder spool,
    @DefaultValue Defaults defaults,
    @DefaultValue Prices prices,
    @DefaultValue("prefer-reported") ReportedCostPolicy reportedCosts,
    @DefaultValue("fail") ErrorPolicy onError,
    @DefaultValue("30s") Duration timeout,
    @Nullable Duration closeTimeout,
    @DefaultValue("1s") Duration staleness,
    @DefaultValue("10m") Duration holdTime,
    @DefaultValue ExpectedTokens expectedTokens,
    @Nullable Duration rememberDenials,
    @DefaultValue("10000") int deniedSubjects,
    @DefaultValue("false") boolean admitWhileLimitsAreUnknown,
    @DefaultValue("false") boolean enforceNames,
    @Nullable String actor,
    @Nullable List<DeclaredLimit> limits,
    @Nullable String limitSet,
    @DefaultValue("UTC") String limitZone,
    @DefaultValue("false") boolean takeLimitsOver,
    @DefaultValue("true") boolean carryContext,
    @DefaultValue Web web,
    @DefaultValue Metering metering,
    @DefaultValue AccountingHealth health,
    @DefaultValue Metrics metrics,
    @DefaultValue Telemetry telemetry) {

  /** What all these properties begin with. */
  static final String PREFIX = "llm.accounting.";

  /**
   * How a PostgreSQL database is used.
   *
   * @param dataSource The name of the DataSource bean, where there are several.
   * @param ownerDataSource The name of a DataSource bean with the role that owns the tables, for
   *     migrations and partitions. By default the same.
   * @param poolSize How many connections of its own the accounting has at most, 2 to 256, beside
   *     the pool of the application; 0 to take them from that pool.
   * @param schema The schema of the library's tables.
   * @param schemaMode What is done about a schema that is missing or older.
   * @param sharding How a new database that may be spread over servers is laid out.
   * @param statementTimeout After how long a statement is given up.
   * @param lockTimeout How long a lock is waited for.
   */
  record Postgres(
      @Nullable String dataSource,
      @Nullable String ownerDataSource,
      @DefaultValue("4") int poolSize,
      @DefaultValue("llm_accounting") String schema,
      @DefaultValue("migrate") SchemaMode schemaMode,
      @DefaultValue("none") Sharding sharding,
      @Nullable Duration statementTimeout,
      @Nullable Duration lockTimeout) {}

  /**
   * How a SQLite file is used.
   *
   * @param path The file, for example data/usage.db; on a local disk.
   * @param createFolders Whether folders that are missing are created with the file.
   * @param durability What a power cut may lose: nothing, or the last commits.
   * @param schemaMode What is done about a file that is missing or older.
   * @param busyTimeout How long the write lock is waited for.
   * @param readers How many reads run at the same time, 1 to 64.
   */
  record Sqlite(
      @Nullable String path,
      @DefaultValue("false") boolean createFolders,
      @DefaultValue("full") Durability durability,
      @DefaultValue("migrate") SchemaMode schemaMode,
      @DefaultValue("10s") Duration busyTimeout,
      @DefaultValue("4") int readers) {}

  /**
   * What waits in memory in the mode "buffered".
   *
   * @param records How many records may wait, 1 to 10,000,000.
   * @param size How large they may be together.
   * @param flushRecords How many are sent at once, 1 to 1,000.
   * @param flushAge The longest that a record waits before it is sent, 1 ms to 1 min.
   * @param whenFull What happens to a record that finds no room.
   */
  record Buffer(
      @DefaultValue("100000") int records,
      @DefaultValue("64000000B") DataSize size,
      @DefaultValue("1000") int flushRecords,
      @DefaultValue("200ms") Duration flushAge,
      @DefaultValue("block") Buffering.WhenFull whenFull) {}

  /**
   * What is kept on the local disk while the database is away; needs accounting-sqlite.
   *
   * @param folder The folder, on a disk that stays when the process ends. Without it there is no
   *     spool.
   * @param always Whether every record goes there first.
   * @param maxSize How much each process may keep there.
   */
  record SpoolFolder(
      @Nullable String folder,
      @DefaultValue("false") boolean always,
      @DefaultValue("256MB") DataSize maxSize) {}

  /**
   * To whom calls are attributed that do not say it themselves.
   *
   * @param project The project.
   * @param user The person or account.
   * @param caller The application or feature that calls.
   * @param session The conversation or run.
   * @param tags Further names and values, at most 16.
   */
  record Defaults(
      @Nullable String project,
      @Nullable String user,
      @Nullable String caller,
      @Nullable String session,
      @DefaultValue Map<String, String> tags) {}

  /**
   * From what costs are computed.
   *
   * @param bundled Whether the prices that come with this library count.
   * @param files Files of prices, which come before the bundled ones; a later one before an earlier
   *     one.
   */
  record Prices(@DefaultValue("true") boolean bundled, @DefaultValue List<Resource> files) {}

  /**
   * What calls are expected to consume that do not say it. By default what most recent calls of the
   * model did not exceed.
   *
   * @param input Tokens of the request.
   * @param output Tokens of the answer.
   */
  record ExpectedTokens(@Nullable Long input, @Nullable Long output) {}

  /**
   * Who calls in web applications, and what denied calls are answered with.
   *
   * @param enabled Whether requests have a context of calls, and denied calls an answer.
   * @param principal What the name of whoever was authenticated is.
   * @param headers Headers that say who calls. None unless they are named: whoever can send a
   *     request can send a header, so name only those that a gateway sets.
   * @param answerDenials Whether a denied call is answered with 429, 403 or 503, Retry-After and a
   *     problem detail.
   * @param tellLimits Whether that names the limits and how they stand.
   */
  record Web(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("user") PrincipalIs principal,
      @DefaultValue Headers headers,
      @DefaultValue("true") boolean answerDenials,
      @DefaultValue("false") boolean tellLimits) {}

  /**
   * Headers that say who calls.
   *
   * @param project The header whose value is the project.
   * @param user The header whose value is the user, unless somebody was authenticated.
   * @param caller The header whose value is the caller.
   * @param session The header whose value is the session.
   */
  record Headers(
      @Nullable String project,
      @Nullable String user,
      @Nullable String caller,
      @Nullable String session) {}

  /**
   * Which beans are metered.
   *
   * @param enabled Whether models among the beans are metered.
   * @param exclude Names of beans that are not.
   * @param modelNames By the names of beans, what models are called whose types do not tell it.
   */
  record Metering(
      @DefaultValue("true") boolean enabled,
      @DefaultValue Set<String> exclude,
      @DefaultValue Map<String, String> modelNames) {}

  /**
   * When the health of the application is down because of the accounting.
   *
   * @param downIf By default never: an application that cannot record calls may still do its work.
   */
  record AccountingHealth(@DefaultValue("never") DownIf downIf) {}

  /**
   * What Micrometer is told.
   *
   * @param enabled Whether there are meters.
   * @param tags By what calls are told apart, besides or without the defaults, which are model and
   *     provider.
   * @param mostSeries How many combinations of values have series of their own, 1 to 100,000.
   */
  record Metrics(
      @DefaultValue("true") boolean enabled,
      @DefaultValue Set<Dimension.Kind> tags,
      @DefaultValue("1000") int mostSeries) {}

  /**
   * What OpenTelemetry is told.
   *
   * @param enabled Whether it is told of calls.
   * @param spans Whether calls have spans; not where SDKs make them themselves.
   * @param metrics Whether there are metrics of calls.
   */
  record Telemetry(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("true") boolean spans,
      @DefaultValue("true") boolean metrics) {}

  /** What the name of whoever was authenticated is. */
  enum PrincipalIs {
    /** The user of calls. */
    USER,
    /** The caller of calls: another service. */
    CALLER,
    /** Neither. */
    NOBODY
  }

  /** When the health of the application is down. */
  enum DownIf {
    /** Never because of the accounting. */
    NEVER,
    /** While the database is away. */
    STORE_AWAY,
    /** While the database is away, or records wait on the local disk. */
    NOT_WELL
  }

  /** Whether a record is stored before its call returns. */
  enum RecordingMode {
    /** Stored before the call returns. */
    DURABLE,
    /** Waits in memory for a fraction of a second. */
    BUFFERED
  }

  /** What is done about a schema that is missing or older. */
  enum SchemaMode {
    /** It is created or migrated. */
    MIGRATE,
    /** The application does not start. */
    VALIDATE,
    /** Nothing, and its version is not looked at; for PostgreSQL only. */
    NONE
  }

  /** What a power cut may lose. */
  enum Durability {
    /** Nothing. */
    FULL,
    /** The last commits. */
    NORMAL
  }

  /** How a new database is laid out that may be spread over servers. */
  enum Sharding {
    /** All projects in one place. */
    NONE,
    /** Each project in the place that its name decides. */
    BY_PROJECT
  }
}
