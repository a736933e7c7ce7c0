package io.llmaccounting.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the calls in a damaged file. It trusts no structure: at every byte of every page it looks
 * for a row that its own checksum confirms. So a damaged byte costs the call that it lies in and no
 * other. Confined to one thread.
 */
final class Salvage {
  private static final int MOST_PAYLOAD = 16 << 20;
  private static final int LEAST_PAYLOAD = SpoolRow.COLUMNS.size() + 2;
  // SQLite keeps at most so much of a row in its page; the rest is in a chain of other pages.
  private static final int MOST_LOCAL = SpoolFile.PAGE_BYTES - 35;
  private static final int LEAST_LOCAL = (SpoolFile.PAGE_BYTES - 12) * 32 / 255 - 23;
  private static final int OF_CHAIN = SpoolFile.PAGE_BYTES - Integer.BYTES;

  private final FileChannel file;
  private final WalPages log;
  private final Map<Long, List<SpoolRow>> found = new TreeMap<>();

  private Salvage(FileChannel file, WalPages log) {
    this.file = file;
    this.log = log;
  }

  /**
   * Returns every call in {@code path} and its log that is still as it was written, each once, in
   * order.
   */
  static List<SpoolRow> of(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      Salvage salvage = new Salvage(file, WalPages.beside(path));
      salvage.search();
      return salvage.rows();
    }
  }

  private void search() throws IOException {
    int pages = Math.toIntExact((file.size() + SpoolFile.PAGE_BYTES - 1) / SpoolFile.PAGE_BYTES);
    for (int number = 1; number <= pages; number++) {
      search(ByteBuffer.wrap(page(number)));
    }
    for (Map.Entry<Integer, byte[]> page : log.newest().entrySet()) {
      if (page.getKey() > pages || page.getKey() < 1) {
        search(ByteBuffer.wrap(page.getValue()));
      }
    }
    for (byte[] page : log.broken()) {
      search(ByteBuffer.wrap(page));
    }
  }

  private byte[] page(int number) throws IOException {
    byte[] logged = log.newest().get(number);
    if (logged != null) {
      return logged;
    }
    ByteBuffer page = ByteBuffer.allocate(SpoolFile.PAGE_BYTES);
    long start = (number - 1L) * SpoolFile.PAGE_BYTES;
    while (page.hasRemaining() && file.read(page, start + page.position()) >= 0) {
      // reads until full or at the end of the file
    }
    return page.array();
  }

  private void search(ByteBuffer page) throws IOException {
    for (int at = 0; at < page.limit() - LEAST_PAYLOAD; at++) {
      page.position(at);
      long payload = SqliteRecord.varint(page);
      long position = SqliteRecord.varint(page);
      if (payload >= LEAST_PAYLOAD && payload <= MOST_PAYLOAD && position > 0) {
        byte[] record = record(page, (int) payload);
        SpoolRow row = record == null ? null : row(position, record);
        if (row != null) {
          keep(row);
        }
      }
    }
  }

  private byte @Nullable [] record(ByteBuffer page, int payload) throws IOException {
    int local = payload;
    if (payload > MOST_LOCAL) {
      int wanted = LEAST_LOCAL + (payload - LEAST_LOCAL) % OF_CHAIN;
      local = wanted <= MOST_LOCAL ? wanted : LEAST_LOCAL;
    }
    int behind = local < payload ? Integer.BYTES : 0;
    if (page.remaining() < local + behind || !SqliteRecord.looksLike(page, LEAST_PAYLOAD)) {
      return null;
    }
    byte[] record = new byte[payload];
    page.get(record, 0, local);
    int next = local < payload ? page.getInt() : 0;
    int done = local;
    while (done < payload) {
      if (next < 1) {
        return null;
      }
      ByteBuffer more = ByteBuffer.wrap(page(next));
      next = more.getInt();
      int part = Math.min(OF_CHAIN, payload - done);
      more.get(record, done, part);
      done += part;
    }
    return record;
  }

  private static @Nullable SpoolRow row(long position, byte[] record) {
    // a row begins with its position, which SQLite leaves out, and its checksum
    List<@Nullable Object> values = SqliteRecord.values(record, SpoolRow.COLUMNS.size() + 2);
    if (values.size() < 2 || !(values.get(1) instanceof Long checksum)) {
      return null;
    }
    SpoolRow row = new SpoolRow(position, inOrder(values));
    return row.checksum() == checksum ? row : null;
  }

  // A row that is older than a column ends before it.
  private static List<@Nullable Object> inOrder(List<@Nullable Object> values) {
    List<@Nullable Object> all = new ArrayList<>(values.subList(2, values.size()));
    while (all.size() < SpoolRow.COLUMNS.size()) {
      all.add(null);
    }
    return all;
  }

  private void keep(SpoolRow row) {
    List<SpoolRow> known = found.computeIfAbsent(row.position(), key -> new ArrayList<>());
    if (known.stream().noneMatch(row::isSameAs)) {
      known.add(row);
    }
  }

  // Of two versions of one call the dead letter is kept, because a person will see it. Two
  // different calls are both kept.
  private List<SpoolRow> rows() {
    List<SpoolRow> rows = new ArrayList<>();
    for (List<SpoolRow> versions : found.values()) {
      Map<Long, SpoolRow> calls = new TreeMap<>();
      versions.sort(Comparator.comparing(SpoolRow::isBuried));
      versions.forEach(row -> calls.put(row.buried(null, null).checksum(), row));
      rows.addAll(calls.values());
    }
    return rows;
  }
}
