package io.llmaccounting.client.internal.wire;

import io.llmaccounting.json.JsonFields;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Sends questions to the server. Safe for use by many threads. */
public final class Wire {
  private final HttpClient http;
  private final String base;
  private final String key;
  private final ScheduledExecutorService timer;
  private final Answers answers;

  /**
   * Asks the server at {@code base} with {@code key}; {@code timer} gives up what takes too long.
   */
  public Wire(HttpClient http, URI base, String key, ScheduledExecutorService timer) {
    String text = base.toString();
    this.http = http;
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.key = key;
    this.timer = timer;
    this.answers = new Answers(base);
  }

  /**
   * Asks once. The stage fails with a {@link ProblemException}, at the latest after {@code most}
   * with all of the answer: a request is not left running.
   */
  public CompletableFuture<JsonFields> ask(Question question, Duration most) {
    CompletableFuture<JsonFields> told = new CompletableFuture<>();
    try {
      send(question, most, told);
    } catch (RuntimeException e) {
      told.completeExceptionally(answers.failed(e));
    }
    return told;
  }

  private void send(Question question, Duration most, CompletableFuture<JsonFields> told) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request(question), head -> new BoundedBody());
    ScheduledFuture<?> patience =
        timer.schedule(
            () -> {
              HttpTimeoutException late =
                  new HttpTimeoutException("no whole answer within " + most);
              if (told.completeExceptionally(answers.failed(late))) {
                sent.cancel(true);
              }
            },
            most.toMillis(),
            TimeUnit.MILLISECONDS);
    boolean unused =
        sent.whenComplete(
                (answer, failure) -> {
                  patience.cancel(false);
                  tell(told, answer, failure);
                })
            .isDone();
  }

  private void tell(
      CompletableFuture<JsonFields> told,
      @org.jspecify.annotations.Nullable HttpResponse<byte[]> answer,
      @org.jspecify.annotations.Nullable Throwable failure) {
    try {
      if (answer == null) {
        told.completeExceptionally(
            answers.failed(
                reason(failure == null ? new IllegalStateException("no answer") : failure)));
      } else {
        told.complete(answers.read(answer));
      }
    } catch (RuntimeException e) {
      told.completeExceptionally(e);
    }
  }

  private HttpRequest request(Question question) {
    byte[] body = question.body();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + question.path()))
            .header("Authorization", "Bearer " + key)
            .header("Accept", "application/json, application/problem+json");
    if (body == null) {
      return request.method(question.method(), BodyPublishers.noBody()).build();
    }
    return request
        .header("Content-Type", "application/json")
        .method(question.method(), BodyPublishers.ofByteArray(body))
        .build();
  }

  /** What failed, out of what stages wrap it in. */
  public static Throwable reason(Throwable failure) {
    Throwable reason = failure;
    while ((reason instanceof CompletionException || reason instanceof ExecutionException)
        && reason.getCause() != null) {
      reason = reason.getCause();
    }
    return reason;
  }
}
