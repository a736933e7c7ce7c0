package io.llmaccounting.server.process;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that send so many requests a second to one of several servers, whatever becomes of them,
 * and of which some leave before they have their answer. On one event loop.
 */
final class SoakTraffic {
  private static final long CLIENT_PATIENCE = 20_000;
  private static final int LEAVING = 10;
  private static final Pattern CODE = Pattern.compile("\"code\":\"(\\w+)\"");
  private static final String QUESTION =
      "{\"model\":\"gpt-5-mini\",\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"Hi"
          + " %d\"}]}";

  private final Vertx vertx;
  private final HttpClient client;
  private final String key;
  private final List<Integer> ports;
  private final Random random;
  private final AtomicLong sent = new AtomicLong();
  private final Map<String, Long> answered = new ConcurrentSkipListMap<>();
  private final AtomicLong over = new AtomicLong();
  private final Promise<Void> done = Promise.promise();
  private final Promise<Void> heard = Promise.promise();
  private volatile boolean stopped;

  SoakTraffic(Vertx vertx, String key, List<Integer> ports, Random random) {
    this.vertx = vertx;
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(2_000));
    this.key = key;
    this.ports = ports;
    this.random = random;
  }

  void start(int perSecond) {
    vertx
        .getOrCreateContext()
        .runOnContext(
            start ->
                vertx.setPeriodic(
                    1_000 / perSecond,
                    timer -> {
                      if (stopped) {
                        vertx.cancelTimer(timer);
                        endIfOver();
                      } else {
                        send(sent.incrementAndGet());
                      }
                    }));
  }

  /** Done when every server has answered something well, and so knows the key. */
  Future<Void> heard() {
    return heard.future();
  }

  /** Sends nothing more; done when nothing is on its way. */
  Future<Void> stop() {
    stopped = true;
    return done.future().compose(over -> client.close());
  }

  long sent() {
    return sent.get();
  }

  /** How many whole answers there were, by status, code and server. */
  Map<String, Long> answered() {
    return answered;
  }

  private String said(int status, Buffer body, int port) {
    Matcher code = CODE.matcher(body.toString());
    String server = " of server " + (ports.indexOf(port) + 1);
    return status + (status >= 300 && code.find() ? " " + code.group(1) : "") + server;
  }

  private void send(long number) {
    int port = ports.get((int) (number / FaultyProvider.WAYS % ports.size()));
    long leavesAfter = random.nextInt(100) < LEAVING ? 1 + random.nextInt(120) : CLIENT_PATIENCE;
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/chat/completions")
                .setConnectTimeout(5_000)
                .addHeader("Authorization", "Bearer " + key)
                .addHeader("X-Accounting-Session", Long.toString(number))
                .addHeader(FaultyProvider.NUMBER, Long.toString(number)))
        .compose(request -> answer(request, number, port, leavesAfter))
        .onComplete(
            end -> {
              over.incrementAndGet();
              endIfOver();
            });
  }

  private Future<Void> answer(HttpClientRequest request, long number, int port, long leavesAfter) {
    long leaves =
        vertx.setTimer(
            leavesAfter,
            late -> {
              Future<Void> unused = request.connection().close();
            });
    return request
        .send(QUESTION.formatted(number % 2 == 1, number))
        .compose(answer -> answer.body().map(body -> said(answer.statusCode(), body, port)))
        .onSuccess(this::heard)
        .<Void>mapEmpty()
        .onComplete(end -> vertx.cancelTimer(leaves));
  }

  private void heard(String said) {
    answered.merge(said, 1L, Long::sum);
    boolean all = true;
    for (int server = 1; server <= ports.size(); server++) {
      all &= answered.containsKey("200 of server " + server);
    }
    if (all) {
      heard.tryComplete();
    }
  }

  private void endIfOver() {
    if (stopped && over.get() == sent.get()) {
      done.tryComplete();
    }
  }
}
