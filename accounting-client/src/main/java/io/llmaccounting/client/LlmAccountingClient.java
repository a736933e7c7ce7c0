package io.llmaccounting.client;

import io.llmaccounting.call.CallMeter;
import io.llmaccounting.call.LlmCall;
import io.llmaccounting.health.Health;
import io.llmaccounting.limit.CallRequest;
import io.llmaccounting.limit.QuotaService;
import io.llmaccounting.limit.Receipt;
import io.llmaccounting.usage.RecordedUsage;
import io.llmaccounting.usage.ReportQuery;
import io.llmaccounting.usage.Usage;
import io.llmaccounting.usage.UsageFilter;
import io.llmaccounting.usage.UsageHistory;
import io.llmaccounting.usage.UsageQuery;
import io.llmaccounting.usage.UsageReport;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Meters calls by an accounting server: limits are decided there, and records are stored there. An
 * application that has no database uses it where it would use {@code LlmAccounting}; every adapter
 * takes it. Safe for use by many threads; make one, and close it.
 *
 * <p>While the server is away, records wait on the local disk where a {@linkplain
 * LlmAccountingClientBuilder#spool folder} was given, else in memory, and are sent once it is back:
 * each is booked once, for the server knows its id and key. Receipts say where a record is. No
 * method waits longer than the {@linkplain LlmAccountingClientBuilder#timeout timeout}, but {@link
 * #find} and {@link #report}, which do so for each page.
 *
 * <p>A call that is begun gets its own id as its idempotency key unless its request has a key, so
 * that a request which is sent twice leaves one record.
 */
public final class LlmAccountingClient implements CallMeter, AutoCloseable {
  private final ClientEngine engine;

  LlmAccountingClient(ClientEngine engine) {
    this.engine = engine;
  }

  /**
   * Starts a client of the server at {@code server}.
   *
   * @param server the address below which {@code /v1/meter} is, such as {@code
   *     https://accounting.example.com}; http or https, without query and user
   * @param key a key of the server with the role {@code ingest}, and {@code read} for reports
   * @throws IllegalArgumentException naming what is wrong with the address, or that the key cannot
   *     be one
   */
  public static LlmAccountingClientBuilder builder(URI server, String key) {
    return new LlmAccountingClientBuilder(server, key);
  }

  @Override
  public LlmCall begin(CallRequest request) {
    return engine.calls().begin(request);
  }

  @Override
  public CompletionStage<LlmCall> beginAsync(CallRequest request) {
    return engine.calls().beginAsync(request);
  }

  /**
   * Records a call that was made without asking first. Returns once the server has it, it is on the
   * disk, or it is in memory, as the receipt says.
   *
   * @throws IllegalArgumentException naming the field, its value and the rule that it breaks
   * @throws io.llmaccounting.usage.UsageConflictException if another call has the id or key
   * @throws io.llmaccounting.backend.BackendException if it is kept nowhere; of kind UNUSABLE if
   *     the server refuses the key: the record waits in memory all the same
   */
  @Override
  public Receipt track(Usage usage) {
    return engine.calls().track(usage);
  }

  @Override
  public CompletionStage<Receipt> trackAsync(Usage usage) {
    return engine.calls().trackAsync(usage);
  }

  @Override
  public void adapterFailed(Throwable failure) {
    engine.failures().throwOrContain("an adapter failed beside a call that is recorded", failure);
  }

  @Override
  public UUID newId() {
    return engine.newId();
  }

  /**
   * Asks before calls, and holds room for them. A filter of one's own key applies: limits that
   * count other projects too are not shown to the key of a project, and where one of them refuses a
   * call, one that is called {@code beyond the project of the key} stands for it. {@code status} of
   * a call that is refused shows the limits that refuse it; {@code explain} is not supported.
   */
  public QuotaService quotas() {
    return engine.quotas();
  }

  /**
   * Adds usage up. Needs a key with the role {@code read}.
   *
   * @throws IllegalArgumentException if the filter is not of single values
   * @throws io.llmaccounting.backend.BackendException if the server cannot be asked
   */
  public UsageReport report(ReportQuery query) {
    return engine.reports().report(query);
  }

  /**
   * Records with what became known of them later, newest first. Needs a key with the role {@code
   * read}.
   *
   * @throws IllegalArgumentException if the filter is not of single values
   * @throws io.llmaccounting.backend.BackendException if the server cannot be asked
   */
  public List<UsageHistory> find(UsageQuery query) {
    return engine.reports().find(query);
  }

  /**
   * The last {@code count} records that {@code filter} selects, newest first; see {@link #find}.
   */
  public List<RecordedUsage> tail(UsageFilter filter, int count) {
    return find(UsageQuery.latest(count).only(filter)).stream().map(UsageHistory::record).toList();
  }

  /**
   * How this client fares. {@code store} says whether the server is reached; counts that only the
   * server knows are 0; it has its own.
   */
  public Health health() {
    return engine.health();
  }

  /**
   * Waits until every record that was accepted into memory is the server's, or on the disk.
   *
   * @throws io.llmaccounting.backend.BackendException of kind UNAVAILABLE if that takes longer than
   *     the timeout; the records are kept
   */
  public void flush() {
    engine.flush();
  }

  /**
   * Sends what waits in memory, at most for the time given for closing; the rest goes to the disk.
   * Without a folder it is lost, and the error handler is told. Closing again does nothing.
   */
  @Override
  public void close() {
    engine.close();
  }

  /** Names the server, and not the key. */
  @Override
  public String toString() {
    return "LlmAccountingClient of " + engine.server();
  }
}
