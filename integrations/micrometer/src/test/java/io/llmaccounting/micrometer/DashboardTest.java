package io.llmaccounting.micrometer;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.limit.Alert;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.TokenUsage;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard and the rules ask for what there is. */
class DashboardTest {
  private static final Pattern NAME = Pattern.compile("\\bllm_accounting_[a-z_]+");
  private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");

  private static String text(String resource) throws IOException {
    try (InputStream in = AccountingMetrics.class.getResourceAsStream(resource)) {
      assertThat(in).as(resource).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Names of all series of an accounting that has seen everything, each with its tags. */
  private static Map<String, Set<String>> known() {
    ManualClock clock = ManualClock.create();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    AccountingMetrics metrics = new AccountingMetrics();
    try (LlmAccounting accounting =
        LlmAccounting.builder(InMemoryBackend.create(clock))
            .clock(clock)
            .listener(metrics)
            .build()) {
      metrics.watch(accounting::health).bindTo(registry);
      Duration hour = Duration.ofHours(1);
      accounting.limits().save(Limit.named("hard").requests(2).rolling(hour));
      accounting.limits().save(Limit.named("soft").requests(0).rolling(hour).warning());
      accounting.track(
          aCall().costing("1").latency(hour).timeToFirstToken(Duration.ofSeconds(1)).usage());
      accounting.begin(CallRequest.to("m")).succeeded(TokenUsage.of(1, 1));
      accounting.quotas().reserve(CallRequest.to("m"));
      metrics.alerted(new Alert(UUID.randomUUID(), "hard", "", 80, ManualClock.START, 2, 2));
      Map<String, Set<String>> series = new TreeMap<>();
      registry
          .scrape()
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(
              line -> {
                Set<String> tags =
                    series.computeIfAbsent(line.split("[{ ]")[0], any -> new TreeSet<>());
                Pattern.compile("([a-z_]+)=\"")
                    .matcher(line)
                    .results()
                    .forEach(tag -> tags.add(tag.group(1)));
              });
      return series;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana-dashboard.json", "alert-rules.yaml"})
  void asksForSeriesThatExist(String resource) throws IOException {
    Map<String, Set<String>> known = known();
    Matcher names = NAME.matcher(text(resource));
    Set<String> asked = new TreeSet<>();
    while (names.find()) {
      asked.add(names.group());
    }

    assertThat(asked).hasSizeGreaterThan(5);
    assertThat(known.keySet()).containsAll(asked);
  }

  @Test
  void groupsByTagsThatExist() throws IOException {
    Map<String, Set<String>> known = known();
    for (String line : text("grafana-dashboard.json").lines().toList()) {
      Matcher name = NAME.matcher(line);
      Matcher by = BY.matcher(line);
      if (line.contains("\"expr\"") && by.find() && name.find()) {
        assertThat(known.get(name.group())).as(line).contains(by.group(1).split(", "));
      }
    }
  }

  @Test
  void theDashboardIsJsonWithQueries() throws IOException {
    int queries = 0;
    try (JsonParser json = new JsonFactory().createParser(text("grafana-dashboard.json"))) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        queries += token == JsonToken.FIELD_NAME && json.currentName().equals("expr") ? 1 : 0;
      }
    }

    assertThat(queries).isGreaterThan(15);
  }
}
