package io.llmaccounting.sql;

import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.Usage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sixteen bytes that are equal where two records {@linkplain Usage#describesSameCallAs describe the
 * same call}. Earlier versions counted the durations of a call as content; the fingerprints that
 * they stored are still recognized.
 */
final class ContentFingerprint {
  private static final int BYTES = 16;

  private final StringBuilder text = new StringBuilder(256);

  private ContentFingerprint() {}

  static byte[] of(Usage usage) {
    return of(usage, false);
  }

  /**
   * True if {@code stored} is of a call of this content, in the form of today or the one before.
   */
  static boolean matches(byte @Nullable [] stored, Usage usage) {
    return Arrays.equals(stored, of(usage, false)) || Arrays.equals(stored, of(usage, true));
  }

  private static byte[] of(Usage usage, boolean withDurations) {
    ContentFingerprint content = new ContentFingerprint();
    content
        .add(usage.key())
        .add(usage.model())
        .add(usage.responseModel())
        .add(usage.provider())
        .add(usage.operation())
        .add(tokens(usage.tokens()))
        .add(usage.source())
        .add(usage.localInputTokens())
        .add(usage.localOutputTokens())
        .add(FlatJson.write(usage.extras()))
        .add(usage.givenCost() == null ? null : usage.givenCost().nanos())
        .add(usage.outcome());
    content.add(usage.details(), withDurations);
    content
        .add(usage.attribution().project())
        .add(usage.attribution().user())
        .add(usage.attribution().caller())
        .add(usage.attribution().session())
        .add(FlatJson.write(usage.attribution().tags()));
    // fields that were added later are left out where they are absent, so that known keys keep
    // their fingerprints
    content
        .addIfAny("parts", PartsJson.write(withoutPrices(usage.parts())))
        .addIfAny("reportedCost", usage.reportedCost())
        .addIfAny("speed", usage.details().speed())
        .addIfAny("asked", FlatJson.write(AskedColumn.write(usage.details().asked())));
    return content.digest();
  }

  private static List<CallPart> withoutPrices(List<CallPart> parts) {
    return parts.stream().map(part -> part.withPrice(null)).toList();
  }

  private ContentFingerprint addIfAny(String name, @Nullable Object value) {
    return value == null ? this : add(name).add(value);
  }

  private static @Nullable String tokens(@Nullable TokenUsage tokens) {
    return tokens == null
        ? null
        : "%d %d %d %d %d %d %d %d %s"
            .formatted(
                tokens.uncachedInput(),
                tokens.cacheRead(),
                tokens.cacheWrite5m(),
                tokens.cacheWrite1h(),
                tokens.audioInput(),
                tokens.textOutput(),
                tokens.reasoning(),
                tokens.audioOutput(),
                tokens.reportedTotal());
  }

  private void add(CallDetails details, boolean withDurations) {
    add(withDurations ? details.latency() : null)
        .add(withDurations ? details.timeToFirstToken() : null)
        .add(details.streamed())
        .add(details.finishReason())
        .add(details.responseId())
        .add(details.attempts())
        .add(details.errorType())
        .add(details.errorMessage())
        .add(details.serviceTier())
        .add(details.batch())
        .add(details.region())
        .add(details.rawUsage());
  }

  // With its length in front, so that no value can pass for two.
  private ContentFingerprint add(@Nullable Object value) {
    if (value == null) {
      text.append("-;");
    } else {
      String words = value.toString();
      text.append(words.length()).append(':').append(words).append(';');
    }
    return this;
  }

  private byte[] digest() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return Arrays.copyOf(hash, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
