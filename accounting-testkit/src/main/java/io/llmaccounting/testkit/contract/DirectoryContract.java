package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.backend.DirectoryStore;
import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.directory.DirectoryEntry.Kind;
import io.llmaccounting.testkit.ManualClock;
import io.llmaccounting.usage.Usage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Projects and users are kept apart, by names that are exact. */
public abstract class DirectoryContract extends BackendContract {

  @Test
  final void everyFieldComesBack() {
    DirectoryEntry full =
        new DirectoryEntry(
            Kind.USER,
            "O'Brien \u00e4\ud83d\ude80",
            "Sales %_",
            "o@example.org",
            false,
            ManualClock.START.plusNanos(123_456_000),
            ManualClock.START.plusNanos(1_000));
    directory().add(full);

    assertThat(directory().find(Kind.USER, full.name())).contains(full);
    assertThat(reopen().directory().list(Kind.USER)).containsExactly(full);
  }

  @Test
  final void whatIsAbsentStaysAbsent() {
    DirectoryEntry bare = DirectoryEntry.project("search");
    directory().add(bare);

    assertThat(directory().find(Kind.PROJECT, "search")).contains(bare);
  }

  @Test
  final void aNameIsTakenOnceWithinItsKind() {
    DirectoryEntry first = DirectoryEntry.user("alice").email("first@example.org");

    assertThat(directory().add(first)).isTrue();
    assertThat(directory().add(DirectoryEntry.user("alice"))).isFalse();
    assertThat(directory().add(DirectoryEntry.project("alice"))).isTrue();
    assertThat(directory().add(DirectoryEntry.user("Alice"))).isTrue();
    assertThat(directory().find(Kind.USER, "alice")).contains(first);
  }

  @Test
  final void entriesAreListedByNameAndKind() {
    for (String name : List.of("b", "a", "B", "\u00e4", "a b")) {
      directory().add(DirectoryEntry.user(name));
    }
    directory().add(DirectoryEntry.project("c"));

    assertThat(directory().list(Kind.USER).stream().map(DirectoryEntry::name))
        .containsExactly("B", "a", "a b", "b", "\u00e4");
    assertThat(directory().list(Kind.PROJECT).stream().map(DirectoryEntry::name))
        .containsExactly("c");
  }

  /** Scenario 37: a user is deactivated, and later active again. */
  @Test
  final void updatingReplacesTheEntry() {
    DirectoryEntry alice = DirectoryEntry.user("alice").organisationUnit("Sales");
    directory().add(alice);
    DirectoryEntry gone = alice.deactivated(ManualClock.START);
    DirectoryEntry back = gone.activated(ManualClock.START.plusSeconds(60));

    assertThat(directory().update(gone)).isTrue();
    assertThat(directory().find(Kind.USER, "alice")).contains(gone);
    assertThat(directory().update(back)).isTrue();
    assertThat(directory().find(Kind.USER, "alice")).contains(back);
  }

  @Test
  final void updatingAnUnknownNameAddsNothing() {
    assertThat(directory().update(DirectoryEntry.user("alice"))).isFalse();
    assertThat(directory().list(Kind.USER)).isEmpty();
  }

  @Test
  final void renamingKeepsTheRestAndTheUsageRecordedBefore() {
    DirectoryEntry alice = DirectoryEntry.user("alice").email("a@example.org");
    directory().add(alice);
    directory().add(DirectoryEntry.project("alice"));
    Usage usage = aCall().by("alice").usage();
    record(usage);

    assertThat(directory().rename(Kind.USER, "alice", "alicia")).isTrue();

    assertThat(directory().list(Kind.USER))
        .containsExactly(DirectoryEntry.user("alicia").email("a@example.org"));
    assertThat(directory().find(Kind.PROJECT, "alice")).isPresent();
    assertThat(backend().usage().find(usage.id()).orElseThrow().usage()).isEqualTo(usage);
  }

  @Test
  final void renamingNeedsAnEntryAndAFreeName() {
    directory().add(DirectoryEntry.user("alice"));
    directory().add(DirectoryEntry.user("bob"));

    assertThat(directory().rename(Kind.USER, "alice", "bob")).isFalse();
    assertThat(directory().rename(Kind.USER, "carol", "dave")).isFalse();
    assertThat(directory().rename(Kind.PROJECT, "alice", "dave")).isFalse();
    assertThat(directory().list(Kind.USER))
        .containsExactly(DirectoryEntry.user("alice"), DirectoryEntry.user("bob"));
  }

  @Test
  final void removingLeavesTheUsage() {
    directory().add(DirectoryEntry.user("alice"));
    directory().add(DirectoryEntry.project("alice"));
    Usage usage = aCall().by("alice").usage();
    record(usage);

    assertThat(directory().remove(Kind.USER, "alice")).isTrue();
    assertThat(directory().remove(Kind.USER, "alice")).isFalse();
    assertThat(directory().find(Kind.USER, "alice")).isEmpty();
    assertThat(directory().find(Kind.PROJECT, "alice")).isPresent();
    assertThat(backend().usage().find(usage.id())).isPresent();
  }

  @Test
  final void theRevisionGrowsWithEveryChangeAndIsSeenByOtherInstances() {
    DirectoryStore other = another().directory();
    DirectoryEntry alice = DirectoryEntry.user("alice");
    long revision = other.revision();

    for (Runnable change :
        List.<Runnable>of(
            () -> directory().add(alice),
            () -> directory().update(alice.email("a@example.org")),
            () -> directory().rename(Kind.USER, "alice", "alicia"),
            () -> directory().remove(Kind.USER, "alicia"))) {
      change.run();
      assertThat(other.revision()).isGreaterThan(revision);
      revision = other.revision();
    }
    assertThat(reopen().directory().revision()).isEqualTo(revision);
  }

  @Test
  final void manyThreadsAddANameOnce() {
    List<DirectoryStore> stores = List.of(directory(), another().directory());

    List<Boolean> added =
        ParallelRun.of(8, thread -> () -> stores.get(thread % 2).add(DirectoryEntry.user("alice")));

    assertThat(added).containsOnlyOnce(true);
    assertThat(directory().list(Kind.USER)).hasSize(1);
  }

  private DirectoryStore directory() {
    return backend().directory();
  }
}
