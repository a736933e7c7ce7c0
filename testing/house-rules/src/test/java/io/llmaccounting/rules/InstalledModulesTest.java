package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the command that installs the libraries puts into a local repository. */
class InstalledModulesTest {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
  private static final Pattern EXECUTION =
      Pattern.compile("<execution>.*?</execution>", Pattern.DOTALL);

  @Test
  @DisplayName("faults D4: libraries are installed, and nothing that is built only with its checks")
  void librariesOnly() {
    String bom = Repository.text(Repository.root().resolve("accounting-bom/pom.xml"));

    assertThat(folders())
        .extracting(folder -> folder.replace("integrations/", "accounting-"))
        .contains("accounting-core")
        .filteredOn(module -> !bom.contains("<artifactId>" + module + "</artifactId>"))
        .containsExactlyInAnyOrder("accounting-parent");
  }

  /** A jar of tests asks for what tests need, which that command neither builds nor downloads. */
  @Test
  void noJarOfTestsIsMadeWhereThereAreNone() {
    for (String folder : folders()) {
      String pom = Repository.text(Repository.root().resolve(folder).resolve("pom.xml"));

      assertThat(EXECUTION.matcher(pom).results().map(MatchResult::group))
          .as(folder)
          .filteredOn(execution -> execution.contains("<goal>test-jar</goal>"))
          .allMatch(execution -> execution.contains("<phase>${phase.attach}</phase>"));
    }
  }

  private static List<String> folders() {
    String pom = Repository.text(Repository.root().resolve("pom.xml"));
    return MODULE
        .matcher(pom.substring(0, pom.indexOf("<profiles>")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
