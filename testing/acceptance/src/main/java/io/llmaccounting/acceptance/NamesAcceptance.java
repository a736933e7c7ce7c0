package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.directory.DirectoryEntry.Kind;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.CalendarUnit;
import io.llmaccounting.limit.HeldCall;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.TokenUsage;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Defaults, and names that must be known. */
public class NamesAcceptance extends AcceptanceTest {
  private LlmAccounting strict() {
    return another(settings -> settings.enforceNames().staleness(ofSeconds(1)));
  }

  private static void unknown(String name, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(UnknownNameException.class)
        .hasMessageContaining('"' + name + '"');
  }

  /** Scenario 37. */
  @Test
  final void unknownNamesAreRefusedBeforeAnythingIsWritten() {
    LlmAccounting strict = strict();
    strict.directory().addProject("P");
    strict.directory().addUser("ann");

    unknown("X", () -> strict.track().model("m").project("X").record());
    unknown("bob", () -> strict.track().model("m").project("P").user("bob").record());
    unknown("bob", () -> strict.quotas().check(aCall().by("bob").request()));
    unknown("bob", () -> strict.quotas().reserve(aCall().by("bob").request()));
    unknown("bob", () -> strict.begin(aCall().by("bob").request()));
    unknown("bob", () -> strict.limits().save(Limit.named("l").user("bob").requests(1).lifetime()));
    unknown("X", () -> strict.limits().save(Limit.named("l").project("X").requests(1).lifetime()));

    assertThat(strict.tail()).isEmpty();
    assertThat(strict.limits().list()).isEmpty();
    assertThat(backend().ledger().holds()).isEmpty();
    assertThat(strict.track().model("m").project("P").user("ann").record()).isRecorded();
    assertThat(strict.track().model("m").record()).isRecorded();
    strict.limits().save(Limit.named("l").project("P").noUser().requests(1).lifetime());
    assertThat(strict.quotas().check(aCall().request())).isAdmitted();
  }

  /** Scenario 37. */
  @Test
  final void aDeactivatedUserIsRefusedUntilReactivated() {
    LlmAccounting strict = strict();
    strict.directory().addUser("ann");
    assertThat(strict.track().model("m").user("ann").record()).isRecorded();
    clock.advance(ofHours(1));
    Instant deactivated = clock.instant();

    another().directory().deactivate(Kind.USER, "ann");

    unknown("ann", () -> strict.track().model("m").user("ann").record());
    unknown("ann", () -> strict.quotas().check(aCall().by("ann").request()));
    clock.advance(ofHours(1));
    strict.directory().activate(Kind.USER, "ann");
    assertThat(strict.track().model("m").user("ann").record()).isRecorded();
    DirectoryEntry ann = strict.directory().user("ann").orElseThrow();
    assertThat(ann.deactivatedAt()).isEqualTo(deactivated);
    assertThat(ann.activatedAt()).isEqualTo(clock.instant());
  }

  /** Scenario 37. */
  @Test
  final void defaultsApplyToCheckingAndReservingAsToRecording() {
    LlmAccounting inP =
        another(
            settings ->
                settings.defaults(
                    Attribution.NONE.withProject("P").withUser("u").withTag("team", "red")));
    save(Limit.named("P").project("P").tag("team", "red").requests(2).lifetime());

    inP.track().model("m").record();
    try (LlmCall call = inP.begin(aCall().request())) {
      call.succeeded(TokenUsage.of(1, 1));
    }

    assertThat(inP.quotas().check(aCall().request())).isDenied().byExactly("P");
    assertThat(inP.quotas().reserve(aCall().request()).decision()).isDenied().byExactly("P");
    assertThat(inP.quotas().check(aCall().in("Q").request())).isAdmitted();
    assertThat(inP.tail())
        .hasSize(2)
        .allSatisfy(
            recorded -> {
              assertThat(recorded.usage().attribution().project()).isEqualTo("P");
              assertThat(recorded.usage().attribution().user()).isEqualTo("u");
              assertThat(recorded.usage().attribution().tags()).containsEntry("team", "red");
            });
  }

