package io.llmaccounting.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.postgres.CuttingProxy.Cut;
import io.llmaccounting.testing.postgres.PostgresServer;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.TimeRange;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageTotals;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections that break in the middle of COMMIT: nobody knows whether it took place. */
class LostCommitIT {
  private static final int ROUNDS = Integer.getInteger("llm.accounting.test.lostCommits", 20);
  private static final CallRequest CALL =
      CallRequest.to("gpt-5-mini").user("alice").inputTokens(10).maxOutputTokens(5);

  @RegisterExtension final TestSchema schema = TestSchema.create();

  @Test
  void everyCallIsBookedExactlyOnce() throws Exception {
    PostgresServer server = schema.server();
    URI address = URI.create(server.url().substring("jdbc:".length()));
    try (CuttingProxy proxy = CuttingProxy.before(address.getPort());
        LlmAccounting accounting = LlmAccounting.create(through(proxy, address))) {
      accounting.limits().save(Limit.named("all").user("alice").requests(1_000_000).lifetime());

      for (int round = 0; round < ROUNDS; round++) {
        Cut cut = round % 2 == 0 ? Cut.BEFORE_SERVER : Cut.AFTER_SERVER;
        proxy.cutNext(cut);
        LlmCall call = accounting.begin(CALL);
        proxy.cutNext(cut);
        call.succeeded(TokenUsage.of(10, 5), Cost.usd("0.000000001"));
        proxy.cutNext(cut);
        track(accounting);
      }

      assertThat(proxy.cuts()).isEqualTo(3 * ROUNDS);
      UsageTotals total = accounting.report(TimeRange.always()).run().total();
      assertThat(total.calls()).isEqualTo(2L * ROUNDS);
      assertThat(total.cost().nanos()).isEqualTo(2L * ROUNDS);
      assertThat(accounting.admin().verify().differences()).isEmpty();
      assertThat(schema.rows("SELECT count(*) FROM quota_hold").get(0)).containsExactly("0");
    }
  }

  private static void track(LlmAccounting accounting) {
    accounting
        .track()
        .model("gpt-5-mini")
        .user("alice")
        .inputTokens(10)
        .outputTokens(5)
        .cost(Cost.usd("0.000000001"))
        .record();
  }

  // prepareThreshold=0, so that COMMIT goes over the wire as a word that the proxy can see.
  private PostgresBackend through(CuttingProxy proxy, URI address) {
    String url =
        "jdbc:postgresql://127.0.0.1:%d%s?prepareThreshold=0&sslmode=disable"
            .formatted(proxy.port(), address.getPath());
    PostgresServer server = schema.server();
    return PostgresBackend.connect(url, server.user(), server.password(), schema.settings());
  }
}
