package io.llmaccounting.json.limits;

import io.llmaccounting.limit.Limit;
import io.llmaccounting.limit.LimitSet;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A set of limits as files say it, whatever their syntax. Stateless. */
public final class LimitSetForm {
  private static final ZoneId UTC = ZoneId.of("UTC");

  private LimitSetForm() {}

  /**
   * Reads a set.
   *
   * @param file the file as a whole
   * @throws LimitFileException with all that is wrong, each with its line where that is known
   */
  public static LimitSet read(FileNode file) {
    if (!(file instanceof FileNode.Fields whole)) {
      throw LimitFileException.at(
          file.line(), "a file of limits must have fields such as \"set\" and \"limits\"");
    }
    List<String> problems = new ArrayList<>();
    NodeFields fields = new NodeFields(whole, "", problems);
    fields.require("set", "the name of the set, which owns these limits");
    fields.require("limits", "a list of limits; [] to remove all that the set owns");
    String name = fields.text("set");
    ZoneId zone = fields.parsed("zone", UTC, ZoneId::of);
    List<Limit> limits = limits(fields, zone, problems);
    fields.requireNoOthers();
    LimitSet set = set(name, limits, problems);
    if (set == null || !problems.isEmpty()) {
      throw new LimitFileException(problems);
    }
    return set;
  }

  /** Says a set in the fields of a file, as {@link #read} reads it. */
  public static FileNode write(LimitSet set) {
    return LimitSetNodes.of(set);
  }

  private static @Nullable LimitSet set(
      @Nullable String name, List<Limit> limits, List<String> problems) {
    try {
      return name == null || !problems.isEmpty() ? null : new LimitSet(name, limits);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static List<Limit> limits(NodeFields fields, ZoneId zone, List<String> problems) {
    List<Limit> limits = new ArrayList<>();
    Map<String, Integer> lines = new HashMap<>();
    int number = 0;
    for (FileNode item : fields.items("limits")) {
      number++;
      String path = "limits[" + number + "]";
      if (!(item instanceof FileNode.Fields one)) {
        problems.add(
            LimitFileException.located(item.line(), path + " must have fields such as \"name\""));
        continue;
      }
      String name = one.fields().get("name") instanceof FileNode.Text text ? text.text() : "";
      NodeFields read = new NodeFields(one, name.isEmpty() ? path : '"' + name + '"', problems);
      Integer twin = name.isEmpty() ? null : lines.putIfAbsent(name, one.line());
      if (twin != null) {
        read.wrong("a limit of this name is there already" + (twin > 0 ? ", on line " + twin : ""));
      }
      Limit limit = LimitForm.read(read, zone);
      if (limit != null) {
        limits.add(limit);
      }
    }
    return limits;
  }
}
