package io.llmaccounting.testing;

import io.llmaccounting.usage.Cost;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * A record with one component changed, whatever components its type has: what copies, stores,
 * compares or measures it is shown to do so with each, those included that are added later.
 *
 * @param component its name, behind those of the records around it: {@code details.speed}
 * @param value the whole, changed in that component alone
 * @param longer whether the component is a text or a collection, and larger than it was
 * @param <R> the type of the whole
 */
public record OneChanged<R>(String component, R value, boolean longer) {
  /**
   * One for each component of {@code whole}, and of the records within it.
   *
   * @throws AssertionError naming a component that is absent, empty or false in {@code whole}, or
   *     that no other value could be found for
   */
  public static <R extends Record> List<OneChanged<R>> of(R whole) {
    List<OneChanged<R>> all = new ArrayList<>();
    for (RecordComponent component : whole.getClass().getRecordComponents()) {
      all.addAll(changes(whole, component));
    }
    return all;
  }

  private static <R extends Record> List<OneChanged<R>> changes(
      R whole, RecordComponent component) {
    Object known = get(whole, component);
    String name = component.getName();
    if (known instanceof Record inside && !(known instanceof Cost)) {
      return within(whole, component, inside, changed -> changed);
    }
    if (known instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Record inside) {
      return within(whole, component, inside, changed -> first(list, changed));
    }
    boolean longer = known instanceof String || known instanceof Map;
    IllegalArgumentException broken = null;
    for (Object other : others(name, known)) {
      try {
        return List.of(new OneChanged<>(name, with(whole, name, other), longer));
      } catch (IllegalArgumentException e) {
        // breaks a rule of the whole: the next one
        broken = e;
      }
    }
    throw new AssertionError("no other value than %s for %s".formatted(known, name), broken);
  }

  private static <R extends Record> List<OneChanged<R>> within(
      R whole, RecordComponent component, Record inside, Function<Record, Object> placed) {
    List<OneChanged<R>> all = new ArrayList<>();
    for (OneChanged<Record> changed : of(inside)) {
      all.add(
          new OneChanged<>(
              component.getName() + "." + changed.component(),
              with(whole, component.getName(), placed.apply(changed.value())),
              changed.longer()));
    }
    return all;
  }

  private static List<Object> first(List<?> list, Object changed) {
    List<Object> copy = new ArrayList<>(list);
    copy.set(0, changed);
    return copy;
  }

  private static List<Object> others(String name, Object known) {
    if (known instanceof String text) {
      return List.of(text + "x");
    } else if (known instanceof Integer number) {
      return List.of(number + 1);
    } else if (known instanceof Long number) {
      return List.of(number + 1);
    } else if (known instanceof Double number) {
      return List.of(number / 2);
    } else if (known instanceof Boolean flag && flag) {
      return List.of(false);
    } else if (known instanceof Duration duration) {
      return List.of(duration.plusMillis(1));
    } else if (known instanceof Instant instant) {
      return List.of(instant.plusNanos(1_000));
    } else if (known instanceof UUID id) {
      return List.of(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + 1));
    } else if (known instanceof Cost cost) {
      return List.of(Cost.ofNanos(cost.nanos() + 1));
    } else if (known instanceof Enum<?> constant) {
      return Arrays.stream(constant.getDeclaringClass().getEnumConstants())
          .filter(other -> other != constant)
          .map(Object.class::cast)
          .toList();
    } else if (known instanceof Map<?, ?> map && !map.isEmpty()) {
      Map<Object, Object> more = new HashMap<>(map);
      more.put("one more", map.values().iterator().next());
      return List.of(more);
    }
    throw new AssertionError(name + " must have a value to be changed, was " + known);
  }

  /**
   * {@code whole} with another value in the component of that name.
   *
   * @throws IllegalArgumentException if the type does not allow it
   */
  public static <R extends Record> R with(R whole, String name, Object value) {
    RecordComponent[] components = whole.getClass().getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      boolean other = components[i].getName().equals(name);
      values[i] = other ? value : get(whole, components[i]);
      types[i] = components[i].getType();
    }
    try {
      Constructor<?> canonical = whole.getClass().getDeclaredConstructor(types);
      @SuppressWarnings("unchecked") // the canonical constructor makes what whole is
      R changed = (R) canonical.newInstance(values);
      return changed;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(name + " cannot be " + value, e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object get(Record whole, RecordComponent component) {
    try {
      return component.getAccessor().invoke(whole);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return component;
  }
}
