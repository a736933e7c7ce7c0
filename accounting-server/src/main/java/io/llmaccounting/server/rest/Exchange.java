package io.llmaccounting.server.rest;

import io.llmaccounting.json.JsonFields;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.http.Answer;
import io.llmaccounting.server.rest.http.Asked;
import io.llmaccounting.server.rest.http.Pages;
import io.llmaccounting.server.rest.http.Problem;
import io.llmaccounting.server.rest.http.ProblemException;
import io.llmaccounting.server.rest.http.Problems;
import io.llmaccounting.server.rest.http.RequestReading;
import io.llmaccounting.server.rest.reach.Reach;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** One request from its beginning to its answer, on its event loop. */
final class Exchange {
  /** Longer bodies are read by a worker: reading them takes an event loop too long. */
  private static final int SHORT = 16 * 1024;

  private final RestParts parts;
  private final HttpServerRequest request;
  private final Context loop;
  private final String id;

  Exchange(RestParts parts, HttpServerRequest request, Context loop, String id) {
    this.parts = parts;
    this.request = request;
    this.loop = loop;
    this.id = id;
  }

  /** Answers what was found. */
  void begin(Contract.Found found) {
    request.pause();
    Incoming incoming = new Incoming(parts.vertx(), request);
    stage(() -> parts.door().enter(request, found.operation()))
        .compose(reach -> read(found, reach, incoming))
        .compose(asked -> stage(() -> parts.handlers().of(asked.operation()).answer(asked)))
        .compose(this::begun)
        .otherwise(failure -> Problems.of(failure, id).answer(id))
        .onSuccess(this::send);
  }

  private Future<Asked> read(Contract.Found found, Reach reach, Incoming incoming) {
    RequestReading.Parameters parameters =
        RequestReading.parameters(found, request.query(), request.headers());
    return incoming
        .collect()
        .compose(
            bytes ->
                body(found, bytes)
                    .map(
                        body ->
                            new Asked(
                                found.operation(),
                                reach,
                                parameters.path(),
                                parameters.query(),
                                body,
                                bytes,
                                id)));
  }

  private Future<JsonFields> body(Contract.Found found, Buffer bytes) {
    String type = request.getHeader("Content-Type");
    return bytes.length() > SHORT
        ? parts.workers().work(() -> RequestReading.body(found.operation(), type, bytes.getBytes()))
        : Future.succeededFuture(RequestReading.body(found.operation(), type, bytes.getBytes()));
  }

  /** The first piece is there before anything is sent, so that a failure is still told. */
  private Future<Answer> begun(Answer answer) {
    Pages pages = answer.pages();
    return pages == null
        ? Future.succeededFuture(answer)
        : parts
            .workers()
            .work(() -> Optional.ofNullable(pages.next()))
            .map(
                first ->
                    new Answer(
                        answer.status(),
                        answer.headers(),
                        first.orElseGet(Buffer::buffer),
                        first.isPresent() ? pages : null));
  }

  private interface Step<T> {
    CompletionStage<T> take();
  }

  private <T> Future<T> stage(Step<T> step) {
    try {
      return Future.fromCompletionStage(step.take(), loop);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** Sends a problem. */
  void refuse(Problem.Code code, String detail) {
    send(Problems.of(new ProblemException(code, detail), id).answer(id));
  }

  /** Sends an answer. */
  void send(Answer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    if (!request.isEnded()) {
      if (hasBody() && request.version() == HttpVersion.HTTP_1_1) {
        // nobody waits for a body that nobody wants
        response.putHeader("Connection", "close");
      }
      request.handler(rest -> {});
      request.resume();
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(answer.body().length()));
    }
    if (answer.pages() != null) {
      response.setChunked(true);
      new Outpour(parts.workers(), request, answer.pages(), id).pour(answer.body());
      return;
    }
    Future<Void> unused = response.end(answer.body());
  }

  private boolean hasBody() {
    return request.headers().contains("Content-Length")
        || request.headers().contains("Transfer-Encoding");
  }
}
