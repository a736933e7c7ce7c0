package io.llmaccounting.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What programs find in the answers of each command; a name that is here stays. */
final class FormatsColumns {
  private static final Map<String, List<String>> NAMES = new TreeMap<>();

  private FormatsColumns() {}

  static {
    columns("alerts", "id,fired_at,limit,subject,percent,used,maximum");
    columns("audit head", "stream,sequence,hash,latest");
    columns(
        "audit list",
        "id,at,type,actor,outcome,model,project,user,caller,session,attributes,"
            + "usage_id,response_id,prompt,response,marks");
    columns("audit verify", "intact,streams,sealed,keyless,unsealed,since_head,retained,damages");
    columns("backup", "file,bytes");
    columns(
        "check", "limit,subject,verdict,metric,maximum,used,held,remaining,requested," + "fits_at");
    columns("denials", "minute,limit,subject,count,last_requested,last_reason");
    columns(
        "erase",
        "pseudonym,records,rollups,limits,denials,alerts,audit_entries,directory,dry_run,finished,obstacles");
    columns("explain", "limit,effect,because");
    columns("export", "kind,lines");
    columns(
        "health",
        "well,database,answered_in,reason,limits,open_holds,waiting,oldest,"
            + "dead_letters,spool_bytes,spool_max_bytes,set_aside");
    columns("import", "kind,lines,added,unchanged,corrected,refused");
    columns("limits apply", "change,limit,field,from,to");
    columns("limits delete", "");
    columns("limits export", "");
    columns("limits list", "name,metric,maximum,window,action,watches,leased,set");
    columns(
        "limits set",
        "name,metric,maximum,window,action,watches,alerts,on_outage,unpriced,"
            + "grain,weights,leased,set");
    columns(
        "limits show",
        "name,metric,maximum,window,action,watches,alerts,on_outage,unpriced,"
            + "grain,weights,leased,set");
    columns(
        "limits status",
        "limit,subject,metric,maximum,used,held,remaining,overshoot,resets_at,percent");
    columns(
        "limits unlimited",
        "name,metric,maximum,window,action,watches,alerts,on_outage,unpriced,"
            + "grain,weights,leased,set");
    columns("log-event", "id");
    columns("migrate", "status,found,wanted");
    columns("prices add", "");
    columns("prices check", "file,good,rows,problem,doubts,problems");
    columns("prices explain", "cost,row,reasons,lower_bound");
    columns(
        "prices list",
        "id,provider,models,project,from,until,input,output,cache_read,"
            + "cache_write_5m,cache_write_1h,disputed");
    columns("projects activate", "name,active,activated_at,deactivated_at");
    columns("projects add", "name,active,activated_at,deactivated_at");
    columns("projects deactivate", "name,active,activated_at,deactivated_at");
    columns("projects list", "name,active,activated_at,deactivated_at");
    columns("projects remove", "");
    columns("projects rename", "name,active,activated_at,deactivated_at");
    columns("purge", "complete_from,records,keys,rollups,dry_run,finished");
    columns(
        "reconcile",
        "day,model,calls,recorded_calls,input_tokens,recorded_input_tokens,output_tokens,"
            + "recorded_output_tokens,cost,recorded_cost,unexplained_cost,recorded_missing,recorded_unpriced");
    columns("rebuild", "");
    columns("release", "");
    columns(
        "reprice",
        "examined,changed,newly_priced,still_unpriced,cost_before,cost_after," + "written");
    columns("reserve", "hold,model,expires_at");
    columns("select", "calls");
    columns("settle", "id,status,cost,remaining");
    columns("spool dead-letters", "position,buried_at,id,model,project,user,cost,reason");
    columns("spool list", "position,recorded_at,id,model,project,user,cost,settles");
    columns("spool replay", "booked,duplicates,dead_letters,waiting");
    columns(
        "stats",
        "model,calls,succeeded,failed,cancelled,unfinished,estimated,partial,"
            + "missing,unpriced,input_tokens,cache_read_tokens,cache_write_tokens,"
            + "audio_input_tokens,output_tokens,reasoning_tokens,audio_output_tokens,"
            + "total_tokens,local_input_tokens,local_output_tokens,cost,average_cost,"
            + "average_input_tokens,average_output_tokens,average_total_tokens,"
            + "average_latency,average_time_to_first_token,lower_bound,reported_cost,"
            + "cost_difference");
    columns(
        "tail",
        "id,at,key,provider,model,response_model,operation,input_tokens,"
            + "cache_read_tokens,cache_write_tokens,output_tokens,reasoning_tokens,"
            + "source,cost,priced_by,outcome,error_type,error_message,latency,"
            + "time_to_first_token,user,project,caller,session,tags,charged_at,"
            + "settled_at,late");
    columns("track", "id,status,cost,remaining");
    columns("track --from", "recorded,duplicates,failed,superseded,skipped,lines");
    columns("users activate", "name,active,ou,email,activated_at,deactivated_at");
    columns("users add", "name,active,ou,email,activated_at,deactivated_at");
    columns("users change", "name,active,ou,email,activated_at,deactivated_at");
    columns("users deactivate", "name,active,ou,email,activated_at,deactivated_at");
    columns("users list", "name,active,ou,email,activated_at,deactivated_at");
    columns("users remove", "");
    columns("users rename", "name,active,ou,email,activated_at,deactivated_at");
    columns("verify", "what,stored,expected");
  }

  private static void columns(String command, String names) {
    NAMES.put(command, Arrays.stream(names.split(",")).filter(name -> !name.isEmpty()).toList());
  }

  /** The names in the answer of this command; empty where it only does something. */
  static List<String> of(String command) {
    List<String> names = NAMES.get(command);
    if (names == null) {
      throw new AssertionError("columns of " + command + " are not listed");
    }
    return names;
  }
}