  /** Defaults are part of the content: repeating with or without spelling them is the same. */
  @Test
  final void defaultsFillFinishedValuesHoldsAndImportsToo() {
    LlmAccounting inP = another(settings -> settings.defaults(Attribution.NONE.withProject("P")));
    HeldCall held = inP.quotas().reserve(aCall().request()).hold().orElseThrow();

    held.settle(aCall().id(held.id()).usage());
    inP.track(aCall().at(clock.instant()).usage());
    inP.trackAll(List.of(aCall().at(clock.instant()).usage()));

    assertThat(inP.tail())
        .hasSize(3)
        .allSatisfy(one -> assertThat(one.usage().attribution().project()).isEqualTo("P"));
    assertThat(inP.track().model("m").key("k").record()).isRecorded();
    assertThat(inP.track().model("m").key("k").project("P").record()).isDuplicate();
  }

  /** Default names are checked like others. */
  @Test
  final void unknownDefaultsAreRefusedToo() {
    LlmAccounting strict =
        another(settings -> settings.enforceNames().defaults(Attribution.NONE.withProject("X")));

    unknown("X", () -> strict.track().model("m").record());
    unknown("X", () -> strict.quotas().check(aCall().request()));
    strict.directory().addProject("X");
    assertThat(strict.track().model("m").record()).isRecorded();
  }

  /** A call that was let in is never refused when it grows or settles. */
  @Test
  final void aCallThatWasLetInEndsWhateverBecomesOfItsUser() {
    LlmAccounting strict = strict();
    strict.directory().addUser("ann");
    save(Limit.named("day").totalTokens(100_000).calendar(1, CalendarUnit.DAY, UTC));
    HeldCall held = strict.quotas().reserve(aCall().by("ann").request()).hold().orElseThrow();
    LlmCall call = strict.begin(aCall().by("ann").request());

    strict.directory().deactivate(Kind.USER, "ann");

    assertThat(call.progress(TokenUsage.of(100, 5_000))).isAdmitted();
    assertThat(call.succeeded(TokenUsage.of(100, 5_000))).isRecorded();
    assertThat(held.grow(aCall().by("ann").tokens(200, 20).request())).isAdmitted();
    assertThat(held.settle(aCall().by("ann").id(held.id()).usage())).isRecorded();
  }

  /** Imports are not held to names. */
  @Test
  final void importsTakeUnknownNames() {
    assertThat(strict().trackAll(List.of(aCall().by("gone").usage())).recorded()).isEqualTo(1);
  }

  /** What another process changes is seen within the staleness. */
  @Test
  final void changesBehindTheBackAreSeenWithinTheStaleness() {
    LlmAccounting strict = strict();
    unknown("ann", () -> strict.quotas().check(aCall().by("ann").request()));

    backend().directory().add(DirectoryEntry.user("ann"));
    clock.advance(ofMillis(1_001));

    assertThat(strict.quotas().check(aCall().by("ann").request())).isAdmitted();
    backend().directory().update(DirectoryEntry.user("ann").deactivated(clock.instant()));
    clock.advance(ofMillis(1_001));
    unknown("ann", () -> strict.quotas().check(aCall().by("ann").request()));
  }

  /** The directory says what it knows and what it did. */
  @Test
  final void theDirectoryKeepsItsEntries() {
    assertThat(accounting().directory().addUser("ann")).isTrue();
    assertThat(accounting().directory().addUser("ann")).isFalse();
    assertThat(accounting().directory().addProject("ann")).isTrue();
    accounting()
        .directory()
        .change(Kind.USER, "ann", ann -> ann.email("ann@example.com").organisationUnit("search"));

    assertThat(accounting().directory().rename(Kind.USER, "ann", "anna")).isTrue();
    assertThat(accounting().directory().rename(Kind.USER, "ann", "x")).isFalse();

    assertThat(accounting().directory().user("ann")).isEmpty();
    DirectoryEntry anna = accounting().directory().user("anna").orElseThrow();
    assertThat(anna.email()).isEqualTo("ann@example.com");
    assertThat(anna.activatedAt()).isEqualTo(clock.instant());
    assertThat(accounting().directory().remove(Kind.USER, "anna")).isTrue();
    assertThat(accounting().directory().users()).isEmpty();
    assertThat(accounting().directory().projects()).hasSize(1);
    unknown("anna", () -> accounting().directory().activate(Kind.USER, "anna"));
  }
}
