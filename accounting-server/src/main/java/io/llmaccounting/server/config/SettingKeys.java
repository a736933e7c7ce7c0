package io.llmaccounting.server.config;

import io.llmaccounting.cli.console.Near;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every setting that there is, in the order in which the reference lists them. */
final class SettingKeys {
  /** What the settings of upstreams begin with; the upstream's name follows. */
  static final String UPSTREAMS = "upstreams.";

  /** What the settings of sinks begin with; the sink's name follows. */
  static final String SINKS = "sinks.";

  private static final List<SettingKey> GENERAL =
      List.of(
          key("listen.host", Form.TEXT, "127.0.0.1", "The address that it listens on."),
          key("listen.port", Form.WHOLE, "8181", "The port; 0 takes a free one."),
          key("listen.certificate", Form.FILE, "", "PEM file of the certificate chain, for TLS."),
          key("listen.private-key", Form.FILE, "", "PEM file of its private key."),
          key(
              "db.place",
              Form.TEXT,
              "llm-accounting.db",
              "A SQLite file, or `jdbc:postgresql://HOST/DATABASE`."),
          key("db.user", Form.TEXT, "", "The role at PostgreSQL."),
          key("db.password", Form.SECRET, "", "Its password."),
          key("db.password-file", Form.FILE, "", "A file whose first line is the password."),
          key(
              "db.schema",
              Form.TEXT,
              "",
              "The schema at PostgreSQL; `llm_accounting` if not given."),
          key(
              "db.spool",
              Form.FILE,
              "",
              "A folder that keeps records while the database is away; `off` for none. If not given,"
                  + " `llm-accounting-spool` where the database is PostgreSQL."),
          key(
              "sealing.key",
              Form.SECRET,
              "",
              "The key that stored credentials are encrypted with: 32 bytes in base64; former keys"
                  + " behind it, with commas."),
          key(
              "sealing.key-file",
              Form.FILE,
              "",
              "A file with that key on its first line, and former keys below. If neither is given, a"
                  + " file beside the SQLite file, made when first needed."),
          key("prices", Form.LIST, "", "Files of prices that come before the bundled ones."),
          key(
              "enforce-names",
              Form.FLAG,
              "false",
              "Whether projects and users must be in the directory."),
          key(
              "error-policy",
              Form.WORD,
              "continue",
              "What happens to calls that cannot be recorded: `continue`, or `fail` with 503."),
          key(
              "buffered",
              Form.FLAG,
              "false",
              "Whether records wait in memory, to be stored many at a time: answers end sooner, limits"
                  + " see up to 200 ms later what calls cost beyond what was held for them, and a"
                  + " process that is killed loses them."),
          key(
              "notice",
              Form.DURATION,
              "5s",
              "How long a server that is told to stop says so at `/health/ready` and still takes"
                  + " requests, so that balancers send them elsewhere; `0s` for not at all. A second"
                  + " signal ends it."),
          key(
              "drain",
              Form.DURATION,
              "5m",
              "How long requests under way may take while the server stops."),
          key(
              "default-upstream",
              Form.TEXT,
              "openai",
              "The upstream that `/v1/...` leads to; `none` for none."),
          key(
              "pass-through",
              Form.FLAG,
              "false",
              "Whether callers without a key of ours may bring the provider's own."),
          key(
              "gone-clients",
              Form.WORD,
              "cancel",
              "What happens to an answer whose client has gone: `cancel`, or `drain` to its end."),
          key(
              "keep-alive",
              Form.DURATION,
              "15s",
              "After how long a silent stream is told that it lives on; `off` for never."),
          key("bodies.inspected", Form.SIZE, "16MiB", "Longer bodies pass without being read."),
          key("bodies.most", Form.SIZE, "512MiB", "Longer bodies are refused."),
          key(
              "bodies.together",
              Form.SIZE,
              "",
              "So much is held of all bodies that are read; more is refused with 503. If not given, a"
                  + " quarter of the memory."),
          key(
              "bodies.time",
              Form.DURATION,
              "5m",
              "A body that is read must be there within this time."),
          key(
              "cache.time",
              Form.DURATION,
              "",
              "For so long an answer is given again to the same request of the same project; never if"
                  + " not given, or `off`."),
          key("cache.size", Form.SIZE, "64MiB", "So much is kept of answers in memory."),
          key(
              "rates.per-address",
              Form.WHOLE,
              "0",
              "Requests a second of a client's address; 0: any."),
          key("rates.per-key", Form.WHOLE, "0", "Requests a second of a key; 0: any."),
          key(
              "rest.enabled",
              Form.FLAG,
              "true",
              "Whether there is the REST interface, below `/v1/meter` and `/v1/manage`, and `/docs`."),
          key(
              "rest.origins",
              Form.LIST,
              "",
              "Web pages that may ask it from browsers, such as `https://tools.example.com`; none if"
                  + " not given."),
          key("log.format", Form.WORD, "text", "How log lines look: `text` or `json`."),
          key("log.level", Form.WORD, "info", "`error`, `warn`, `info` or `debug`."));

