package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;
import static io.llmaccounting.testkit.LlmAssertions.assertThatThrownBy;
import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.Limits;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.LlmAccountingBuilder;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.directory.UnknownNameException;
import io.llmaccounting.limit.FieldChange;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitChange;
import io.llmaccounting.limit.LimitClashException;
import io.llmaccounting.limit.LimitSet;
import io.llmaccounting.limit.LimitSetDiff;
import io.llmaccounting.limit.LimitStatus;
import io.llmaccounting.limit.Metric;
import io.llmaccounting.limit.OwnedLimit;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Limits that are kept as code: a set is applied as a whole, and touches what it owns only. */
public class LimitSetsAcceptance extends AcceptanceTest {
  private static Limit limit(String name, long maximum) {
    return Limit.named(name).requests(maximum).rolling(ofHours(1));
  }

  private LimitSetDiff apply(String set, Limit... limits) {
    return accounting().limits().apply(LimitSet.of(set, limits));
  }

  private List<AuditEntry> acts() {
    return accounting().audit().find(AuditQuery.latest(100).ofType(AuditEntry.ADMIN));
  }

  @Test
  final void makesChangesAndRemovesWhatItOwns() {
    apply("code", limit("kept", 1), limit("raised", 1), limit("dropped", 1));

    LimitSetDiff diff = apply("code", limit("kept", 1), limit("raised", 5), limit("new", 2));

    assertThat(accounting().limits().owned())
        .containsExactly(
            new OwnedLimit(limit("kept", 1), "code"),
            new OwnedLimit(limit("new", 2), "code"),
            new OwnedLimit(limit("raised", 5), "code"));
    assertThat(diff.created()).containsExactly(new LimitChange(null, limit("new", 2)));
    assertThat(diff.changed())
        .containsExactly(new LimitChange(limit("raised", 1), limit("raised", 5)));
    assertThat(diff.changed().get(0).fields())
        .containsExactly(new FieldChange("maximum", "1", "5"));
    assertThat(diff.removed()).containsExactly(new LimitChange(limit("dropped", 1), null));
    assertThat(diff.unchanged()).extracting(LimitChange::name).containsExactly("kept");
  }

  @Test
  final void toApplyItAgainChangesNothingAndLeavesNoEntry() {
    apply("code", limit("a", 1), limit("b", 1));
    AllLimits before = backend().limits().load();
    int entries = acts().size();

    LimitSetDiff diff = apply("code", limit("b", 1), limit("a", 1));

    assertThat(diff.isEmpty()).isTrue();
    assertThat(backend().limits().load()).isEqualTo(before);
    assertThat(acts()).hasSize(entries);
  }

  @Test
  final void limitsMadeByHandAndThoseOfOtherSetsAreNotTouched() {
    save(limit("by hand", 3));
    apply("other", limit("of another", 4));

    apply("code", limit("own", 1));
    apply("code");

    assertThat(accounting().limits().owned())
        .containsExactly(
            new OwnedLimit(limit("by hand", 3), null),
            new OwnedLimit(limit("of another", 4), "other"));
  }

  @Test
  final void aClashOfNamesIsToldBeforeAnythingIsWritten() {
    save(limit("a", 3));
    apply("other", limit("b", 4));
    AllLimits before = backend().limits().load();
    int entries = acts().size();
    LimitSet clashing = LimitSet.of("code", limit("a", 3), limit("b", 1), limit("c", 1));

    assertThatExceptionOfType(LimitClashException.class)
        .isThrownBy(() -> accounting().limits().apply(clashing))
        .withMessageContaining("\"a\" (made by hand), \"b\" (of set \"other\")")
        .satisfies(
            e ->
                assertThat(e.owners())
                    .containsExactly(Map.entry("a", ""), Map.entry("b", "other")));
    assertThatThrownBy(() -> accounting().limits().plan(clashing).diff())
        .isInstanceOf(LimitClashException.class);

    assertThat(backend().limits().load()).isEqualTo(before);
    assertThat(acts()).hasSize(entries);
  }

