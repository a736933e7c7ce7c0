package io.llmaccounting.server.config;

import io.llmaccounting.cli.command.DatabasePlace;
import io.llmaccounting.cli.console.Failure;
import io.llmaccounting.cli.console.FileProblems;
import io.llmaccounting.health.ErrorPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the server is told: options before variables before the file before defaults. For one
 * reading.
 */
public final class SettingsReader {
  /** The file that is read where it is in the folder and no other is named. */
  public static final String FILE = "llm-accounting-server.yaml";

  private static final int MOST_PER_SECOND = 1_000_000;
  private static final int LAST_PORT = 65_535;
  private static final String NONE = "none";

  private final SettingSources sources;
  private final List<String> problems = new ArrayList<>();
  private final Values values;

  private SettingsReader(SettingSources sources) {
    this.sources = sources;
    this.values = new Values(given(), sources.folder(), problems);
  }

  /**
   * Reads all settings.
   *
   * @throws SettingsException with all that is wrong with them
   */
  public static LoadedSettings read(SettingSources sources) {
    SettingsReader reader = new SettingsReader(sources);
    ServerSettings settings = reader.server();
    if (!reader.problems.isEmpty()) {
      throw new SettingsException(reader.problems.stream().distinct().toList());
    }
    return new LoadedSettings(settings, reader.values.settings());
  }

  private Map<String, Given> given() {
    Map<String, Given> given = new LinkedHashMap<>(ofFile());
    given.putAll(EnvironmentSettings.read(sources.environment(), problems));
    sources
        .options()
        .forEach(
            (path, value) -> {
              if (SettingKeys.find(path).isEmpty()) {
                problems.add(SettingKeys.unknown(path));
              } else if (SettingKeys.find(path).orElseThrow().isSecret()) {
                problems.add(
                    path
                        + " must not be an option, which everybody on the machine can see; use the"
                        + " file or a variable");
              } else {
                given.put(path, Given.of(value, "command line"));
              }
            });
    return given;
  }

  private Map<String, Given> ofFile() {
    String name = sources.file();
    Path file = sources.folder().resolve(name == null ? FILE : name);
    if (name == null && !Files.exists(file)) {
      return Map.of();
    }
    String shown = name == null ? FILE : name;
    try {
      return new YamlSettings(shown, new References(sources.environment()), problems)
          .read(Files.readString(file));
    } catch (IOException e) {
      problems.add("the settings cannot be read: " + FileProblems.text(e));
      return Map.of();
    }
  }

  private ServerSettings server() {
    Listening listening = listening();
    StoreSettings store = store();
    GivenFiles files = new GivenFiles(values);
    Secret sealing = values.optional("sealing.key", SettingsReader::sealingKeys);
    Path sealingFile = files.sealing();
    if (sealing != null && sealingFile != null) {
      values.wrong("sealing.key-file", "must not be given together with sealing.key");
    }
    List<Path> prices = files.prices();
    boolean enforceNames = values.read("enforce-names", Forms::flag);
    ErrorPolicy policy = values.read("error-policy", text -> Forms.word(ErrorPolicy.class, text));
    boolean buffered = values.read("buffered", Forms::flag);
    Duration notice = values.read("notice", Forms::durationOrNone);
    Duration drain = values.read("drain", Forms::duration);
    return new ServerSettings(
        listening,
        store,
        gateway(),
        rest(),
        policy,
        buffered,
        notice,
        drain,
        sealing,
        sealingFile,
        prices,
        enforceNames,
        new LogSettings(
            values.read("log.format", text -> Forms.word(LogSettings.Format.class, text)),
            values.read("log.level", text -> Forms.word(LogSettings.Level.class, text))),
        new SinkReader(values).all());
  }

  private RestSettings rest() {
    boolean enabled = values.read("rest.enabled", Forms::flag);
    List<String> origins = values.list("rest.origins");
    for (String origin : origins) {
      if (!RestSettings.isOrigin(origin)) {
        values.wrong("rest.origins", "must be like https://tools.example.com, was " + origin);
      }
    }
    return new RestSettings(enabled, Set.copyOf(origins));
  }

  private static Secret sealingKeys(String text) {
    SealingKeyRule.problem(text)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    return Secret.of(text);
  }

  private Listening listening() {
    GivenFiles files = new GivenFiles(values);
    Listening listening =
        new Listening(
            values.read("listen.host", SettingsReader::some),
            values.read("listen.port", text -> Forms.whole(text, 0, LAST_PORT)),
            files.present("listen.certificate"),
            files.present("listen.private-key"));
    if ((listening.certificate() == null) != (listening.privateKey() == null)) {
      values.wrong(
          listening.certificate() == null ? "listen.certificate" : "listen.private-key",
          "is required beside the other, for TLS");
    }
    return listening;
  }

  private static String some(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be empty");
    }
    return text;
  }

  private StoreSettings store() {
    String place = values.read("db.place", SettingsReader::place);
    boolean postgres = DatabasePlace.isPostgres(place);
    Path spool = values.unlessOff("db.spool", values::path);
    if (spool == null && postgres && !values.has("db.spool")) {
      spool = sources.folder().resolve("llm-accounting-spool");
    }
    return new StoreSettings(
        postgres ? place : sources.folder().resolve(place).toString(),
        values.optional("db.user", SettingsReader::some),
        values.secret("db.password", "db.password-file"),
        values.optional("db.schema", SettingsReader::some),
        spool);
  }

  private static String place(String text) {
    try {
      return DatabasePlace.checked("db.place", some(text));
    } catch (Failure e) {
      throw new IllegalArgumentException(
          "must be a file, or jdbc:postgresql://HOST/DATABASE without user and password; it is not"
              + " shown, because it may hold a password",
          e);
    }
  }

  private GatewaySettings gateway() {
    String byDefault = values.read("default-upstream", text -> text);
    boolean passThrough = values.read("pass-through", Forms::flag);
    GatewaySettings.GoneClients gone =
        values.read("gone-clients", text -> Forms.word(GatewaySettings.GoneClients.class, text));
    Duration keepAlive = values.unlessOff("keep-alive", Forms::duration);
    BodyLimits bodies =
        new BodyLimits(
            values.read("bodies.inspected", Forms::size),
            values.read("bodies.most", Forms::size),
            together(),
            values.read("bodies.time", Forms::duration));
    if (bodies.inspected() > bodies.most()) {
      values.wrong("bodies.inspected", "must be at most bodies.most");
    }
    RequestRates rates =
        new RequestRates(
            values.read("rates.per-address", text -> Forms.whole(text, 0, MOST_PER_SECOND)),
            values.read("rates.per-key", text -> Forms.whole(text, 0, MOST_PER_SECOND)));
    Map<String, UpstreamSettings> upstreams =
        new UpstreamReader(values, sources.environment()).all();
    return new GatewaySettings(
        upstreams,
        defaultUpstream(byDefault, upstreams.keySet()),
        passThrough,
        gone,
        bodies,
        rates,
        keepAlive,
        cache());
  }

  private @Nullable CacheSettings cache() {
    Duration time = values.unlessOff("cache.time", Forms::duration);
    long bytes = values.read("cache.size", Forms::size);
    return time == null ? null : new CacheSettings(time, bytes);
  }

  private long together() {
    Long given = values.optional("bodies.together", Forms::size);
    return given == null ? BodyLimits.quarterOfMemory() : given;
  }

  private @Nullable String defaultUpstream(String name, Set<String> known) {
    if (name.equals(NONE)) {
      return null;
    }
    if (!known.contains(name)) {
      values.wrong("default-upstream", Unknown.upstream(name, known));
    }
    return name;
  }
}
