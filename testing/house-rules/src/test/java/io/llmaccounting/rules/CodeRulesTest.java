package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.llmaccounting.rules.planted.chicken.Chicken;
import io.llmaccounting.rules.planted.egg.Egg;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A rule that nothing can break guards nothing: each is shown what it is there to find. */
class CodeRulesTest {
  @Test
  void findsTheSystemClockBehindCallsAndMethodReferences() {
    assertBreaks(CodeRules.SYSTEM_CLOCK_IN_COMPOSITION_ROOTS_ONLY, ReadsNow.class);
    assertBreaks(CodeRules.SYSTEM_CLOCK_IN_COMPOSITION_ROOTS_ONLY, ReadsMillis.class);
    assertBreaks(CodeRules.SYSTEM_CLOCK_IN_COMPOSITION_ROOTS_ONLY, RefersToTheSystem.class);
  }

  @Test
  void findsWhatSleepsPrintsAndLogsByItself() {
    assertBreaks(CodeRules.NOTHING_SLEEPS, Sleeps.class);
    assertBreaks(CodeRules.NOTHING_IS_PRINTED, Prints.class);
    assertBreaks(CodeRules.NOTHING_IS_PRINTED, PrintsItsTrace.class);
    assertBreaks(CodeRules.LOGS_THROUGH_SLF4J_ONLY, LogsElsewhere.class);
  }

  @Test
  void findsOpenExceptionsAndEmptyNames() {
    assertBreaks(CodeRules.EXCEPTIONS_ARE_FINAL, OpenException.class);
    assertBreaks(CodeRules.NAMES_SAY_THE_DIFFERENCE, QuotaManager.class);
  }

  @Test
  void findsPackagesThatImportEachOther() {
    assertBreaks(CodeRules.PACKAGES_HAVE_NO_CIRCLES, Chicken.class, Egg.class);
  }

  // Read as text, because not every module's tests are on one class path.
  @Test
  void noTestSleeps() {
    String pause = "Thread" + ".sleep";

    List<Path> sleeping =
        Repository.files("src/test/java", ".java").stream()
            .filter(file -> !file.endsWith("rules/CodeRulesTest.java"))
            .filter(file -> Repository.text(file).contains(pause))
            .toList();

    assertThat(sleeping).as("tests that wait instead of moving a clock").isEmpty();
  }

  private static void assertBreaks(ArchRule rule, Class<?>... types) {
    assertThatThrownBy(() -> rule.check(new ClassFileImporter().importClasses(types)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(types[0].getSimpleName());
  }

  static class ReadsNow {
    Instant read() {
      return Instant.now();
    }
  }

  static class ReadsMillis {
    long read() {
      return System.currentTimeMillis();
    }
  }

  static class RefersToTheSystem {
    Supplier<InstantSource> clock = InstantSource::system;
  }

  static class Sleeps {
    void pause() throws InterruptedException {
      Thread.sleep(1);
    }
  }

  static class Prints {
    void say() {
      System.out.println();
    }
  }

  static class PrintsItsTrace {
    void say(Exception error) {
      error.printStackTrace();
    }
  }

  static class LogsElsewhere {
    java.util.logging.Logger log = java.util.logging.Logger.getGlobal();
  }

  static class OpenException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static class QuotaManager {}
}
