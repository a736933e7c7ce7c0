package io.llmaccounting.internal.calls;

import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an application tells of a call, one word after the other, to be added to its record at once:
 * while the application's code tells it, nothing is locked. Confined to one thread.
 */
final class Described extends UsageFields<Described> {
  private final List<Consumer<CallRecord>> words = new ArrayList<>(4);
  // a wrong word fails where it is said
  private final CallRecord tried = CallRecord.ofNothing();

  /** Adds all that was told, in the order in which it was told. */
  void addTo(CallRecord record) {
    words.forEach(word -> word.accept(record));
  }

  private Described told(Consumer<CallRecord> word) {
    word.accept(tried);
    words.add(word);
    return this;
  }

  @Override
  protected Described self() {
    return this;
  }

  @Override
  public Described id(UUID id) {
    return told(record -> record.id(id));
  }

  @Override
  public Described key(String key) {
    return told(record -> record.key(key));
  }

  @Override
  public Described at(Instant occurredAt) {
    return told(record -> record.at(occurredAt));
  }

  @Override
  public Described model(String model) {
    return told(record -> record.model(model));
  }

  @Override
  public Described responseModel(String responseModel) {
    return told(record -> record.responseModel(responseModel));
  }

  @Override
  public Described provider(String provider) {
    return told(record -> record.provider(provider));
  }

  @Override
  public Described operation(String operation) {
    return told(record -> record.operation(operation));
  }

  @Override
  public Described inputTokens(long tokens) {
    return told(record -> record.inputTokens(tokens));
  }

  @Override
  public Described outputTokens(long tokens) {
    return told(record -> record.outputTokens(tokens));
  }

  @Override
  public Described tokens(TokenUsage tokens) {
    return told(record -> record.tokens(tokens));
  }

  @Override
  public Described source(TokenSource source) {
    return told(record -> record.source(source));
  }

  @Override
  public Described localInputTokens(long tokens) {
    return told(record -> record.localInputTokens(tokens));
  }

  @Override
  public Described localOutputTokens(long tokens) {
    return told(record -> record.localOutputTokens(tokens));
  }

  @Override
  public Described extra(String name, long count) {
    return told(record -> record.extra(name, count));
  }

  @Override
  public Described parts(List<CallPart> parts) {
    return told(record -> record.parts(parts));
  }

  @Override
  public Described cost(Cost cost) {
    return told(record -> record.cost(cost));
  }

  @Override
  public Described reportedCost(Cost cost) {
    return told(record -> record.reportedCost(cost));
  }

  @Override
  public Described outcome(Outcome outcome) {
    return told(record -> record.outcome(outcome));
  }

  // the error is asked for its text here, not while the record is locked
  @Override
  public Described failed(Throwable error) {
    String text = error.getMessage();
    String type = error.getClass().getName();
    return failed(type, text == null ? error.getClass().getSimpleName() : text);
  }

  @Override
  public Described failed(String errorType, String errorMessage) {
    return told(record -> record.failed(errorType, errorMessage));
  }

  @Override
  public Described latency(Duration latency) {
    return told(record -> record.latency(latency));
  }

  @Override
  public Described timeToFirstToken(Duration time) {
    return told(record -> record.timeToFirstToken(time));
  }

  @Override
  public Described streamed(boolean streamed) {
    return told(record -> record.streamed(streamed));
  }

  @Override
  public Described attempts(int attempts) {
    return told(record -> record.attempts(attempts));
  }

  @Override
  public Described serviceTier(String tier) {
    return told(record -> record.serviceTier(tier));
  }

  @Override
  public Described speed(String speed) {
    return told(record -> record.speed(speed));
  }

  @Override
  public Described batch() {
    return told(record -> record.batch());
  }

  @Override
  public Described region(String region) {
    return told(record -> record.region(region));
  }

  @Override
  public Described asked(RequestSettings settings) {
    return told(record -> record.asked(settings));
  }

  @Override
  public Described answer(ModelAnswer answer) {
    return told(record -> record.answer(answer));
  }

  @Override
  public Described details(CallDetails all) {
    return told(record -> record.details(all));
  }

  @Override
  public Described attribution(Attribution attribution) {
    return told(record -> record.attribution(attribution));
  }

  @Override
  public Described project(@Nullable String project) {
    return told(record -> record.project(project));
  }

  @Override
  public Described user(@Nullable String user) {
    return told(record -> record.user(user));
  }

  @Override
  public Described caller(@Nullable String caller) {
    return told(record -> record.caller(caller));
  }

  @Override
  public Described session(@Nullable String session) {
    return told(record -> record.session(session));
  }

  @Override
  public Described tag(String name, String value) {
    return told(record -> record.tag(name, value));
  }
}
