package io.llmaccounting.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documentation shows compiles, its links lead somewhere, and no page is endless. */
class DocumentationTest {
  private static final Set<String> COMMANDS =
      Set.of(
          "mvn -B verify",
          "mvn -q -B -Pquickstart verify",
          "mvn -q -B -Pquickstart install",
          "mvn -q -B -Pquickstart,spring-boot-example -pl examples/spring-boot -am verify");

  /** Its shell blocks are run, all of them in their order, by JarIT in accounting-cli. */
  private static final String RUN_BY_THE_COMMAND_LINE = "docs/how-to/use-the-command-line.md";

  /** Tables that are made from the readers' declarations, to look things up in. */
  private static final Set<String> GENERATED =
      Set.of("docs/concepts/readings.md", "docs/concepts/request-readings.md");

  private static final Snippets SNIPPETS = new Snippets();

  static Stream<MarkdownPage> pages() {
    return Stream.concat(
            Stream.of("README.md", "AGENTS.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md")
                .map(Repository.root()::resolve),
            Repository.files("docs", ".md").stream())
        .map(MarkdownPage::new);
  }

  static Stream<CodeBlock> javaBlocks() {
    return blocks(Set.of("java"));
  }

  static Stream<CodeBlock> shellBlocks() {
    return blocks(Set.of("sh", "bash", "shell", "console"))
        .filter(
            block ->
                !block.page().equals(RUN_BY_THE_COMMAND_LINE) || !block.language().equals("sh"));
  }

  private static Stream<CodeBlock> blocks(Set<String> languages) {
    return pages()
        .filter(page -> !page.name().equals("AGENTS.md"))
        .flatMap(page -> page.blocks().stream())
        .filter(block -> languages.contains(block.language()));
  }

  @ParameterizedTest
  @MethodSource("javaBlocks")
  @DisplayName("faults F: code compiles with the imports that its page shows, and no others")
  void javaCompiles(CodeBlock block) {
    List<String> errors = SNIPPETS.errorsOf(block, importsShownUpTo(block));

    assertThat(errors).as("%s%n%s", block, block.code()).isEmpty();
  }

  /** What a reader has to import is on the page: in this piece of code or in one above it. */
  private static Set<String> importsShownUpTo(CodeBlock last) {
    return javaBlocks()
        .filter(block -> block.page().equals(last.page()) && block.line() <= last.line())
        .flatMap(block -> block.imports().stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @ParameterizedTest
  @MethodSource("javaPages")
  void whatIsImportedIsUsed(MarkdownPage page) {
    String code =
        page.blocks().stream()
            .filter(block -> block.language().equals("java"))
            .flatMap(block -> block.code().lines())
            .filter(line -> !CodeBlock.isImport(line))
            .collect(Collectors.joining("\n"));
    List<String> unused =
        page.blocks().stream()
            .flatMap(block -> block.imports().stream())
            .filter(line -> found("\\b" + imported(line) + "\\b", code).isEmpty())
            .toList();

    assertThat(unused).as("imports of %s that none of its code needs", page).isEmpty();
  }

  static Stream<MarkdownPage> javaPages() {
    return pages()
        .filter(page -> page.blocks().stream().anyMatch(block -> block.language().equals("java")));
  }

  private static String imported(String line) {
    return line.substring(line.lastIndexOf('.') + 1, line.length() - 1);
  }

  @ParameterizedTest
  @MethodSource("shellBlocks")
  void shellShowsOnlyTheKnownCommands(CodeBlock block) {
    List<String> commands =
        block.code().lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();

    assertThat(COMMANDS).as("commands that are tested, at %s", block).containsAll(commands);
  }

  @ParameterizedTest
  @MethodSource("dependencyBlocks")
  void dependenciesAreModulesOfThisVersion(CodeBlock block) throws IOException {
    String bom = Files.readString(Repository.root().resolve("accounting-bom/pom.xml"));
    List<String> shown = found("\\baccounting-[a-z]+", block.code());

    assertThat(shown).as("modules at %s", block).isNotEmpty().allMatch(name -> bom.contains(name));
    assertThat(found("\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?", block.code()))
        .as("versions at %s", block)
        .allMatch(version -> bom.contains("<version>" + version + "</version>"));
  }

  static Stream<CodeBlock> dependencyBlocks() {
    return blocks(Set.of("xml", "kotlin", "groovy"))
        .filter(block -> block.code().contains("io.llmaccounting"));
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).toList();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void linksLeadSomewhere(MarkdownPage page) {
    List<Path> missing =
        page.linkedFiles().stream().filter(target -> !Files.exists(target)).toList();

    assertThat(missing).as("files that %s links to and that are not there", page).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void pagesAreShortEnoughToBeRead(MarkdownPage page) {
    int most = page.name().equals("AGENTS.md") ? 100 : GENERATED.contains(page.name()) ? 400 : 200;

    assertThat(page.lines()).as("lines of %s", page).hasSizeLessThanOrEqualTo(most);
  }
}
