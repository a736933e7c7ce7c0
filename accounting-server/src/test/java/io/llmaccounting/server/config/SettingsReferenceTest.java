package io.llmaccounting.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The reference says which settings there are; {@code -Dreference.accept=true} writes it anew. */
class SettingsReferenceTest {
  private static final String TOP =
      """
      # Settings of the server

      <!-- Written by SettingsReferenceTest; do not edit. -->

      The server needs none. What is given counts in this order: options of the command line, variables of the
      environment, the file, defaults. The file is the one of `--config`, or `llm-accounting-server.yaml` in the working
      folder if there is one. `check-config` says all that is wrong, with the line and the nearest right name;
      `print-config` says what is in force and who gave it, without secrets.

      - In the file, dots are levels: `listen.port` is `port` below `listen`. `db: FILE` is short for `db.place`.
      - `--set NAME=VALUE` gives any setting but a secret on the command line.
      - In the file, `${VARIABLE}` stands for a variable of the environment, `${VARIABLE:-otherwise}` for one that may be
        missing. Files are relative to the working folder.
      - A variable whose name is nearly one of these is a fault; others that begin with `LLM_ACCOUNTING_` are left alone.

      """;

  private static final String UPSTREAMS =
      """

      ## Upstreams

      There are `%s` without any setting, with the credential of their usual variable where that is set:
      %s.
      Any other name makes another upstream; give it a `url` or a `kind`. The settings of an upstream stand below
      `upstreams.NAME`, in variables as `LLM_ACCOUNTING_UPSTREAMS_NAME_SETTING`.

      """;

  private static final String SINKS =
      """

      ## Sinks

      Each name makes a sink, which [is passed on what was recorded](../how-to/pass-on-what-was-recorded.md). Its settings
      stand below `sinks.NAME`, in variables as `LLM_ACCOUNTING_SINKS_NAME_SETTING`. Another name is another sink.

      """;

  private static Path page() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("accounting-api"))) {
      folder = folder.getParent();
    }
    return folder.resolve("docs/reference/server-settings.md");
  }

  private static String text() {
    StringBuilder text = new StringBuilder(TOP);
    table(text, SettingKeys.general(), true);
    List<String> variables = new ArrayList<>();
    for (String name : WellKnown.names()) {
      UpstreamKind kind = Forms.word(UpstreamKind.class, name);
      WellKnown.variables(kind).forEach(variable -> variables.add("`" + variable + "`"));
    }
    text.append(
        UPSTREAMS.formatted(String.join("`, `", WellKnown.names()), String.join(", ", variables)));
    table(text, SettingKeys.ofUpstreams(), false);
    text.append("\nKinds: ");
    List<String> kinds = new ArrayList<>();
    for (UpstreamKind kind : UpstreamKind.values()) {
      kinds.add("`" + Forms.word(kind) + "`");
    }
    text.append(String.join(", ", kinds)).append(".\nWays to tell who calls: ");
    List<String> schemes = new ArrayList<>();
    for (AuthScheme scheme : AuthScheme.values()) {
      schemes.add("`" + Forms.word(scheme) + "`");
    }
    text.append(String.join(", ", schemes)).append(".\n").append(SINKS);
    table(text, SinkKeys.ALL, false);
    return text.toString();
  }

  private static void table(StringBuilder text, List<SettingKey> keys, boolean variables) {
    text.append(variables ? "| setting, variable | | default |\n" : "| setting | | default |\n");
    text.append("| --- | --- | --- |\n");
    for (SettingKey key : keys) {
      String variable = variables ? "<br>`" + key.variable() + "`" : "";
      String fallback = key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`";
      text.append(
          "| `%s`%s | %s (%s) | %s |%n"
              .formatted(key.path(), variable, key.about(), key.form().words(), fallback));
    }
  }

  @Test
  void thePageIsAsTheReaderIs() throws IOException {
    if (Boolean.getBoolean("reference.accept")) {
      Files.writeString(page(), text());
    }

    assertThat(page()).as("run with -Dreference.accept=true to write it").hasContent(text());
  }

  @Test
  void everySettingOfThePageIsReadAndNoOther() {
    List<String> listed = new ArrayList<>();
    SettingKeys.general().forEach(key -> listed.add(key.path()));
    SettingKeys.ofUpstreams().forEach(key -> listed.add("upstreams.openai." + key.path()));
    SinkKeys.ALL.forEach(key -> listed.add("sinks.files." + key.path()));

    for (String path : listed) {
      SettingKey key = SettingKeys.find(path).orElseThrow();
      String wrong = "\u0000";
      try {
        List<Setting> read =
            SettingsReader.read(
                    new SettingSources(
                        key.isSecret() ? beside(path) : and(beside(path), path, wrong),
                        key.isSecret() ? and(secrets(path), variable(path, key), "x") : Map.of(),
                        null,
                        Path.of("nowhere")))
                .values();
        assertThat(read).extracting(Setting::path).as(path).contains(path);
      } catch (SettingsException e) {
        assertThat(e.problems()).as(path).anyMatch(problem -> problem.contains(path));
      } catch (java.nio.file.InvalidPathException e) {
        assertThat(key.form()).isIn(Form.FILE, Form.LIST, Form.TEXT);
      }
    }
  }

  private static Map<String, String> and(Map<String, String> some, String name, String value) {
    Map<String, String> all = new HashMap<>(some);
    all.put(name, value);
    return all;
  }

  /** What a sink needs, so that the setting at this path is one that it has. */
  private static Map<String, String> beside(String path) {
    if (!path.startsWith(SettingKeys.SINKS)) {
      return Map.of();
    }
    Set<SinkKind> kinds = SinkKeys.kinds(path.substring("sinks.files.".length()));
    if (kinds.contains(SinkKind.JSON_LINES)) {
      return Map.of("sinks.files.kind", "json-lines", "sinks.files.folder", "usage");
    }
    SinkKind kind = kinds.contains(SinkKind.OTLP) ? SinkKind.OTLP : kinds.iterator().next();
    return Map.of("sinks.files.kind", Forms.word(kind), "sinks.files.url", "https://h");
  }

  private static Map<String, String> secrets(String path) {
    return path.endsWith(".former-key")
        ? Map.of("LLM_ACCOUNTING_SINKS_FILES_KEY", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        : Map.of();
  }

  private static String variable(String path, SettingKey key) {
    return path.startsWith(SettingKeys.UPSTREAMS) || path.startsWith(SettingKeys.SINKS)
        ? SettingKey.PREFIX + SettingKey.upperCase(path)
        : key.variable();
  }
}
