package io.llmaccounting.providers.request;

/** A single value that a request has, and the words for it in the documentation. */
enum RequestWord {
  MODEL("model"),
  STREAM("stream"),
  STREAM_USAGE("usage asked for"),
  MAX_OUTPUT("max output tokens"),
  CHOICES("choices"),
  FORMAT("response format"),
  TEMPERATURE("temperature"),
  TOP_P("top_p"),
  TIER("service tier"),
  USER("user"),
  CACHE_KEY("cache key"),
  CACHED_CONTENT("cached content"),
  VERSION("version");

  private final String title;

  RequestWord(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
