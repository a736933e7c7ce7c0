package io.llmaccounting.server.config;

/** The sinks that a server can run. */
public enum SinkKind {
  JSON_LINES(""),
  WEBHOOK(""),
  OTLP(""),
  LANGFUSE("https://cloud.langfuse.com"),
  HELICONE("https://api.worker.helicone.ai"),
  LUNARY("https://api.lunary.ai");

  private final String url;

  SinkKind(String url) {
    this.url = url;
  }

  /** The server of the service, empty where there is none. */
  String url() {
    return url;
  }
}
