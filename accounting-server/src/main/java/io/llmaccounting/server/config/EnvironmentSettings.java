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
  private static final String OF_UPSTREAMS = SettingKey.PREFIX + "UPSTREAMS_";
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
                  name.startsWith(OF_UPSTREAMS)
                      ? ofUpstream(name.substring(OF_UPSTREAMS.length()))
                      : Optional.ofNullable(paths.get(name));
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

  // the longest end that is a setting's name, because names of upstreams may have hyphens
  private static Optional<String> ofUpstream(String rest) {
    return SettingKeys.ofUpstreams().stream()
        .filter(key -> rest.endsWith("_" + SettingKey.upperCase(key.path())))
        .max((one, other) -> Integer.compare(one.path().length(), other.path().length()))
        .map(
            key ->
                SettingKeys.UPSTREAMS
                    + rest.substring(0, rest.length() - key.path().length() - 1)
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-')
                    + "."
                    + key.path());
  }

  private static void refuse(String name, Map<String, String> known, List<String> problems) {
    if (name.startsWith(OF_UPSTREAMS)) {
      problems.add(
          name
              + " is no setting of an upstream; write LLM_ACCOUNTING_UPSTREAMS_NAME_SETTING, such"
              + " as LLM_ACCOUNTING_UPSTREAMS_OPENAI_URL");
      return;
    }
    List<String> near = Near.to(name, known.keySet());
    if (!near.isEmpty()) {
      problems.add(name + " is no setting. Did you mean '" + String.join("' or '", near) + "'?");
    }
  }
}
