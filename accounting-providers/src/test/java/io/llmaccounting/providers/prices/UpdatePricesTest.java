package io.llmaccounting.providers.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdatePricesTest {
  private static final String FACTS =
      """
      {"generated": "2026-11-20",
       "sources": {"g": {"name": "source one", "snapshot": "2026-09-23"}},
       "disagreements": [{"provider": "google", "model": "m-1", "vs": "other",
         "diff": {"input": {"ours": 2, "theirs": 3.50}, "tiers": {"ours": [200000], "theirs": []}}}],
       "models": [
        {"provider": "google", "model": "m-1", "aliases": ["m-one"], "pattern": "(?:m-1|m-1-\\\\d{8}$)",
         "input": 2, "output": 8, "cache_read": 0.20, "effective_from": "2026-06-01",
         "previous": [{"effective_from": null, "input": 4, "output": 16}],
         "upcoming": [{"effective_from": "2027-01-01", "input": 1, "output": 4}],
         "tiers": [{"above_input_tokens": 200000, "input": 4, "output": 12}],
         "batch": {"multiplier": 0.5, "assumed": true},
         "service_tier_multiplier": {"flex": 0.5, "priority": 50.0},
         "other": {"web_search_per_1k": 10}, "source": "source one"},
        {"provider": "deepseek", "model": "d", "pattern": "d.*", "input": 1, "output": 2, "effective_from": null,
         "time_of_day": [{"start_time": "00:30:00Z", "end_time": "16:30:00Z", "input": 2, "output": 4}],
         "source": "source one"},
        {"provider": "google", "model": "gemma", "pattern": "gemma", "effective_from": null,
         "note": "Free of charge on the API", "source": "source one"},
        {"provider": "google", "model": "pictures", "pattern": "pictures", "input": 1, "output": 2,
         "other": {"output_image": 30}, "effective_from": null, "source": "source one"}
       ]}
      """;

  @TempDir Path directory;
  private Path facts;
  private Path table;

  @BeforeEach
  void writeFacts() throws IOException {
    facts = directory.resolve("facts.json");
    table = directory.resolve("prices.json");
    Files.writeString(facts, FACTS);
  }

  @Test
  void writesOneRowPerLineWithItsProvenance() throws IOException {
    UpdatePrices.main(new String[] {facts.toString(), table.toString()});

    assertThat(Files.readString(table))
        .isEqualTo(
            """
            {
            "format": 1,
            "unit": "US dollars per 1,000,000 tokens; extras per the count they state",
            "generated": "2026-11-20",
            "sources": {
            "g": {"name":"source one","snapshot":"2026-09-23"}
            },
            "leftOut": {
            "gcp.gemini/m-1 in service tier priority": "a multiplier of 50.0 can not be meant",
            "gcp.gemini/pictures": "billed by kinds of tokens (images, video) that usage does not tell apart"
            },
            "prices": [
            {"id":"deepseek/d","provider":"deepseek","models":["d~"],"input":1,"output":2,"daily":[{"start":"00:30","end":"16:30","input":2,"output":4}],"source":"g"},
            {"id":"gcp.gemini/gemma","provider":"gcp.gemini","models":["gemma"],"input":0,"output":0,"source":"g"},
            {"id":"gcp.gemini/m-1","provider":"gcp.gemini","models":["m-1","m-1-########","m-one"],"input":4,"output":16,"batch":0.5,"batchAssumed":true,"serviceTiers":{"flex":0.5},"source":"g"},
            {"id":"gcp.gemini/m-1@2026-06-01","provider":"gcp.gemini","models":["m-1","m-1-########","m-one"],"from":"2026-06-01","input":2,"output":8,"cacheRead":0.2,"tiers":[{"above":200000,"input":4,"output":12}],"batch":0.5,"batchAssumed":true,"serviceTiers":{"flex":0.5},"extras":{"web_search":{"price":10,"per":1000}},"source":"g","disputed":["other: input 3.5 instead of 2, tiers none instead of above [200000]"]},
            {"id":"gcp.gemini/m-1@2027-01-01","provider":"gcp.gemini","models":["m-1","m-1-########","m-one"],"from":"2027-01-01","input":1,"output":4,"batch":0.5,"batchAssumed":true,"serviceTiers":{"flex":0.5},"extras":{"web_search":{"price":10,"per":1000}},"source":"g"}
            ]
            }
            """);
  }

  @Test
  void theSameFactsChangeNothing() throws IOException {
    update();
    String before = Files.readString(table);

    update();

    assertThat(Files.readString(table)).isEqualTo(before);
  }

  @Test
  void refusesAJumpUnlessItIsAllowed() throws IOException {
    update();
    String before = Files.readString(table);
    Files.writeString(
        facts,
        FACTS.replace(
            "\"upcoming\": [",
            "\"upcoming\": [{\"effective_from\": \"2027-06-01\", \"input\": 7, \"output\": 4},"));

    assertThatThrownBy(this::update)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gcp.gemini/m-1@2027-06-01: input jumps from 1 to 7");
    assertThat(Files.readString(table)).isEqualTo(before);

    update("gcp.gemini/m-1@2027-06-01");
    assertThat(Files.readString(table)).contains("gcp.gemini/m-1@2027-06-01");
  }

  @Test
  void refusesToChangeOrDropARowThatMayHavePricedRecords() throws IOException {
    update();
    Files.writeString(
        facts,
        FACTS
            .replace("\"input\": 2, \"output\": 8", "\"input\": 2.1, \"output\": 8")
            .replace("gemma", "gemma-9"));

    assertThatThrownBy(this::update)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("gcp.gemini/m-1@2026-06-01: row changed")
        .hasMessageContaining("gcp.gemini/gemma: row disappeared");
  }

  @Test
  void refusesAPriceInAnotherUnit() throws IOException {
    Files.writeString(
        facts, FACTS.replace("\"input\": 2, \"output\": 8", "\"input\": 0.000002, \"output\": 8"));

    assertThatThrownBy(this::update)
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining("is it a price per token?");
    assertThat(table).doesNotExist();
  }

  private void update(String... allowed) throws IOException {
    UpdatePrices.update(List.of(facts), table, Set.of(allowed));
  }
}
