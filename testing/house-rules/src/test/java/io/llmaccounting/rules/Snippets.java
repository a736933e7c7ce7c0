package io.llmaccounting.rules;

import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles pieces of documentation in memory. A piece that begins with imports and has a type is a
 * whole compilation unit. Any other is statements: they see the variables of {@code
 * snippet-frame.txt}, and of imports those only that a reader has seen on the page by then.
 */
final class Snippets {
  private static final Pattern UNIT =
      Pattern.compile("(?m)^(?:public |final |abstract )*(?:class|record|interface|enum) (\\w+)");
  private static final String MARK = "  // statements";

  private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
  private final JavaFileManager files = new NothingWritten(compiler);
  private final String frame =
      Repository.text(Repository.module().resolve("src/test/resources/snippet-frame.txt"));

  /** What is wrong with the piece, by its own line numbers; empty if it compiles. */
  List<String> errorsOf(CodeBlock block, Set<String> importsShown) {
    Matcher unit = UNIT.matcher(block.code());
    boolean whole = block.code().startsWith("import ") && unit.find();
    String source = whole ? block.code() : framed(block.code(), importsShown);
    long before = whole ? 0 : source.substring(0, source.indexOf(MARK)).lines().count() + 1;
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    compiler
        .getTask(
            null,
            files,
            found,
            List.of("-proc:none", "-implicit:none", "-classpath", Repository.classPath()),
            null,
            List.of(new Source(whole ? unit.group(1) : "Snippet", source)))
        .call();
    return found.getDiagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(
            error ->
                "line %d: %s"
                    .formatted(error.getLineNumber() - before, error.getMessage(Locale.ENGLISH)))
        .toList();
  }

  private String framed(String statements, Set<String> importsShown) {
    String rest =
        statements
            .lines()
            .map(line -> CodeBlock.isImport(line) ? "" : line)
            .collect(Collectors.joining("\n"));
    return String.join("\n", importsShown) + "\n" + frame.replace(MARK, MARK + "\n" + rest);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class NothingWritten extends ForwardingJavaFileManager<JavaFileManager> {
    NothingWritten(JavaCompiler compiler) {
      super(compiler.getStandardFileManager(null, Locale.ENGLISH, StandardCharsets.UTF_8));
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("string:///" + name + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return OutputStream.nullOutputStream();
        }
      };
    }
  }
}
