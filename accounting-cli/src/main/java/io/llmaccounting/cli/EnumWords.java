package io.llmaccounting.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * The words of options that accept only certain ones, such as {@code input-tokens}, as help and
 * errors show them.
 */
final class EnumWords {
  private EnumWords() {}

  /** Makes {@code root} and all below it read the values of enums by their words. */
  static void read(CommandLine root) {
    commands(root)
        .flatMap(command -> command.getCommandSpec().args().stream())
        .flatMap(EnumWords::types)
        .distinct()
        .forEach(type -> register(root, type));
  }

  /** Returns a completion script of {@code root} with words in place of the constants of enums. */
  static String offered(String script, CommandLine root) {
    List<Class<?>> types =
        commands(root)
            .flatMap(command -> command.getCommandSpec().args().stream())
            .flatMap(EnumWords::allTypes)
            .distinct()
            .toList();
    String offered = script;
    for (Class<?> type : types) {
      List<String> constants =
          Arrays.stream(type.getEnumConstants()).map(Object::toString).toList();
      offered = offered.replace(quoted(constants), quoted(words(type)));
    }
    return offered;
  }

  private static String quoted(List<String> values) {
    return values.stream().collect(Collectors.joining("\" \"", "\"", "\""));
  }

  private static Stream<CommandLine> commands(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(EnumWords::commands));
  }

  /** The enum types of an option's or parameter's values whose words are read here. */
  static Stream<Class<?>> types(ArgSpec argument) {
    return argument.converters().length > 0 ? Stream.empty() : allTypes(argument);
  }

  /** The enum types of an option's or parameter's values, whoever reads their words. */
  static Stream<Class<?>> allTypes(ArgSpec argument) {
    return Stream.<Class<?>>concat(
            Stream.of(argument.type()), Arrays.stream(argument.auxiliaryTypes()))
        .filter(Class::isEnum)
        .distinct();
  }

  private static <T> void register(CommandLine root, Class<T> type) {
    root.registerConverter(type, text -> read(type, text));
  }

  private static <T> T read(Class<T> type, String text) {
    for (T constant : type.getEnumConstants()) {
      if (word(constant).equalsIgnoreCase(text.replace('_', '-'))) {
        return constant;
      }
    }
    throw new TypeConversionException(
        "must be one of %s, was \"%s\"".formatted(String.join(", ", words(type)), text));
  }

  /** Every word of an enum. */
  static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants()).map(EnumWords::word).toList();
  }

  private static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
