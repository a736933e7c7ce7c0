package io.llmaccounting.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import dev.langchain4j.model.chat.ChatModel;
import io.llmaccounting.spring.internal.Metered;
import org.junit.jupiter.api.Test;
import org.springframework.aop.SpringProxy;
import org.springframework.aop.framework.Advised;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.DecoratingProxy;
import org.springframework.core.io.support.SpringFactoriesLoader;

class StarterHintsTest {
  @Test
  void keepWhatIsAskedForByReflection() {
    RuntimeHints hints = new RuntimeHints();
    new StarterHints().registerHints(hints, getClass().getClassLoader());

    assertThat(
            RuntimeHintsPredicates.proxies()
                .forInterfaces(
                    ChatModel.class,
                    Metered.class,
                    SpringProxy.class,
                    Advised.class,
                    DecoratingProxy.class))
        .accepts(hints);
    assertThat(
            RuntimeHintsPredicates.reflection()
                .onType(HikariConfig.class)
                .withMemberCategory(MemberCategory.INVOKE_PUBLIC_METHODS))
        .accepts(hints);
  }

  @Test
  void areFoundByTheBuild() {
    assertThat(
            SpringFactoriesLoader.forResourceLocation("META-INF/spring/aot.factories")
                .load(RuntimeHintsRegistrar.class))
        .anyMatch(StarterHints.class::isInstance);
  }
}
