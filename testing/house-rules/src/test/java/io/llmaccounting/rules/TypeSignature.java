package io.llmaccounting.rules;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One type as its users see it. What every record or enum has by itself is left out. */
record TypeSignature(Class<?> type) {
  private static final Set<String> OF_EVERY_RECORD = Set.of("equals", "hashCode", "toString");
  private static final Set<String> OF_EVERY_ENUM = Set.of("valueOf", "values");

  /** The head of the type and, indented, its members in alphabetical order. */
  String lines() {
    StringBuilder text = new StringBuilder(head()).append('\n');
    members().forEach(member -> text.append("  ").append(member).append('\n'));
    return text.toString();
  }

  private String head() {
    StringJoiner head = new StringJoiner(" ");
    modifiers(type.getModifiers()).forEach(head::add);
    if (type.isSealed()) {
      head.add("sealed");
    }
    head.add(kind());
    head.add(type.getName().replace('$', '.') + variables(type.getTypeParameters()) + components());
    List<AnnotatedType> above = new ArrayList<>();
    if (!type.isInterface() && !type.isRecord() && !type.isEnum()) {
      above.add(type.getAnnotatedSuperclass());
    }
    above.addAll(Arrays.asList(type.getAnnotatedInterfaces()));
    String parents =
        above.stream()
            .map(TypeNames::of)
            .filter(name -> !name.equals("Object"))
            .collect(Collectors.joining(", "));
    return head + (parents.isEmpty() ? "" : " : " + parents);
  }

  private String kind() {
    if (type.isAnnotation()) {
      return "annotation";
    }
    return type.isInterface()
        ? "interface"
        : type.isRecord() ? "record" : type.isEnum() ? "enum" : "class";
  }

  private String components() {
    if (!type.isRecord()) {
      return "";
    }
    return Stream.of(type.getRecordComponents())
        .map(component -> TypeNames.of(component.getAnnotatedType()) + " " + component.getName())
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private Set<String> members() {
    Set<String> members = new TreeSet<>();
    if (type.isEnum()) {
      Stream.of(type.getEnumConstants())
          .map(constant -> "constant " + ((Enum<?>) constant).name())
          .forEach(members::add);
    }
    for (Field field : type.getDeclaredFields()) {
      if (isSeen(field.getModifiers()) && !field.isSynthetic() && !field.isEnumConstant()) {
        members.add(
            prefix(field.getModifiers())
                + TypeNames.of(field.getAnnotatedType())
                + " "
                + field.getName());
      }
    }
    for (Constructor<?> made : type.getDeclaredConstructors()) {
      if (isSeen(made.getModifiers()) && !type.isRecord() && !type.isEnum()) {
        members.add(prefix(made.getModifiers()) + "new" + parameters(made));
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isSeen(method.getModifiers()) && !method.isSynthetic() && !comesByItself(method)) {
        members.add(signature(method));
      }
    }
    return members;
  }

  private boolean comesByItself(Method method) {
    String name = method.getName();
    if (OF_EVERY_RECORD.contains(name)) {
      return true;
    }
    boolean accessor =
        type.isRecord()
            && method.getParameterCount() == 0
            && Stream.of(type.getRecordComponents())
                .map(RecordComponent::getName)
                .anyMatch(name::equals);
    return accessor || type.isEnum() && OF_EVERY_ENUM.contains(name);
  }

  private String signature(Method method) {
    String variables = variables(method.getTypeParameters());
    return prefix(method.getModifiers())
        + (method.isDefault() ? "default " : "")
        + (variables.isEmpty() ? "" : variables + " ")
        + TypeNames.of(method.getAnnotatedReturnType())
        + " "
        + method.getName()
        + parameters(method);
  }

  private static String parameters(Executable code) {
    String list =
        Stream.of(code.getAnnotatedParameterTypes())
            .map(TypeNames::of)
            .collect(Collectors.joining(", ", "(", ")"));
    String thrown =
        Stream.of(code.getAnnotatedExceptionTypes())
            .map(TypeNames::of)
            .collect(Collectors.joining(", "));
    return list + (thrown.isEmpty() ? "" : " throws " + thrown);
  }

  private static String variables(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Stream.of(variables)
            .map(TypeSignature::variable)
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String variable(TypeVariable<?> variable) {
    String bounds =
        Stream.of(variable.getAnnotatedBounds())
            .map(TypeNames::of)
            .filter(bound -> !bound.equals("Object"))
            .collect(Collectors.joining(" & "));
    return variable.getName() + (bounds.isEmpty() ? "" : " extends " + bounds);
  }

  private String prefix(int modifiers) {
    return modifiers(modifiers).stream().map(word -> word + " ").collect(Collectors.joining());
  }

  // Records, enums and interfaces are what they are; only what a class or member chooses is told.
  private List<String> modifiers(int modifiers) {
    List<String> words = new ArrayList<>();
    if (Modifier.isProtected(modifiers)) {
      words.add("protected");
    }
    if (Modifier.isStatic(modifiers)) {
      words.add("static");
    }
    if (Modifier.isAbstract(modifiers) && !type.isInterface()) {
      words.add("abstract");
    }
    if (Modifier.isFinal(modifiers) && !type.isRecord() && !type.isEnum()) {
      words.add("final");
    }
    return words;
  }

  private static boolean isSeen(int modifiers) {
    return (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
  }
}
