package io.llmaccounting.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.llmaccounting.usage.UsageFields;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DescribedTest {
  /** A word that is not passed on would be lost without a sound. */
  @Test
  void passesOnWhateverCanBeTold() {
    List<Method> words =
        Arrays.stream(UsageFields.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
            .toList();

    assertThat(words)
        .hasSizeGreaterThan(30)
        .allSatisfy(
            word ->
                assertThat(
                        Described.class.getDeclaredMethod(word.getName(), word.getParameterTypes()))
                    .isNotNull());
  }
}
