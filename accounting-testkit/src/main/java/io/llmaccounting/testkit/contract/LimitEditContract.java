package io.llmaccounting.testkit.contract;

import static io.llmaccounting.testkit.UsageFixtures.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.llmaccounting.backend.AllLimits;
import io.llmaccounting.backend.LimitEdit;
import io.llmaccounting.backend.LimitStore;
import io.llmaccounting.backend.StoredLimit;
import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.OwnedLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many limits are changed at once, from what they are, and each remembers the set that owns it. */
public abstract class LimitEditContract extends BackendContract {
  private static final String SET = "o'set \u00e4";

  @Test
  final void theSetThatOwnsALimitComesBack() {
    StoredLimit saved = change(saving(SET, "a")).get(0);

    assertThat(saved.set()).isEqualTo(SET);
    assertThat(reopen().limits().load().limits()).containsExactly(saved);
  }

  @Test
  final void whatReplacesALimitBelongsToTheSameSet() {
    change(saving(SET, "a", "b"));

    StoredLimit one = limits().save(limit("a", 7), PlainSeed.ofNothing());
    StoredLimit many = limits().saveAll(List.of(limit("b", 7)), PlainSeed.keeping()).get(0);
    StoredLimit other = limits().save(limit("c", 7), PlainSeed.ofNothing());

    assertThat(limits().load().limits()).containsExactly(one, many, other);
    assertThat(List.of(one, many)).extracting(StoredLimit::set).containsOnly(SET);
    assertThat(other.set()).isNull();
  }

  @Test
  final void aLimitThatWasDeletedBelongsToNobody() {
    change(saving(SET, "a"));
    limits().delete("a", PlainSeed.ofNothing());

    assertThat(save(limit("a", 1)).set()).isNull();
  }

  @Test
  final void anotherOwnerAloneKeepsTheNumberOfALimit() {
    StoredLimit before = save(limit("a", 5));
    LimitEdit edit = new LimitEdit(List.of(new OwnedLimit(limit("a", 5), SET)), Set.of());

    List<StoredLimit> after = limits().change(all -> edit, PlainSeed.keeping());

    assertThat(after).containsExactly(new StoredLimit(before.id(), before.limit(), SET));
    assertThat(limits().load().limits()).isEqualTo(after);
  }

  @Test
  final void limitsAreSavedAndRemovedInOneChange() {
    change(saving(SET, "a", "b"));
    long before = limits().revision();

    LimitEdit edit =
        new LimitEdit(List.of(new OwnedLimit(limit("c", 1), null)), Set.of("a", "nobody"));
    List<StoredLimit> saved = change(edit);

    assertThat(limits().revision()).isEqualTo(before + 1);
    assertThat(saved).hasSize(1);
    assertThat(limits().load().limits())
        .extracting(stored -> stored.limit().name(), StoredLimit::set)
        .containsExactly(tuple("b", SET), tuple("c", null));
  }

  @Test
  final void nothingIsAChange() {
    change(saving(SET, "a"));
    AllLimits before = limits().load();

    assertThat(change(new LimitEdit(List.of(), Set.of()))).isEmpty();
    assertThat(change(new LimitEdit(List.of(), Set.of("nobody")))).isEmpty();

    assertThat(limits().load()).isEqualTo(before);
  }

  @Test
  final void nothingChangesWhereTheWishThrows() {
    change(saving(SET, "a"));
    AllLimits before = limits().load();
    IllegalStateException clash = new IllegalStateException("not mine");

    assertThatThrownBy(
            () ->
                limits()
                    .change(
                        all -> {
                          throw clash;
                        },
                        PlainSeed.ofNothing()))
        .isSameAs(clash);

    assertThat(limits().load()).isEqualTo(before);
    assertThat(save(limit("b", 1)).limit()).isEqualTo(limit("b", 1));
  }

  @Test
  final void theWishSeesAllLimitsWithTheirRevision() {
    change(saving(SET, "a"));
    save(limit("b", 1));
    List<AllLimits> seen = new ArrayList<>();

    limits()
        .change(
            all -> {
              seen.add(all);
              return new LimitEdit(List.of(), Set.of("b"));
            },
            PlainSeed.ofNothing());

    assertThat(seen.get(seen.size() - 1).limits())
        .extracting(stored -> stored.limit().name())
        .containsExactly("a", "b");
    assertThat(seen.get(seen.size() - 1).revision()).isEqualTo(limits().revision() - 1);
  }

  /** What one is shown is what is there when it writes, whoever writes beside it. */
  @Test
  final void ofManyThatWriteOnlyWhereNothingIsOneDoes() throws Exception {
    record(aCall().usage());
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<List<StoredLimit>>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        LimitStore store = another().limits();
        String set = "set " + i;
        all.add(() -> store.change(firstOnly(set), PlainSeed.countingFrom(clock.instant())));
      }
      int saved = 0;
      for (Future<List<StoredLimit>> one : threads.invokeAll(all)) {
        saved += one.get().size();
      }
      assertThat(saved).isEqualTo(1);
      assertThat(limits().load().limits()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Function<AllLimits, LimitEdit> firstOnly(String set) {
    return all ->
        all.limits().isEmpty() ? saving(set, "the first") : new LimitEdit(List.of(), Set.of());
  }

  private List<StoredLimit> change(LimitEdit edit) {
    return limits().change(all -> edit, PlainSeed.ofNothing());
  }

  private static LimitEdit saving(@Nullable String set, String... names) {
    List<OwnedLimit> saved = new ArrayList<>();
    for (String name : names) {
      saved.add(new OwnedLimit(limit(name, 1), set));
    }
    return new LimitEdit(saved, Set.of());
  }

  private static Limit limit(String name, long maximum) {
    return Limit.named(name).requests(maximum).rolling(Duration.ofHours(1));
  }

  private LimitStore limits() {
    return backend().limits();
  }
}
