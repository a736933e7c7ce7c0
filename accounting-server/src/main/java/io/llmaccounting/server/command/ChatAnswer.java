package io.llmaccounting.server.command;

import io.llmaccounting.cli.console.Legible;
import io.llmaccounting.pricing.PricedCall;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.usage.TokenUsage;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What came of a question, piece by piece. For one thread. */
final class ChatAnswer {
  private final String asked;
  private final HttpHeaders headers;
  private @Nullable String model;
  private @Nullable TokenUsage tokens;

  ChatAnswer(String asked, HttpHeaders headers) {
    this.asked = asked;
    this.headers = headers;
  }

  /** Takes an event's data; returns the text that it adds. */
  String piece(String data) {
    if (data.isEmpty() || data.equals("[DONE]")) {
      return "";
    }
    try {
      JsonObject piece = new JsonObject(data);
      model = piece.getString("model", model);
      JsonObject usage = piece.getJsonObject("usage");
      if (usage != null) {
        tokens = tokens(usage);
      }
      JsonArray choices = piece.getJsonArray("choices", new JsonArray());
      if (choices.isEmpty()) {
        return "";
      }
      JsonObject delta = choices.getJsonObject(0).getJsonObject("delta", new JsonObject());
      String text = delta.getString("content");
      return text == null ? "" : text;
    } catch (DecodeException | ClassCastException e) {
      return "";
    }
  }

  private static TokenUsage tokens(JsonObject usage) {
    JsonObject details = usage.getJsonObject("prompt_tokens_details", new JsonObject());
    return TokenUsage.cacheIncluded()
        .input(usage.getLong("prompt_tokens", 0L))
        .cacheRead(details.getLong("cached_tokens", 0L))
        .output(usage.getLong("completion_tokens", 0L))
        .build();
  }

  /** Says what was used, what that costs, and what is left of limits. */
  void tell(ServerRun run) {
    if (tokens == null) {
      run.answers().note("The answer does not say how many tokens it took.");
    } else {
      run.answers()
          .note(
              "%s in, %s out; %s"
                  .formatted(
                      Legible.count(tokens.input(), "token"),
                      Legible.count(tokens.output(), "token"),
                      cost(run, tokens)));
    }
    headers
        .firstValue("x-accounting-remaining")
        .ifPresent(
            left -> run.answers().note("left: " + URLDecoder.decode(left, StandardCharsets.UTF_8)));
  }

  private String cost(ServerRun run, TokenUsage used) {
    PricedCall call =
        PricedCall.of(run.console().clock().instant(), null, model == null ? asked : model, used);
    return PriceCatalog.bundled()
        .price(call)
        .map(priced -> Legible.cost(priced.cost()) + " by list price")
        .orElse("its price is not known");
  }
}
