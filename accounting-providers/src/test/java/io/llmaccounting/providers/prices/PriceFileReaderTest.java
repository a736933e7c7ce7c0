package io.llmaccounting.providers.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PriceFileReaderTest {
  private static final String GOOD =
      "{\"id\": \"good\", \"models\": [\"m\"], \"input\": 1.25, \"output\": 10}";

  static Stream<Arguments> refusedRows() {
    return Stream.of(
        Arguments.of(
            "\"input\": 0.00000125",
            "input of $0.00000125 per 1,000,000 tokens is below $0.001: is it a price per token?"),
        Arguments.of("\"output\": 0.0006", "is it a price per token?"),
        Arguments.of("\"input\": 1250000", "prices are per million tokens"),
        Arguments.of(
            "\"input\": 1, \"tiers\": [{\"above\": 5, \"input\": 0.000002}]",
            "tier above 5: input"),
        Arguments.of(
            "\"input\": 1, \"daily\": [{\"start\": \"01:00\", \"end\": \"02:00\", \"input\":"
                + " 0.000002}]",
            "daily from 01:00: input"),
        Arguments.of(
            "\"input\": 1, \"cacheRead\": 1.5", "cacheRead (1.5) costs more than input (1)"),
        Arguments.of("\"input\": 1, \"batch\": 50", "batch multiplies by 50, outside 0.05 to 10"),
        Arguments.of(
            "\"input\": 1, \"serviceTiers\": {\"priority\": 50}",
            "service tier priority multiplies by 50"),
        Arguments.of("\"input\": 1, \"regions\": {\"*\": 0.01}", "region * multiplies by 0.01"),
        Arguments.of(
            "\"extras\": {\"web_search\": {\"price\": 200}}",
            "extra web_search costs more than $100 a piece"));
  }

  @ParameterizedTest
  @MethodSource("refusedRows")
  void refusesWhatIsProbablyAnotherUnitUnlessToldOtherwise(String prices, String message) {
    String row = "{\"id\": \"x\", \"models\": [\"n\"], " + prices + "}";

    assertThatThrownBy(() -> PricedCalls.catalog(GOOD, row))
        .isInstanceOf(PriceFileException.class)
        .hasMessageStartingWith("prices, line 3: row x: ")
        .hasMessageContaining(message)
        .hasMessageContaining("if it is meant, add \"unusual\": true to the row");
    assertThat(PricedCalls.catalog(GOOD, row.replace("\"id\"", "\"unusual\": true, \"id\"")).rows())
        .hasSize(2);
  }

  static Stream<Arguments> malformedRows() {
    return Stream.of(
        Arguments.of(
            "{\"models\": [\"n\"], \"input\": 1}", "row must have an \"id\" and \"models\""),
        Arguments.of("{\"id\": \"x\", \"input\": 1}", "row must have an \"id\" and \"models\""),
        Arguments.of("{\"id\": \"x\", \"models\": [\"!n\"], \"input\": 1}", "not only exclusions"),
        Arguments.of("{\"id\": \"x y\", \"models\": [\"n\"], \"input\": 1}", "id must be 1 to 200"),
        Arguments.of("{\"id\": \"x\", \"models\": [\"n\"]}", "a free model has \"input\": 0"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"cacheread\": 1}",
            "unknown key \"cacheread\"; known are id,"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": -1}", "must not be negative, was -1"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": \"1\"}", "expected a number, found 1"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1e999999999}",
            "at most 40 digits and 30 decimals"),
        // faults G4
        // the first is one that newer JDKs can read
        Arguments.of("{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1e2147483648}", "number"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1e9999999999}",
            "number is out of range: 1e9999999999"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"input\": 2}",
            "Duplicate field 'input'"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": \"n\", \"input\": 1}", "expected an array [...], found n"),
        Arguments.of("{\"id\": \"x\", \"models\": [\" n\"], \"input\": 1}", "blanks around it"));
  }

  static Stream<Arguments> malformedPrices() {
    return Stream.of(
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"from\": \"2026-02-30\"}",
            "expected a date like 2026-01-31"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"from\": \"2026-02-01\","
                + " \"until\": \"2026-02-01\"}",
            "must lie before until"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"tiers\": [{\"input\": 2}]}",
            "tier must have \"above\""),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"tiers\": [{\"above\": 1,"
                + " \"input\": 2}, {\"above\": 1, \"input\": 3}]}",
            "two tiers are above 1"),
        // reading K6: a price below that of a part that is cheaper by nature
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 3, \"cacheWrite5m\": 3.75,"
                + " \"cacheWrite1h\": 3}",
            "cacheWrite5m (3.75) costs more than cacheWrite1h (3)"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"serviceTiers\": {\"Flex\": 1}}",
            "must be in lower case"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"extras\": {\"a\": {\"per\": 5}}}",
            "extra must have a \"price\""),
        Arguments.of(
            "{\"id\": \"good\", \"models\": [\"n\"], \"input\": 1}", "id good is already taken"),
        Arguments.of("7", "expected an object {...}, found 7"));
  }

  static Stream<Arguments> malformedHours() {
    return Stream.of(
        // faults G8
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"01:00\","
                + " \"end\": \"03:00\", \"input\": 2}, {\"start\": \"02:00\", \"end\": \"04:00\","
                + " \"input\": 2}]}",
            "overlap, so nothing says which would count"),
        // faults G8
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"22:00\","
                + " \"end\": \"02:00\", \"input\": 2}, {\"start\": \"01:00\", \"end\": \"03:00\","
                + " \"input\": 2}]}",
            "overlap, so nothing says which would count"),
        // faults G8
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"01:00\","
                + " \"end\": \"03:00\", \"input\": 2}, {\"start\": \"01:00\", \"end\": \"03:00\","
                + " \"input\": 2}]}",
            "overlap, so nothing says which would count"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"01:00\","
                + " \"end\": \"01:00\", \"input\": 2}]}",
            "they must differ"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"22:00\","
                + " \"end\": \"05:00\", \"days\": [\"sun\"], \"input\": 2}, {\"start\": \"04:00\","
                + " \"end\": \"06:00\", \"days\": [\"mon\"], \"input\": 3}]}",
            "overlap"),
        // not on the first days that are tried, but after them
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"01:00\","
                + " \"end\": \"03:00\", \"days\": [\"mon\"], \"except\": [\"2027-03-01\","
                + " \"2027-03-08\", \"2027-03-15\", \"2027-03-22\", \"2027-03-29\"], \"input\": 2},"
                + " {\"start\": \"02:00\", \"end\": \"04:00\", \"input\": 2}]}",
            "overlap, so nothing says which would count"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"01:00\","
                + " \"end\": \"02:00\", \"zone\": \"Mars/Base\", \"input\": 2}]}",
            "expected a time zone like Asia/Shanghai, found Mars/Base"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"daily\": [{\"start\": \"01:00\","
                + " \"end\": \"02:00\", \"days\": [\"funday\"], \"input\": 2}]}",
            "expected days like mon or mon-fri, found funday"),
        Arguments.of(
            "{\"id\": \"x\", \"models\": [\"n\"], \"input\": 1, \"tiers\": [{\"above\": 1,"
                + " \"input\": 2}], \"daily\": [{\"start\": \"01:00\", \"end\": \"02:00\","
                + " \"input\": 2}]}",
            "either tiers or daily prices"));
  }

  @ParameterizedTest
  @MethodSource({"malformedRows", "malformedPrices", "malformedHours"})
  void namesTheLineAndTheRuleOfWhatIsMalformed(String row, String message) {
    assertThatThrownBy(() -> PricedCalls.catalog(GOOD, row))
        .isInstanceOfSatisfying(PriceFileException.class, e -> assertThat(e.line()).isEqualTo(3))
        .hasMessageStartingWith("prices, line 3: ")
        .hasMessageContaining(message);
  }

  static Stream<Arguments> malformedFiles() {
    return Stream.of(
        Arguments.of("", "expected an object {...}, found nothing"),
        Arguments.of("[]", "expected an object"),
        Arguments.of("{\"prices\": []}", "must have \"format\": 1"),
        Arguments.of("{\"format\": 1}", "must have \"format\": 1 and \"prices\""),
        Arguments.of("{\"format\": 2, \"prices\": []}", "format must be 1, was 2"),
        Arguments.of("{\"format\": 1, \"price\": []}", "unknown key \"price\""),
        Arguments.of("{\"format\": 1, \"prices\": []} {}", "must end after its object"),
        Arguments.of("{\"format\": 1, \"prices\": [", "is no JSON"));
  }

  @ParameterizedTest
  @MethodSource("malformedFiles")
  void refusesWhatIsNoFileOfPrices(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesOrReadsWhateverIsMutated() {
    String good =
        PricedCalls.file(GOOD, GOOD.replace("good", "b").replace("1.25", "0, \"batch\": 0.5"));
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder(good);
      for (int i = random.nextInt(3); i >= 0; i--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.deleteCharAt(at);
        } else {
          text.insert(at, "{}[]\",:\\019eE-.x".charAt(random.nextInt(16)));
        }
      }
      try {
        read(text.toString());
      } catch (PriceFileException e) {
        assertThat(e.getMessage()).as("seed %d", seed).startsWith("prices");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }

  private static PriceCatalog read(String text) {
    return PriceCatalog.empty()
        .with(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
