package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.call.CallContext;
import io.llmaccounting.usage.Attribution;
import org.junit.jupiter.api.Test;

/** What Micrometer's context propagation does with the context of calls. */
class CallContextAccessorTest {
  private static final CallContext ALICE = CallContext.of(Attribution.NONE.withUser("alice"));
  private static final CallContext BOB = CallContext.of(Attribution.NONE.withUser("bob"));

  private final CallContextAccessor accessor = new CallContextAccessor();

  private static String user() {
    return CallContext.current().attribution().user();
  }

  @Test
  void whereNothingIsCarriedNothingThatIsOpenShowsThrough() {
    try (CallContext.Scope scope = ALICE.open()) {
      accessor.setValue();

      assertThat(CallContext.current().attribution()).isEqualTo(Attribution.NONE);
      assertThat(CallContext.current().isMetered()).isTrue();
      assertThat(accessor.getValue()).isNull();

      accessor.restore();
      assertThat(user()).isEqualTo("alice");
    }
  }

  @Test
  void whatWasSetIsRestoredInTheOppositeOrder() {
    accessor.setValue(ALICE);
    accessor.setValue();
    accessor.setValue(BOB);

    assertThat(user()).isEqualTo("bob");
    accessor.restore();
    assertThat(user()).isNull();
    accessor.restore(ALICE);
    assertThat(user()).isEqualTo("alice");
    accessor.restore();
    assertThat(accessor.getValue()).isNull();
  }
}
