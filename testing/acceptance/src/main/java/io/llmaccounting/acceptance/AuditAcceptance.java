package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.AuditSettings;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.QuotaExceededException;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What applications write to the audit log, and what is done to texts before. */
public class AuditAcceptance extends AcceptanceTest {
  @Test
  final void aNoteSaysWhatItIsToldAndTheDefaultsFillTheRest() {
    LlmAccounting writer =
        another(
            settings ->
                settings.defaults(Attribution.NONE.withProject("search").withUser("nobody")));
    UUID usage = writer.newId();

    UUID id =
        writer
            .audit()
            .response("four")
            .prompt("two and two?")
            .model("gpt-5-mini")
            .user("alice")
            .caller("ranker")
            .session("s1")
            .actor("bob")
            .outcome("answered")
            .usage(usage)
            .responseId("chatcmpl-1")
            .attribute("language", "en")
            .write();

    AuditEntry entry = only(AuditQuery.latest(9));
    assertThat(entry)
        .isEqualTo(
            new AuditEntry(
                id,
                clock.instant(),
                AuditEntry.RESPONSE,
                "bob",
                "answered",
                "gpt-5-mini",
                new Attribution("search", "alice", "ranker", "s1", Map.of()),
                usage,
                "chatcmpl-1",
                "two and two?",
                "four",
                Map.of("language", "en"),
                Map.of()));
  }

  @Test
  final void everyKindOfNoteHasItsType() {
    accounting().audit().prompt("p").write();
    accounting().audit().response("r").write();
    accounting().audit().event("document shared").at(Instant.parse("2026-01-05T00:00:00Z")).write();
    accounting().audit().note("review").write();

    assertThat(accounting().audit().find(AuditQuery.latest(9)))
        .extracting(AuditEntry::type)
        .containsExactlyInAnyOrder("prompt", "response", "event", "review");
    AuditEntry event = only(AuditQuery.latest(9).ofType(AuditEntry.EVENT));
    assertThat(event.at()).isEqualTo("2026-01-05T00:00:00Z");
    assertThat(event.outcome()).isEqualTo("document shared");
  }

  /** Scenario 39. */
  @Test
  final void everyFilterFindsItsEntries() {
    UUID usage = accounting().newId();
    accounting()
        .audit()
        .prompt("p")
        .model("m")
        .user("alice")
        .project("search")
        .caller("ranker")
        .session("s1")
        .usage(usage)
        .write();
    accounting().audit().prompt("other").write();
    AuditQuery all = AuditQuery.latest(9);

    for (AuditQuery one :
        List.of(
            all.model("m"),
            all.user("alice"),
            all.project("search"),
            all.caller("ranker"),
            all.session("s1"),
            all.usageId(usage))) {
      assertThat(only(one.ofType("prompt").in(TimeRange.always())).prompt()).isEqualTo("p");
    }
    assertThat(accounting().audit().find(all.ofType("response"))).isEmpty();
  }

  @Test
  final void aRedactorSeesEveryTextBeforeItIsCut() {
    LlmAccounting writer =
        with(
            AuditSettings.defaults()
                .textLimit(20)
                .redact(text -> text.replaceAll("[0-9]{16}", "[card]")));

    writer
        .audit()
        .event("paid with 1234567890123456")
        .prompt("please charge 1234567890123456 now")
        .response("charged 1234567890123456")
        .attribute("card", "1234567890123456")
        .write();

    AuditEntry entry = only(AuditQuery.latest(9));
    assertThat(entry.prompt()).isEqualTo("please charge [card]");
    assertThat(entry.response()).isEqualTo("charged [card]");
    assertThat(entry.outcome()).isEqualTo("paid with [card]");
    assertThat(entry.attributes()).containsEntry("card", "[card]");
    assertThat(entry.marks()).containsExactly(Map.entry("prompt.cut", 24L));
  }

  @Test
  final void aRedactorThatFailsLetsNothingThrough() {
    List<RuntimeException> told = new ArrayList<>();
    LlmAccounting writer =
        another(
            settings ->
                settings
                    .continueOnError(told::add)
                    .audit(
                        AuditSettings.defaults()
                            .redact(
                                text -> {
                                  if (text.contains("null")) {
                                    return null;
                                  }
                                  if (text.contains("deep")) {
                                    throw new StackOverflowError();
                                  }
                                  throw new IllegalStateException("cannot redact " + text);
                                })));

    writer
        .audit()
        .prompt("my secret")
        .response("null secret")
        .attribute("k", "deep secret")
        .write();

    AuditEntry entry = only(AuditQuery.latest(9));
    assertThat(entry.toString()).doesNotContain("secret");
    assertThat(entry.prompt()).startsWith("[withheld");
    assertThat(entry.marks())
        .containsOnlyKeys("prompt.withheld", "response.withheld", "attributes.withheld");
    assertThat(told).hasSize(3).allMatch(error -> !error.toString().contains("secret"));
    assertThat(writer.containedFailures()).isEqualTo(3);
  }

