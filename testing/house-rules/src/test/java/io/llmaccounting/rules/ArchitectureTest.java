package io.llmaccounting.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** How the modules may depend on each other, and what no class does; each rule with its reason. */
@AnalyzeClasses(
    packages = "io.llmaccounting",
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.OursOnly.class})
class ArchitectureTest {
  /**
   * Leaves out the libraries that carry our name only so that users may have theirs, and the
   * command line and the server, applications that may print and ask for the time.
   */
  static final class OursOnly implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/io/llmaccounting/shaded/")
          && !location.contains("/io/llmaccounting/cli/")
          && !location.contains("/io/llmaccounting/server/");
    }
  }

  private static final String[] API = {
    "io.llmaccounting.call..",
    "io.llmaccounting.usage..",
    "io.llmaccounting.limit..",
    "io.llmaccounting.audit..",
    "io.llmaccounting.directory..",
    "io.llmaccounting.access..",
    "io.llmaccounting.health..",
    "io.llmaccounting.pricing..",
    "io.llmaccounting.backend..",
    "io.llmaccounting.validation.."
  };

  private static final String[] CORE = {
    "io.llmaccounting",
    "io.llmaccounting.admin..",
    "io.llmaccounting.retention..",
    "io.llmaccounting.recording..",
    "io.llmaccounting.internal.."
  };

  private static final String[] SQL = {
    "io.llmaccounting.sql..", "io.llmaccounting.sqlite..", "io.llmaccounting.postgres.."
  };

  @ArchTest
  static final ArchRule apiDependsOnTheJdkAndAnnotationsOnly =
      classes()
          .that()
          .resideInAnyPackage(API)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(API).or(resideInAnyPackage("java..", "org.jspecify..")))
          .because("whoever implements or embeds the api must not inherit a library with it");

  @ArchTest
  static final ArchRule internalsOfCoreAreSeenByCoreOnly =
      noClasses()
          .that(not(resideInAnyPackage(CORE)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.llmaccounting.internal..")
          .because("what is internal may change in any release");

  @ArchTest
  static final ArchRule validationIsSeenByTheApiOnly =
      noClasses()
          .that(not(resideInAnyPackage(API)))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.llmaccounting.validation..")
          .because("the api module does not export it: on the module path the call would fail");

  @ArchTest
  static final ArchRule storageNeverSeesCore =
      noClasses()
          .that()
          .resideInAnyPackage(SQL)
          .or()
          .resideInAPackage("io.llmaccounting.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CORE)
          .because("a backend stores and never decides, and core's own tests use the testkit");

  @ArchTest
  static final ArchRule providersSeeNothingButTheApi =
      noClasses()
          .that()
          .resideInAPackage("io.llmaccounting.providers..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CORE)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(SQL)
          .allowEmptyShould(true)
          .because("reading an answer needs neither the accounting nor a database");

  @ArchTest
  static final ArchRule adaptersSeePortsOnly =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.llmaccounting.tap",
              "io.llmaccounting.tap.internal",
              "io.llmaccounting.http..",
              "io.llmaccounting.openai..",
              "io.llmaccounting.bedrock..",
              "io.llmaccounting.genai..",
              "io.llmaccounting.langchain4j..",
              "io.llmaccounting.springai..",
              "io.llmaccounting.anthropic..",
              "io.llmaccounting.micrometer..",
              "io.llmaccounting.jakarta..",
              "io.llmaccounting.opentelemetry..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CORE)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage(SQL)
          .because("a meter of another process or a test's stands in for the library's own");

  @ArchTest
  static final ArchRule jsonSeesNothingButTheApi =
      classes()
          .that()
          .resideInAPackage("io.llmaccounting.json..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(API)
                  .or(
                      resideInAnyPackage(
                          "io.llmaccounting.json..",
                          "com.fasterxml.jackson.core..",
                          "java..",
                          "org.jspecify..")))
          .because("a client of a server has it and neither the accounting nor a database");

  @ArchTest
  static final ArchRule theClientSeesTheApiAndItsFormsOnly =
      classes()
          .that()
          .resideInAPackage("io.llmaccounting.client..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(API)
                  .or(
                      resideInAnyPackage(
                          "io.llmaccounting.client..",
                          "io.llmaccounting.json..",
                          "java..",
                          "org.slf4j..",
                          "org.jspecify..")))
          .because("who asks a server has neither the accounting nor a database");

  @ArchTest
  static final ArchRule jooqStaysInTheSqlModules =
      noClasses()
          .that(not(resideInAnyPackage(SQL)))
          .and()
          .doNotHaveFullyQualifiedName("io.llmaccounting.spring.OwnConnections")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.llmaccounting.shaded.jooq..",
              "io.llmaccounting.shaded.flyway..",
              "io.llmaccounting.shaded.hikari..",
              "com.zaxxer..",
              "java.sql..")
          .because(
              "nobody but a SQL backend knows that there is SQL, and the starter only that an"
                  + " application has a pool");

  @ArchTest
  static final ArchRule theSystemClockIsReadInCompositionRootsOnly =
      CodeRules.SYSTEM_CLOCK_IN_COMPOSITION_ROOTS_ONLY;

  @ArchTest static final ArchRule packagesHaveNoCircles = CodeRules.PACKAGES_HAVE_NO_CIRCLES;

  @ArchTest static final ArchRule nothingSleeps = CodeRules.NOTHING_SLEEPS;

  @ArchTest static final ArchRule exceptionsAreFinal = CodeRules.EXCEPTIONS_ARE_FINAL;

  @ArchTest static final ArchRule namesSayTheDifference = CodeRules.NAMES_SAY_THE_DIFFERENCE;

  @ArchTest static final ArchRule nothingIsPrinted = CodeRules.NOTHING_IS_PRINTED;

  @ArchTest static final ArchRule logsThroughSlf4jOnly = CodeRules.LOGS_THROUGH_SLF4J_ONLY;
}
