package io.llmaccounting.rules;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documentation. */
record MarkdownPage(Path file) {
  private static final String FENCE = "```";
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");

  String name() {
    return Repository.name(file);
  }

  List<String> lines() {
    return Repository.text(file).lines().toList();
  }

  List<CodeBlock> blocks() {
    List<CodeBlock> blocks = new ArrayList<>();
    List<String> lines = lines();
    int start = -1;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (start < 0 && line.startsWith(FENCE)) {
        start = i;
      } else if (start >= 0 && line.equals(FENCE)) {
        String language = lines.get(start).strip().substring(FENCE.length());
        String code = String.join("\n", lines.subList(start + 1, i));
        blocks.add(new CodeBlock(name(), start + 2, language, code));
        start = -1;
      }
    }
    if (start >= 0) {
      throw new IllegalStateException(name() + " has a block without an end, line " + (start + 1));
    }
    return blocks;
  }

  /** The files of this repository that the page links to. */
  List<Path> linkedFiles() {
    List<Path> targets = new ArrayList<>();
    Matcher links = LINK.matcher(Repository.text(file));
    while (links.find()) {
      String target = links.group(1);
      if (!target.contains("://") && !target.startsWith("mailto:")) {
        targets.add(file.resolveSibling(target).normalize());
      }
    }
    return targets;
  }

  @Override
  public String toString() {
    return name();
  }
}
