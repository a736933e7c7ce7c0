package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the command that installs the libraries puts into a local repository. */
class InstalledModulesTest {
  private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

  @Test
  @DisplayName("faults D4: libraries are installed, and nothing that is built only with its checks")
  void librariesOnly() {
    String pom = Repository.text(Repository.root().resolve("pom.xml"));
    String bom = Repository.text(Repository.root().resolve("accounting-bom/pom.xml"));
    List<String> installed =
        MODULE
            .matcher(pom.substring(0, pom.indexOf("<profiles>")))
            .results()
            .map(found -> found.group(1).replace("integrations/", "accounting-"))
            .toList();

    assertThat(installed)
        .contains("accounting-core")
        .filteredOn(module -> !bom.contains("<artifactId>" + module + "</artifactId>"))
        .containsExactlyInAnyOrder("accounting-parent");
  }
}
