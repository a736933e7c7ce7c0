package io.llmaccounting.providers;

/** A count that providers report, under names of their own. */
enum Count {
  INPUT("input"),
  TOOL_INPUT("input of tools"),
  CACHE_READ("cache reads"),
  CACHE_WRITE("cache writes"),
  CACHE_WRITE_5M("5-minute writes"),
  CACHE_WRITE_1H("1-hour writes"),
  AUDIO_INPUT("audio input"),
  CACHED_AUDIO("cached audio"),
  OUTPUT("output"),
  REASONING("reasoning"),
  AUDIO_OUTPUT("audio output"),
  TOTAL("total");

  private final String title;

  Count(String title) {
    this.title = title;
  }

  /** The word for it in the documentation. */
  String title() {
    return title;
  }

  boolean isInput() {
    return compareTo(CACHED_AUDIO) <= 0;
  }
}
