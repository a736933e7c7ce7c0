package io.llmaccounting.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Date;
import java.util.Set;

/** What no class does, wherever it is. */
final class CodeRules {
  /** Where defaults are chosen: the only places that may name the system's clock. */
  private static final Set<String> COMPOSITION_ROOTS =
      Set.of(
          "io.llmaccounting.LlmAccountingBuilder",
          "io.llmaccounting.client.LlmAccountingClientBuilder",
          "io.llmaccounting.sqlite.SqliteSettings",
          "io.llmaccounting.sqlite.SpoolSettings",
          "io.llmaccounting.postgres.PostgresSettings",
          "io.llmaccounting.sinks.SinkClock",
          "io.llmaccounting.testkit.InMemoryBackend",
          "io.llmaccounting.cli.ProcessConsole",
          "io.llmaccounting.server.gateway.Gateway",
          "io.llmaccounting.server.command.BenchedProvider");

  static final ArchRule SYSTEM_CLOCK_IN_COMPOSITION_ROOTS_ONLY =
      noClasses()
          .that(
              DescribedPredicate.describe(
                  "are no composition roots", type -> !COMPOSITION_ROOTS.contains(type.getName())))
          .should()
          .accessTargetWhere(
              DescribedPredicate.describe("reads the system's clock", CodeRules::readsTheClock))
          .because("time comes in through the constructor, so that tests move it by hand");

  static final ArchRule NOTHING_SLEEPS =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class)
          .because("what waits for time to pass waits on a condition or parks, and can be woken");

  static final ArchRule EXCEPTIONS_ARE_FINAL =
      classes()
          .that()
          .areAssignableTo(Throwable.class)
          .should()
          .haveModifier(JavaModifier.FINAL)
          .because("callers tell failures apart by what they carry, not by subclasses");

  static final ArchRule NAMES_SAY_THE_DIFFERENCE =
      noClasses()
          .should()
          .haveNameMatching(".*(Impl|Manager|Helper|Utils?)(\\$.*)?")
          .because("such a name says nothing that tells one class from another");

  static final ArchRule NOTHING_IS_PRINTED =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessTargetWhere(
              DescribedPredicate.describe(
                  "prints a stack trace",
                  access -> access.getTarget().getFullName().endsWith(".printStackTrace()")))
          .because("standard output and error belong to the application");

  static final ArchRule LOGS_THROUGH_SLF4J_ONLY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.util.logging..", "org.apache.commons.logging..", "org.apache.log4j..")
          .because("the application chooses where logs go, through SLF4J");

  static final ArchRule PACKAGES_HAVE_NO_CIRCLES =
      slices()
          .assignedFrom(new EachPackage())
          .should()
          .beFreeOfCycles()
          .because("a package in a circle can be neither understood nor changed on its own");

  private CodeRules() {}

  /** Every package is a slice of its own. */
  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return SliceIdentifier.of(type.getPackageName());
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }

  private static boolean readsTheClock(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    String member = access.getTarget().getName();
    if (owner.getPackageName().startsWith("java.time")) {
      return member.equals("now") || member.startsWith("system") || member.startsWith("tick");
    }
    if (owner.isEquivalentTo(System.class)) {
      return member.equals("currentTimeMillis");
    }
    return owner.isEquivalentTo(Date.class)
        && access.getTarget().getFullName().equals("java.util.Date.<init>()");
  }
}
