package io.llmaccounting.server.config;

import io.llmaccounting.sinks.Redaction;
import io.llmaccounting.sinks.SinkSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sinks, and makes each once, so that all that is wrong with it is told before anything
 * starts.
 *
 * @param values what was given
 */
record SinkReader(Values values) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Pattern HEADER = Pattern.compile("[!-~]([ -~]*[!-~])?");
  private static final int MOST = 1_000;
  private static final int SMALLEST_FILE = 1_024;
  private static final int SHORTEST_SECRET = 16;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private enum Users {
    KEEP,
    HASH,
    DROP
  }

  /** All sinks that are to be run, by name. */
  List<RunSink> all() {
    List<RunSink> sinks = new ArrayList<>();
    Map<Path, String> folders = new HashMap<>();
    for (String name : values.named(SettingKeys.SINKS)) {
      String path = SettingKeys.SINKS + name + ".";
      boolean enabled = values.read(path + "enabled", Forms::flag);
      if (!NAME.matcher(name).matches()) {
        values.wrong(
            SettingKeys.SINKS + name,
            "must be named by lower-case letters, digits and hyphens, 64 at most");
      } else if (enabled) {
        one(name, path, folders).ifPresent(sinks::add);
      }
    }
    return sinks;
  }

  private Optional<RunSink> one(String name, String path, Map<Path, String> folders) {
    SinkKind kind = values.optional(path + "kind", text -> Forms.word(SinkKind.class, text));
    SinkSettings settings = settings(path);
    if (kind == null) {
      if (!values.has(path + "kind")) {
        values.wrong(path + "kind", "is required; it must be one of " + words(SinkKind.values()));
      }
      return Optional.empty();
    }
    refuseStrangers(path, kind);
    SinkParts parts = parts(name, path, kind);
    if (!isComplete(path, kind, parts) || !isFit(path, kind, parts)) {
      return Optional.empty();
    }
    if (parts.folder() != null) {
      String other = folders.putIfAbsent(parts.folder().toAbsolutePath().normalize(), name);
      if (other != null) {
        values.wrong(
            path + "folder", "must be another one than that of the sink %s".formatted(other));
      }
    }
    Duration timeout = settings.timeout();
    return Optional.of(new RunSink(name, kind, () -> parts.sink(kind, timeout), settings));
  }

  private void refuseStrangers(String path, SinkKind kind) {
    for (SettingKey key : SinkKeys.ALL) {
      Set<SinkKind> kinds = SinkKeys.kinds(key.path());
      if (!kinds.contains(kind) && values.has(path + key.path())) {
        values.wrong(
            path + key.path(),
            "must be left out where kind is %s; it is for %s"
                .formatted(Forms.word(kind), words(kinds.stream().sorted().toArray(Enum[]::new))));
      }
    }
  }

  private static String words(Enum<?>[] all) {
    return List.of(all).stream().map(Forms::word).collect(Collectors.joining(", "));
  }

  private SinkParts parts(String name, String path, SinkKind kind) {
    return new SinkParts(
        name,
        of(kind, path, "folder", values::path),
        of(kind, path, "file-size", SinkReader::fileSize),
        url(kind, path),
        key(kind, path),
        of(kind, path, "former-key", Secret::of),
        of(kind, path, "public-key", SinkReader::header),
        of(kind, path, "service", text -> text));
  }

  private <T> @Nullable T of(SinkKind kind, String path, String key, Function<String, T> form) {
    return SinkKeys.kinds(key).contains(kind) ? values.optional(path + key, form) : null;
  }

  private @Nullable URI url(SinkKind kind, String path) {
    return kind.url().isEmpty()
        ? of(kind, path, "url", SinkReader::uri)
        : values.read(path + "url", kind.url(), SinkReader::uri);
  }

  private @Nullable Secret key(SinkKind kind, String path) {
    if (!SinkKeys.kinds("key").contains(kind)) {
      return null;
    }
    Secret key = values.secret(path + "key", path + "key-file");
    if (key == null || HEADER.matcher(key.reveal()).matches()) {
      return key;
    }
    values.wrong(
        path + (values.has(path + "key") ? "key" : "key-file"),
        "must give printable ASCII characters without blanks around them (not shown)");
    return null;
  }

  private static String header(String text) {
    if (!HEADER.matcher(text).matches()) {
      throw new IllegalArgumentException("must be of printable ASCII characters, was " + text);
    }
    return text;
  }

  private static long fileSize(String text) {
    long bytes = Forms.size(text);
    if (bytes < SMALLEST_FILE) {
      throw new IllegalArgumentException("must be 1KiB or more, was \"" + text + "\"");
    }
    return bytes;
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      boolean isHttp = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null && !text.contains("@")) {
        return uri;
      }
      throw notUrl(text, null);
    } catch (URISyntaxException e) {
      throw notUrl(text, e);
    }
  }

  private static IllegalArgumentException notUrl(String text, @Nullable Throwable cause) {
    boolean mayShow = text.indexOf('@') < 0 && text.indexOf('?') < 0;
    return new IllegalArgumentException(
        "must be a URL such as https://host/path, without user and password, was "
            + (mayShow ? "\"" + text + "\"" : "another one (not shown)"),
        cause);
  }

  private boolean isComplete(String path, SinkKind kind, SinkParts parts) {
    if (kind == SinkKind.JSON_LINES) {
      return required(path + "folder", parts.folder(), kind);
    }
    boolean complete = required(path + "url", parts.url(), kind);
    if (kind != SinkKind.OTLP) {
      complete &= values.has(path + "key-file") || required(path + "key", parts.key(), kind);
      complete &= parts.key() != null;
    }
    if (kind == SinkKind.LANGFUSE) {
      complete &= required(path + "public-key", parts.publicKey(), kind);
    }
    return complete;
  }

  private boolean required(String path, @Nullable Object value, SinkKind kind) {
    if (value == null && !values.has(path)) {
      values.wrong(path, "is required where kind is " + Forms.word(kind));
    }
    return value != null;
  }

  private boolean isFit(String path, SinkKind kind, SinkParts parts) {
    boolean fits = makes(path + "key", kind, parts.with(parts.key()));
    Secret former = parts.former();
    boolean formerFits = former == null || makes(path + "former-key", kind, parts.with(former));
    return fits && formerFits;
  }

  // what only the sink itself knows: whether a secret can be one
  private boolean makes(String path, SinkKind kind, SinkParts parts) {
    try {
      parts.sink(kind, LONGEST).close();
      return true;
    } catch (IllegalArgumentException e) {
      values.wrong(path, "cannot be used: " + e.getMessage());
      return false;
    }
  }

  private SinkSettings settings(String path) {
    return new SinkSettings(
        values.read(path + "batch", text -> Forms.whole(text, 1, MOST)),
        values.read(path + "timeout", SinkReader::timeout),
        values.read(path + "from", SinkReader::from).orElse(null),
        redaction(path));
  }

  private Redaction redaction(String path) {
    Users users = values.read(path + "users", text -> Forms.word(Users.class, text));
    Secret key = values.optional(path + "users-key", Secret::of);
    List<String> tags = values.list(path + "tags");
    Redaction redaction = Redaction.none();
    if (users == Users.DROP) {
      redaction = redaction.withoutUsers();
    }
    if (users == Users.HASH && (key == null || key.reveal().length() < SHORTEST_SECRET)) {
      values.wrong(
          path + "users-key", "must have 16 characters or more where users is hash (not shown)");
    } else if (users == Users.HASH && key != null) {
      redaction = redaction.hashingUsers(key.reveal());
    } else if (key != null) {
      values.wrong(path + "users-key", "must be left out, or users be hash");
    }
    return tags.isEmpty() ? redaction : redaction.keepingTags(Set.copyOf(tags));
  }

  private static Duration timeout(String text) {
    Duration timeout = Forms.duration(text);
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("must be 100ms to 10m, was \"" + text + "\"");
    }
    return timeout;
  }

  private static Optional<Instant> from(String text) {
    return switch (text) {
      case "now" -> Optional.empty();
      case "beginning" -> Optional.of(Instant.EPOCH);
      default -> {
        try {
          yield Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
          throw new IllegalArgumentException(
              "must be now, beginning, or an instant such as 2026-03-01T00:00:00Z, was \"%s\""
                  .formatted(text),
              e);
        }
      }
    };
  }
}
