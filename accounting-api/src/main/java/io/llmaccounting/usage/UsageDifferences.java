package io.llmaccounting.usage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells people in which fields two calls differ. Values that may name a person, or be long, are not
 * shown: only their field is named. Confined to one thread.
 */
final class UsageDifferences {
  private static final int LONGEST = 64;

  private final List<String> told = new ArrayList<>();

  private UsageDifferences() {}

  /** The fields in which {@code refused} differs, with values where they are harmless. */
  static String between(Usage stored, Usage refused) {
    UsageDifferences differences = new UsageDifferences();
    differences.identity(stored, refused);
    differences.consumption(stored, refused);
    differences.details(stored.details(), refused.details());
    differences.errors(errorsThatCount(stored), errorsThatCount(refused));
    if (differences.told.isEmpty()) {
      // callers who leave times to us may repeat a call with other times: these are told only where
      // nothing else differs
      differences.times(stored, refused);
      differences.errors(stored.details(), refused.details());
    }
    return String.join("; ", differences.told);
  }

  private void identity(Usage stored, Usage refused) {
    name("key", stored.key(), refused.key());
    value("model", stored.model(), refused.model());
    value("responseModel", stored.responseModel(), refused.responseModel());
    value("provider", stored.provider(), refused.provider());
    value("operation", stored.operation(), refused.operation());
    value("project", stored.attribution().project(), refused.attribution().project());
    name("user", stored.attribution().user(), refused.attribution().user());
    value("caller", stored.attribution().caller(), refused.attribution().caller());
    name("session", stored.attribution().session(), refused.attribution().session());
    name("tags", stored.attribution().tags(), refused.attribution().tags());
  }

  private void consumption(Usage stored, Usage refused) {
    tokens(stored.tokens(), refused.tokens());
    value("source", stored.source(), refused.source());
    value("localInputTokens", stored.localInputTokens(), refused.localInputTokens());
    value("localOutputTokens", stored.localOutputTokens(), refused.localOutputTokens());
    name("extras", stored.extras(), refused.extras());
    name("parts", CallPart.withoutPrices(stored.parts()), CallPart.withoutPrices(refused.parts()));
    value("cost", stored.givenCost(), refused.givenCost());
    value("reportedCost", stored.reportedCost(), refused.reportedCost());
    value("outcome", stored.outcome(), refused.outcome());
  }

  private void tokens(@Nullable TokenUsage stored, @Nullable TokenUsage refused) {
    int before = told.size();
    value("inputTokens", total(stored, true), total(refused, true));
    value("outputTokens", total(stored, false), total(refused, false));
    if (told.size() == before && stored != null && refused != null) {
      value("uncachedInput", stored.uncachedInput(), refused.uncachedInput());
      value("cacheRead", stored.cacheRead(), refused.cacheRead());
      value("cacheWrite5m", stored.cacheWrite5m(), refused.cacheWrite5m());
      value("cacheWrite1h", stored.cacheWrite1h(), refused.cacheWrite1h());
      value("audioInput", stored.audioInput(), refused.audioInput());
      value("textOutput", stored.textOutput(), refused.textOutput());
      value("reasoning", stored.reasoning(), refused.reasoning());
      value("audioOutput", stored.audioOutput(), refused.audioOutput());
      value("reportedTotal", stored.reportedTotal(), refused.reportedTotal());
    }
  }

  private static @Nullable Long total(@Nullable TokenUsage tokens, boolean input) {
    return tokens == null ? null : (Long) (input ? tokens.input() : tokens.output());
  }

  private void details(CallDetails stored, CallDetails refused) {
    value("streamed", stored.streamed(), refused.streamed());
    value("finishReason", stored.finishReason(), refused.finishReason());
    name("responseId", stored.responseId(), refused.responseId());
    value("attempts", stored.attempts(), refused.attempts());
    value("serviceTier", stored.serviceTier(), refused.serviceTier());
    value("speed", stored.speed(), refused.speed());
    value("batch", stored.batch(), refused.batch());
    value("region", stored.region(), refused.region());
    name("rawUsage", stored.rawUsage(), refused.rawUsage());
    asked(stored.asked(), refused.asked());
  }

  private void asked(RequestSettings stored, RequestSettings refused) {
    value("asked maxOutputTokens", stored.maxOutputTokens(), refused.maxOutputTokens());
    value("temperature", stored.temperature(), refused.temperature());
    value("topP", stored.topP(), refused.topP());
    value("messages", stored.messages(), refused.messages());
    name("origin", stored.origin(), refused.origin());
  }

  // a call that succeeded after a failure was recorded keeps the error, which counts no more
  private static CallDetails errorsThatCount(Usage usage) {
    return usage.outcome() == Outcome.FAILED ? usage.details() : CallDetails.NONE;
  }

  private void errors(CallDetails stored, CallDetails refused) {
    value("errorType", stored.errorType(), refused.errorType());
    name("errorMessage", stored.errorMessage(), refused.errorMessage());
  }

  private void times(Usage stored, Usage refused) {
    value("occurredAt", stored.occurredAt(), refused.occurredAt());
    value("latency", stored.details().latency(), refused.details().latency());
    Duration before = stored.details().timeToFirstToken();
    value("timeToFirstToken", before, refused.details().timeToFirstToken());
  }

  private void value(String field, @Nullable Object stored, @Nullable Object refused) {
    if (!Objects.equals(stored, refused)) {
      told.add("%s %s, stored %s".formatted(field, shown(refused), shown(stored)));
    }
  }

  private void name(String field, @Nullable Object stored, @Nullable Object refused) {
    if (!Objects.equals(stored, refused)) {
      told.add(field + " (not shown)");
    }
  }

  private static String shown(@Nullable Object value) {
    String text = Optional.ofNullable(value).map(Object::toString).orElse("none");
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
