package io.llmaccounting.providers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Builds a {@link UsageTree} from the values of a usage object in their order. */
final class UsageCapture {
  private static final int MAX_VALUES = 1_000;

  private final UsageTree root = new UsageTree();
  private final Deque<Object> open = new ArrayDeque<>();
  private int values;

  UsageCapture() {
    open.push(root);
  }

  UsageTree root() {
    return root;
  }

  void openObject(String name) throws JsonEvents.Malformed {
    UsageTree object = new UsageTree();
    add(name, object);
    open.push(object);
  }

  void openArray(String name) throws JsonEvents.Malformed {
    List<Object> array = new ArrayList<>();
    add(name, array);
    open.push(array);
  }

  void close() {
    open.pop();
  }

  @SuppressWarnings("unchecked")
  void add(String name, Object value) throws JsonEvents.Malformed {
    values++;
    if (values > MAX_VALUES) {
      throw new JsonEvents.Malformed("has usage of more than " + MAX_VALUES + " values", null);
    }
    if (open.element() instanceof UsageTree object) {
      object.put(name, value);
    } else {
      ((List<Object>) open.element()).add(value);
    }
  }
}
