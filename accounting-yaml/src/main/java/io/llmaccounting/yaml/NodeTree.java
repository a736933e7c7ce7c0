package io.llmaccounting.yaml;

import io.llmaccounting.json.limits.FileNode;
import io.llmaccounting.json.limits.LimitFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Turns the nodes of a YAML file into those of a file of limits. A file that refers to its own
 * parts again and again stays within bounds. For one file.
 */
final class NodeTree {
  private static final Set<Tag> PLAIN =
      Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.MAP, Tag.SEQ);
  private static final int DEEPEST = 16;
  private static final int MOST = 1_000_000;

  private int nodes;

  FileNode of(Node node) {
    return of(node, 1);
  }

  private FileNode of(Node node, int depth) {
    nodes++;
    if (depth > DEEPEST || nodes > MOST) {
      throw wrong(
          node,
          "a file of limits must be at most %d deep and have at most %d values"
              .formatted(DEEPEST, MOST));
    }
    if (!PLAIN.contains(node.getTag())) {
      throw wrong(node, "tags mean nothing here, was " + node.getTag().getValue());
    }
    if (node instanceof MappingNode mapping) {
      return fields(mapping, depth);
    }
    if (node instanceof SequenceNode sequence) {
      List<FileNode> items = new ArrayList<>();
      sequence.getValue().forEach(item -> items.add(of(item, depth + 1)));
      return new FileNode.Items(line(node), items);
    }
    String text = node instanceof ScalarNode scalar ? scalar.getValue() : "";
    return new FileNode.Text(line(node), node.getTag().equals(Tag.NULL) ? "" : text);
  }

  private FileNode fields(MappingNode mapping, int depth) {
    Map<String, FileNode> fields = new LinkedHashMap<>();
    for (NodeTuple field : mapping.getValue()) {
      Node key = field.getKeyNode();
      if (!(key instanceof ScalarNode name)) {
        throw wrong(key, "the name of a field must be a text");
      }
      if (fields.put(name.getValue(), of(field.getValueNode(), depth + 1)) != null) {
        throw wrong(key, "a field must be given once, was given twice: " + name.getValue());
      }
    }
    return new FileNode.Fields(line(mapping), fields);
  }

  private static LimitFileException wrong(Node node, String problem) {
    return LimitFileException.at(line(node), problem);
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }
}
