package io.llmaccounting.server.gateway;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.server.cache.AnswerCache;
import io.llmaccounting.server.cache.CacheKey;
import io.llmaccounting.server.cache.CollectedAnswer;
import io.llmaccounting.server.cache.KeptAnswer;
import io.llmaccounting.server.wire.Credentials;
import io.llmaccounting.tap.MeteredRequest;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageBuilder;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is answered by what was answered before, and whether its own answer is kept. On
 * the event loop of the request.
 */
final class Caching {
  /** Nothing is looked for, and nothing kept. */
  static final Caching OFF = new Caching(null, null, false);

  private static final String HEADER = "X-Accounting-Cache";

  private final @Nullable AnswerCache cache;
  private final @Nullable CacheKey key;
  private final boolean looks;

  private Caching(@Nullable AnswerCache cache, @Nullable CacheKey key, boolean looks) {
    this.cache = cache;
    this.key = key;
    this.looks = looks;
  }

  /** What is to be done for a request: nothing where its client says {@code no-store}. */
  static Caching of(
      @Nullable AnswerCache cache, HttpServerRequest request, Asked.Question question) {
    Buffer body = question.bytes();
    String wish = String.join(",", request.headers().getAll("Cache-Control"));
    String wishes = wish.toLowerCase(Locale.ROOT);
    if (cache == null
        || body == null
        || question.metered() == null
        || request.headers().contains("Content-Encoding")
        || wishes.contains("no-store")) {
      return OFF;
    }
    boolean looks = !wishes.contains("no-cache") && !wishes.contains("max-age=0");
    return CacheKey.of(question(request, question), body)
        .map(key -> new Caching(cache, key, looks))
        .orElse(OFF);
  }

  private static CacheKey.Question question(HttpServerRequest request, Asked.Question question) {
    List<String> place =
        List.of(
            question.route().upstream().settings().name(),
            question.route().path(),
            Objects.requireNonNullElse(Credentials.strip(request.query()), ""),
            Boolean.toString(question.hidesUsage()));
    return new CacheKey.Question(scope(question.caller()), place, request.headers());
  }

  /** Whose answers these are: a project's, else those of a key, else of the provider's own key. */
  private static String scope(Caller caller) {
    if (caller.own() != null) {
      return "own " + caller.own().reveal();
    }
    String project = caller.attribution().project();
    return project == null ? "key " + caller.key() : "project " + project;
  }

  /** Whether anything is looked for or kept, so that the answer must come in plain. */
  boolean isOn() {
    return key != null;
  }

  /** The answer that is kept, if one is and the client takes it. */
  Optional<KeptAnswer> found() {
    return cache == null || key == null || !looks ? Optional.empty() : cache.find(key);
  }

  /** Gives {@code answer} again. Done when it is recorded, and the client has it. */
  Future<Void> give(
      KeptAnswer answer, PassageContext passage, Asked.Question question, Instant now) {
    MeteredRequest request = Objects.requireNonNull(question.metered());
    CallMeter meter = question.route().upstream().tap().meter();
    Usage usage = usage(answer, request, now);
    return Future.fromCompletionStage(meter.trackAsync(usage), passage.context())
        .compose(
            recorded -> {
              if (passage.client().isGone()) {
                return Future.succeededFuture();
              }
              HttpServerResponse out = passage.request().response();
              out.putHeader("Content-Type", answer.contentType());
              out.putHeader(HEADER, "hit");
              out.putHeader("Age", Long.toString(age(answer)));
              out.putHeader("X-Accounting-Call", usage.id().toString());
              return out.end(answer.body());
            });
  }

  private long age(KeptAnswer answer) {
    return Objects.requireNonNull(cache).age(answer).toSeconds();
  }

  /** It cost nothing, and the computed cost beside that is what it saved. */
  private static Usage usage(KeptAnswer answer, MeteredRequest request, Instant now) {
    CallRequest call = request.call();
    UsageBuilder usage =
        new UsageBuilder(now)
            .model(call.model())
            .answer(answer.told())
            .attribution(call.attribution())
            .streamed(request.streamed())
            .asked(call.asked())
            .cost(Cost.ZERO)
            .extra(Usage.FROM_CACHE, 1);
    if (call.provider() != null) {
      usage.provider(call.provider());
    }
    if (call.operation() != null) {
      usage.operation(call.operation());
    }
    return usage.build();
  }

  /** Tells the client that it was asked for. */
  void tell(MultiMap headers) {
    if (isOn()) {
      headers.set(HEADER, "miss");
    }
  }

  /** Collects an answer that may be kept; null for one that may not. */
  @Nullable CollectedAnswer collect(
      HttpClientResponse answer, boolean events, Asked.Question question) {
    String type = answer.getHeader("Content-Type");
    String coding = answer.getHeader("Content-Encoding");
    boolean plain = coding == null || coding.equalsIgnoreCase("identity");
    return cache == null || key == null || type == null || !plain || answer.statusCode() != 200
        ? null
        : cache.collect(key, type, events, Objects.requireNonNull(question.metered()).answers());
  }
}
