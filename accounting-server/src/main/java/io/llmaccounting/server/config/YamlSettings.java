package io.llmaccounting.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads a file of settings: each value by its path, and all that is wrong. For one file. */
final class YamlSettings {
  private static final Set<Tag> PLAIN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.ENV_TAG);
  private static final int MOST_CHARACTERS = 1024 * 1024;
  private static final int DEEPEST = 8;

  private final String file;
  private final References references;
  private final List<String> problems;
  private final Map<String, Given> given = new LinkedHashMap<>();

  YamlSettings(String file, References references, List<String> problems) {
    this.file = file;
    this.references = references;
    this.problems = problems;
  }

  Map<String, Given> read(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("settings")
            .setCodePointLimit(MOST_CHARACTERS)
            .setMaxAliasesForCollections(100)
            .build();
    try {
      new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
          .getSingleNode()
          .ifPresent(root -> section("", root, 1));
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
      problems.add(file + ":" + line + ": not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      problems.add(file + ": not YAML: " + e.getMessage());
    }
    return given;
  }

  private void section(String path, Node node, int depth) {
    if (node.getTag().equals(Tag.NULL)) {
      return;
    }
    if (!(node instanceof MappingNode mapping) || depth > DEEPEST) {
      wrong(node, (path.isEmpty() ? "the file" : path) + " must have settings below it");
      return;
    }
    Map<String, Node> seen = new LinkedHashMap<>();
    for (NodeTuple field : mapping.getValue()) {
      if (!(field.getKeyNode() instanceof ScalarNode name)) {
        wrong(field.getKeyNode(), "the name of a setting must be a text");
      } else if (seen.put(name.getValue(), name) != null) {
        wrong(name, name.getValue() + " must be given once, was given twice");
      } else {
        String below = path.isEmpty() ? name.getValue() : path + "." + name.getValue();
        field(below, name, field.getValueNode(), depth);
      }
    }
  }

  private void field(String path, Node name, Node value, int depth) {
    if (path.equals("db") && value instanceof ScalarNode) {
      field("db.place", name, value, depth);
    } else if (SettingKeys.isNamed(path) && isEmpty(value)) {
      // whoever only names an upstream, or a sink, has named it
      given.put(path + ".enabled", Given.of("true", file + ":" + line(name)));
    } else if (SettingKeys.isSection(path)) {
      section(path, value, depth + 1);
    } else if (SettingKeys.find(path).isEmpty()) {
      wrong(name, SettingKeys.unknown(path));
    } else {
      List<String> texts = texts(path, value);
      if (!texts.isEmpty()) {
        given.put(path, new Given(texts, file + ":" + line(name)));
      }
    }
  }

  private static boolean isEmpty(Node value) {
    return value.getTag().equals(Tag.NULL)
        || (value instanceof MappingNode mapping && mapping.getValue().isEmpty());
  }

  private List<String> texts(String path, Node value) {
    List<String> texts = new ArrayList<>();
    List<Node> nodes = value instanceof SequenceNode list ? list.getValue() : List.of(value);
    boolean isList = SettingKeys.find(path).map(key -> key.form() == Form.LIST).orElse(false);
    if (value instanceof SequenceNode && !isList) {
      wrong(value, path + " must be one value, was a list");
      return texts;
    }
    for (Node node : nodes) {
      if (!(node instanceof ScalarNode scalar) || !PLAIN.contains(node.getTag())) {
        wrong(node, path + " must be a plain value");
      } else if (node.getTag().equals(Tag.NULL)) {
        wrong(node, path + " has no value; leave it out, or give one");
      } else {
        try {
          texts.add(references.resolved(scalar.getValue()));
        } catch (IllegalArgumentException e) {
          wrong(node, path + " " + e.getMessage());
        }
      }
    }
    return texts;
  }

  private void wrong(Node node, String problem) {
    problems.add(file + ":" + line(node) + ": " + problem);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
