package io.llmaccounting.internal.recording;

import io.llmaccounting.internal.ledger.PendingRecord;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Usage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Estimates what a waiting record takes of the heap: its objects as a 64-bit JVM with compressed
 * references lays them out, and its texts, each counted as if nothing shared it.
 */
final class Footprint {
  /**
   * Bytes of the record itself, its id, times, tokens, details, attribution, cost and place in
   * line.
   */
  private static final int OBJECTS = 560;

  private static final int TEXT = 48;
  private static final int REPORTED = 24;

  /** Bytes of how a model was asked: four numbers and what holds them. */
  private static final int ASKED = 136;

  /** Bytes of a part, its tokens, its price and its place in the list. */
  private static final int PART = 240;

  /**
   * What a call that was let in from leases waits with: itself, what was asked, what it expects.
   */
  private static final int LEASED = 640;

  private static final int MAP = 48;
  private static final int MAP_ENTRY = 64;

  private Footprint() {}

  /** Of a record on its way, with what it gives back to leases once it is stored. */
  static long of(PendingRecord pending) {
    return of(pending.usage()) + (pending.isLeased() ? LEASED : 0);
  }

  static long of(Usage usage) {
    Attribution who = usage.attribution();
    CallDetails details = usage.details();
    long bytes = OBJECTS;
    bytes += text(usage.key()) + text(usage.model()) + text(usage.responseModel());
    bytes += text(usage.provider()) + text(usage.operation());
    bytes += text(who.project()) + text(who.user()) + text(who.caller()) + text(who.session());
    bytes += text(details.finishReason()) + text(details.responseId()) + text(details.errorType());
    bytes += text(details.errorMessage()) + text(details.serviceTier()) + text(details.region());
    bytes += text(details.speed()) + text(details.rawUsage());
    bytes += details.asked().isEmpty() ? 0 : ASKED + text(details.asked().origin());
    bytes += usage.reportedCost() == null ? 0 : REPORTED;
    for (CallPart part : usage.parts()) {
      bytes += PART + text(part.kind()) + text(part.model()) + text(part.provider());
    }
    return bytes + tags(who.tags()) + extras(usage.extras());
  }

  private static long tags(Map<String, String> tags) {
    long bytes = 0;
    if (!tags.isEmpty()) {
      bytes = MAP;
      for (Map.Entry<String, String> tag : tags.entrySet()) {
        bytes += MAP_ENTRY + text(tag.getKey()) + text(tag.getValue());
      }
    }
    return bytes;
  }

  private static long extras(Map<String, Long> extras) {
    long bytes = 0;
    if (!extras.isEmpty()) {
      bytes = MAP;
      for (String name : extras.keySet()) {
        bytes += MAP_ENTRY + Long.BYTES * 2 + text(name);
      }
    }
    return bytes;
  }

  // two bytes are counted for each char, because a text that is not Latin takes them
  private static long text(@Nullable String text) {
    return text == null ? 0 : TEXT + 2L * text.length();
  }
}
