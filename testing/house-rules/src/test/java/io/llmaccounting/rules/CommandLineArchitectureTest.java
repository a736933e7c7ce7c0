package io.llmaccounting.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.llmaccounting.AccessKeys;
import io.llmaccounting.AuditTrail;
import io.llmaccounting.Credentials;
import io.llmaccounting.Directory;
import io.llmaccounting.LimitSetPlan;
import io.llmaccounting.Limits;
import io.llmaccounting.LlmAccounting;
import io.llmaccounting.admin.AccountingAdmin;
import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.Difference;
import io.llmaccounting.backend.SinkState;
import io.llmaccounting.providers.prices.PriceCatalog;
import io.llmaccounting.server.rest.planted.ReachesAround;
import org.junit.jupiter.api.Test;

/** What holds for the command line and the server, which are applications and no libraries. */
@AnalyzeClasses(
    packages = {"io.llmaccounting.cli", "io.llmaccounting.server"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class CommandLineArchitectureTest {
  @ArchTest static final ArchRule packagesHaveNoCircles = CodeRules.PACKAGES_HAVE_NO_CIRCLES;

  @ArchTest
  static final ArchRule systemClockInCompositionRootsOnly =
      CodeRules.SYSTEM_CLOCK_IN_COMPOSITION_ROOTS_ONLY;

  @ArchTest static final ArchRule nothingSleeps = CodeRules.NOTHING_SLEEPS;

  @ArchTest static final ArchRule exceptionsAreFinal = CodeRules.EXCEPTIONS_ARE_FINAL;

  @ArchTest static final ArchRule namesSayTheDifference = CodeRules.NAMES_SAY_THE_DIFFERENCE;

  /**
   * A key may be confined to a project: whoever answers a request has what the key reaches, and no
   * way around it.
   */
  @ArchTest
  static final ArchRule requestsReachWhatTheirKeyDoes =
      noClasses()
          .that()
          .resideInAPackage("io.llmaccounting.server.rest..")
          .and()
          .resideOutsideOfPackages(
              "io.llmaccounting.server.rest", "io.llmaccounting.server.rest.reach")
          .should()
          .dependOnClassesThat(
              belongToAnyOf(
                      LlmAccounting.class,
                      Limits.class,
                      LimitSetPlan.class,
                      Directory.class,
                      AccessKeys.class,
                      Credentials.class,
                      AuditTrail.class,
                      AccountingAdmin.class,
                      PriceCatalog.class)
                  .or(resideInAnyPackage("io.llmaccounting.backend"))
                  .and(
                      not(
                          belongToAnyOf(
                              Difference.class, SinkState.class, BackendException.class))));

  @Test
  void whoReachesAroundTheKeyIsFound() {
    assertThat(
            requestsReachWhatTheirKeyDoes
                .evaluate(new ClassFileImporter().importClasses(ReachesAround.class))
                .getFailureReport()
                .getDetails())
        .anyMatch(detail -> detail.contains("ReachesAround") && detail.contains("LlmAccounting"));
  }
}