  @Test
  final void whatIsTakenOverGoesOnCounting() {
    save(limit("a", 3));
    track(2, aCall());
    LimitSet set = LimitSet.of("code", limit("a", 3), limit("b", 1));

    LimitSetDiff diff = accounting().limits().plan(set).takingOver().apply();

    assertThat(diff.takenOver()).containsExactly(Map.entry("a", ""));
    assertThat(diff.toString()).contains("= \"a\" (taken over, was made by hand)");
    assertThat(used("a", aCall())).isEqualTo(2);
    assertThat(apply("code", limit("a", 3)).removed())
        .extracting(LimitChange::name)
        .containsExactly("b");
    assertThat(acts())
        .extracting(entry -> entry.attributes().get("taken_over_from"))
        .contains("(by hand)");
  }

  @Test
  final void aDryRunSaysWhatWouldBeDoneAndWritesNothing() {
    apply("code", limit("a", 1));
    AllLimits before = backend().limits().load();
    int entries = acts().size();
    LimitSet set = LimitSet.of("code", limit("a", 2));

    LimitSetDiff planned = accounting().limits().plan(set).diff();

    assertThat(backend().limits().load()).isEqualTo(before);
    assertThat(acts()).hasSize(entries);
    assertThat(accounting().limits().apply(set)).isEqualTo(planned);
  }

  @Test
  final void whatSomebodyChangedByHandIsPutBack() {
    apply("code", limit("a", 1), limit("b", 1));
    accounting().limits().save(limit("a", 100));
    accounting().limits().delete("b");

    LimitSetDiff diff = apply("code", limit("a", 1), limit("b", 1));

    assertThat(diff.changed()).containsExactly(new LimitChange(limit("a", 100), limit("a", 1)));
    assertThat(diff.created()).extracting(LimitChange::name).containsExactly("b");
  }

  @Test
  final void countsOfWhatAChangeKeepsAreKeptAndANewLimitCountsWhatWasUsed() {
    apply("code", limit("a", 5), limit("gone", 5));
    track(3, aCall());

    apply("code", limit("a", 4), limit("new", 9));

    assertThat(used("a", aCall())).isEqualTo(3);
    assertThat(used("new", aCall())).isEqualTo(3);
    track(aCall());
    assertThat(check(aCall())).isDenied().byExactly("a").used(4);
  }

  /** An exemption and what it lifts come and go in one change. */
  @Test
  final void anExemptionIsPartOfASetLikeAnyOtherLimit() {
    Limit exemption = Limit.named("vip").user("alice").unlimited(Metric.REQUESTS);
    Limit each = Limit.named("each").eachUser().requests(2).rolling(ofHours(1));
    apply("code", each, exemption);
    track(3, aCall().by("alice"));
    track(1, aCall().by("bob"));
    assertThat(check(aCall().by("alice"))).isAdmitted();

    apply("code", each);

    assertThat(check(aCall().by("alice"))).isDenied().byExactly("each").used(3);
    assertThat(used("each", aCall().by("bob"))).isEqualTo(1);
  }

  @Test
  final void everyChangeLeavesOneEntryThatNamesTheSetAndWhoDidIt() {
    apply("code", limit("a", 1), limit("b", 1));
    accounting().limits().by("deploy 7").apply(LimitSet.of("code", limit("b", 2), limit("c", 1)));

    assertThat(acts())
        .filteredOn(entry -> "deploy 7".equals(entry.actor()))
        .extracting(
            AuditEntry::outcome,
            entry -> entry.attributes().get("limit"),
            entry -> entry.attributes().get("change"),
            entry -> entry.attributes().get("set"))
        .containsExactlyInAnyOrder(
            tuple("limit deleted", "a", "deleted", "code"),
            tuple("limit saved", "b", "changed", "code"),
            tuple("limit saved", "c", "created", "code"));
    assertThat(acts()).hasSize(5);
  }