  @Test
  final void longTextsAreCutBetweenCharactersAndMarkedWithTheirFullLength() {
    LlmAccounting writer = with(AuditSettings.defaults().textLimit(10));

    writer
        .audit()
        .prompt("1234567\ud83d\ude80\ud83d\ude80")
        .response("1234567890")
        .attribute("long", "\u00e4".repeat(300))
        .write();

    AuditEntry entry = only(AuditQuery.latest(9));
    assertThat(entry.prompt()).isEqualTo("1234567");
    assertThat(entry.response()).isEqualTo("1234567890");
    assertThat(entry.attributes().get("long")).isEqualTo("\u00e4".repeat(127));
    assertThat(entry.marks())
        .containsExactly(Map.entry("attributes.cut", 600L), Map.entry("prompt.cut", 15L));
  }

  @Test
  final void whatNoDatabaseStoresIsReplacedAndMarked() {
    accounting()
        .audit()
        .prompt("a\u0000b\ud83dc\ude80d\ud83d\ude80")
        .attribute("k", " \ud83d ")
        .attribute("blank", "  ")
        .write();

    AuditEntry entry = only(AuditQuery.latest(9));
    assertThat(entry.prompt()).isEqualTo("a\ufffdb\ufffdc\ufffdd\ud83d\ude80");
    assertThat(entry.attributes()).containsExactly(Map.entry("k", "\ufffd"));
    assertThat(entry.marks())
        .containsExactly(Map.entry("attributes.repaired", 1L), Map.entry("prompt.repaired", 3L));
  }

  /** Scenario 38. */
  @Test
  final void everyDenialWithASessionIsAnEntryWhereThatIsAskedFor() {
    save(Limit.named("none").requests(0).lifetime());
    LlmAccounting writer =
        another(
            settings ->
                settings
                    .rememberDenials(Duration.ofMillis(5))
                    .audit(AuditSettings.defaults().denials().sealed()));
    CallRequest request = CallRequest.to("m").user("alice").session("s1");

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> writer.begin(request)).isInstanceOf(QuotaExceededException.class);
    }
    writer.audit().flush();

    AuditQuery query = AuditQuery.latest(9).ofType(AuditEntry.DENIAL).session("s1").user("alice");
    assertThat(writer.audit().find(query)).hasSize(5);
    AuditEntry entry = writer.audit().find(query).get(0);
    assertThat(entry.outcome()).isEqualTo("none");
    assertThat(entry.model()).isEqualTo("m");
    assertThat(entry.attributes())
        .containsEntry("requested", "1")
        .containsEntry("maximum", "0")
        .containsEntry("reason", "SPENT")
        .containsEntry("fits", "never");
    assertThat(writer.audit().verify().damages()).isEmpty();
  }

  @Test
  final void denialsLeaveNoEntryUnlessThatIsAskedFor() {
    save(Limit.named("none").requests(0).lifetime());

    assertThat(accounting().quotas().reserve(aCall().request()).decision().isAdmitted()).isFalse();
    accounting().audit().flush();

    assertThat(accounting().audit().find(AuditQuery.latest(9).ofType(AuditEntry.DENIAL))).isEmpty();
  }

  @Test
  final void closingWritesTheDenialsThatWait() {
    save(Limit.named("none").requests(0).lifetime());
    try (LlmAccounting writer =
        LlmAccounting.builder(open(clock))
            .clock(clock)
            .audit(AuditSettings.defaults().denials())
            .build()) {
      for (int i = 0; i < 100; i++) {
        writer.quotas().reserve(aCall().request());
      }
    }

    assertThat(accounting().audit().find(AuditQuery.latest(500).ofType(AuditEntry.DENIAL)))
        .hasSize(100);
  }

  @Test
  final void theLogMayBeKeptInAnotherDatabase() {
    try (UsageBackend elsewhere = InMemoryBackend.create(clock)) {
      LlmAccounting writer =
          with(AuditSettings.defaults().log(elsewhere.audit()).sealed().denials());
      writer.limits().save(Limit.named("one").user("alice").requests(1).lifetime());
      try (LlmCall call = writer.begin(CallRequest.to("m").user("alice"))) {
        call.succeeded(io.llmaccounting.usage.TokenUsage.of(1, 1));
      }
      assertThatThrownBy(() -> writer.begin(CallRequest.to("m").user("alice")))
          .isInstanceOf(QuotaExceededException.class);
      writer.audit().prompt("p").write();
      writer.audit().flush();

      assertThat(writer.audit().find(AuditQuery.latest(9)))
          .extracting(AuditEntry::type)
          .containsExactlyInAnyOrder("admin", "denial", "prompt");
      assertThat(writer.audit().verify().sealed()).isEqualTo(3);
      assertThat(backend().audit().find(AuditQuery.latest(9))).isEmpty();
      assertThat(accounting().tail()).hasSize(1);
    }
  }

  private LlmAccounting with(AuditSettings audit) {
    return another(settings -> settings.audit(audit));
  }

  private AuditEntry only(AuditQuery query) {
    List<AuditEntry> found = accounting().audit().find(query);
    assertThat(found).hasSize(1);
    return found.get(0);
  }
}
