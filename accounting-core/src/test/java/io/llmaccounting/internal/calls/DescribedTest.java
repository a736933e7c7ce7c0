package io.llmaccounting.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.testing.FullCall;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.usage.Attribution;
import io.llmaccounting.usage.CallDetails;
import io.llmaccounting.usage.CallPart;
import io.llmaccounting.usage.Cost;
import io.llmaccounting.usage.ModelAnswer;
import io.llmaccounting.usage.Outcome;
import io.llmaccounting.usage.RequestSettings;
import io.llmaccounting.usage.TokenSource;
import io.llmaccounting.usage.TokenUsage;
import io.llmaccounting.usage.UsageFields;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DescribedTest {
  private static final Map<Class<?>, Object> WORDS =
      Map.ofEntries(
          Map.entry(UUID.class, new UUID(1, 2)),
          Map.entry(Instant.class, Instant.parse("2026-03-02T12:00:00Z")),
          Map.entry(Duration.class, Duration.ofMillis(7)),
          Map.entry(long.class, 7L),
          Map.entry(int.class, 3),
          Map.entry(boolean.class, true),
          Map.entry(TokenUsage.class, TokenUsage.of(5, 6)),
          Map.entry(TokenSource.class, TokenSource.ESTIMATED),
          Map.entry(List.class, List.of(CallPart.of("advisor", "m2", TokenUsage.of(1, 2)))),
          Map.entry(Cost.class, Cost.usd("0.25")),
          Map.entry(Outcome.class, Outcome.CANCELLED),
          Map.entry(Throwable.class, new IllegalStateException("broken")),
          Map.entry(ModelAnswer.class, ModelAnswer.of(TokenUsage.of(8, 9))),
          Map.entry(CallDetails.class, FullCall.usage().details()),
          Map.entry(RequestSettings.class, FullCall.usage().details().asked()),
          Map.entry(Attribution.class, FullCall.usage().attribution()));

  static Stream<Method> words() {
    return Arrays.stream(UsageFields.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic());
  }

  private static Object[] arguments(Method word) {
    Class<?>[] types = word.getParameterTypes();
    Object[] arguments = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      arguments[i] = types[i] == String.class ? "text " + i : WORDS.get(types[i]);
      assertThat(arguments[i]).as("a word for %s", types[i]).isNotNull();
    }
    return arguments;
  }

  @Test
  void thereAreWords() {
    assertThat(words()).hasSizeGreaterThan(30);
  }

  /** A word that is lost, or passed on as another, would change a record without a sound. */
  @ParameterizedTest
  @MethodSource("words")
  @DisplayName("faults A1: every word is passed on, and as itself")
  void passesOnWhateverCanBeTold(Method word) throws Exception {
    Object[] arguments = arguments(word);
    CallRecord told = CallRecord.ofNothing();
    word.invoke(told, arguments);
    Described described = new Described();
    word.invoke(described, arguments);
    CallRecord passedOn = CallRecord.ofNothing();

    described.addTo(passedOn);

    assertThat(Described.class.getDeclaredMethod(word.getName(), word.getParameterTypes()))
        .isNotNull();
    assertThat(fields(passedOn)).usingRecursiveComparison().isEqualTo(fields(told));
    assertThat(fields(passedOn))
        .usingRecursiveComparison()
        .isNotEqualTo(fields(CallRecord.ofNothing()));
  }

  // of each class apart: some have the same name
  private static Map<String, Object> fields(CallRecord record) throws IllegalAccessException {
    Map<String, Object> values = new TreeMap<>();
    for (Class<?> type : List.of(CallRecord.class, UsageFields.class)) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
          field.setAccessible(true);
          values.put(type.getSimpleName() + "." + field.getName(), field.get(record));
        }
      }
    }
    return values;
  }

  @Test
  @DisplayName("faults H8: a wrong word fails where it is said, and nothing of it is kept")
  void aWrongWordFailsWhereItIsSaid() {
    try (LlmAccounting accounting = LlmAccounting.create(InMemoryBackend.create())) {
      LlmCall call = accounting.begin(CallRequest.to("m").user("alice"));

      assertThatThrownBy(() -> call.describe(DescribedTest::sayWrongly))
          .satisfies(
              error ->
                  assertThat(error.getStackTrace())
                      .anyMatch(line -> line.getMethodName().equals("sayWrongly")));

      call.succeeded(TokenUsage.of(1, 1));
      assertThat(accounting.tail().get(0).usage().attribution().user()).isEqualTo("alice");
    }
  }

  private static void sayWrongly(UsageFields<?> fields) {
    fields.user("bob").attribution(null);
  }
}