  @Test
  final void ofManyThatApplyTheSameAtOnceOneDoes() throws Exception {
    track(2, aCall());
    LimitSet set = LimitSet.of("code", limit("a", 5), limit("b", 6), limit("c", 7));
    List<LlmAccounting> all = List.of(another(), another(), another(), another());
    Queue<LimitSetDiff> diffs = new ConcurrentLinkedQueue<>();

    Crowd.run(all.size(), number -> diffs.add(all.get(number).limits().apply(set)));

    assertThat(diffs).filteredOn(diff -> !diff.isEmpty()).hasSize(1);
    assertThat(diffs).hasSize(4);
    assertThat(acts()).hasSize(3);
    for (LlmAccounting one : all) {
      assertThat(one.quotas().status(aCall().request()))
          .extracting(status -> status.limit().name(), LimitStatus::used)
          .containsExactlyInAnyOrder(tuple("a", 2L), tuple("b", 2L), tuple("c", 2L));
    }
  }

  @Test
  final void ofManyThatChangeWhatTheyHaveReadOneDoes() throws Exception {
    apply("code", limit("a", 1));
    save(limit("by hand", 1));
    LimitSet read = accounting().limits().ownedBy("code");
    List<LlmAccounting> all = List.of(another(), another(), another(), another());
    Queue<String> done = new ConcurrentLinkedQueue<>();

    Crowd.run(
        all.size(),
        number -> {
          LimitSet wanted = LimitSet.of("code", limit("a", 10 + number));
          try {
            all.get(number).limits().plan(wanted).onlyIf(is -> require(is.equals(read))).apply();
            done.add("set " + number);
          } catch (ConcurrentModificationException e) {
            assertThat(accounting().limits().ownedBy("code")).isNotEqualTo(read);
          }
          try {
            all.get(number)
                .limits()
                .change(
                    "by hand",
                    is -> {
                      require(is.orElseThrow().limit().maximum() == 1);
                      return Optional.of(limit("by hand", 10 + number));
                    });
            done.add("limit " + number);
          } catch (ConcurrentModificationException e) {
            assertThat(accounting().limits().find("by hand").orElseThrow().maximum())
                .isNotEqualTo(1);
          }
        });

    assertThat(done).hasSize(2);
  }

  private static void require(boolean isAsRead) {
    if (!isAsRead) {
      throw new ConcurrentModificationException("it was changed meanwhile");
    }
  }

  @Test
  final void oneLimitIsMadeChangedAndRemovedAndStaysItsSets() {
    apply("code", limit("a", 1));
    Limits limits = accounting().limits().by("carol");

    assertThat(limits.change("b", is -> Optional.of(limit("b", 1))))
        .contains(new LimitChange(null, limit("b", 1)));
    assertThat(limits.change("a", is -> Optional.of(limit("a", 2))).orElseThrow().fields())
        .containsExactly(new FieldChange("maximum", "1", "2"));
    assertThat(limits.change("b", is -> Optional.empty()))
        .contains(new LimitChange(limit("b", 1), null));
    assertThat(limits.change("none", is -> Optional.empty())).isEmpty();
    assertThatThrownBy(() -> limits.change("b", is -> Optional.of(limit("c", 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name must be \"b\", was \"c\"");

    assertThat(limits.owned()).containsExactly(new OwnedLimit(limit("a", 2), "code"));
    assertThat(acts()).filteredOn(entry -> "carol".equals(entry.actor())).hasSize(3);
  }

  @Test
  final void namesAreEnforcedOnWhatIsNewOrChanged() {
    LlmAccounting strict = another(LlmAccountingBuilder::enforceNames);
    Limit ofBob = Limit.named("bob").user("bob").requests(1).rolling(ofHours(1));
    AllLimits before = backend().limits().load();

    assertThatThrownBy(() -> strict.limits().apply(LimitSet.of("code", ofBob, limit("a", 1))))
        .isInstanceOf(UnknownNameException.class);
    assertThat(backend().limits().load()).isEqualTo(before);

    apply("code", ofBob);
    assertThat(strict.limits().apply(LimitSet.of("code", ofBob, limit("a", 1))).created())
        .hasSize(1);
  }
}
