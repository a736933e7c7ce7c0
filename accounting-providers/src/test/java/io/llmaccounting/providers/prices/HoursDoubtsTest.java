package io.llmaccounting.providers.prices;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("reading K8: doubts about prices of hours, days and large requests")
class HoursDoubtsTest {
  private static final String ROW =
      "{\"id\": \"r\", \"models\": [\"m\"], \"from\": \"2026-01-01\", \"until\": \"2027-01-01\","
          + " \"input\": 1, \"cacheRead\": 0.1, \"output\": 2, %s}";
  private static final String HOURS = "\"start\": \"09:00\", \"end\": \"18:00\"";
  private static final String PRICES = "\"input\": 2, \"cacheRead\": 0.2, \"output\": 4";

  private static PriceCatalog with(String more) {
    return PricedCalls.catalog(ROW.formatted(more));
  }

  private static String daily(String days, String prices) {
    return "\"daily\": [{%s, %s %s}]".formatted(HOURS, days, prices);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"days\": [\"mon-fri\"], | \"zone\"",
        "\"except\": [\"2026-10-01\"], | \"zone\"",
        "\"zone\": \"Asia/Shanghai\", \"days\": [\"mon-fri\"], \"except\": [\"2026-10-03\"],"
            + "| 2026-10-03 is a saturday",
        "\"zone\": \"UTC\", \"except\": [\"2025-10-01\"],| 2025-10-01 lies outside"
      })
  void daysThatAreSeldomMeantAreToldApart(String days, String doubt) {
    assertThat(with(daily(days, PRICES)).doubts())
        .singleElement()
        .asString()
        .startsWith("row r: from 09:00 ")
        .contains(doubt);
  }

  @Test
  void hoursThatChangeNothingAndPartsThatAreMissingAreToldApart() {
    assertThat(with(daily("", "\"input\": 1, \"cacheRead\": 0.1, \"output\": 2")).doubts())
        .containsExactly("row r: from 09:00 it costs what it costs at other times");
    assertThat(with(daily("", "\"input\": 2, \"output\": 4")).doubts())
        .containsExactly("row r: from 09:00 it has no cacheRead, which the row has elsewhere");
    assertThat(with("\"tiers\": [{\"above\": 1000, \"input\": 2, \"cacheRead\": 0.2}]").doubts())
        .containsExactly("row r: above 1000 it has no output, which the row has elsewhere");
  }

  @Test
  void whatIsMeantIsNoDoubt() {
    String days = "\"zone\": \"UTC\", \"days\": [\"mon-fri\"], \"except\": [\"2026-10-01\"],";

    assertThat(with(daily(days, PRICES)).doubts()).isEmpty();
    assertThat(with(daily("", PRICES)).doubts()).isEmpty();
  }
}
