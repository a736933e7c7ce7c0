package io.llmaccounting.server.owned;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the ids that a request refers to while it passes, too long to be held: in JSON, and in the
 * lines of a file that is to become a batch. Confined to one thread.
 */
public final class PassingReferences {
  /** What a name and an id may have together, so that they are found though they come in pieces. */
  private static final int OVERLAP = 4_096;

  private static final int MOST = 10_000;

  private static final Pattern FIELD =
      Pattern.compile(
          "\"([A-Za-z_]{4,24})\"\\s*:\\s*(\\[[^\\]]{0,3000}]|\\{\\s*\"id\"\\s*:\\s*\"[^\"]{1,512}\"|\"[^\"]{1,512}\")");

  private static final Pattern TEXT = Pattern.compile("\"([^\"]+)\"");

  /** A name that is spelled in a way in which it is not recognised. */
  private static final Pattern ESCAPED = Pattern.compile("\"[A-Za-z_]*\\\\u00[^\"]*\"\\s*:");

  private static final Pattern OF_BATCH =
      Pattern.compile("name=\"?purpose\"?[^\\n]*\\r\\n(?:[^\\n]+\\r\\n)*\\r\\nbatch\\s");

  private final boolean isForm;
  private final Set<String> found = new LinkedHashSet<>();
  private boolean ofBatch;
  private String tail = "";

  /**
   * @param isForm whether it is a form with a file, whose lines count only where it becomes a batch
   */
  public PassingReferences(boolean isForm) {
    this.isForm = isForm;
  }

  /** The next piece. */
  public void feed(byte[] piece) {
    String text = tail + new String(piece, StandardCharsets.ISO_8859_1);
    ofBatch |= isForm && OF_BATCH.matcher(text).find();
    if (ESCAPED.matcher(text).find()) {
      found.add("\\u");
    }
    Matcher field = FIELD.matcher(text);
    while (field.find() && found.size() < MOST) {
      if (ObjectIds.REFERENCES.contains(ObjectIds.normal(field.group(1)))) {
        add(ObjectIds.normal(field.group(1)), TEXT.matcher(field.group(2)));
      }
    }
    tail = text.length() <= OVERLAP ? text : text.substring(text.length() - OVERLAP);
  }

  private void add(String name, Matcher texts) {
    while (texts.find() && found.size() < MOST) {
      String id = texts.group(1);
      boolean forPeople = name.equals("filename") && !id.startsWith("files/");
      boolean elsewhere = name.equals("fileuri") && !id.contains("/files/");
      if (!forPeople && !elsewhere && !id.equals("id") && !id.equals("auto")) {
        found.add(ObjectIds.plain(id));
      }
    }
  }

  /** What was found so far. */
  public Set<String> found() {
    return isForm && !ofBatch ? Set.of() : found;
  }
}
