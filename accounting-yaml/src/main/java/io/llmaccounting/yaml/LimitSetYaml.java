package io.llmaccounting.yaml;

import io.llmaccounting.json.limits.FileNode;
import io.llmaccounting.json.limits.LimitFileException;
import io.llmaccounting.json.limits.LimitSetForm;
import io.llmaccounting.limit.LimitSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads a set of limits from a YAML file, in UTF-8, and writes one; JSON is YAML too. Values are
 * taken as they are written: {@code 0.10} is no less exact than {@code "0.10"}. Stateless.
 */
public final class LimitSetYaml {
  private static final int MOST_CHARACTERS = 16 * 1024 * 1024;

  private LimitSetYaml() {}

  /**
   * Reads a set.
   *
   * @throws LimitFileException with all that is wrong with what the file says
   * @throws IOException if it cannot be read
   */
  public static LimitSet read(Path file) throws IOException {
    return read(Files.readString(file));
  }

  /**
   * Reads a set; {@code in} stays open.
   *
   * @throws LimitFileException with all that is wrong with what the file says
   * @throws IOException if it cannot be read
   */
  public static LimitSet read(InputStream in) throws IOException {
    return read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
  }

  /**
   * Reads a set from the text of a file.
   *
   * @throws LimitFileException with all that is wrong with what the file says
   */
  public static LimitSet read(String text) {
    // the tree bounds what comes of aliases, however many there are
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("limits")
            .setCodePointLimit(MOST_CHARACTERS)
            .setMaxAliasesForCollections(Integer.MAX_VALUE)
            .build();
    return LimitSetForm.read(new NodeTree().of(composed(settings, text)));
  }

  /** Writes a file that {@link #read(InputStream)} reads; {@code out} stays open. */
  public static void write(OutputStream out, LimitSet set) throws IOException {
    out.write(text(set).getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** The text of a file that {@link #read(String)} reads. */
  public static String text(LimitSet set) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .setSplitLines(false)
            .build();
    return new Dump(settings).dumpToString(plain(LimitSetForm.write(set)));
  }

  private static Object plain(FileNode node) {
    if (node instanceof FileNode.Fields fields) {
      Map<String, Object> plain = new LinkedHashMap<>();
      fields.fields().forEach((name, field) -> plain.put(name, plain(field)));
      return plain;
    }
    return node instanceof FileNode.Items items
        ? items.items().stream().map(LimitSetYaml::plain).toList()
        : ((FileNode.Text) node).text();
  }

  private static Node composed(LoadSettings settings, String text) {
    try {
      // not by the package lowlevel, which the parser's module does not export
      return new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
          .getSingleNode()
          .orElseThrow(() -> LimitFileException.at(0, "a file of limits must not be empty"));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      throw LimitFileException.at(line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw LimitFileException.at(0, "not YAML: " + e.getMessage());
    }
  }
}
