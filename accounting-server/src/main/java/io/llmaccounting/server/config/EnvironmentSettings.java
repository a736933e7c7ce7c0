package io.llmaccounting.server.config;

import io.llmaccounting.cli.console.Near;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the settings that variables of the environment give. */
final class EnvironmentSettings {
  private static final Set<String> OF_THE_COMMAND_LINE =
      Set.of(
          SettingKey.PREFIX + "TRACE",
          SettingKey.PREFIX + "AUDIT_KEY",
          SettingKey.PREFIX + "CONFIG",
          SettingKey.PREFIX + "KEY");

  private EnvironmentSettings() {}

  /**
   * Returns what is given, by path. A variable that is nearly one of ours is a fault; others are
   * not ours: Kubernetes makes variables such as LLM_ACCOUNTING_PORT for a service of that name.
   */
  static Map<String, Given> read(Map<String, String> environment, List<String> problems) {
    Map<String, String> paths = new TreeMap<>();
    SettingKeys.general().forEach(key -> paths.put(key.variable(), key.path()));
    Map<String, Given> given = new LinkedHashMap<>();
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (!name.startsWith(SettingKey.PREFIX)
                  || value.isEmpty()
                  || OF_THE_COMMAND_LINE.contains(name)) {
                return;
              }
              Optional<String> path =
                  section(name)
                      .map(prefix -> below(prefix, name.substring(variable(prefix).length())))
                      .orElseGet(() -> Optional.ofNullable(paths.get(name)));
              if (path.isPresent()) {
                given.put(path.get(), given(path.get(), value, name));
              } else {
                refuse(name, paths, problems);
              }
            });
    return given;
  }

  private static Given given(String path, String value, String variable) {
    boolean list = SettingKeys.find(path).orElseThrow().form() == Form.LIST;
    return list
        ? new Given(Arrays.stream(value.split(",", -1)).map(String::strip).toList(), variable)
        : Given.of(value, variable);
  }

  // what variables of upstreams and of sinks begin with
  private static String variable(String prefix) {
    return SettingKey.PREFIX + SettingKey.upperCase(prefix);
  }

  private static Optional<String> section(String name) {
    return SettingKeys.named().keySet().stream()
        .filter(prefix -> name.startsWith(variable(prefix)))
        .findFirst();
  }

  // the longest end that is a setting's name, because names of upstreams may have hyphens
  private static Optional<String> below(String prefix, String rest) {
    return SettingKeys.named().getOrDefault(prefix, List.of()).stream()
        .filter(key -> rest.endsWith("_" + SettingKey.upperCase(key.path())))
        .max((one, other) -> Integer.compare(one.path().length(), other.path().length()))
        .map(
            key ->
                prefix
                    + rest.substring(0, rest.length() - key.path().length() - 1)
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-')
                    + "."
                    + key.path());
  }

  private static void refuse(String name, Map<String, String> known, List<String> problems) {
    Optional<String> section = section(name);
    if (section.isPresent()) {
      boolean ofSinks = section.get().equals(SettingKeys.SINKS);
      problems.add(
          name
              + (ofSinks
                  ? " is no setting of a sink; write LLM_ACCOUNTING_SINKS_NAME_SETTING, such as"
                      + " LLM_ACCOUNTING_SINKS_FILES_FOLDER"
                  : " is no setting of an upstream; write LLM_ACCOUNTING_UPSTREAMS_NAME_SETTING, such"
                      + " as LLM_ACCOUNTING_UPSTREAMS_OPENAI_URL"));
      return;
    }
    List<String> near = Near.to(name, known.keySet());
    if (!near.isEmpty()) {
      problems.add(name + " is no setting. Did you mean '" + String.join("' or '", near) + "'?");
    }
  }
}
