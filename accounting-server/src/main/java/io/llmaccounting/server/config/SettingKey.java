package io.llmaccounting.server.config;

import java.util.Locale;

/**
 * A setting that there is.
 *
 * @param path its name; of an upstream's the part behind the upstream's name
 * @param form what kind of value it takes
 * @param fallback the value where none is given; empty where there is none, or where it depends on
 *     others
 * @param about what it says, in a sentence
 */
record SettingKey(String path, Form form, String fallback, String about) {
  static final String PREFIX = "LLM_ACCOUNTING_";

  /** The variable that gives it. */
  String variable() {
    return path.equals("db.place") ? PREFIX + "DB" : PREFIX + upperCase(path);
  }

  /** A path as variables are written. */
  static String upperCase(String path) {
    return path.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Whether nobody may see its value. */
  boolean isSecret() {
    return form == Form.SECRET;
  }
}
