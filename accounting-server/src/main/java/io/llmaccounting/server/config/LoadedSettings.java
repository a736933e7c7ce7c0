package io.llmaccounting.server.config;

import java.util.List;

/**
 * What the server is told, and who said it.
 *
 * @param settings what it is told
 * @param values each setting that is in force, in the order of the reference
 */
public record LoadedSettings(ServerSettings settings, List<Setting> values) {
  /** Copies the list. */
  public LoadedSettings {
    values = List.copyOf(values);
  }
}
