package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Escaped;
import io.llmaccounting.cli.console.Failure;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A question to a running server, in OpenAI's language.
 *
 * @param endpoint where it is asked
 * @param key by which the caller is known
 * @param model the model
 * @param question the question
 */
record ChatQuestion(URI endpoint, String key, String model, String question) {
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int TOO_MANY = 429;
  private static final String DATA = "data:";

  /** Asks, and prints the answer as it comes. */
  ChatAnswer ask(PrintStream out) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> response;
    try {
      response = HttpClient.newHttpClient().send(request(), HttpResponse.BodyHandlers.ofLines());
    } catch (ConnectException e) {
      throw Failure.failed(
          "nothing listens at " + endpoint, "Start it with '" + ServerRoot.NAME + "'.");
    }
    try (Stream<String> lines = response.body()) {
      if (response.statusCode() / 100 != 2) {
        throw refused(response.statusCode(), lines.collect(Collectors.joining("\n")));
      }
      ChatAnswer answer = new ChatAnswer(model, response.headers());
      for (Iterator<String> all = lines.iterator(); all.hasNext(); ) {
        String line = all.next();
        if (line.startsWith(DATA)) {
          print(out, answer.piece(line.substring(DATA.length()).strip()));
        }
      }
      return answer;
    }
  }

  private static void print(PrintStream out, String text) {
    // an answer may have lines of its own, and nothing else for a terminal to obey
    out.print(text.lines().map(Escaped::line).collect(Collectors.joining("\n")));
    if (text.endsWith("\n")) {
      out.print("\n");
    }
    out.flush();
  }

  private HttpRequest request() {
    JsonObject body =
        new JsonObject()
            .put("model", model)
            .put("stream", true)
            .put("stream_options", new JsonObject().put("include_usage", true))
            .put(
                "messages",
                new JsonArray().add(new JsonObject().put("role", "user").put("content", question)));
    return HttpRequest.newBuilder(endpoint)
        .timeout(LONGEST)
        .header("authorization", "Bearer " + key)
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
        .build();
  }

  private static Failure refused(int status, String body) {
    String message = message(body);
    String said = "the server answered %d: %s".formatted(status, message == null ? body : message);
    return status == TOO_MANY
        ? Failure.denied(said, "Wait until it fits, or see what is left of the limit.")
        : Failure.failed(said, "Check the key, the model and the upstream.");
  }

  private static @Nullable String message(String body) {
    try {
      JsonObject error = new JsonObject(body).getJsonObject("error");
      return error == null ? null : error.getString("message");
    } catch (DecodeException | ClassCastException e) {
      return null;
    }
  }
}
