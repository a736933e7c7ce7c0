package io.llmaccounting.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The values that were given, read one by one; gathers all that is wrong with them. */
final class Values {
  private static final String OFF = "off";

  private final Map<String, Given> given;
  private final Path folder;
  private final List<String> problems;
  private final List<Setting> settings = new ArrayList<>();

  Values(Map<String, Given> given, Path folder, List<String> problems) {
    this.given = given;
    this.folder = folder;
    this.problems = problems;
  }

  /** All that were read, in their order. */
  List<Setting> settings() {
    return settings;
  }

  /** The names of upstreams of which something was given. */
  Set<String> upstreams() {
    return named(SettingKeys.UPSTREAMS);
  }

  /** The names below {@code prefix} of which something was given. */
  Set<String> named(String prefix) {
    Set<String> names = new TreeSet<>();
    for (String path : given.keySet()) {
      if (path.startsWith(prefix)) {
        int from = prefix.length();
        names.add(path.substring(from, path.indexOf('.', from)));
      }
    }
    return names;
  }

  boolean has(String path) {
    return given.containsKey(path);
  }

  void wrong(String path, String problem) {
    Given value = given.get(path);
    problems.add((value == null ? "" : value.source() + ": ") + path + " " + problem);
  }

  /** The value, or what {@code otherwise} is; a wrong one is noted. */
  <T> T read(String path, String otherwise, Function<String, T> form) {
    return Objects.requireNonNull(given(path, otherwise, form));
  }

  /** The value, or the default of the setting, which has one. */
  <T> T read(String path, Function<String, T> form) {
    return read(path, key(path).fallback(), form);
  }

  /** The value; null where there is none. */
  <T> @Nullable T optional(String path, Function<String, T> form) {
    String otherwise = key(path).fallback();
    if (!given.containsKey(path) && otherwise.isEmpty()) {
      return null;
    }
    return given(path, otherwise, form);
  }

  /** The value; null where there is none or it is {@code off}. */
  <T> @Nullable T unlessOff(String path, Function<String, T> form) {
    Given value = given.get(path);
    if (value != null && value.texts().get(0).equalsIgnoreCase(OFF)) {
      note(path, OFF, value.source());
      return null;
    }
    return optional(path, form);
  }

  List<String> list(String path) {
    Given value = given.get(path);
    if (value == null) {
      return List.of();
    }
    note(path, String.join(", ", value.texts()), value.source());
    return value.texts();
  }

  @Nullable Path file(String path) {
    return optional(path, this::path);
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** A secret, given itself or by a file; null where it is not given. */
  @Nullable Secret secret(String path, String filePath) {
    Path file = file(filePath);
    Secret secret = optional(path, Secret::of);
    if (file == null) {
      return secret;
    }
    if (secret != null) {
      wrong(filePath, "must not be given together with " + path);
    }
    try (var lines = Files.lines(file)) {
      return Secret.of(lines.findFirst().orElse(""));
    } catch (IOException | java.io.UncheckedIOException e) {
      wrong(filePath, "cannot be read: " + file);
      return null;
    }
  }

  /** Notes a setting that was found elsewhere. */
  void note(String path, String value, String source) {
    settings.add(new Setting(path, shown(key(path), value), source));
  }

  // the query of a webhook's URL may be all that keeps others out
  private static String shown(SettingKey key, String value) {
    if (key.isSecret()) {
      return "***";
    }
    int query = key.form() == Form.URL ? value.indexOf('?') : -1;
    return query < 0 ? value : value.substring(0, query) + "?***";
  }

  private <T> @Nullable T given(String path, String otherwise, Function<String, T> form) {
    Given value = given.get(path);
    if (value != null) {
      try {
        T read = form.apply(value.texts().get(0));
        note(path, value.texts().get(0), value.source());
        return read;
      } catch (IllegalArgumentException e) {
        wrong(path, e.getMessage() == null ? "cannot be read" : e.getMessage());
      }
    } else {
      note(path, otherwise, "default");
    }
    return otherwise.isEmpty() ? null : form.apply(otherwise);
  }

  private static SettingKey key(String path) {
    return SettingKeys.find(path).orElseThrow();
  }
}
