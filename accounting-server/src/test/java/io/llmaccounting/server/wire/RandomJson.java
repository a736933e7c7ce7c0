package io.llmaccounting.server.wire;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** JSON texts of every shape, with blanks, escapes and duplicate names. */
final class RandomJson {
  private static final String[] BLANKS = {"", "", "", " ", "\n", "\t\r\n "};
  private static final String[] TEXTS = {
    "", "a", "}", "{\\\"", "\\\\", "\\u00e9\\n", "ü€😀", "[,]", "data: ", "\\/", "\\ud83d\\ude00"
  };
  private static final String[] WORDS = {
    "0", "-1.5e+3", "true", "false", "null", "12345678901234567890"
  };

  private final Random random;

  RandomJson(Random random) {
    this.random = random;
  }

  String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 4 : 2)) {
      case 0 -> one(WORDS);
      case 1 -> '"' + one(TEXTS) + '"';
      case 2 -> array(depth);
      default -> object(depth, List.of());
    };
  }

  /** An object with these members among others. */
  String object(int depth, List<String> members) {
    List<String> all = new ArrayList<>(members);
    for (int i = random.nextInt(4); i > 0; i--) {
      all.add(member(one(new String[] {"a", "b\\u0063", "ü", "\\\"stream\\\""}), value(depth - 1)));
    }
    Collections.shuffle(all, random);
    return "{" + blank() + String.join(blank() + "," + blank(), all) + blank() + "}";
  }

  String member(String name, String value) {
    return '"' + name + '"' + blank() + ":" + blank() + value;
  }

  String blank() {
    return one(BLANKS);
  }

  String one(String[] all) {
    return all[random.nextInt(all.length)];
  }

  private String array(int depth) {
    List<String> all = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      all.add(value(depth - 1));
    }
    return "[" + blank() + String.join(blank() + "," + blank(), all) + blank() + "]";
  }
}
