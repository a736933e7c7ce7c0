package io.llmaccounting.examples;

import static io.llmaccounting.usage.Dimension.MODEL;
import static io.llmaccounting.usage.Dimension.PROJECT;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Exceeded;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.providers.UsageReader;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.sqlite.SqliteBackend;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Tracks what providers answered, reports what it cost, and is held to a budget. */
public final class Quickstart {
  /** A call that was made: who made it, under which key, and the file with the model's answer. */
  private record Made(
      String key, String user, String project, String provider, String model, String answer) {}

  private static final List<Made> CALLS =
      List.of(
          new Made("rank-1", "alice", "search", "openai", "gpt-5-mini", "openai-chat"),
          new Made("rank-2", "alice", "search", "openai", "gpt-5-mini", "openai-chat-cached"),
          new Made("plan-1", "bob", "search", "openai", "gpt-5", "openai-responses"),
          new Made(
              "due-1", "carol", "billing", "anthropic", "claude-sonnet-4-5", "anthropic-messages"),
          new Made(
              "due-2",
              "carol",
              "billing",
              "gcp.gemini",
              "gemini-2.5-flash",
              "gemini-generate-content"),
          new Made("spam-1", "bob", "billing", "house", "house-model-7b", "own-model"));

  private final LlmAccounting accounting;

  private Quickstart(LlmAccounting accounting) {
    this.accounting = accounting;
  }

  /** Runs everything on a new file, which is gone afterwards. */
  public static void main(String[] args) throws IOException {
    try (LlmAccounting accounting =
        LlmAccounting.builder(SqliteBackend.open(newFile()))
            .pricing(PriceCatalog.bundled())
            .build()) {
      Quickstart quickstart = new Quickstart(accounting);
      quickstart.trackAndReport();
      quickstart.trackAgain();
      quickstart.keepToABudget();
    }
  }

  private static Path newFile() throws IOException {
    Path folder = Files.createTempDirectory("llm-accounting-");
    folder.toFile().deleteOnExit();
    for (String name : List.of("usage.db", "usage.db.lock")) {
      folder.resolve(name).toFile().deleteOnExit();
    }
    return folder.resolve("usage.db");
  }

  private void trackAndReport() throws IOException {
    System.out.println("Six answers of four providers, tracked:\n");
    for (Made call : CALLS) {
      track(call);
    }
    System.out.print(report().table());
  }

  private Receipt track(Made call) throws IOException {
    try (InputStream json =
        Objects.requireNonNull(
            Quickstart.class.getResourceAsStream("/answers/" + call.answer() + ".json"))) {
      ModelAnswer answer = UsageReader.create().read(json).answer();
      return accounting
          .track()
          .key(call.key())
          .provider(call.provider())
          .model(call.model())
          .user(call.user())
          .project(call.project())
          .answer(answer)
          .record();
    }
  }

  private UsageReport report() {
    return accounting.report(TimeRange.last(Duration.ofHours(1))).by(PROJECT, MODEL).run();
  }

  private void trackAgain() throws IOException {
    Cost before = report().total().cost();
    int duplicates = 0;
    for (Made call : CALLS) {
      if (track(call).status() == Receipt.Status.DUPLICATE) {
        duplicates++;
      }
    }
    System.out.printf(
        "%nTracked again under the same keys: %d of %d were there already.%n"
            + "Known cost before: %s, after: %s.%n",
        duplicates, CALLS.size(), before, report().total().cost());
  }

  private void keepToABudget() {
    accounting
        .limits()
        .save(
            Limit.named("alice hourly")
                .user("alice")
                .cost(Cost.usd("0.02"))
                .rolling(Duration.ofHours(1)));
    System.out.println("\nalice may spend $0.02 in any hour; what she spent already counts:\n");
    call(aCall().inputTokens(2_000).maxOutputTokens(1_000));
    call(aCall().inputTokens(9_000).maxOutputTokens(8_000));
  }

  private static CallRequest aCall() {
    return CallRequest.to("gpt-5-mini").provider("openai").user("alice");
  }

  private void call(CallRequest request) {
    try {
      accounting.call(request, () -> "Hello.", text -> ModelAnswer.of(TokenUsage.of(1_950, 400)));
      LimitStatus left = accounting.limits().status("alice hourly").get(0);
      System.out.printf(
          "  admitted  %s of %s left%n",
          left.remaining(), Metric.COST.format(left.limit().maximum()));
    } catch (QuotaExceededException e) {
      Exceeded why = e.denied().primary();
      System.out.printf(
          "  denied    limit \"%s\": asks for %s, used %s of %s; %s%n",
          e.limitName(),
          Metric.COST.format(why.requested()),
          Metric.COST.format(why.status().used()),
          Metric.COST.format(why.status().limit().maximum()),
          e.denied()
              .retryAfterSeconds()
              .map(seconds -> "fits in " + seconds + " s")
              .orElse(
                  e.denied().neverFits() ? "never fits" : "fits once a call under way has ended"));
    }
  }
}
