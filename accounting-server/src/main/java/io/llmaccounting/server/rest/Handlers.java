package io.llmaccounting.server.rest;

import io.llmaccounting.directory.DirectoryEntry;
import io.llmaccounting.server.rest.aggregates.Aggregates;
import io.llmaccounting.server.rest.aggregates.AggregatesSheet;
import io.llmaccounting.server.rest.audit.ListEntries;
import io.llmaccounting.server.rest.audit.ShowHead;
import io.llmaccounting.server.rest.audit.VerifyLog;
import io.llmaccounting.server.rest.contract.Contract;
import io.llmaccounting.server.rest.contract.Operation;
import io.llmaccounting.server.rest.directory.EraseUser;
import io.llmaccounting.server.rest.directory.ListNames;
import io.llmaccounting.server.rest.directory.RemoveName;
import io.llmaccounting.server.rest.directory.SaveName;
import io.llmaccounting.server.rest.directory.ShowName;
import io.llmaccounting.server.rest.directory.Spend;
import io.llmaccounting.server.rest.events.ExportEvents;
import io.llmaccounting.server.rest.events.ListEvents;
import io.llmaccounting.server.rest.events.RecordEvents;
import io.llmaccounting.server.rest.events.ShowEvent;
import io.llmaccounting.server.rest.health.HealthHandler;
import io.llmaccounting.server.rest.http.Handler;
import io.llmaccounting.server.rest.http.Workers;
import io.llmaccounting.server.rest.jobs.Jobs;
import io.llmaccounting.server.rest.jobs.ListJobs;
import io.llmaccounting.server.rest.jobs.Recounting;
import io.llmaccounting.server.rest.jobs.ShowJob;
import io.llmaccounting.server.rest.jobs.StopJob;
import io.llmaccounting.server.rest.keys.ChangeKey;
import io.llmaccounting.server.rest.keys.IssueKey;
import io.llmaccounting.server.rest.keys.ListKeys;
import io.llmaccounting.server.rest.keys.RevokeKey;
import io.llmaccounting.server.rest.keys.RotateKey;
import io.llmaccounting.server.rest.keys.ShowKey;
import io.llmaccounting.server.rest.limits.ApplyLimitSet;
import io.llmaccounting.server.rest.limits.DeleteLimit;
import io.llmaccounting.server.rest.limits.LimitStates;
import io.llmaccounting.server.rest.limits.ListAlerts;
import io.llmaccounting.server.rest.limits.ListDenials;
import io.llmaccounting.server.rest.limits.ListLimits;
import io.llmaccounting.server.rest.limits.SaveLimit;
import io.llmaccounting.server.rest.limits.ShowLimit;
import io.llmaccounting.server.rest.limits.ShowLimitSet;
import io.llmaccounting.server.rest.prices.ExplainCall;
import io.llmaccounting.server.rest.prices.ExplainEvent;
import io.llmaccounting.server.rest.prices.ListPrices;
import io.llmaccounting.server.rest.prices.ListUnpriced;
import io.llmaccounting.server.rest.quota.Validate;
import io.llmaccounting.server.rest.reservations.Grow;
import io.llmaccounting.server.rest.reservations.Release;
import io.llmaccounting.server.rest.reservations.Renew;
import io.llmaccounting.server.rest.reservations.Reserve;
import io.llmaccounting.server.rest.reservations.Settle;
import io.llmaccounting.server.sinks.SinkStatus;
import io.llmaccounting.usage.Dimension;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Who answers which operation: each of the contract, and no other. */
final class Handlers {
  private final Workers workers;
  private final Map<String, Handler> byOperation = new HashMap<>();

  Handlers(Contract contract, Workers workers, Jobs jobs, Supplier<List<SinkStatus>> sinks) {
    this.workers = workers;
    byOperation.put("getHealth", new HealthHandler(sinks));
    byOperation.put("recordEvents", new RecordEvents(contract.schema("Event"), workers));
    add("listEvents", new ListEvents());
    add("getAggregates", new Aggregates());
    byOperation.put("validate", new Validate(workers));
    byOperation.put("reserve", new Reserve());
    byOperation.put("settle", new Settle());
    byOperation.put("release", new Release());
    byOperation.put("renew", new Renew());
    byOperation.put("grow", new Grow());
    byOperation.put("exportEvents", new ExportEvents());
    add("showEvent", new ShowEvent());
    add("getAggregatesSheet", new AggregatesSheet());
    addManagement();
    addPrices();
    addNames(jobs);
    addJobs(jobs);
    Set<String> asked = new HashSet<>();
    contract.operations().forEach(operation -> asked.add(operation.id()));
    if (!asked.equals(byOperation.keySet())) {
      throw new IllegalStateException(
          "the contract has %s, and there are handlers of %s"
              .formatted(asked, byOperation.keySet()));
    }
  }

  private void addManagement() {
    add("listKeys", new ListKeys());
    add("issueKey", new IssueKey());
    add("showKey", new ShowKey());
    add("changeKey", new ChangeKey());
    add("revokeKey", new RevokeKey());
    add("rotateKey", new RotateKey());
    add("listLimits", new ListLimits());
    add("limitStatus", new LimitStates());
    add("showLimitSet", new ShowLimitSet());
    add("applyLimitSet", new ApplyLimitSet());
    add("showLimit", new ShowLimit());
    add("saveLimit", new SaveLimit());
    add("deleteLimit", new DeleteLimit());
    add("listDenials", new ListDenials());
    add("listAlerts", new ListAlerts());
    add("listAudit", new ListEntries());
    add("verifyAudit", new VerifyLog());
    add("auditHead", new ShowHead());
  }

  private void addPrices() {
    add("listPrices", new ListPrices());
    add("listUnpriced", new ListUnpriced());
    add("explainEvent", new ExplainEvent());
    byOperation.put("explainCall", new ExplainCall());
  }

  private void addNames(Jobs jobs) {
    DirectoryEntry.Kind project = DirectoryEntry.Kind.PROJECT;
    DirectoryEntry.Kind user = DirectoryEntry.Kind.USER;
    add("listProjects", new ListNames(project, "projects"));
    add("showProject", new ShowName(project));
    add("saveProject", new SaveName(project));
    add("removeProject", new RemoveName(project));
    add("projectSpend", new Spend(Dimension.PROJECT));
    add("listUsers", new ListNames(user, "users"));
    add("showUser", new ShowName(user));
    add("saveUser", new SaveName(user));
    add("removeUser", new RemoveName(user));
    add("userSpend", new Spend(Dimension.USER));
    add("eraseUser", new EraseUser(jobs));
  }

  private void addJobs(Jobs jobs) {
    Recounting recounting = new Recounting(jobs);
    add("startVerify", recounting::verify);
    add("startRebuild", recounting::rebuild);
    add("listJobs", new ListJobs(jobs));
    add("showJob", new ShowJob(jobs));
    add("stopJob", new StopJob(jobs));
  }

  private void add(String operation, Workers.Blocking handler) {
    byOperation.put(operation, workers.blocking(handler));
  }

  Handler of(Operation operation) {
    return Objects.requireNonNull(byOperation.get(operation.id()), operation.id());
  }
}
