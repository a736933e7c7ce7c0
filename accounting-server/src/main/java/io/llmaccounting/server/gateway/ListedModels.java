package io.llmaccounting.server.gateway;

import io.llmaccounting.server.wire.ModelList;
import io.llmaccounting.server.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Locale;

/** The list of an upstream's models, of which a caller sees those that it may ask. */
final class ListedModels {
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private ListedModels() {}

  /** Whether a request asks for such a list. */
  static boolean isAsked(HttpServerRequest request, Route route) {
    return request.method().equals(HttpMethod.GET) && route.path().endsWith("/models");
  }

  /** Whether an answer is such a list, in a form that can be read. */
  static boolean isIn(HttpClientResponse answer) {
    String type = answer.getHeader("Content-Type");
    return answer.statusCode() / 100 == 2
        && type != null
        && type.toLowerCase(Locale.ROOT).contains("json")
        && answer.getHeader("Content-Encoding") == null;
  }

  /** Answers with what {@code caller} may ask of it; the headers of the answer are set already. */
  static Future<Void> pass(HttpClientResponse answer, HttpServerResponse out, Caller caller) {
    return collected(answer)
        .compose(
            all -> {
              Buffer shown = ModelList.filtered(all, caller.models());
              out.setChunked(false);
              out.putHeader("Content-Length", Integer.toString(shown.length()));
              return out.end(shown);
            });
  }

  static Future<Buffer> collected(HttpClientResponse answer) {
    Promise<Buffer> collected = Promise.promise();
    Buffer all = Buffer.buffer();
    answer.handler(
        piece -> {
          all.appendBuffer(piece);
          if (all.length() > MOST_BYTES && collected.tryFail(tooLong())) {
            Future<Void> unused = answer.request().reset();
          }
        });
    answer.exceptionHandler(collected::tryFail);
    answer.endHandler(end -> collected.tryComplete(all));
    answer.resume();
    return collected.future();
  }

  private static RefusedException tooLong() {
    return new RefusedException(
        Refusal.of(
            Refusal.Code.UPSTREAM_UNAVAILABLE,
            "the upstream's answer, which has to be read whole, is longer than %d bytes"
                .formatted(MOST_BYTES)));
  }
}
