package io.llmaccounting.server.config;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from.
 *
 * @param options those of the command line, by the path of the setting; they come first
 * @param environment the variables of the environment; they come second
 * @param file a file of settings, or null for the one in the folder, if there is one
 * @param folder what relative names of files start from
 */
public record SettingSources(
    Map<String, String> options,
    Map<String, String> environment,
    @Nullable String file,
    Path folder) {
  /** Copies the maps. */
  public SettingSources {
    options = Map.copyOf(options);
    environment = Map.copyOf(environment);
  }
}
