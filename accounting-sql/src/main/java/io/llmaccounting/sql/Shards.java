package io.llmaccounting.sql;

import io.llmaccounting.shaded.jooq.Condition;
import io.llmaccounting.shaded.jooq.Field;
import io.llmaccounting.shaded.jooq.Table;
import io.llmaccounting.shaded.jooq.impl.DSL;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The column {@code shard_key} that every key begins with where a database may be spread over
 * several machines. Usage has the shard of its project, or 0; quotas and settings always have 0.
 * Immutable.
 */
public final class Shards {
  private static final String COLUMN = "shard_key";
  // There are few enough shards to name them all where a project is not known, and enough to spread
  // evenly.
  private static final int COUNT = 256;
  private static final String ALL =
      IntStream.range(0, COUNT)
          .mapToObj(Integer::toString)
          .collect(Collectors.joining(",", "'{", "}'::integer[]"));

  private enum Kind {
    ABSENT,
    SINGLE,
    BY_PROJECT
  }

  private final Kind kind;
  private final boolean overServers;
  private final int[] places;

  private Shards(Kind kind) {
    this(kind, false, new int[COUNT]);
  }

  private Shards(Kind kind, boolean overServers, int[] places) {
    this.kind = kind;
    this.overServers = overServers;
    this.places = places;
  }

  /** There is no such column. */
  public static Shards absent() {
    return new Shards(Kind.ABSENT);
  }

  /** The column is always 0. */
  public static Shards single() {
    return new Shards(Kind.SINGLE);
  }

  /** The column is a stable hash of the project, 0 to 255. */
  public static Shards byProject() {
    return new Shards(Kind.BY_PROJECT);
  }

  /**
   * Returns the same for tables that are spread over several servers.
   *
   * @param parts for each shard the number of the part of each table that it lies in: what lies in
   *     one part is written by one statement of one server
   */
  public Shards overServers(IntToLongFunction parts) {
    int[] places = new int[COUNT];
    Map<Long, Integer> first = new HashMap<>();
    for (int shard = 0; shard < COUNT; shard++) {
      Integer known = first.putIfAbsent(parts.applyAsLong(shard), shard);
      places[shard] = 1 + (known == null ? shard : known);
    }
    return new Shards(kind, true, places);
  }

  /** How many shards there are; they count from 0. */
  public static int count() {
    return COUNT;
  }

  /** The place of a project's usage: 0 for that of all else, or what {@link #atPlace} takes. */
  int placeOf(@Nullable String project) {
    return kind == Kind.BY_PROJECT ? places[hash(project)] : 0;
  }

  /** A shard that lies at this place. */
  static int atPlace(int place) {
    return Math.max(0, place - 1);
  }

  /** Begins a condition on rows of which every shard has a copy; ends in AND unless empty. */
  String everyCopy() {
    return kind == Kind.BY_PROJECT ? COLUMN + " = ANY (" + ALL + ") AND " : home();
  }

  /** True if shards lie on several servers. */
  boolean areOverServers() {
    return overServers;
  }

  /** The columns of a key, or of an insert, with the shard in front. */
  public String key(String columns) {
    return kind == Kind.ABSENT ? columns : COLUMN + ", " + columns;
  }

  /** Begins a condition on rows whose shard is always 0; ends in AND unless empty. */
  public String home() {
    return kind == Kind.ABSENT ? "" : COLUMN + " = 0 AND ";
  }

  /**
   * Begins a condition on rows of {@code alias} whose shard is always 0; ends in AND unless empty.
   */
  public String home(String alias) {
    return kind == Kind.ABSENT ? "" : alias + "." + home();
  }

  /** A whole condition on tables whose rows all have shard 0; empty where there is no column. */
  String onlyHome() {
    return kind == Kind.ABSENT ? "" : " WHERE " + COLUMN + " = 0";
  }

  /** Begins a condition on usage of any project; ends in AND unless empty. */
  public String anywhere(String alias) {
    return switch (kind) {
      case ABSENT -> "";
      case SINGLE -> alias + "." + COLUMN + " = 0 AND ";
      case BY_PROJECT -> alias + "." + COLUMN + " = ANY (" + ALL + ") AND ";
    };
  }

  /** Begins the condition of a join of two tables of usage; ends in AND unless empty. */
  public String together(String left, String right) {
    return kind == Kind.ABSENT ? "" : left + "." + COLUMN + " = " + right + "." + COLUMN + " AND ";
  }

  /** True if keys begin with many shards, so that no key is in the order of ids. */
  public boolean isSpread() {
    return kind == Kind.BY_PROJECT;
  }

  /** Returns the condition on usage of any project, for a statement of jOOQ. */
  public Condition anywhere(Table<?> table) {
    return switch (kind) {
      case ABSENT -> DSL.noCondition();
      case SINGLE -> column(table).eq(DSL.inline(0));
      case BY_PROJECT -> DSL.condition("{0} = ANY (" + ALL + ")", column(table));
    };
  }

  private static Field<Integer> column(Table<?> table) {
    return DSL.field(DSL.name(table.getName(), COLUMN), Integer.class);
  }

  /** Binds the shard of a project's usage, where there is such a column. */
  public void bind(@Nullable String project, Parameters to) throws SQLException {
    if (kind != Kind.ABSENT) {
      to.shard(of(project));
    }
  }

  /** The shard of a project's usage; 0 where there is one only. */
  public int of(@Nullable String project) {
    return kind == Kind.BY_PROJECT ? hash(project) : 0;
  }

  /**
   * Begins a condition on usage of one shard, which {@link #bindOne} binds; ends in AND unless
   * empty.
   */
  public String one(String alias) {
    return kind == Kind.BY_PROJECT ? alias + "." + COLUMN + " = ? AND " : anywhere(alias);
  }

  /** Begins a condition on the usage of one project; ends in AND unless empty. */
  public String one(String alias, @Nullable String project) {
    return kind == Kind.BY_PROJECT
        ? alias + "." + COLUMN + " = " + hash(project) + " AND "
        : anywhere(alias);
  }

  /** Binds the shard that {@link #one(String)} asks for. */
  public Parameters bindOne(int shard, Parameters to) throws SQLException {
    return kind == Kind.BY_PROJECT ? to.shard(shard) : to;
  }

  /** Parts rows by the shards of their projects, in the order in which shards are locked. */
  public <R> SortedMap<Integer, List<R>> split(
      Collection<R> rows, Function<R, @Nullable String> project) {
    SortedMap<Integer, List<R>> parts = new TreeMap<>();
    for (R row : rows) {
      parts.computeIfAbsent(of(project.apply(row)), first -> new ArrayList<>()).add(row);
    }
    return parts;
  }

  // FNV-1a over UTF-8; no project counts as the empty text. Stored: it must never change.
  static int hash(@Nullable String project) {
    int hash = 0x811C9DC5;
    for (byte b : (project == null ? "" : project).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x01000193;
    }
    return (hash ^ hash >>> 16) & COUNT - 1;
  }
}
