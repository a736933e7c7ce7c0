package io.llmaccounting.rules;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

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
}
