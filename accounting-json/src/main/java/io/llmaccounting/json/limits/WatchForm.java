package io.llmaccounting.json.limits;

import io.llmaccounting.usage.Dimension;
import io.llmaccounting.usage.Match;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads whose calls a limit of a file watches. Stateless. */
final class WatchForm {
  /** What a limit can watch and names by a field of its own. */
  static final List<Dimension> NAMED =
      List.of(
          Dimension.MODEL,
          Dimension.PROVIDER,
          Dimension.PROJECT,
          Dimension.USER,
          Dimension.CALLER,
          Dimension.SESSION);

  private WatchForm() {}

  /** The matches; what is wrong is noted. */
  static Map<Dimension, Match> read(NodeFields from) {
    Map<Dimension, Match> who = new TreeMap<>();
    for (Dimension dimension : NAMED) {
      Match match = match(from, dimension.toString());
      if (match != null) {
        who.put(dimension, match);
      }
    }
    NodeFields tags = from.fields("tags");
    if (tags != null) {
      for (String name : tags.names()) {
        Match match = match(tags, name);
        if (match != null) {
          put(from, who, dimension("tag:" + name), match);
        }
      }
    } else if (from.has("tags")) {
      from.wrong("tags must have fields: the names of the tags, each with its value");
    }
    from.items("each", WatchForm::dimension).forEach(each -> put(from, who, each, Match.each()));
    from.items("absent", WatchForm::dimension)
        .forEach(absent -> put(from, who, absent, Match.absent()));
    return who;
  }

  private static void put(
      NodeFields from, Map<Dimension, Match> who, Dimension dimension, Match match) {
    if (who.putIfAbsent(dimension, match) != null) {
      from.wrong(
          "what a limit watches must be said once for each dimension, was said twice for "
              + dimension);
    }
  }

  private static @Nullable Match match(NodeFields from, String name) {
    NodeFields kinds = from.fields(name);
    if (kinds == null) {
      return from.parsed(name, WatchForm::shortForm);
    }
    Match is = kinds.parsed("is", rule(Match::is));
    Match prefix = kinds.parsed("prefix", rule(Match::prefix));
    kinds.requireNoOthers();
    if (kinds.isGood() && (is == null) == (prefix == null)) {
      kinds.wrong("must say one of is and prefix");
    }
    return is == null ? prefix : is;
  }

  private static Match shortForm(String text) {
    boolean prefix = text.length() > 1 && text.endsWith("*");
    return rule(prefix ? Match::prefix : Match::is)
        .apply(prefix ? text.substring(0, text.length() - 1) : text);
  }

  // the names of a match's parts are no fields of a file
  private static Function<String, Match> rule(Function<String, Match> match) {
    return text -> {
      try {
        return match.apply(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            String.valueOf(e.getMessage()).replaceFirst("^matched value ", ""), e);
      }
    };
  }

  private static Dimension dimension(String text) {
    try {
      Dimension dimension = Dimension.parse(text);
      if (dimension.isKnownBeforeTheCall()) {
        return dimension;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "must name model, provider, project, user, caller, session or tag:NAME");
  }
}
