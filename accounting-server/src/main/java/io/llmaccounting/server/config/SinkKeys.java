package io.llmaccounting.server.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every setting of a sink. */
final class SinkKeys {
  static final List<SettingKey> ALL =
      List.of(
          key("enabled", Form.FLAG, "true", "Whether it is run."),
          key(
              "kind",
              Form.WORD,
              "",
              "What it is: `json-lines`, `webhook`, `otlp`, `langfuse`, `helicone` or `lunary`."),
          key("folder", Form.FILE, "", "Of `json-lines`: where its files lie."),
          key("file-size", Form.SIZE, "100MiB", "Of `json-lines`: a file of that size is full."),
          key(
              "url",
              Form.URL,
              "",
              "Where to: of `webhook` and `otlp` the whole URL, of the others the server if it is not"
                  + " the service's own."),
          key(
              "key",
              Form.SECRET,
              "",
              "Of `webhook` the secret that it signs with, of `otlp` the value of the header"
                  + " `Authorization`, of the others the key of the service."),
          key("key-file", Form.FILE, "", "A file whose first line is that."),
          key(
              "former-key",
              Form.SECRET,
              "",
              "Of `webhook`: the secret before, while receivers change to the new one."),
          key("public-key", Form.TEXT, "", "Of `langfuse`: the public key of the project."),
          key(
              "service",
              Form.TEXT,
              "llm-accounting",
              "Of `otlp`: the service's name in the spans."),
          key("batch", Form.WHOLE, "100", "Records that it gets at once, 1 to 1000."),
          key("timeout", Form.DURATION, "30s", "How long a delivery may take."),
          key(
              "from",
              Form.TEXT,
              "now",
              "Where it begins when it is first run: `now`, `beginning`, or calls made since an instant"
                  + " such as `2026-03-01T00:00:00Z`."),
          key("users", Form.WORD, "keep", "Users are passed on as they are, or: `hash`, `drop`."),
          key(
              "users-key",
              Form.SECRET,
              "",
              "The secret that users are hashed with, 16 characters or more."),
          key("tags", Form.LIST, "", "Names of the tags that are passed on; all if not given."));

  private static final Set<SinkKind> OVER_HTTP =
      Set.of(
          SinkKind.WEBHOOK, SinkKind.OTLP, SinkKind.LANGFUSE, SinkKind.HELICONE, SinkKind.LUNARY);
  private static final Map<String, Set<SinkKind>> OF_SOME =
      Map.of(
          "folder", Set.of(SinkKind.JSON_LINES),
          "file-size", Set.of(SinkKind.JSON_LINES),
          "url", OVER_HTTP,
          "key", OVER_HTTP,
          "key-file", OVER_HTTP,
          "former-key", Set.of(SinkKind.WEBHOOK),
          "public-key", Set.of(SinkKind.LANGFUSE),
          "service", Set.of(SinkKind.OTLP));

  private SinkKeys() {}

  /** Which kinds of sinks have this setting. */
  static Set<SinkKind> kinds(String key) {
    return OF_SOME.getOrDefault(key, Set.of(SinkKind.values()));
  }

  private static SettingKey key(String path, Form form, String fallback, String about) {
    return new SettingKey(path, form, fallback, about);
  }
}
