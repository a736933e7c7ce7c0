package io.llmaccounting.cli.readonly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a question was answered with. */
final class Answer implements RowReader {
  final List<String> names = new ArrayList<>();
  final List<List<Object>> rows = new ArrayList<>();

  @Override
  public void columns(List<String> columns) {
    names.addAll(columns);
  }

  @Override
  public void row(@Nullable Object[] values) {
    rows.add(Arrays.asList(values.clone()));
  }
}
