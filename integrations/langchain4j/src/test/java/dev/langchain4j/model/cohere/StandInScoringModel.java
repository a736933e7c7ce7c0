package dev.langchain4j.model.cohere;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.model.scoring.ScoringModel;
import java.util.List;

/** Tells search units as input tokens, like the model of this package. */
public final class StandInScoringModel implements ScoringModel {
  @Override
  public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
    return Response.from(segments.stream().map(segment -> 0.5).toList(), new TokenUsage(2));
  }
}