  private static final List<SettingKey> OF_UPSTREAMS =
      List.of(
          key("enabled", Form.FLAG, "true", "Whether there is this upstream."),
          key(
              "kind",
              Form.WORD,
              "",
              "What stands behind it; for names that are a kind that kind, else `openai-compatible`."),
          key(
              "url",
              Form.URL,
              "",
              "Where it is, with a path that goes before the request's: without the `/v1` that clients ask."),
          key("provider", Form.TEXT, "", "The provider that calls are recorded with."),
          key(
              "auth",
              Form.WORD,
              "",
              "How it is told who calls; as the kind wants it if not given."),
          key("region", Form.TEXT, "", "The region that requests are signed for."),
          key(
              "credential",
              Form.SECRET,
              "",
              "What it is told for projects without a credential of their own."),
          key("credential-file", Form.FILE, "", "A file whose first line is that."),
          key(
              "allow-private",
              Form.FLAG,
              "false",
              "Whether it may be reached at addresses of this machine or of private networks."),
          key(
              "attempts",
              Form.WHOLE,
              "2",
              "Requests for one call at most, those to fallbacks included."),
          key(
              "fallbacks",
              Form.LIST,
              "",
              "What is tried instead, in order: `UPSTREAM`, or `UPSTREAM:MODEL`."),
          key("timeouts.connect", Form.DURATION, "10s", "Until a connection stands."),
          key("timeouts.first-byte", Form.DURATION, "10m", "Until the answer begins."),
          key("timeouts.idle", Form.DURATION, "10m", "Between two pieces of the answer."),
          key("timeouts.total", Form.DURATION, "1h", "For the answer altogether."),
          key(
              "breaker.failures",
              Form.WHOLE,
              "5",
              "It is left alone after so many failures in a row; 0: never."),
          key("breaker.pause", Form.DURATION, "10s", "For so long."));

  private static final Map<String, SettingKey> BY_PATH = byPath(GENERAL);
  private static final List<Named> NAMED =
      List.of(Named.of(UPSTREAMS, OF_UPSTREAMS), Named.of(SINKS, SinkKeys.ALL));

  /** Settings that there may be several times, each under a name. */
  private record Named(String prefix, List<SettingKey> keys, Map<String, SettingKey> byPath) {
    static Named of(String prefix, List<SettingKey> keys) {
      return new Named(prefix, keys, SettingKeys.byPath(keys));
    }
  }

  private static Optional<Named> named(String path) {
    return NAMED.stream().filter(one -> path.startsWith(one.prefix)).findFirst();
  }

  private static int endOfName(Named named, String path) {
    return path.indexOf('.', named.prefix.length());
  }

  private SettingKeys() {}

  private static SettingKey key(String path, Form form, String fallback, String about) {
    return new SettingKey(path, form, fallback, about);
  }

  private static Map<String, SettingKey> byPath(List<SettingKey> keys) {
    Map<String, SettingKey> byPath = new TreeMap<>();
    keys.forEach(key -> byPath.put(key.path(), key));
    return byPath;
  }

  static List<SettingKey> general() {
    return GENERAL;
  }

  static List<SettingKey> ofUpstreams() {
    return OF_UPSTREAMS;
  }

  /** The settings that several may have: what they begin with, up to the name, and what follows. */
  static Map<String, List<SettingKey>> named() {
    Map<String, List<SettingKey>> all = new TreeMap<>();
    NAMED.forEach(one -> all.put(one.prefix, one.keys));
    return all;
  }

  /** The setting of this path, such as {@code upstreams.openai.url}. */
  static Optional<SettingKey> find(String path) {
    Optional<Named> named = named(path);
    if (named.isEmpty()) {
      return Optional.ofNullable(BY_PATH.get(path));
    }
    int end = endOfName(named.get(), path);
    return end < 0
        ? Optional.empty()
        : Optional.ofNullable(named.get().byPath.get(path.substring(end + 1)));
  }

  /** Whether {@code path} is where settings begin, and no setting itself. */
  static boolean isSection(String path) {
    String below = path + ".";
    if (NAMED.stream().anyMatch(one -> one.prefix.equals(below))) {
      return true;
    }
    Optional<Named> named = named(path);
    if (named.isEmpty()) {
      return GENERAL.stream().anyMatch(key -> key.path().startsWith(below));
    }
    int end = endOfName(named.get(), path);
    return end < 0
        || named.get().keys.stream()
            .anyMatch(key -> key.path().startsWith(below.substring(end + 1)));
  }

  /** Whether {@code path} is where the settings of one upstream or one sink begin. */
  static boolean isNamed(String path) {
    return named(path).map(one -> endOfName(one, path) < 0).orElse(false);
  }

  /** Says that there is no such setting, and which may have been meant. */
  static String unknown(String path) {
    Optional<Named> named = named(path);
    int end = named.map(one -> endOfName(one, path)).orElse(-1);
    String before = end < 0 ? "" : path.substring(0, end + 1);
    List<SettingKey> among = end < 0 ? GENERAL : named.orElseThrow().keys;
    Stream<String> paths =
        Stream.concat(
            Stream.of("upstreams", "sinks"), among.stream().map(key -> before + key.path()));
    // sections may be mistyped too
    List<String> known =
        paths
            .flatMap(one -> Stream.of(one, one.substring(0, Math.max(0, one.lastIndexOf('.')))))
            .filter(one -> !one.isEmpty())
            .distinct()
            .toList();
    return ("\"" + path + "\" is no setting. " + Near.question(path, known)).strip();
  }
}
